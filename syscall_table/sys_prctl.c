/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * prctl(2): the options that are a word in the task. Others are refused with -LX_EINVAL, as by a
 * kernel that was built without them.
 */
#include "syscall_table/handlers.h"

#include <string.h>

#include "abi/capability.h"
#include "abi/errno.h"
#include "abi/prctl.h"
#include "mem/uaccess.h"
#include "proc/seccomp.h"
#include "proc/user_dispatch.h"

static long set_name(struct task *task, gva_t name)
{
    char copy[sizeof task->comm] = {0};
    long length = user_string(task->mm, copy, name, sizeof copy);
    if (length == -LX_EFAULT)
        return length;
    copy[sizeof copy - 1] = '\0';
    memset(task->comm, 0, sizeof task->comm);
    memcpy(task->comm, copy, strlen(copy));
    return 0;
}

static long set_keepcaps(struct task *task, uint64_t on)
{
    struct cred *cred = &task->cred;
    if (on > 1)
        return -LX_EINVAL;
    if (cred->securebits & LX_SECBIT_KEEP_CAPS_LOCKED)
        return -LX_EPERM;
    if (on)
        cred->securebits |= LX_SECBIT_KEEP_CAPS;
    else
        cred->securebits &= ~LX_SECBIT_KEEP_CAPS;
    return 0;
}

/* Locked bits keep their value for ever (capabilities(7), "The securebits flags"). Linux: without
 * the capability it is an error to change nothing (guest/ids/securebits). */
static long set_securebits(struct task *task, uint64_t bits)
{
    struct cred *cred = &task->cred;
    unsigned locked = (cred->securebits & LX_SECBITS_LOCKS) >> 1;
    unsigned changed = cred->securebits ^ (unsigned)bits;
    bool harmless = changed && !(changed & ~LX_SECBITS_UNPRIVILEGED);

    if ((locked & changed) || (cred->securebits & LX_SECBITS_LOCKS & ~bits) ||
        (bits & ~(uint64_t)LX_SECBITS_ALL) || !(harmless || cred_capable(cred, LX_CAP_SETPCAP)))
        return -LX_EPERM;
    cred->securebits = (unsigned)bits;
    return 0;
}

static long drop_bounding(struct task *task, uint64_t cap)
{
    if (!cred_capable(&task->cred, LX_CAP_SETPCAP))
        return -LX_EPERM;
    if (cap > LX_CAP_LAST)
        return -LX_EINVAL;
    task->cred.cap_bounding &= ~(UINT64_C(1) << cap);
    return 0;
}

static long ambient(struct task *task, const uint64_t arg[4])
{
    struct cred *cred = &task->cred;

    if (arg[0] == LX_PR_CAP_AMBIENT_CLEAR_ALL) {
        if (arg[1] || arg[2] || arg[3])
            return -LX_EINVAL;
        cred->cap_ambient = 0;
        return 0;
    }
    if (arg[1] > LX_CAP_LAST || arg[2] || arg[3])
        return -LX_EINVAL;
    uint64_t bit = UINT64_C(1) << arg[1];
    switch (arg[0]) {
    case LX_PR_CAP_AMBIENT_IS_SET:
        return !!(cred->cap_ambient & bit);
    case LX_PR_CAP_AMBIENT_RAISE:
        if (!(cred->cap_permitted & cred->cap_inheritable & bit) ||
            (cred->securebits & LX_SECBIT_NO_CAP_AMBIENT_RAISE))
            return -LX_EPERM;
        cred->cap_ambient |= bit;
        return 0;
    case LX_PR_CAP_AMBIENT_LOWER:
        cred->cap_ambient &= ~bit;
        return 0;
    default:
        return -LX_EINVAL;
    }
}

static long put_int(struct task *task, gva_t to, int value)
{
    return user_put(task->mm, to, &value);
}

/* How a thread takes broken memory, which there is none of: kept. */
static long mce_kill(struct task *task, const uint64_t arg[4])
{
    if (arg[2] || arg[3])
        return -LX_EINVAL;
    if (arg[0] == LX_PR_MCE_KILL_CLEAR && arg[1] == 0)
        task->mce_kill = LX_PR_MCE_KILL_DEFAULT;
    else if (arg[0] == LX_PR_MCE_KILL_SET && arg[1] <= LX_PR_MCE_KILL_DEFAULT)
        task->mce_kill = (int)arg[1];
    else
        return -LX_EINVAL;
    return 0;
}

static long io_flusher(struct task *task, int option, const uint64_t arg[4])
{
    bool set = option == LX_PR_SET_IO_FLUSHER;
    if (!cred_capable(&task->cred, LX_CAP_SYS_RESOURCE))
        return -LX_EPERM;
    if (arg[0] > set || arg[1] || arg[2] || arg[3])
        return -LX_EINVAL;
    if (!set)
        return task->io_flusher;
    task->io_flusher = arg[0];
    return 0;
}

/* Nobody may set up another's view of its memory: as without CAP_SYS_RESOURCE. */
static long set_mm(const uint64_t arg[4])
{
    bool long_form = arg[0] == LX_PR_SET_MM_AUXV || arg[0] == LX_PR_SET_MM_MAP ||
                     arg[0] == LX_PR_SET_MM_MAP_SIZE;
    return arg[3] || (arg[2] && !long_form) ? -LX_EINVAL : -LX_EPERM;
}

/* memory-deny-write-execute: once it holds it stays. */
static long set_mdwe(struct task *task, const uint64_t arg[4])
{
    const uint64_t all = LX_PR_MDWE_REFUSE_EXEC_GAIN | LX_PR_MDWE_NO_INHERIT;
    if (arg[1] || arg[2] || arg[3] || arg[0] & ~all || arg[0] == LX_PR_MDWE_NO_INHERIT)
        return -LX_EINVAL;
    if (task->mm->mdwe && task->mm->mdwe != arg[0])
        return -LX_EPERM;
    task->mm->mdwe = (unsigned)arg[0];
    return 0;
}

static long get_auxv(struct task *task, const uint64_t arg[4])
{
    const struct mm *mm = task->mm;
    if (arg[2] || arg[3])
        return -LX_EINVAL;
    /* Linux: its own size, whatever room there was (guest/process/prctl_more). */
    if (user_write(task->mm, arg[0], mm->auxv, MIN(arg[1], mm->auxv_bytes)))
        return -LX_EFAULT;
    return mm->auxv_bytes;
}

/* Options about memory and machine that are kept or always answered the same. */
static long machine_option(struct task *task, int option, const uint64_t arg[4])
{
    struct process *process = task->process;
    bool more = arg[1] || arg[2] || arg[3];

    switch (option) {
    case LX_PR_TASK_PERF_EVENTS_DISABLE:
    case LX_PR_TASK_PERF_EVENTS_ENABLE:
        return 0; /* there are none */
    case LX_PR_MCE_KILL:
        return mce_kill(task, arg);
    case LX_PR_MCE_KILL_GET:
        return arg[0] || more ? -LX_EINVAL : task->mce_kill;
    case LX_PR_SET_THP_DISABLE:
        if (more)
            return -LX_EINVAL;
        process->thp_disable = arg[0] != 0;
        return 0;
    case LX_PR_GET_THP_DISABLE:
        return arg[0] || more ? -LX_EINVAL : process->thp_disable;
    case LX_PR_SET_MEMORY_MERGE:
        if (more)
            return -LX_EINVAL;
        process->merge_memory = arg[0] != 0;
        return 0;
    case LX_PR_GET_MEMORY_MERGE:
        return arg[0] || more ? -LX_EINVAL : process->merge_memory;
    case LX_PR_SET_IO_FLUSHER:
    case LX_PR_GET_IO_FLUSHER:
        return io_flusher(task, option, arg);
    case LX_PR_GET_SPECULATION_CTRL: /* a processor that does not: not affected, nothing to control
                                      */
        if (more)
            return -LX_EINVAL;
        return arg[0] > LX_PR_SPEC_L1D_FLUSH ? -LX_ENODEV : 0;
    case LX_PR_SET_SPECULATION_CTRL:
        if (arg[2] || arg[3])
            return -LX_EINVAL;
        return arg[0] > LX_PR_SPEC_L1D_FLUSH ? -LX_ENODEV : -LX_ENXIO;
    case LX_PR_SET_MM:
        return set_mm(arg);
    case LX_PR_SET_MDWE:
        return set_mdwe(task, arg);
    case LX_PR_GET_MDWE:
        return arg[0] || more ? -LX_EINVAL : (long)task->mm->mdwe;
    case LX_PR_GET_AUXV:
        return get_auxv(task, arg);
    default:
        return -LX_EINVAL;
    }
}

/* Options of credentials. */
static long credential_option(struct task *task, int option, const uint64_t arg[4])
{
    struct cred *cred = &task->cred;

    switch (option) {
    case LX_PR_GET_KEEPCAPS:
        return !!(cred->securebits & LX_SECBIT_KEEP_CAPS);
    case LX_PR_SET_KEEPCAPS:
        return set_keepcaps(task, arg[0]);
    case LX_PR_CAPBSET_READ:
        return arg[0] > LX_CAP_LAST ? -LX_EINVAL : (long)(cred->cap_bounding >> arg[0] & 1);
    case LX_PR_CAPBSET_DROP:
        return drop_bounding(task, arg[0]);
    case LX_PR_GET_SECUREBITS:
        return (long)cred->securebits;
    case LX_PR_SET_SECUREBITS:
        return set_securebits(task, arg[0]);
    case LX_PR_SET_NO_NEW_PRIVS:
        if (arg[0] != 1 || arg[1] || arg[2] || arg[3])
            return -LX_EINVAL;
        cred->no_new_privs = true;
        return 0;
    case LX_PR_GET_NO_NEW_PRIVS:
        return arg[0] || arg[1] || arg[2] || arg[3] ? -LX_EINVAL : cred->no_new_privs;
    case LX_PR_CAP_AMBIENT:
        return ambient(task, arg);
    default:
        return machine_option(task, option, arg);
    }
}

static long set_timer_slack(struct task *task, uint64_t slack)
{
    task->timer_slack = (int64_t)slack > 0 ? slack : task->default_timer_slack;
    return 0;
}

/* Options of the process and its thread. */
static long process_option(struct task *task, int option, const uint64_t arg[4])
{
    struct process *process = task->process;

    switch (option) {
    case LX_PR_SET_PDEATHSIG:
        if (arg[0] > LX_NSIG)
            return -LX_EINVAL;
        task->pdeath_signal = (int)arg[0];
        return 0;
    case LX_PR_GET_PDEATHSIG:
        return put_int(task, arg[0], task->pdeath_signal);
    case LX_PR_GET_DUMPABLE:
        return process->dumpable;
    case LX_PR_SET_DUMPABLE:
        if (arg[0] > 1)
            return -LX_EINVAL;
        process->dumpable = arg[0] == 1;
        return 0;
    case LX_PR_SET_NAME:
        return set_name(task, arg[0]);
    case LX_PR_GET_NAME:
        return user_write(task->mm, arg[0], task->comm, sizeof task->comm);
    case LX_PR_SET_TIMERSLACK:
        return set_timer_slack(task, arg[0]);
    case LX_PR_GET_TIMERSLACK:
        return (long)task->timer_slack;
    case LX_PR_SET_CHILD_SUBREAPER:
        process->child_subreaper = arg[0] != 0;
        return 0;
    case LX_PR_GET_CHILD_SUBREAPER:
        return put_int(task, arg[0], process->child_subreaper);
    case LX_PR_GET_TID_ADDRESS:
        return user_put(task->mm, arg[0], &task->clear_child_tid);
    default:
        return credential_option(task, option, arg);
    }
}

long sys_prctl(struct task *task, int option, uint64_t arg2, uint64_t arg3, uint64_t arg4,
               uint64_t arg5)
{
    const uint64_t arg[4] = {arg2, arg3, arg4, arg5};

    /* Questions whose answer is always the same. */
    switch (option) {
    case LX_PR_GET_TIMING:
        return 0;
    case LX_PR_GET_SECCOMP:
        return (long)task->seccomp.mode;
    case LX_PR_SET_SECCOMP:
        if (arg2 == LX_SECCOMP_MODE_STRICT)
            return seccomp_set_strict(task);
        return arg2 == LX_SECCOMP_MODE_FILTER ? seccomp_add_filter(task, 0, arg3) : -LX_EINVAL;
    case LX_PR_SET_SYSCALL_USER_DISPATCH:
        return user_dispatch_set(task, arg2, arg3, arg4, arg5);
    case LX_PR_SET_TIMING:
        return arg2 ? -LX_EINVAL : 0;
    case LX_PR_GET_TSC:
        return put_int(task, arg2, task->tsc_forbidden ? LX_PR_TSC_SIGSEGV : LX_PR_TSC_ENABLE);
    case LX_PR_SET_TSC:
        if (arg2 != LX_PR_TSC_ENABLE && arg2 != LX_PR_TSC_SIGSEGV)
            return -LX_EINVAL;
        task->tsc_forbidden = arg2 == LX_PR_TSC_SIGSEGV;
        return 0;
    default:
        return process_option(task, option, arg);
    }
}
