/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine's clocks. CLOCK_MONOTONIC starts at one second at boot: programs take a zero for "not
 * set".
 */
#include "sched/clock.h"

#define BOOT_OFFSET UINT64_C(1000000000)

void clock_init(struct clock *clock, struct host *host, bool deterministic)
{
    *clock = (struct clock){
        .host = host,
        .deterministic = deterministic,
        .start_monotonic = deterministic ? 0 : host_monotonic(host),
    };
}

uint64_t clock_monotonic(struct clock *clock)
{
    if (clock->deterministic)
        return BOOT_OFFSET + clock->insns + clock->skipped;
    return BOOT_OFFSET + host_monotonic(clock->host) - clock->start_monotonic;
}

uint64_t clock_realtime(struct clock *clock)
{
    if (clock->deterministic)
        return CLOCK_VIRTUAL_EPOCH + clock_monotonic(clock);
    return host_realtime(clock->host);
}

uint64_t clock_boottime(struct clock *clock)
{
    return clock_monotonic(clock);
}

uint64_t clock_tsc(struct clock *clock)
{
    return clock_monotonic(clock);
}
