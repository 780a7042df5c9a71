/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What does a parent see of a child that stops, goes on, and is killed? */
#include "guest_test.h"
#include <signal.h>
#include <sys/wait.h>

static volatile sig_atomic_t codes[8], seen;

static void on_child(int sig, siginfo_t *info, void *context)
{
    (void)sig;
    (void)context;
    if (seen < 8)
        codes[seen++] = info->si_code;
}

int main(void)
{
    struct sigaction action = {.sa_sigaction = on_child, .sa_flags = SA_SIGINFO};
    CHECK(sigaction(SIGCHLD, &action, NULL));
    int status;
    pid_t pid = CHECK(fork());
    if (pid == 0)
        for (;;)
            pause();
    CHECK(setpgid(pid, pid));
    CHECK(kill(pid, SIGSTOP));
    while (waitpid(pid, &status, WUNTRACED) < 0)
        EXPECT_EQ(EINTR, errno);
    EXPECT(WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP);
    EXPECT_EQ(0, waitpid(pid, &status, WUNTRACED | WNOHANG));
    CHECK(kill(pid, SIGCONT));
    while (waitpid(pid, &status, WCONTINUED) < 0)
        EXPECT_EQ(EINTR, errno);
    EXPECT(WIFCONTINUED(status));
    CHECK(kill(pid, SIGSTOP));
    while (waitpid(pid, &status, WUNTRACED) < 0)
        EXPECT_EQ(EINTR, errno);
    CHECK(kill(pid, SIGKILL)); /* also when stopped */
    while (waitpid(pid, &status, 0) < 0)
        EXPECT_EQ(EINTR, errno);
    EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    EXPECT(seen >= 3);
    EXPECT_EQ(CLD_STOPPED, codes[0]);
    EXPECT_EQ(CLD_CONTINUED, codes[1]);
    EXPECT_EQ(CLD_KILLED, codes[seen - 1]);
    return 0;
}
