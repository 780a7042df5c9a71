/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Syscall user dispatch. Linux: a byte of the program's memory says whether calls from outside the
 * range are made; it is read at each of them, and what is wrong with it ends the process
 * (guest/task/user_dispatch).
 */
#include "proc/user_dispatch.h"

#include "abi/errno.h"
#include "abi/signal.h"
#include "mem/uaccess.h"
#include "proc/exit.h"
#include "proc/signal.h"

enum { MODE_OFF, MODE_OUTSIDE, MODE_INSIDE };
enum { SELECTOR_ALLOW, SELECTOR_BLOCK };

long user_dispatch_set(struct task *task, uint64_t mode, uint64_t offset, uint64_t length,
                       gva_t selector)
{
    bool ends = offset + length > offset;
    switch (mode) {
    case MODE_OFF:
        if (offset || length || selector)
            return -LX_EINVAL;
        break;
    case MODE_OUTSIDE:
        if (offset && !ends)
            return -LX_EINVAL;
        break;
    case MODE_INSIDE: /* outside of all the rest */
        if (!ends)
            return -LX_EINVAL;
        offset += length;
        length = -length;
        break;
    default:
        return -LX_EINVAL;
    }
    if (selector >> 47)
        return -LX_EFAULT;
    task->user_dispatch = (struct task_user_dispatch){
        .on = mode != MODE_OFF,
        .offset = offset,
        .length = length,
        .selector = selector,
    };
    return 0;
}

static enum seccomp_verdict end_process(struct task *task, int signal)
{
    process_exit(task->process, LX_WAIT_KILLED(signal));
    return SECCOMP_DEAD;
}

enum seccomp_verdict user_dispatch_check(struct task *task, long *result)
{
    const struct task_user_dispatch *dispatch = &task->user_dispatch;
    gva_t rip = cpu_rip(task->kernel->cpu); /* behind the instruction */
    if (rip - dispatch->offset < dispatch->length)
        return SECCOMP_GO;
    if (dispatch->selector) {
        uint8_t selector;
        if (user_get(task->mm, &selector, dispatch->selector))
            return end_process(task, LX_SIGSEGV);
        if (selector == SELECTOR_ALLOW)
            return SECCOMP_GO;
        if (selector != SELECTOR_BLOCK)
            return end_process(task, LX_SIGSYS);
    }
    struct lx_siginfo info = {.signo = LX_SIGSYS, .code = LX_SYS_USER_DISPATCH};
    info.sys.call_addr = rip;
    info.sys.syscall = task->call.number;
    info.sys.arch = LX_AUDIT_ARCH_X86_64;
    signal_force(task, &info);
    *result = (long)cpu_gprs(task->kernel->cpu)[CPU_RAX]; /* as it was */
    return SECCOMP_SKIP;
}
