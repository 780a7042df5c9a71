/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls that wait and are interrupted. */
#include "guest_test.h"
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>

static void handler(int sig)
{
    (void)sig;
}

static void alarm_soon(void)
{
    struct itimerval soon = {.it_value = {0, 20000}};
    setitimer(ITIMER_REAL, &soon, NULL);
}

int main(void)
{
    struct sigaction action = {.sa_handler = handler};
    struct timespec hour = {3600, 0};
    unsigned long mask = 1UL << (SIGUSR1 - 1);
    int pipes[2];
    char byte;

    sigaction(SIGALRM, &action, NULL);
    CHECK(pipe(pipes));
    alarm_soon();
    nanosleep(&hour, &hour);
    alarm_soon();
    clock_nanosleep(CLOCK_MONOTONIC, 0, &hour, NULL);
    alarm_soon();
    pause();
    alarm_soon();
    syscall(SYS_rt_sigsuspend, &mask, 8);
    alarm_soon();
    EXPECT_ERRNO(EINTR, read(pipes[0], &byte, 1));
    alarm_soon();
    ppoll(NULL, 0, NULL, NULL);
    return 0;
}
