/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Timers of every kind that are due each nanosecond. */
#include "attack.h"

#include <sys/time.h>
#include <sys/timerfd.h>

static void on_signal(int sig)
{
    (void)sig;
}

int main(void)
{
    struct itimerspec fast = {{0, 1}, {0, 1}};
    struct itimerval usual = {{0, 1}, {0, 1}};
    more_files();
    for (int i = 1; i < 65; i++)
        signal(i, on_signal);
    for (int i = 0; i < 3; i++)
        fork();
    for (int i = 0; i < 300; i++) {
        struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN + i % 30};
        timer_t timer;
        if (timer_create(i % 3 ? CLOCK_MONOTONIC : CLOCK_PROCESS_CPUTIME_ID, &event, &timer) == 0)
            timer_settime(timer, 0, &fast, NULL);
        int fd = timerfd_create(CLOCK_REALTIME, 0);
        timerfd_settime(fd, 0, &fast, NULL);
    }
    for (int which = ITIMER_REAL; which <= ITIMER_PROF; which++)
        setitimer(which, &usual, NULL);
    for (;;) {
        struct timespec moment = {0, 1};
        nanosleep(&moment, NULL);
    }
}
