/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_ABI_AUXV_H
#define LSTAR_ABI_AUXV_H
/*
 * The auxiliary vector (getauxval(3)): types of its entries, and the limits of execve(2).
 */
#include <stdint.h>

#define LX_AT_LIST(X)                                                                              \
    X(AT_NULL, 0)                                                                                  \
    X(AT_IGNORE, 1)                                                                                \
    X(AT_EXECFD, 2)                                                                                \
    X(AT_PHDR, 3)                                                                                  \
    X(AT_PHENT, 4)                                                                                 \
    X(AT_PHNUM, 5)                                                                                 \
    X(AT_PAGESZ, 6)                                                                                \
    X(AT_BASE, 7)                                                                                  \
    X(AT_FLAGS, 8)                                                                                 \
    X(AT_ENTRY, 9)                                                                                 \
    X(AT_NOTELF, 10)                                                                               \
    X(AT_UID, 11)                                                                                  \
    X(AT_EUID, 12)                                                                                 \
    X(AT_GID, 13)                                                                                  \
    X(AT_EGID, 14)                                                                                 \
    X(AT_PLATFORM, 15)                                                                             \
    X(AT_HWCAP, 16)                                                                                \
    X(AT_CLKTCK, 17)                                                                               \
    X(AT_SECURE, 23)                                                                               \
    X(AT_BASE_PLATFORM, 24)                                                                        \
    X(AT_RANDOM, 25)                                                                               \
    X(AT_HWCAP2, 26)                                                                               \
    X(AT_RSEQ_FEATURE_SIZE, 27)                                                                    \
    X(AT_RSEQ_ALIGN, 28)                                                                           \
    X(AT_HWCAP3, 29)                                                                               \
    X(AT_HWCAP4, 30)                                                                               \
    X(AT_EXECFN, 31)                                                                               \
    X(AT_SYSINFO, 32)                                                                              \
    X(AT_SYSINFO_EHDR, 33)                                                                         \
    X(AT_MINSIGSTKSZ, 51)

enum lx_auxv_type {
#define X(name, value) LX_##name = value,
    LX_AT_LIST(X)
#undef X
};

struct lx_auxv {
    uint64_t type; /* LX_AT_* */
    uint64_t value;
};

#define LX_CLK_TCK 100        /* AT_CLKTCK */
#define LX_HWCAP2_FSGSBASE 2u /* AT_HWCAP2: rdfsbase and its kin work */
/*
 * AT_MINSIGSTKSZ where the frame holds an FXSAVE image: frame 440, paddings 15 and 63, image 512,
 * rounded up to 16.
 */
#define LX_MINSIGSTKSZ_FXSAVE 1040u
#define LX_MAX_ARG_STRLEN 131072u           /* one string of execve(2), with its NUL */
#define LX_MAX_ARG_STRINGS 0x7fffffffu      /* and how many */
#define LX_ARG_MAX 131072u                  /* all of them: at least this, */
#define LX_ARG_STACK_MAX (6u * 1024 * 1024) /* at most this, between them a quarter of the stack   \
                                             */
#define LX_BINPRM_BUF_SIZE 256              /* what of a file's head decides what it is */

#endif
