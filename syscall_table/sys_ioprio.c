/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ioprio_set(2), ioprio_get(2): a class and a level that each task keeps and hands on to its
 * children. No disk is shared here, so that is all.
 */
#include "syscall_table/handlers.h"

#include "abi/capability.h"
#include "abi/errno.h"
#include "abi/sched.h"

enum who { WHO_PROCESS = 1, WHO_PGRP = 2, WHO_USER = 3 };
enum class { CLASS_NONE, CLASS_RT, CLASS_BE, CLASS_IDLE };

#define CLASS_SHIFT 13
#define CLASS_MASK 7u
#define LEVEL_MASK 7u /* above it in the value: a hint */
#define VALUE(class, level) ((unsigned)(class) << CLASS_SHIFT | (level))

static unsigned class_of(unsigned priority)
{
    return priority >> CLASS_SHIFT & CLASS_MASK;
}

static long check_priority(const struct task *task, unsigned priority)
{
    switch (class_of(priority)) {
    case CLASS_RT:
        return cred_capable(&task->cred, LX_CAP_SYS_ADMIN) ||
                       cred_capable(&task->cred, LX_CAP_SYS_NICE)
                   ? 0
                   : -LX_EPERM;
    case CLASS_BE:
    case CLASS_IDLE:
        return 0;
    case CLASS_NONE:
        return priority & LEVEL_MASK ? -LX_EINVAL : 0;
    default:
        return -LX_EINVAL;
    }
}

/* Is `target` among those that `which` and `who` name? */
static bool concerned(const struct task *task, const struct task *target, int which, int who)
{
    switch (which) {
    case WHO_PROCESS:
        return target->tid == (who ? who : task->tid);
    case WHO_PGRP:
        return target->process->pgid == (who ? who : task->process->pgid);
    default:
        return target->cred.uid == (who ? (uint32_t)who : task->cred.uid);
    }
}

static bool may_set(const struct task *task, const struct task *target)
{
    return target->cred.uid == task->cred.euid || target->cred.uid == task->cred.uid ||
           cred_capable(&task->cred, LX_CAP_SYS_NICE);
}

long sys_ioprio_set(struct task *task, int which, int who, int ioprio)
{
    unsigned priority = (unsigned)ioprio & 0xffff;
    long err = check_priority(task, priority);
    if (err)
        return err;
    if (which < WHO_PROCESS || which > WHO_USER)
        return -LX_EINVAL;
    long result = -LX_ESRCH;
    struct task *target;
    list_for_each (target, &task->kernel->tasks, all_link) {
        if (!task_exists(target) || !concerned(task, target, which, who))
            continue;
        if (!may_set(task, target))
            return -LX_EPERM;
        target->io_priority = priority;
        result = 0;
    }
    return result;
}

/* What counts when none was set: the class and level that scheduling gives. */
static unsigned effective(const struct task *target)
{
    if (class_of(target->io_priority) != CLASS_NONE)
        return target->io_priority;
    unsigned level = (unsigned)(target->sched.nice + 20) / 5;
    if (target->sched_policy == LX_SCHED_IDLE)
        return VALUE(CLASS_IDLE, level);
    return VALUE(target->sched.priority ? CLASS_RT : CLASS_BE, level);
}

long sys_ioprio_get(struct task *task, int which, int who)
{
    if (which < WHO_PROCESS || which > WHO_USER)
        return -LX_EINVAL;
    long best = -LX_ESRCH;
    struct task *target;
    list_for_each (target, &task->kernel->tasks, all_link) {
        if (!task_exists(target) || !concerned(task, target, which, who))
            continue;
        /* Linux: of one task what was set, of several the most favoured that holds
         * (guest/sched/ioprio). */
        if (which == WHO_PROCESS)
            return (long)target->io_priority;
        long one = (long)effective(target);
        best = best < 0 ? one : MIN(best, one);
    }
    return best;
}
