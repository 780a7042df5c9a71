/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * siginfo_t as Linux tells its layouts apart (guest/signal/siginfo): signals of faults, children
 * and seccomp have codes of their own, up to a limit that moves with kernel versions.
 */
#include "proc/siginfo.h"

#include <string.h>

#include "abi/errno.h"
#include "mem/uaccess.h"

/* What of the structure any layout uses. */
#define USED_BYTES 48

/* The largest code of a signal's own, and its layout. */
struct own_codes {
    uint8_t signal, limit, layout;
};

static const struct own_codes own_codes[] = {
    {LX_SIGILL, 11, SIGINFO_FAULT}, {LX_SIGFPE, 15, SIGINFO_FAULT}, {LX_SIGSEGV, 10, SIGINFO_FAULT},
    {LX_SIGBUS, 5, SIGINFO_FAULT},  {LX_SIGTRAP, 6, SIGINFO_FAULT}, {LX_SIGCHLD, 6, SIGINFO_CHLD},
    {LX_SIGIO, 6, SIGINFO_POLL},    {LX_SIGSYS, 2, SIGINFO_SYS},
};
#define POLL_CODES 6

static const struct own_codes *find_own(int signal)
{
    for (size_t i = 0; i < sizeof own_codes / sizeof *own_codes; i++)
        if (own_codes[i].signal == signal)
            return &own_codes[i];
    return NULL;
}

enum siginfo_layout siginfo_layout(const struct lx_siginfo *info)
{
    const struct own_codes *own = find_own(info->signo);
    if (info->code > LX_SI_USER && info->code < LX_SI_KERNEL) {
        if (own && info->code <= own->limit)
            return (enum siginfo_layout)own->layout;
        return info->code <= POLL_CODES ? SIGINFO_POLL : SIGINFO_KILL;
    }
    if (info->code == LX_SI_TIMER)
        return SIGINFO_TIMER;
    if (info->code == LX_SI_SIGIO)
        return SIGINFO_POLL;
    return info->code < 0 ? SIGINFO_RT : SIGINFO_KILL;
}

static bool is_known(int signal, int code)
{
    const struct own_codes *own = find_own(signal);
    if (code == LX_SI_KERNEL)
        return true;
    if (code > LX_SI_USER)
        return code <= (own ? own->limit : POLL_CODES);
    return code >= LX_SI_DETHREAD || code == LX_SI_ASYNCNL;
}

long siginfo_from_user(struct mm *mm, gva_t from, int signal, struct lx_siginfo *out)
{
    uint8_t bytes[sizeof *out];
    if (user_get(mm, &bytes, from))
        return -LX_EFAULT;
    memset(out, 0, sizeof *out);
    memcpy(out, bytes, USED_BYTES);
    out->signo = signal;
    out->padding = 0;
    if (is_known(signal, out->code))
        return 0;
    for (size_t i = USED_BYTES; i < sizeof bytes; i++)
        if (bytes[i])
            return -LX_E2BIG;
    return 0;
}
