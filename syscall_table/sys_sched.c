/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Scheduling of oneself and others: sched_yield(2), sched_setscheduler(2), sched_setattr(2), sched_setaffinity(2), getcpu(2).
 * There is one CPU; the policies are those without real-time guarantees, which nobody could keep here.
 */
#include "syscall_table/handlers.h"

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
           task->cred.euid == 0;
}

/* 0: `policy` with this priority exists. */
static long check_policy(int policy, int priority)
{
    switch (policy) {
    case LX_SCHED_FIFO:
    case LX_SCHED_RR:
        return priority >= 1 && priority <= 99 ? 0 : -LX_EINVAL;
    case LX_SCHED_OTHER:
    case LX_SCHED_BATCH:
    case LX_SCHED_IDLE:
        return priority == 0 ? 0 : -LX_EINVAL;
    default:
        return -LX_EINVAL;
    }
}

static long set_policy(struct task *task, int pid, int policy, int priority)
{
    struct task *target;
    long err = find(task, pid, &target);
    if (!err)
        err = check_policy(policy, priority);
    if (err)
        return err;
    if (!may_schedule(task, target))
        return -LX_EPERM;
    if (policy == LX_SCHED_FIFO || policy == LX_SCHED_RR)
        return -LX_EPERM; /* as where the real-time budget is 0 */
    target->sched_policy = policy;
    return 0;
}

long sys_sched_setscheduler(struct task *task, int pid, int policy, gva_t param)
{
    struct lx_sched_param copy;

    if (policy < 0 || !param || pid < 0)
        return -LX_EINVAL;
    if (user_get(task->mm, &copy, param))
        return -LX_EFAULT;
    return set_policy(task, pid, policy, copy.priority);
}

long sys_sched_setparam(struct task *task, int pid, gva_t param)
{
    struct lx_sched_param copy;
    struct task *target;

    if (!param || pid < 0)
        return -LX_EINVAL;
    if (user_get(task->mm, &copy, param))
        return -LX_EFAULT;
    long err = find(task, pid, &target);
    return err ? err : set_policy(task, pid, target->sched_policy, copy.priority);
}

long sys_sched_getscheduler(struct task *task, int pid)
{
    struct task *target;
    long err = find(task, pid, &target);
    return err ? err : target->sched_policy;
}

long sys_sched_getparam(struct task *task, int pid, gva_t param)
{
    struct lx_sched_param none = {0};
    struct task *target;

    if (!param)
        return -LX_EINVAL;
    long err = find(task, pid, &target);
    return err ? err : user_put(task->mm, param, &none);
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

/* The others' turn comes when there are others: one slice is 200,000 instructions. */
long sys_sched_rr_get_interval(struct task *task, int pid, gva_t tp)
{
    struct lx_timespec slice = {.nsec = LX_TICK_NSEC};
    struct task *target;
    long err = find(task, pid, &target);
    return err ? err : user_put(task->mm, tp, &slice);
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
        .nice = target->sched.nice,
        .util_max = 1024,
    };
    return user_write(task->mm, attr, &copy, copy.size);
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
