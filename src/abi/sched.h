/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_ABI_SCHED_H
#define LSTAR_ABI_SCHED_H
/*
 * Scheduling policies (sched(7)), sched_getattr(2), clone(2) flags, membarrier(2).
 */
#include <assert.h>
#include <stdint.h>

#define LX_SCHED_LIST(X)                                                                           \
    X(SCHED_OTHER, 0)                                                                              \
    X(SCHED_FIFO, 1)                                                                               \
    X(SCHED_RR, 2)                                                                                 \
    X(SCHED_BATCH, 3)                                                                              \
    X(SCHED_IDLE, 5)                                                                               \
    X(SCHED_DEADLINE, 6)                                                                           \
    X(SCHED_EXT, 7)

#define LX_MEMBARRIER_LIST(X)                                                                      \
    X(MEMBARRIER_CMD_QUERY, 0)                                                                     \
    X(MEMBARRIER_CMD_GLOBAL, 1)                                                                    \
    X(MEMBARRIER_CMD_GLOBAL_EXPEDITED, 2)                                                          \
    X(MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED, 4)                                                 \
    X(MEMBARRIER_CMD_PRIVATE_EXPEDITED, 8)                                                         \
    X(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 16)                                               \
    X(MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE, 32)                                              \
    X(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE, 64)                                     \
    X(MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ, 128)                                                  \
    X(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ, 256)                                         \
    X(MEMBARRIER_CMD_GET_REGISTRATIONS, 512)

enum lx_sched {
#define X(name, number) LX_##name = number,
    LX_SCHED_LIST(X) LX_MEMBARRIER_LIST(X)
#undef X
};

/* clone(2) flags: 64 bits wide. */
#define LX_CLONE_VM UINT64_C(0x00000100)
#define LX_CLONE_FS UINT64_C(0x00000200)
#define LX_CLONE_FILES UINT64_C(0x00000400)
#define LX_CLONE_SIGHAND UINT64_C(0x00000800)
#define LX_CLONE_PIDFD UINT64_C(0x00001000)
#define LX_CLONE_PTRACE UINT64_C(0x00002000)
#define LX_CLONE_VFORK UINT64_C(0x00004000)
#define LX_CLONE_PARENT UINT64_C(0x00008000)
#define LX_CLONE_THREAD UINT64_C(0x00010000)
#define LX_CLONE_NEWNS UINT64_C(0x00020000)
#define LX_CLONE_SYSVSEM UINT64_C(0x00040000)
#define LX_CLONE_SETTLS UINT64_C(0x00080000)
#define LX_CLONE_PARENT_SETTID UINT64_C(0x00100000)
#define LX_CLONE_CHILD_CLEARTID UINT64_C(0x00200000)
#define LX_CLONE_DETACHED UINT64_C(0x00400000)
#define LX_CLONE_UNTRACED UINT64_C(0x00800000)
#define LX_CLONE_CHILD_SETTID UINT64_C(0x01000000)
#define LX_CLONE_NEWCGROUP UINT64_C(0x02000000)
#define LX_CLONE_NEWUTS UINT64_C(0x04000000)
#define LX_CLONE_NEWIPC UINT64_C(0x08000000)
#define LX_CLONE_NEWUSER UINT64_C(0x10000000)
#define LX_CLONE_NEWPID UINT64_C(0x20000000)
#define LX_CLONE_NEWNET UINT64_C(0x40000000)
#define LX_CLONE_IO UINT64_C(0x80000000)
#define LX_CLONE_CLEAR_SIGHAND UINT64_C(0x100000000)
#define LX_CLONE_INTO_CGROUP UINT64_C(0x200000000)
#define LX_CLONE_NEWTIME UINT64_C(0x00000080)

struct lx_sched_param {
    int32_t priority;
};

/* sched_setattr(2), as of SCHED_ATTR_SIZE_VER1 */
struct lx_sched_attr {
    uint32_t size;
    uint32_t policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
    uint32_t util_min, util_max;
};
static_assert(sizeof(struct lx_sched_attr) == 56, "struct sched_attr's size");
#define LX_SCHED_ATTR_SIZE_VER0 48

/* sched_setscheduler(2): or'ed to a policy; sched_setattr(2)'s flags. */
#define LX_SCHED_RESET_ON_FORK 0x40000000
#define LX_SCHED_FLAG_RESET_ON_FORK 0x01u
#define LX_SCHED_FLAG_RECLAIM 0x02u
#define LX_SCHED_FLAG_DL_OVERRUN 0x04u
#define LX_SCHED_FLAG_KEEP_POLICY 0x08u
#define LX_SCHED_FLAG_KEEP_PARAMS 0x10u
#define LX_SCHED_FLAG_UTIL_CLAMP 0x60u
#define LX_SCHED_FLAG_ALL 0x7fu

#define LX_MEMBARRIER_CMD_FLAG_CPU 1u

#define LX_RT_PRIORITY_MAX 99
#define LX_NICE_MIN (-20)
#define LX_NICE_MAX 19

#endif
