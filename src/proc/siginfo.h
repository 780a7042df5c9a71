/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_PROC_SIGINFO_H
#define LSTAR_PROC_SIGINFO_H
/*
 * Which member of a siginfo's union holds, by signal and code, and siginfos that a guest hands in.
 */
#include "abi/signal.h"
#include "mem/mm.h"

enum siginfo_layout {
    SIGINFO_KILL, /* pid and uid */
    SIGINFO_RT,   /* and a value */
    SIGINFO_TIMER,
    SIGINFO_CHLD,
    SIGINFO_FAULT,
    SIGINFO_POLL,
    SIGINFO_SYS,
};

enum siginfo_layout siginfo_layout(const struct lx_siginfo *info);
/*
 * A guest's siginfo of a signal; the bytes that no layout has become zero. -LX_EFAULT; -LX_E2BIG:
 * the code is unknown and they are not zero.
 */
MUST_CHECK long siginfo_from_user(struct mm *mm, gva_t from, int signal, struct lx_siginfo *out);

#endif
