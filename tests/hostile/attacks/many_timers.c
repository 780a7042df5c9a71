/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Timers, as many as there can be, in as many processes. */
#include "attack.h"

static void fill(void)
{
    struct itimerspec later = {{0, 1000000}, {0, 1000000}};
    struct sigevent event = {.sigev_notify = SIGEV_NONE};
    timer_t timer;
    while (timer_create(CLOCK_MONOTONIC, &event, &timer) == 0)
        timer_settime(timer, 0, &later, NULL);
}

int main(void)
{
    spread(fill, 1000);
}
