/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Limits and priorities: getrlimit(2), setrlimit(2), prlimit(2), getpriority(2), setpriority(2).
 */
#include "syscall_table/handlers.h"

#include "abi/capability.h"
#include "abi/errno.h"
#include "abi/sched.h"
#include "mem/uaccess.h"
#include "proc/pid.h"

/* fs.nr_open: more descriptors than this nobody may ask for. */
#define NR_OPEN 1048576

/* The address space keeps its own copy of the limits that concern it. */
static void update_mm_limits(struct process *process)
{
    struct mm *mm = process->leader ? process->leader->mm : NULL;
    if (!mm)
        return;
    mm->limits.as_bytes = process->rlimits[LX_RLIMIT_AS].cur;
    mm->limits.data_bytes = process->rlimits[LX_RLIMIT_DATA].cur;
    mm->limits.data_max_bytes = process->rlimits[LX_RLIMIT_DATA].max;
    mm->limits.stack_bytes = process->rlimits[LX_RLIMIT_STACK].cur;
}

static long set_limit(struct task *task, struct process *process, unsigned resource,
                      const struct lx_rlimit64 *limit)
{
    struct lx_rlimit64 *slot = &process->rlimits[resource];

    if (limit->cur > limit->max)
        return -LX_EINVAL;
    if (resource == LX_RLIMIT_NOFILE && limit->max > NR_OPEN)
        return -LX_EPERM;
    if (limit->max > slot->max && !cred_capable(&task->cred, LX_CAP_SYS_RESOURCE))
        return -LX_EPERM;
    *slot = *limit;
    update_mm_limits(process);
    return 0;
}

long sys_getrlimit(struct task *task, uint32_t resource, gva_t rlim)
{
    if (resource >= LX_RLIM_NLIMITS)
        return -LX_EINVAL;
    return user_put(task->mm, rlim, &task->process->rlimits[resource]);
}

long sys_setrlimit(struct task *task, uint32_t resource, gva_t rlim)
{
    struct lx_rlimit64 limit;
    if (user_get(task->mm, &limit, rlim))
        return -LX_EFAULT;
    if (resource >= LX_RLIM_NLIMITS)
        return -LX_EINVAL;
    return set_limit(task, task->process, resource, &limit);
}

/* prlimit(2): all user and group ids of the other are ours. */
static bool may_limit(const struct cred *mine, const struct cred *other)
{
    return (mine->uid == other->euid && mine->uid == other->suid && mine->uid == other->uid &&
            mine->gid == other->egid && mine->gid == other->sgid && mine->gid == other->gid) ||
           cred_capable(mine, LX_CAP_SYS_RESOURCE);
}

long sys_prlimit64(struct task *task, int pid, uint32_t resource, gva_t new_limit, gva_t old_limit)
{
    struct lx_rlimit64 limit, old;

    if (new_limit && user_get(task->mm, &limit, new_limit))
        return -LX_EFAULT;
    struct task *target = pid ? pid_find_task(task->kernel, pid) : task;
    if (!target)
        return -LX_ESRCH;
    if (target != task && !may_limit(&task->cred, &target->cred))
        return -LX_EPERM;
    if (resource >= LX_RLIM_NLIMITS)
        return -LX_EINVAL;
    old = target->process->rlimits[resource];
    long err = new_limit ? set_limit(task, target->process, resource, &limit) : 0;
    if (err || !old_limit)
        return err;
    return user_put(task->mm, old_limit, &old);
}

/* Is `target` among those that setpriority(2)'s which and who name? */
static bool concerned(struct task *task, const struct task *target, int which, int who)
{
    switch (which) {
    case LX_PRIO_PROCESS:
        return target->tid == (who ? who : task->tid);
    case LX_PRIO_PGRP:
        return target->process->pgid == (who ? who : task->process->pgid);
    default:
        return target->cred.uid == (who ? (uint32_t)who : task->cred.uid);
    }
}

long sys_getpriority(struct task *task, int which, int who)
{
    long best = -LX_ESRCH;

    if (which < LX_PRIO_PROCESS || which > LX_PRIO_USER)
        return -LX_EINVAL;
    struct task *target;
    list_for_each (target, &task->kernel->tasks, all_link) {
        if (task_exists(target) && concerned(task, target, which, who))
            best = MAX(best, 20 - target->sched.nice);
    }
    return best;
}

static long set_nice(struct task *task, struct task *target, int nice)
{
    bool privileged = cred_capable(&task->cred, LX_CAP_SYS_NICE);

    if (target->cred.uid != task->cred.euid && target->cred.euid != task->cred.euid && !privileged)
        return -LX_EPERM;
    /* RLIMIT_NICE counts from 20: 40 allows -20 */
    if (nice < target->sched.nice && !privileged &&
        (uint64_t)(20 - nice) > task_rlimit(target, LX_RLIMIT_NICE))
        return -LX_EACCES;
    target->sched.nice = nice;
    return 0;
}

long sys_setpriority(struct task *task, int which, int who, int prio)
{
    long result = -LX_ESRCH;
    int nice = MAX(LX_NICE_MIN, MIN(LX_NICE_MAX, prio));

    if (which < LX_PRIO_PROCESS || which > LX_PRIO_USER)
        return -LX_EINVAL;
    struct task *target;
    list_for_each (target, &task->kernel->tasks, all_link) {
        if (!task_exists(target) || !concerned(task, target, which, who))
            continue;
        long err = set_nice(task, target, nice);
        if (err)
            result = err;
        else if (result == -LX_ESRCH)
            result = 0;
    }
    return result;
}
