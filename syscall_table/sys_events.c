/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Descriptors that are events: eventfd(2), timerfd_create(2) and its kin, signalfd(2).
 */
#include "syscall_table/handlers.h"

#include "abi/capability.h"
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "mem/uaccess.h"
#include "proc/signalfd.h"
#include "syscall_table/sys_clock.h"
#include "vfs/eventfd.h"
#include "vfs/timerfd.h"

long sys_eventfd2(struct task *task, uint32_t initval, uint32_t flags)
{
    if (flags & ~(uint32_t)(LX_EFD_SEMAPHORE | LX_EFD_CLOEXEC | LX_EFD_NONBLOCK))
        return -LX_EINVAL;

    struct file *file;
    long err = eventfd_create(&task->kernel->vfs, initval, flags, &file);
    if (err)
        return err;
    return fdtable_install(task->fds, file, task_rlimit(task, LX_RLIMIT_NOFILE),
                           flags & LX_EFD_CLOEXEC);
}

long sys_eventfd(struct task *task, uint32_t initval)
{
    return sys_eventfd2(task, initval, 0);
}

long sys_timerfd_create(struct task *task, int clockid, uint32_t flags)
{
    if (flags & ~(uint32_t)(LX_O_CLOEXEC | LX_O_NONBLOCK))
        return -LX_EINVAL;
    switch (clockid) {
    case LX_CLOCK_REALTIME:
    case LX_CLOCK_MONOTONIC:
    case LX_CLOCK_BOOTTIME:
        break;
    case LX_CLOCK_REALTIME_ALARM:
    case LX_CLOCK_BOOTTIME_ALARM:
        if (!cred_capable(&task->cred, LX_CAP_WAKE_ALARM))
            return -LX_EPERM;
        break;
    default:
        return -LX_EINVAL;
    }
    struct file *file;
    long err = timerfd_create_file(&task->kernel->vfs, clockid, flags, &file);
    if (err)
        return err;
    return fdtable_install(task->fds, file, task_rlimit(task, LX_RLIMIT_NOFILE),
                           flags & LX_O_CLOEXEC);
}

static long put_setting(struct task *task, gva_t addr, const struct timerfd_setting *setting)
{
    struct lx_itimerspec spec = {timespec_of(setting->interval), timespec_of(setting->value)};
    return user_put(task->mm, addr, &spec);
}

#define LX_TFD_TIMER_ABSTIME 1u
#define LX_TFD_TIMER_CANCEL_ON_SET 2u

long sys_timerfd_settime(struct task *task, int fd, uint32_t flags, gva_t new_value,
                         gva_t old_value)
{
    struct lx_itimerspec spec;
    if (user_get(task->mm, &spec, new_value))
        return -LX_EFAULT;
    if ((flags & ~(LX_TFD_TIMER_ABSTIME | LX_TFD_TIMER_CANCEL_ON_SET)) ||
        !timespec_valid(&spec.value) || !timespec_valid(&spec.interval))
        return -LX_EINVAL;
    struct file *file = fdtable_get(task->fds, fd);
    if (!file)
        return -LX_EBADF;
    struct timerfd_setting setting = {timespec_ns(&spec.value), timespec_ns(&spec.interval)}, old;
    long err = timerfd_set(file, flags, &setting, &old);
    if (err)
        return err;
    return old_value ? put_setting(task, old_value, &old) : 0;
}

long sys_timerfd_gettime(struct task *task, int fd, gva_t curr_value)
{
    struct file *file = fdtable_get(task->fds, fd);
    if (!file)
        return -LX_EBADF;
    struct timerfd_setting setting;
    long err = timerfd_get(file, &setting);
    return err ? err : put_setting(task, curr_value, &setting);
}

long sys_signalfd4(struct task *task, int fd, gva_t mask, uint64_t sizemask, uint32_t flags)
{
    uint64_t set;
    if (sizemask != sizeof set)
        return -LX_EINVAL;
    if (user_get(task->mm, &set, mask))
        return -LX_EFAULT;
    if (flags & ~(uint32_t)(LX_O_CLOEXEC | LX_O_NONBLOCK))
        return -LX_EINVAL;
    if (fd != -1) {
        struct file *file = fdtable_get(task->fds, fd);
        if (!file)
            return -LX_EBADF;
        long err = signalfd_set_mask(file, set);
        return err ? err : fd;
    }
    struct file *file;
    long err = signalfd_create(task->kernel, set, flags, &file);
    if (err)
        return err;
    return fdtable_install(task->fds, file, task_rlimit(task, LX_RLIMIT_NOFILE),
                           flags & LX_O_CLOEXEC);
}

long sys_signalfd(struct task *task, int fd, gva_t mask, uint64_t sizemask)
{
    return sys_signalfd4(task, fd, mask, sizemask, 0);
}
