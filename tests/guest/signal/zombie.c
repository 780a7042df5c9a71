/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What does sending to a zombie answer, to a leader that ended before its threads, and who gets it
 * then? */
#include "guest_test.h"
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

static int to_parent[2];

static void on_signal(int sig)
{
    (void)sig;
    _exit(42);
}

/* The only thread left: tell, and wait for the signal. */
static void *alone(void *leader)
{
    char byte = 'x';
    pthread_join(*(pthread_t *)leader, NULL);
    if (write(to_parent[1], &byte, 1) != 1)
        _exit(1);
    for (;;)
        pause();
}

int main(void)
{
    siginfo_t info;
    char byte;
    pid_t child = CHECK(fork());
    if (child == 0)
        _exit(0);
    EXPECT_EQ(0, waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT));
    EXPECT_EQ(0, syscall(SYS_kill, child, SIGUSR1));
    EXPECT_EQ(0, syscall(SYS_tkill, child, SIGUSR1));
    EXPECT_EQ(0, syscall(SYS_tgkill, child, child, SIGUSR1));
    EXPECT_EQ(0, syscall(SYS_tgkill, child, child, 0));
    EXPECT_ERRNO(EINVAL, syscall(SYS_kill, child, 65));
    EXPECT_EQ(child, waitpid(child, NULL, 0));
    EXPECT_ERRNO(ESRCH, syscall(SYS_kill, child, 0));

    CHECK(pipe(to_parent));
    child = CHECK(fork());
    if (child == 0) {
        pthread_t leader = pthread_self(), thread;
        signal(SIGUSR1, on_signal);
        if (pthread_create(&thread, NULL, alone, &leader))
            _exit(1);
        syscall(SYS_exit, 0);
    }
    EXPECT_EQ(1, read(to_parent[0], &byte, 1));
    EXPECT_EQ(0,
              syscall(SYS_tgkill, child, child, SIGUSR1)); /* the leader is gone: nobody takes it */
    EXPECT_EQ(0, syscall(SYS_kill, child, SIGUSR1));
    int status;
    EXPECT_EQ(child, waitpid(child, &status, 0));
    EXPECT_EQ(42, WEXITSTATUS(status));
    return 0;
}
