/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * seccomp(2). Filters form a chain, the newest first; tasks share tails of it. All of a chain are
 * asked, the strictest answer holds.
 */
#include "proc/seccomp.h"

#include <string.h>

#include "abi/capability.h"
#include "abi/errno.h"
#include "mem/uaccess.h"
#include "proc/bpf.h"
#include "proc/exit.h"
#include "proc/signal.h"
#include "proc/task.h"

/* Instructions of a chain, each filter counted with four more: Linux's MAX_INSNS_PER_PATH. */
#define CHAIN_INSNS_MAX 32768u
#define FILTER_OVERHEAD 4u

struct seccomp_filter {
    unsigned refs;
    struct seccomp_filter *older; /* a reference */
    unsigned count;
    struct lx_sock_filter insns[];
};

unsigned seccomp_filters(const struct seccomp *seccomp)
{
    unsigned count = 0;
    for (const struct seccomp_filter *filter = seccomp->filter; filter; filter = filter->older)
        count++;
    return count;
}

void seccomp_get(const struct seccomp *seccomp)
{
    if (seccomp->filter)
        seccomp->filter->refs++;
}

void seccomp_put(struct arena *arena, struct seccomp *seccomp)
{
    struct seccomp_filter *filter = seccomp->filter;
    seccomp->filter = NULL;
    while (filter && --filter->refs == 0) {
        struct seccomp_filter *older = filter->older;
        arena_free(arena, filter);
        filter = older;
    }
}

static uint32_t ask_filters(const struct task *task)
{
    struct lx_seccomp_data data = {
        .nr = task->call.number,
        .arch = LX_AUDIT_ARCH_X86_64,
        .instruction_pointer = cpu_rip(task->kernel->cpu),
    };
    memcpy(data.args, task->call.args, sizeof data.args);
    uint32_t answer = LX_SECCOMP_RET_ALLOW;
    for (const struct seccomp_filter *f = task->seccomp.filter; f; f = f->older) {
        sched_charge(&task->kernel->sched, f->count);
        uint32_t one = bpf_run(f->insns, &data);
        if ((int32_t)(one & LX_SECCOMP_RET_ACTION_FULL) <
            (int32_t)(answer & LX_SECCOMP_RET_ACTION_FULL))
            answer = one;
    }
    return answer;
}

/* SIGSYS about the call under way, with the filter's data as si_errno. */
static struct lx_siginfo sigsys(const struct task *task, uint32_t data)
{
    struct lx_siginfo info = {.signo = LX_SIGSYS, .code = LX_SYS_SECCOMP, .err = (int32_t)data};
    info.sys.call_addr = cpu_rip(task->kernel->cpu);
    info.sys.syscall = task->call.number;
    info.sys.arch = LX_AUDIT_ARCH_X86_64;
    return info;
}

/* The thread dies; the process with it when it is its last, and then as killed by the signal. */
static enum seccomp_verdict kill_task(struct task *task, bool whole_process, int signal)
{
    if (whole_process || task->process->thread_count == 1)
        process_exit(task->process, LX_WAIT_KILLED(signal));
    else
        task_exit(task, LX_WAIT_KILLED(signal));
    return SECCOMP_DEAD;
}

static enum seccomp_verdict check_strict(struct task *task)
{
    switch (task->call.number) {
    case 0:  /* read */
    case 1:  /* write */
    case 15: /* rt_sigreturn */
    case 60: /* exit */
        return SECCOMP_GO;
    default:
        return kill_task(task, false, LX_SIGKILL);
    }
}

enum seccomp_verdict seccomp_check(struct task *task, long *result)
{
    if (task->seccomp.mode == LX_SECCOMP_MODE_STRICT)
        return check_strict(task);
    uint32_t answer = ask_filters(task), data = answer & LX_SECCOMP_RET_DATA;
    switch (answer & LX_SECCOMP_RET_ACTION_FULL) {
    case LX_SECCOMP_RET_ALLOW:
    case LX_SECCOMP_RET_LOG:
        return SECCOMP_GO;
    case LX_SECCOMP_RET_ERRNO:
        *result = -(long)MIN(data, 4095u);
        return SECCOMP_SKIP;
    case LX_SECCOMP_RET_TRAP: {
        struct lx_siginfo info = sigsys(task, data);
        signal_force(task, &info);
        *result = task->call.number; /* rax as it was */
        return SECCOMP_SKIP;
    }
    case LX_SECCOMP_RET_TRACE:      /* no tracer */
    case LX_SECCOMP_RET_USER_NOTIF: /* no listener */
        *result = -LX_ENOSYS;
        return SECCOMP_SKIP;
    case LX_SECCOMP_RET_KILL_THREAD:
        return kill_task(task, false, LX_SIGSYS);
    default: /* KILL_PROCESS and what is unknown */
        return kill_task(task, true, LX_SIGSYS);
    }
}

long seccomp_set_strict(struct task *task)
{
    if (task->seccomp.mode != LX_SECCOMP_MODE_DISABLED &&
        task->seccomp.mode != LX_SECCOMP_MODE_STRICT)
        return -LX_EINVAL;
    task->seccomp.mode = LX_SECCOMP_MODE_STRICT;
    return 0;
}

static long read_filter(struct task *task, uint64_t fprog, struct seccomp_filter **out)
{
    struct lx_sock_fprog prog;
    if (user_get(task->mm, &prog, fprog))
        return -LX_EFAULT;
    if (prog.length == 0 || prog.length > LX_BPF_MAXINSNS)
        return -LX_EINVAL;
    if (!task->cred.no_new_privs && !cred_capable(&task->cred, LX_CAP_SYS_ADMIN))
        return -LX_EACCES;
    size_t bytes = prog.length * sizeof(struct lx_sock_filter);
    struct seccomp_filter *filter = arena_alloc(task->kernel->arena, sizeof *filter + bytes);
    if (!filter)
        return -LX_ENOMEM;
    filter->refs = 1;
    filter->count = prog.length;
    long err = user_read(task->mm, filter->insns, prog.filter, bytes);
    if (!err)
        err = bpf_check(filter->insns, filter->count);
    if (err) {
        arena_free(task->kernel->arena, filter);
        return err;
    }
    *out = filter;
    return 0;
}

static bool chain_is_too_long(const struct task *task, const struct seccomp_filter *more)
{
    unsigned total = more->count;
    for (const struct seccomp_filter *f = task->seccomp.filter; f; f = f->older)
        total += f->count + FILTER_OVERHEAD;
    return total > CHAIN_INSNS_MAX;
}

/* Is `tail` on the chain that begins at `head`? */
static bool is_on_chain(const struct seccomp_filter *head, const struct seccomp_filter *tail)
{
    if (!tail)
        return true;
    for (; head; head = head->older)
        if (head == tail)
            return true;
    return false;
}

/* A thread whose filters are not a part of the caller's: it cannot follow. NULL: all can. */
static struct task *thread_that_cannot_follow(struct task *task)
{
    struct task *thread;
    list_for_each (thread, &task->process->threads, thread_link) {
        bool can = thread->seccomp.mode == LX_SECCOMP_MODE_DISABLED ||
                   (thread->seccomp.mode == LX_SECCOMP_MODE_FILTER &&
                    is_on_chain(task->seccomp.filter, thread->seccomp.filter));
        if (thread != task && !can)
            return thread;
    }
    return NULL;
}

static void bring_threads_along(struct task *task)
{
    struct task *thread;
    list_for_each (thread, &task->process->threads, thread_link) {
        if (thread == task)
            continue;
        seccomp_get(&task->seccomp);
        seccomp_put(task->kernel->arena, &thread->seccomp);
        thread->seccomp = task->seccomp;
        if (task->cred.no_new_privs)
            thread->cred.no_new_privs = true;
    }
}

long seccomp_add_filter(struct task *task, unsigned flags, uint64_t fprog)
{
    const unsigned known = LX_SECCOMP_FILTER_FLAG_TSYNC | LX_SECCOMP_FILTER_FLAG_LOG |
                           LX_SECCOMP_FILTER_FLAG_SPEC_ALLOW | LX_SECCOMP_FILTER_FLAG_TSYNC_ESRCH;
    if (flags & ~known) /* NEW_LISTENER needs somebody who listens */
        return -LX_EINVAL;
    struct seccomp_filter *filter;
    long err = read_filter(task, fprog, &filter);
    if (err)
        return err;
    struct task *stays =
        flags & LX_SECCOMP_FILTER_FLAG_TSYNC ? thread_that_cannot_follow(task) : NULL;
    if (task->seccomp.mode == LX_SECCOMP_MODE_STRICT)
        err = -LX_EINVAL;
    else if (chain_is_too_long(task, filter))
        err = -LX_ENOMEM;
    else if (stays)
        err = flags & LX_SECCOMP_FILTER_FLAG_TSYNC_ESRCH ? -LX_ESRCH : stays->tid;
    if (err) {
        arena_free(task->kernel->arena, filter);
        return err;
    }
    filter->older = task->seccomp.filter; /* its reference moves here */
    task->seccomp = (struct seccomp){LX_SECCOMP_MODE_FILTER, filter};
    if (flags & LX_SECCOMP_FILTER_FLAG_TSYNC)
        bring_threads_along(task);
    return 0;
}
