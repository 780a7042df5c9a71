/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_SCHED_CLOCK_H
#define LSTAR_SCHED_CLOCK_H
/*
 * The machine's clock. Live: the host's clocks. Deterministic: virtual time, one nanosecond an
 * executed instruction, that jumps to the next deadline when all tasks sleep.
 */
#include "host/host.h"

struct clock {
    struct host *host;
    bool deterministic;
    uint64_t insns;           /* instructions executed by all tasks since boot */
    uint64_t skipped;         /* deterministic: nanoseconds jumped over while idle */
    uint64_t start_monotonic; /* live: the host's at boot */
};

/* The virtual epoch of deterministic machines: 2026-01-01 00:00:00 UTC in ns. */
#define CLOCK_VIRTUAL_EPOCH UINT64_C(1767225600000000000)

void clock_init(struct clock *clock, struct host *host, bool deterministic);
/* Nanoseconds. */
uint64_t clock_monotonic(struct clock *clock);
uint64_t clock_realtime(struct clock *clock);
uint64_t clock_boottime(struct clock *clock);
/* The time stamp counter: runs at one a nanosecond. */
uint64_t clock_tsc(struct clock *clock);

#endif
