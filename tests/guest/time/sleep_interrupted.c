/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What does a sleep say that a signal ends: how much is left, and only for relative ones? */
#include "guest_test.h"
#include <signal.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>

static volatile sig_atomic_t caught;

static void on_alarm(int sig)
{
    (void)sig;
    caught++;
}

static void alarm_soon(void)
{
    struct itimerval soon = {.it_value = {0, 50000}};
    CHECK(setitimer(ITIMER_REAL, &soon, NULL));
}

int main(void)
{
    struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
    struct timespec hour = {3600, 0}, rem = {0};
    CHECK(sigaction(SIGALRM, &action, NULL));

    /* SA_RESTART changes nothing for sleeps. */
    alarm_soon();
    EXPECT_ERRNO(EINTR, syscall(SYS_nanosleep, &hour, &rem));
    EXPECT_EQ(1, caught);
    EXPECT(rem.tv_sec >= 3500 && rem.tv_sec < 3600);

    alarm_soon();
    rem.tv_sec = 0;
    EXPECT_ERRNO(EINTR, syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &hour, &rem));
    EXPECT(rem.tv_sec >= 3500 && rem.tv_sec < 3600);

    struct timespec until;
    CHECK(clock_gettime(CLOCK_MONOTONIC, &until));
    until.tv_sec += 3600;
    alarm_soon();
    rem.tv_sec = 77;
    EXPECT_ERRNO(EINTR, syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, &until, &rem));
    EXPECT_EQ(77, rem.tv_sec);

    alarm_soon();
    EXPECT_ERRNO(EFAULT, syscall(SYS_nanosleep, &hour, 8L));
    EXPECT_EQ(4, caught);
    return 0;
}
