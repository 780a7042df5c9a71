/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_ABI_RESOURCE_H
#define LSTAR_ABI_RESOURCE_H
/*
 * Limits, usage and priorities of Linux x86-64 (getrlimit(2), getrusage(2), getpriority(2)).
 */
#include "abi/time.h"

#define LX_RLIMIT_LIST(X)                                                                          \
    X(RLIMIT_CPU, 0)                                                                               \
    X(RLIMIT_FSIZE, 1)                                                                             \
    X(RLIMIT_DATA, 2)                                                                              \
    X(RLIMIT_STACK, 3)                                                                             \
    X(RLIMIT_CORE, 4)                                                                              \
    X(RLIMIT_RSS, 5)                                                                               \
    X(RLIMIT_NPROC, 6)                                                                             \
    X(RLIMIT_NOFILE, 7)                                                                            \
    X(RLIMIT_MEMLOCK, 8)                                                                           \
    X(RLIMIT_AS, 9)                                                                                \
    X(RLIMIT_LOCKS, 10)                                                                            \
    X(RLIMIT_SIGPENDING, 11)                                                                       \
    X(RLIMIT_MSGQUEUE, 12)                                                                         \
    X(RLIMIT_NICE, 13)                                                                             \
    X(RLIMIT_RTPRIO, 14)                                                                           \
    X(RLIMIT_RTTIME, 15)

/* /proc/PID/coredump_filter: kinds of memory that a core file holds. */
#define LX_COREDUMP_FILTER_DEFAULT 0x33u
#define LX_COREDUMP_FILTER_KNOWN 0x1ffu

enum lx_rlimit {
#define X(name, number) LX_##name = number,
    LX_RLIMIT_LIST(X)
#undef X
};

#define LX_RLIM_NLIMITS 16
#define LX_RLIM_INFINITY UINT64_MAX

struct lx_rlimit64 {
    uint64_t cur;
    uint64_t max;
};

enum lx_rusage_who { LX_RUSAGE_SELF = 0, LX_RUSAGE_CHILDREN = -1, LX_RUSAGE_THREAD = 1 };

struct lx_rusage {
    struct lx_timeval utime;
    struct lx_timeval stime;
    int64_t maxrss; /* KiB */
    int64_t ixrss, idrss, isrss;
    int64_t minflt, majflt;
    int64_t nswap;
    int64_t inblock, oublock;
    int64_t msgsnd, msgrcv;
    int64_t nsignals;
    int64_t nvcsw, nivcsw;
};
static_assert(sizeof(struct lx_rusage) == 144, "struct rusage's size");

enum lx_prio_which { LX_PRIO_PROCESS = 0, LX_PRIO_PGRP = 1, LX_PRIO_USER = 2 };

#endif
