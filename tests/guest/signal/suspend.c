/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Do pause and sigsuspend end with the handler, and is the mask what it was? */
#include "guest_test.h"
#include <signal.h>
#include <sys/syscall.h>
#include <sys/time.h>

static volatile sig_atomic_t alarms, users;

static void on_signal(int sig)
{
    if (sig == SIGALRM)
        alarms++;
    else
        users++;
}

static void alarm_soon(void)
{
    struct itimerval soon = {.it_value = {0, 50000}};
    CHECK(setitimer(ITIMER_REAL, &soon, NULL));
}

int main(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    unsigned long mask = 1UL << (SIGUSR1 - 1), open = 0, now;

    CHECK(sigaction(SIGALRM, &action, NULL));
    CHECK(sigaction(SIGUSR1, &action, NULL));
    alarm_soon();
    EXPECT_ERRNO(EINTR, syscall(SYS_pause));
    EXPECT_EQ(1, alarms);

    EXPECT_EQ(0, syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, 8));
    CHECK(raise(SIGUSR1));
    EXPECT_EQ(0, users);
    EXPECT_ERRNO(EINTR, syscall(SYS_rt_sigsuspend, &open, 8));
    EXPECT_EQ(1, users);
    EXPECT_EQ(0, syscall(SYS_rt_sigprocmask, SIG_SETMASK, NULL, &now, 8));
    EXPECT_EQ(mask, now);

    alarm_soon();
    EXPECT_ERRNO(EINTR, syscall(SYS_rt_sigsuspend, &mask, 8));
    EXPECT_EQ(2, alarms);
    EXPECT_ERRNO(EINVAL, syscall(SYS_rt_sigsuspend, &mask, 4));
    EXPECT_ERRNO(EFAULT, syscall(SYS_rt_sigsuspend, 8L, 8));
    return 0;
}
