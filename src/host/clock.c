/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The host's clocks, in nanoseconds (clock_gettime(2)).
 */
#include "host/internal.h"

#include <time.h>

static uint64_t read_clock(clockid_t id)
{
    struct timespec now;
    if (clock_gettime(id, &now) < 0)
        return 0;
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

uint64_t host_realtime(struct host *host)
{
    (void)host;
    return read_clock(CLOCK_REALTIME);
}

uint64_t host_monotonic(struct host *host)
{
    (void)host;
    return read_clock(CLOCK_MONOTONIC);
}

uint64_t host_boottime(struct host *host)
{
    (void)host;
#ifdef CLOCK_BOOTTIME
    return read_clock(CLOCK_BOOTTIME);
#else
    return read_clock(CLOCK_MONOTONIC);
#endif
}

uint64_t host_uptime(struct host *host)
{
    return host_boottime(host);
}
