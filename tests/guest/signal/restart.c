/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Is a read that a signal interrupts started again with SA_RESTART, and -EINTR without? And pause,
 * nanosleep, poll? */
#include "guest_test.h"
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>

static int fds[2];
static volatile int calls;

static void on_alarm(int sig)
{
    (void)sig;
    calls++;
    if (calls == 2)
        EXPECT_EQ(1, write(fds[1], "x", 1)); /* what the restarted read will find */
}

static void arm(void)
{
    struct itimerval soon = {.it_value = {0, 50000}};
    CHECK(setitimer(ITIMER_REAL, &soon, NULL));
}

static void handle(int flags)
{
    struct sigaction action = {.sa_handler = on_alarm, .sa_flags = flags};
    CHECK(sigaction(SIGALRM, &action, NULL));
}

int main(void)
{
    char c;
    CHECK(pipe(fds));
    handle(0);
    arm();
    EXPECT_ERRNO(EINTR, read(fds[0], &c, 1));
    handle(SA_RESTART);
    arm();
    EXPECT_EQ(1, read(fds[0], &c, 1));
    EXPECT_EQ(2, calls);

    arm();
    EXPECT_ERRNO(EINTR, pause());
    arm();
    struct timespec wait = {5, 0}, left = {0, 0};
    EXPECT_ERRNO(EINTR, nanosleep(&wait, &left));
    EXPECT(left.tv_sec == 4);
    EXPECT_ERRNO(EINTR, syscall(SYS_restart_syscall));
    arm();
    struct pollfd p = {fds[0], POLLIN, 0};
    EXPECT_ERRNO(EINTR, poll(&p, 1, 5000));
    arm();
    int status;
    pid_t pid = fork();
    if (pid == 0) {
        pause();
        _exit(0);
    }
    handle(0);
    EXPECT_ERRNO(EINTR, waitpid(pid, &status, 0));
    kill(pid, SIGKILL);
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    EXPECT_EQ(6, calls);
    return 0;
}
