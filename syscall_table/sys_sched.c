/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Scheduling of oneself and others: sched_yield(2), sched_setscheduler(2), sched_setattr(2),
 * sched_setaffinity(2), getcpu(2). There is one CPU. Real-time policies are kept and inherited, and
 * order who waits for a futex; turns on the CPU are everybody's.
 */
#include "syscall_table/handlers.h"

#include <string.h>

#include "abi/capability.h"
#include "abi/errno.h"
#include "abi/sched.h"
#include "abi/time.h"
#include "mem/uaccess.h"
#include "proc/pid.h"

/* Bytes of a CPU mask: what sched_getaffinity(2) returns. */
#define CPU_MASK_BYTES 8

long sys_sched_yield(struct task *task)
{
    task->sched.slice_left = 0; /* the run loop gives the turn away */
    return 0;
}

/* The task of `pid` where 0 is the caller: 0, -LX_EINVAL (negative), -LX_ESRCH. */
static long find(struct task *task, int pid, struct task **out)
{
    if (pid < 0)
        return -LX_EINVAL;
    *out = pid ? pid_find_task(task->kernel, pid) : task;
    return *out ? 0 : -LX_ESRCH;
}

static bool may_schedule(const struct task *task, const struct task *target)
{
    return task->cred.euid == target->cred.euid || task->cred.euid == target->cred.uid ||
           cred_capable(&task->cred, LX_CAP_SYS_NICE);
}

static bool is_real_time(int policy)
{
    return policy == LX_SCHED_FIFO || policy == LX_SCHED_RR;
}

static bool is_ahead_of_others(int policy)
{
    return is_real_time(policy) || policy == LX_SCHED_DEADLINE;
}

static bool has_nice(int policy)
{
    return policy == LX_SCHED_OTHER || policy == LX_SCHED_BATCH;
}

/* What sched_setscheduler(2), sched_setparam(2) and sched_setattr(2) ask for. */
struct change {
    int policy;
    int priority;
    int nice;
    bool reset_on_fork;
    bool keep_params;               /* checked all the same */
    struct sched_deadline deadline; /* SCHED_DEADLINE's */
};

/* What /proc/sys/kernel/sched_deadline_period_{min,max}_us are in Linux, in nanoseconds. */
#define DEADLINE_PERIOD_MIN UINT64_C(100000)
#define DEADLINE_PERIOD_MAX (UINT64_C(1000) << 22)

/* A budget of a microsecond at least, within its deadline, within its period. */
static bool deadline_ok(const struct sched_deadline *d)
{
    return d->runtime >= 1024 && d->runtime <= d->deadline && d->deadline <= d->period &&
           d->period >= DEADLINE_PERIOD_MIN && d->period <= DEADLINE_PERIOD_MAX;
}

/* The share of the CPU that a budget is, in millionths. */
static uint64_t share_of(const struct sched_deadline *d)
{
    return d->runtime * 1000000 / d->period;
}

/* Budgets get 95 % of the CPU together: what sched_rt_runtime_us is in Linux. */
static bool budgets_fit(const struct task *target, const struct sched_deadline *wanted)
{
    const struct task *other;
    uint64_t shares = share_of(wanted);
    list_for_each (other, &target->kernel->tasks, all_link) {
        if (other != target && other->sched_policy == LX_SCHED_DEADLINE &&
            other->sched.state != SCHED_DEAD)
            shares += share_of(&other->sched_deadline);
    }
    return shares <= 950000;
}

/* 0: there is such a policy, and it has such a priority. */
static long check_change(const struct change *change)
{
    switch (change->policy) {
    case LX_SCHED_FIFO:
    case LX_SCHED_RR:
        return change->priority >= 1 && change->priority <= LX_RT_PRIORITY_MAX ? 0 : -LX_EINVAL;
    case LX_SCHED_OTHER:
    case LX_SCHED_BATCH:
    case LX_SCHED_IDLE:
        return change->priority == 0 ? 0 : -LX_EINVAL;
    case LX_SCHED_DEADLINE:
        return change->priority == 0 && deadline_ok(&change->deadline) ? 0 : -LX_EINVAL;
    default:
        return -LX_EINVAL;
    }
}

/* RLIMIT_NICE counts from 20: 40 allows -20. */
static bool nice_within_limit(const struct task *target, int nice)
{
    return (uint64_t)(20 - nice) <= task_rlimit(target, LX_RLIMIT_NICE);
}

/* Does it take CAP_SYS_NICE? sched(7), "Privileges and resource limits". */
static bool needs_privilege(const struct task *task, const struct task *target,
                            const struct change *change)
{
    uint64_t limit = task_rlimit(target, LX_RLIMIT_RTPRIO);
    if (has_nice(change->policy) && change->nice < target->sched.nice &&
        !nice_within_limit(target, change->nice))
        return true;
    if (is_real_time(change->policy)) {
        if (change->policy != target->sched_policy && limit == 0)
            return true;
        if (change->priority > target->sched.priority && (uint64_t)change->priority > limit)
            return true;
    }
    if (change->policy == LX_SCHED_DEADLINE)
        return true;
    if (target->sched_policy == LX_SCHED_IDLE && change->policy != LX_SCHED_IDLE &&
        !nice_within_limit(target, target->sched.nice))
        return true;
    if (target->sched_reset_on_fork && !change->reset_on_fork)
        return true;
    return task->cred.euid != target->cred.euid && task->cred.euid != target->cred.uid;
}

static long apply(struct task *task, struct task *target, const struct change *change)
{
    long err = check_change(change);
    if (err)
        return err;
    if (needs_privilege(task, target, change) && !cred_capable(&task->cred, LX_CAP_SYS_NICE))
        return -LX_EPERM;
    if (change->policy == LX_SCHED_DEADLINE && !budgets_fit(target, &change->deadline))
        return -LX_EBUSY;
    target->sched_reset_on_fork = change->reset_on_fork;
    /* Linux: the policy counts as a parameter (guest/sched/policy). */
    if (change->keep_params)
        return 0;
    target->sched_policy = change->policy;
    target->sched.priority = change->priority;
    target->sched_deadline = change->deadline;
    if (has_nice(change->policy))
        target->sched.nice = change->nice;
    return 0;
}

/* What the older two calls share. `policy` -1: as it is. */
static long set_scheduler(struct task *task, int pid, int policy, gva_t param)
{
    struct lx_sched_param copy;
    struct task *target;

    if (!param || pid < 0)
        return -LX_EINVAL;
    if (user_get(task->mm, &copy, param))
        return -LX_EFAULT;
    long err = find(task, pid, &target);
    if (err)
        return err;
    struct change change = {
        .policy = policy & ~LX_SCHED_RESET_ON_FORK,
        .priority = copy.priority,
        .nice = target->sched.nice,
        .reset_on_fork = policy & LX_SCHED_RESET_ON_FORK,
    };
    if (policy == -1) {
        change.policy = target->sched_policy;
        change.reset_on_fork = target->sched_reset_on_fork;
    }
    return apply(task, target, &change);
}

long sys_sched_setscheduler(struct task *task, int pid, int policy, gva_t param)
{
    return policy < 0 ? -LX_EINVAL : set_scheduler(task, pid, policy, param);
}

long sys_sched_setparam(struct task *task, int pid, gva_t param)
{
    return set_scheduler(task, pid, -1, param);
}

long sys_sched_getscheduler(struct task *task, int pid)
{
    struct task *target;
    long err = find(task, pid, &target);
    if (err)
        return err;
    return target->sched_policy | (target->sched_reset_on_fork ? LX_SCHED_RESET_ON_FORK : 0);
}

long sys_sched_getparam(struct task *task, int pid, gva_t param)
{
    struct task *target;

    if (!param)
        return -LX_EINVAL;
    long err = find(task, pid, &target);
    if (err)
        return err;
    struct lx_sched_param copy = {target->sched.priority};
    return user_put(task->mm, param, &copy);
}

/* sched_setattr(2)'s struct, of the size that its first word says. A size that is not known: the
 * first word becomes ours. */
static long get_attr(struct task *task, gva_t attr, struct lx_sched_attr *copy)
{
    uint32_t size, ours = sizeof *copy;
    memset(copy, 0, sizeof *copy);
    if (user_get(task->mm, &size, attr))
        return -LX_EFAULT;
    if (size == 0)
        size = LX_SCHED_ATTR_SIZE_VER0;
    long err = -LX_E2BIG;
    if (size >= LX_SCHED_ATTR_SIZE_VER0 && size <= PAGE_SIZE)
        err = user_get_struct(task->mm, copy, sizeof *copy, attr, size);
    if (err == -LX_E2BIG && user_put(task->mm, attr, &ours))
        return -LX_EFAULT;
    if (!err && (copy->flags & LX_SCHED_FLAG_UTIL_CLAMP) && size < sizeof *copy)
        return -LX_EINVAL;
    return err;
}

long sys_sched_setattr(struct task *task, int pid, gva_t attr, uint32_t flags)
{
    struct lx_sched_attr copy;
    struct task *target;

    if (!attr || pid < 0 || flags)
        return -LX_EINVAL;
    long err = get_attr(task, attr, &copy);
    if (err)
        return err;
    if ((int32_t)copy.policy < 0)
        return -LX_EINVAL;
    err = find(task, pid, &target);
    if (err)
        return err;
    struct change change = {
        .policy = (int)copy.policy,
        .priority = copy.priority > INT32_MAX ? -1 : (int)copy.priority,
        .nice = MAX(LX_NICE_MIN, MIN(LX_NICE_MAX, copy.nice)),
        .reset_on_fork = copy.flags & LX_SCHED_FLAG_RESET_ON_FORK,
        .keep_params = copy.flags & LX_SCHED_FLAG_KEEP_PARAMS,
        .deadline = {copy.runtime, copy.deadline, copy.period ? copy.period : copy.deadline,
                     copy.flags & LX_SCHED_FLAG_RECLAIM},
    };
    if (change.keep_params) {
        change.deadline = target->sched_deadline;
        change.priority = target->sched.priority;
        change.nice = target->sched.nice;
    }
    if (copy.flags & LX_SCHED_FLAG_KEEP_POLICY) {
        change.policy = target->sched_policy;
        change.reset_on_fork = target->sched_reset_on_fork;
    }
    if (copy.flags & ~(uint64_t)LX_SCHED_FLAG_ALL)
        return -LX_EINVAL;
    if (change.policy == LX_SCHED_DEADLINE && (copy.flags & LX_SCHED_FLAG_DL_OVERRUN))
        return -LX_EINVAL; /* budgets are not measured: nobody could be told */
    err = check_change(&change);
    if (!err && (copy.flags & LX_SCHED_FLAG_UTIL_CLAMP))
        err = -LX_EOPNOTSUPP; /* as in a kernel without it */
    return err ? err : apply(task, target, &change);
}

static long priority_bound(int policy, long real_time)
{
    switch (policy) {
    case LX_SCHED_FIFO:
    case LX_SCHED_RR:
        return real_time;
    case LX_SCHED_OTHER:
    case LX_SCHED_BATCH:
    case LX_SCHED_IDLE:
    case LX_SCHED_DEADLINE:
    case LX_SCHED_EXT:
        return 0;
    default:
        return -LX_EINVAL;
    }
}

long sys_sched_get_priority_max(struct task *task, int policy)
{
    (void)task;
    return priority_bound(policy, 99);
}

long sys_sched_get_priority_min(struct task *task, int policy)
{
    (void)task;
    return priority_bound(policy, 1);
}

/* Only SCHED_RR's is promised; the others' turn comes when there are others. */
long sys_sched_rr_get_interval(struct task *task, int pid, gva_t tp)
{
    struct lx_timespec slice = {.nsec = LX_TICK_NSEC};
    struct task *target;
    long err = find(task, pid, &target);
    if (err)
        return err;
    if (target->sched_policy == LX_SCHED_RR)
        slice.nsec = 100000000;
    else if (is_ahead_of_others(target->sched_policy))
        slice.nsec = 0;
    return user_put(task->mm, tp, &slice);
}

long sys_sched_getattr(struct task *task, int pid, gva_t attr, uint32_t size, uint32_t flags)
{
    struct task *target;

    if (!attr || pid < 0 || size > PAGE_SIZE || size < LX_SCHED_ATTR_SIZE_VER0 || flags)
        return -LX_EINVAL;
    long err = find(task, pid, &target);
    if (err)
        return err;
    struct lx_sched_attr copy = {
        .size = (uint32_t)MIN(size, sizeof copy),
        .policy = (uint32_t)target->sched_policy,
        .flags = target->sched_reset_on_fork ? LX_SCHED_FLAG_RESET_ON_FORK : 0,
        .nice = is_ahead_of_others(target->sched_policy) ? 0 : target->sched.nice,
        .priority = (uint32_t)target->sched.priority,
    };
    if (target->sched_policy == LX_SCHED_DEADLINE) {
        copy.flags |= target->sched_deadline.reclaim ? LX_SCHED_FLAG_RECLAIM : 0;
        copy.runtime = target->sched_deadline.runtime;
        copy.deadline = target->sched_deadline.deadline;
        copy.period = target->sched_deadline.period;
    }
    if (user_write(task->mm, attr, &copy, copy.size))
        return -LX_EFAULT;
    return size > sizeof copy ? user_clear(task->mm, attr + sizeof copy, size - sizeof copy) : 0;
}

long sys_sched_getaffinity(struct task *task, int pid, uint32_t size, gva_t mask)
{
    uint64_t cpus = 1;
    struct task *target;

    if (size < CPU_MASK_BYTES || size % 8)
        return -LX_EINVAL;
    long err = pid < 0 ? -LX_ESRCH : find(task, pid, &target);
    if (err)
        return err;
    return user_put(task->mm, mask, &cpus) ? -LX_EFAULT : CPU_MASK_BYTES;
}

long sys_sched_setaffinity(struct task *task, int pid, uint32_t size, gva_t mask)
{
    uint64_t cpus = 0;
    struct task *target;

    if (user_read(task->mm, &cpus, mask, MIN(size, sizeof cpus)))
        return -LX_EFAULT;
    long err = pid < 0 ? -LX_ESRCH : find(task, pid, &target);
    if (err)
        return err;
    if (!may_schedule(task, target))
        return -LX_EPERM;
    return cpus & 1 ? 0 : -LX_EINVAL;
}

long sys_getcpu(struct task *task, gva_t cpu, gva_t node, gva_t cache)
{
    uint32_t zero = 0;
    (void)cache; /* unused since Linux 2.6.24 */
    if (cpu && user_put(task->mm, cpu, &zero))
        return -LX_EFAULT;
    return node ? user_put(task->mm, node, &zero) : 0;
}
