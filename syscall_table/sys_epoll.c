/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * epoll_create(2), epoll_ctl(2), epoll_wait(2) and its kin. The sets are src/vfs/epoll.c's.
 */
#include "syscall_table/handlers.h"

#include "abi/errno.h"
#include "abi/fcntl.h"
#include "mem/uaccess.h"
#include "proc/signal.h"
#include "syscall_table/sys_clock.h"
#include "vfs/epoll.h"

enum { PHASE_START, PHASE_WAITING };

#define EVENTS_MAX (INT32_MAX / (int)sizeof(struct lx_epoll_event))

long sys_epoll_create1(struct task *task, uint32_t flags)
{
    if (flags & ~(uint32_t)LX_O_CLOEXEC)
        return -LX_EINVAL;
    struct file *file;
    long err = epoll_create_file(&task->kernel->vfs, &file);
    if (err)
        return err;
    return fdtable_install(task->fds, file, task_rlimit(task, LX_RLIMIT_NOFILE),
                           flags & LX_O_CLOEXEC);
}

long sys_epoll_create(struct task *task, int size)
{
    return size <= 0 ? -LX_EINVAL : sys_epoll_create1(task, 0);
}

long sys_epoll_ctl(struct task *task, int epfd, int op, int fd, gva_t event)
{
    struct lx_epoll_event copy = {0};
    if (op != EPOLL_DEL && user_get(task->mm, &copy, event))
        return -LX_EFAULT;
    struct file *epoll = fdtable_get(task->fds, epfd);
    struct file *file = fdtable_get(task->fds, fd);
    if (!epoll || !file)
        return -LX_EBADF;
    if (op < EPOLL_ADD || op > EPOLL_MOD)
        return file->ops->poll ? -LX_EINVAL : -LX_EPERM;
    return epoll_control(epoll, (enum epoll_op)op, file, fd, &copy);
}

static long wait_for_events(struct task *task, int epfd, gva_t events, int max)
{
    struct task_call *call = &task->call;
    struct file *epoll = task_file(task, epfd, 0);
    if (!epoll)
        return -LX_EBADF;
    if (max <= 0 || max > EVENTS_MAX)
        return -LX_EINVAL;
    uint64_t size = (uint64_t)max * sizeof(struct lx_epoll_event);
    if (events > TASK_SIZE || size > TASK_SIZE - events)
        return -LX_EFAULT;
    if (!file_is_epoll(epoll))
        return -LX_EINVAL;
    long count = epoll_collect(epoll, task->mm, events, (unsigned)max);
    if (count)
        return count;
    if (call->deadline != UINT64_MAX && clock_monotonic(&task->kernel->clock) >= call->deadline)
        return 0;
    call->on_signal = LX_EINTR;
    if (call->interrupted)
        return -LX_EINTR;
    long err = epoll_sleep(epoll);
    if (err)
        return err;
    wait_until(&task->kernel->sched, call->deadline);
    return BLOCKED;
}

static void set_deadline(struct task *task, uint64_t length)
{
    uint64_t now = clock_monotonic(&task->kernel->clock);
    task->call.deadline = length > INT64_MAX - now ? UINT64_MAX : now + length;
}

static uint64_t milliseconds(int timeout)
{
    return timeout < 0 ? UINT64_MAX : (uint64_t)timeout * 1000000;
}

long sys_epoll_wait(struct task *task, int epfd, gva_t events, int maxevents, int timeout)
{
    if (task->call.phase == PHASE_START) {
        set_deadline(task, milliseconds(timeout));
        task->call.phase = PHASE_WAITING;
    }
    return wait_for_events(task, epfd, events, maxevents);
}

static long begin_pwait(struct task *task, gva_t sigmask, uint64_t size)
{
    uint64_t set;
    task->call.phase = PHASE_WAITING;
    if (!sigmask)
        return 0;
    if (size != sizeof set)
        return -LX_EINVAL;
    if (user_get(task->mm, &set, sigmask))
        return -LX_EFAULT;
    task->saved_sigmask = task->sigmask;
    task->restore_sigmask = true;
    signal_set_mask(task, set);
    return 0;
}

static long pwait(struct task *task, int epfd, gva_t events, int maxevents)
{
    long result = wait_for_events(task, epfd, events, maxevents);
    /* After -EINTR signal delivery sets the mask back. */
    if (result != BLOCKED && result != -LX_EINTR && task->restore_sigmask) {
        task->restore_sigmask = false;
        task->sigmask = task->saved_sigmask;
    }
    return result;
}

long sys_epoll_pwait(struct task *task, int epfd, gva_t events, int maxevents, int timeout,
                     gva_t sigmask, uint64_t size)
{
    if (task->call.phase == PHASE_START) {
        set_deadline(task, milliseconds(timeout));
        long err = begin_pwait(task, sigmask, size);
        if (err)
            return err;
    }
    return pwait(task, epfd, events, maxevents);
}

long sys_epoll_pwait2(struct task *task, int epfd, gva_t events, int maxevents, gva_t timeout,
                      gva_t sigmask, uint64_t size)
{
    if (task->call.phase == PHASE_START) {
        struct lx_timespec ts;
        uint64_t length = UINT64_MAX;
        if (timeout) {
            if (user_get(task->mm, &ts, timeout))
                return -LX_EFAULT;
            if (!timespec_valid(&ts))
                return -LX_EINVAL;
            length = timespec_ns(&ts);
        }
        set_deadline(task, length);
        long err = begin_pwait(task, sigmask, size);
        if (err)
            return err;
    }
    return pwait(task, epfd, events, maxevents);
}
