/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_ABI_PRCTL_H
#define LSTAR_ABI_PRCTL_H
/*
 * prctl(2), arch_prctl(2), personality(2), capget(2).
 */
#include <assert.h>
#include <stdint.h>

#define LX_PRCTL_LIST(X)                                                                           \
    X(PR_SET_PDEATHSIG, 1)                                                                         \
    X(PR_GET_PDEATHSIG, 2)                                                                         \
    X(PR_GET_DUMPABLE, 3)                                                                          \
    X(PR_SET_DUMPABLE, 4)                                                                          \
    X(PR_GET_UNALIGN, 5)                                                                           \
    X(PR_SET_UNALIGN, 6)                                                                           \
    X(PR_GET_KEEPCAPS, 7)                                                                          \
    X(PR_SET_KEEPCAPS, 8)                                                                          \
    X(PR_GET_FPEMU, 9)                                                                             \
    X(PR_SET_FPEMU, 10)                                                                            \
    X(PR_GET_FPEXC, 11)                                                                            \
    X(PR_SET_FPEXC, 12)                                                                            \
    X(PR_GET_TIMING, 13)                                                                           \
    X(PR_SET_TIMING, 14)                                                                           \
    X(PR_SET_NAME, 15)                                                                             \
    X(PR_GET_NAME, 16)                                                                             \
    X(PR_GET_ENDIAN, 19)                                                                           \
    X(PR_SET_ENDIAN, 20)                                                                           \
    X(PR_GET_SECCOMP, 21)                                                                          \
    X(PR_SET_SECCOMP, 22)                                                                          \
    X(PR_CAPBSET_READ, 23)                                                                         \
    X(PR_CAPBSET_DROP, 24)                                                                         \
    X(PR_GET_TSC, 25)                                                                              \
    X(PR_SET_TSC, 26)                                                                              \
    X(PR_GET_SECUREBITS, 27)                                                                       \
    X(PR_SET_SECUREBITS, 28)                                                                       \
    X(PR_SET_TIMERSLACK, 29)                                                                       \
    X(PR_GET_TIMERSLACK, 30)                                                                       \
    X(PR_TASK_PERF_EVENTS_DISABLE, 31)                                                             \
    X(PR_TASK_PERF_EVENTS_ENABLE, 32)                                                              \
    X(PR_MCE_KILL, 33)                                                                             \
    X(PR_MCE_KILL_GET, 34)                                                                         \
    X(PR_SET_MM, 35)                                                                               \
    X(PR_SET_CHILD_SUBREAPER, 36)                                                                  \
    X(PR_GET_CHILD_SUBREAPER, 37)                                                                  \
    X(PR_SET_NO_NEW_PRIVS, 38)                                                                     \
    X(PR_GET_NO_NEW_PRIVS, 39)                                                                     \
    X(PR_GET_TID_ADDRESS, 40)                                                                      \
    X(PR_SET_THP_DISABLE, 41)                                                                      \
    X(PR_GET_THP_DISABLE, 42)                                                                      \
    X(PR_CAP_AMBIENT, 47)                                                                          \
    X(PR_GET_SPECULATION_CTRL, 52)                                                                 \
    X(PR_SET_SPECULATION_CTRL, 53)                                                                 \
    X(PR_SET_IO_FLUSHER, 57)                                                                       \
    X(PR_GET_IO_FLUSHER, 58)                                                                       \
    X(PR_SET_SYSCALL_USER_DISPATCH, 59)                                                            \
    X(PR_SCHED_CORE, 62)                                                                           \
    X(PR_SET_MDWE, 65)                                                                             \
    X(PR_GET_MDWE, 66)                                                                             \
    X(PR_SET_MEMORY_MERGE, 67)                                                                     \
    X(PR_GET_MEMORY_MERGE, 68)                                                                     \
    X(PR_GET_AUXV, 0x41555856)                                                                     \
    X(PR_SET_VMA, 0x53564d41)                                                                      \
    X(PR_SET_PTRACER, 0x59616d61)

#define LX_CAP_AMBIENT_LIST(X)                                                                     \
    X(PR_CAP_AMBIENT_IS_SET, 1)                                                                    \
    X(PR_CAP_AMBIENT_RAISE, 2)                                                                     \
    X(PR_CAP_AMBIENT_LOWER, 3)                                                                     \
    X(PR_CAP_AMBIENT_CLEAR_ALL, 4)

#define LX_ARCH_PRCTL_LIST(X)                                                                      \
    X(ARCH_SET_GS, 0x1001)                                                                         \
    X(ARCH_SET_FS, 0x1002)                                                                         \
    X(ARCH_GET_FS, 0x1003)                                                                         \
    X(ARCH_GET_GS, 0x1004)                                                                         \
    X(ARCH_GET_CPUID, 0x1011)                                                                      \
    X(ARCH_SET_CPUID, 0x1012)

enum lx_prctl {
#define X(name, number) LX_##name = number,
    LX_PRCTL_LIST(X) LX_CAP_AMBIENT_LIST(X) LX_ARCH_PRCTL_LIST(X)
#undef X
        LX_PR_TSC_ENABLE = 1,
    LX_PR_MDWE_REFUSE_EXEC_GAIN = 1,
    LX_PR_MDWE_NO_INHERIT = 2,
    LX_PR_TSC_SIGSEGV = 2,
    LX_PR_MCE_KILL_CLEAR = 0,
    LX_PR_MCE_KILL_SET = 1,
    LX_PR_MCE_KILL_DEFAULT = 2,
    LX_PR_SET_MM_MAP = 14,
    LX_PR_SET_MM_MAP_SIZE = 15,
    LX_PR_SET_MM_AUXV = 12,
    LX_PR_SPEC_L1D_FLUSH = 2,
};

/* securebits(7) */
#define LX_SECBIT_NO_SETUID_FIXUP (1u << 2)
#define LX_SECBIT_KEEP_CAPS (1u << 4)
#define LX_SECBIT_KEEP_CAPS_LOCKED (1u << 5)
#define LX_SECBIT_NO_CAP_AMBIENT_RAISE (1u << 6)
#define LX_SECBITS_ALL 0xfffu
#define LX_SECBITS_LOCKS 0xaaau
/* EXEC_RESTRICT_FILE, EXEC_DENY_INTERACTIVE and their locks: anybody's to set, for interpreters */
#define LX_SECBITS_UNPRIVILEGED 0xf00u

#define LX_PERSONALITY_QUERY 0xffffffffu
#define LX_ADDR_NO_RANDOMIZE 0x0040000u

#define LX_CAPABILITY_VERSION_1 0x19980330u
#define LX_CAPABILITY_VERSION_2 0x20071026u
#define LX_CAPABILITY_VERSION_3 0x20080522u

struct lx_cap_header {
    uint32_t version;
    int32_t pid;
};

/* One word of 32 capabilities of each set. */
struct lx_cap_data {
    uint32_t effective;
    uint32_t permitted;
    uint32_t inheritable;
};
static_assert(sizeof(struct lx_cap_data) == 12, "struct __user_cap_data_struct's size");

#endif
