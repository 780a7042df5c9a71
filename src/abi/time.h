/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_ABI_TIME_H
#define LSTAR_ABI_TIME_H
/*
 * Clocks and time layouts of Linux x86-64 (clock_gettime(2), adjtimex(2), times(2)).
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#define LX_CLOCK_LIST(X)                                                                           \
    X(CLOCK_REALTIME, 0)                                                                           \
    X(CLOCK_MONOTONIC, 1)                                                                          \
    X(CLOCK_PROCESS_CPUTIME_ID, 2)                                                                 \
    X(CLOCK_THREAD_CPUTIME_ID, 3)                                                                  \
    X(CLOCK_MONOTONIC_RAW, 4)                                                                      \
    X(CLOCK_REALTIME_COARSE, 5)                                                                    \
    X(CLOCK_MONOTONIC_COARSE, 6)                                                                   \
    X(CLOCK_BOOTTIME, 7)                                                                           \
    X(CLOCK_REALTIME_ALARM, 8)                                                                     \
    X(CLOCK_BOOTTIME_ALARM, 9)                                                                     \
    X(CLOCK_SGI_CYCLE, 10)                                                                         \
    X(CLOCK_TAI, 11)

enum lx_clock {
#define X(name, number) LX_##name = number,
    LX_CLOCK_LIST(X)
#undef X
};

/* A negative clock id names a CPU clock of a task, or a descriptor: ~id << 3 | kind. */
#define LX_CPUCLOCK_THREAD 4
#define LX_CPUCLOCK_KIND 3 /* 0 PROF, 1 VIRT, 2 SCHED, 3 a descriptor */
#define LX_CPUCLOCK_SCHED 2
#define LX_CPUCLOCK_FD 3

#define LX_TIMER_ABSTIME 1
#define LX_NSEC_PER_SEC INT64_C(1000000000)
#define LX_USER_HZ 100
/* One tick of the coarse clocks: the kernels in use run at 250 Hz or 1000 Hz; ours says 4 ms. */
#define LX_TICK_NSEC INT64_C(4000000)

struct lx_timespec {
    int64_t sec;
    int64_t nsec;
};

struct lx_timeval {
    int64_t sec;
    int64_t usec;
};

struct lx_timezone {
    int32_t minuteswest;
    int32_t dsttime;
};

struct lx_itimerval {
    struct lx_timeval interval;
    struct lx_timeval value;
};

struct lx_itimerspec {
    struct lx_timespec interval;
    struct lx_timespec value;
};

struct lx_utimbuf {
    int64_t actime;
    int64_t modtime;
};

/* times(2), in ticks of 1/LX_USER_HZ seconds. */
struct lx_tms {
    int64_t utime, stime, cutime, cstime;
};

enum lx_itimer { LX_ITIMER_REAL = 0, LX_ITIMER_VIRTUAL = 1, LX_ITIMER_PROF = 2 };

/* adjtimex(2) */
struct lx_timex {
    uint32_t modes; /* 0: read only */
    uint32_t padding1;
    int64_t offset;
    int64_t freq;
    int64_t maxerror;
    int64_t esterror;
    int32_t status; /* LX_STA_* */
    uint32_t padding2;
    int64_t constant;
    int64_t precision;
    int64_t tolerance;
    struct lx_timeval time;
    int64_t tick;
    int64_t ppsfreq, jitter;
    int32_t shift;
    uint32_t padding3;
    int64_t stabil, jitcnt, calcnt, errcnt, stbcnt;
    int32_t tai;
    uint32_t padding4[11];
};
static_assert(sizeof(struct lx_timex) == 208, "struct timex's size");
static_assert(offsetof(struct lx_timex, time) == 72, "struct timex's time");

#define LX_STA_UNSYNC 0x40

/* struct timex.modes */
#define LX_ADJ_OFFSET 0x0001u
#define LX_ADJ_FREQUENCY 0x0002u
#define LX_ADJ_SETOFFSET 0x0100u
#define LX_ADJ_NANO 0x2000u
#define LX_ADJ_TICK 0x4000u
/* As adjtime(3) says it: with LX_ADJ_OFFSET; LX_ADJ_OFFSET_READONLY asks what is left to adjust. */
#define LX_ADJ_ADJTIME 0x8000u
#define LX_ADJ_OFFSET_READONLY 0x2000u
#define LX_TIME_OK 0
#define LX_TIME_ERROR 5

#endif
