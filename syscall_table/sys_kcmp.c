/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Do two tasks share something? kcmp(2). The answer orders the objects by their addresses, which
 * tells nothing else of them.
 */
#include "syscall_table/handlers.h"

#include "abi/errno.h"
#include "mem/uaccess.h"
#include "proc/inspect.h"
#include "proc/pid.h"
#include "vfs/epoll.h"

enum kcmp_type {
    KCMP_FILE,
    KCMP_VM,
    KCMP_FILES,
    KCMP_FS,
    KCMP_SIGHAND,
    KCMP_IO,
    KCMP_SYSVSEM,
    KCMP_EPOLL_TFD
};

/* 0: the same; 1: the first is less; 2: greater. */
static long order(const void *a, const void *b)
{
    uintptr_t x = (uintptr_t)a, y = (uintptr_t)b;
    return (long)(x < y) | (long)(x > y) << 1;
}

static long compare_files(const struct task *one, const struct task *two, uint64_t fd1,
                          uint64_t fd2)
{
    if (!one->fds || !two->fds)
        return -LX_EBADF; /* zombies */
    /* Linux: descriptors are the low 32 bits (guest/proc/kcmp). */
    const struct file *a = fdtable_get_any(one->fds, (int)(uint32_t)fd1);
    const struct file *b = fdtable_get_any(two->fds, (int)(uint32_t)fd2);
    return a && b ? order(a, b) : -LX_EBADF;
}

/* struct kcmp_epoll_slot of linux/kcmp.h. */
struct lx_kcmp_epoll_slot {
    uint32_t efd, tfd, toff;
};

/* A file, and the one that an epoll watches under a descriptor's number: the `toff`-th of those. */
static long compare_epoll(struct task *task, const struct task *one, const struct task *two,
                          uint64_t fd1, gva_t addr)
{
    struct lx_kcmp_epoll_slot slot;
    if (user_get(task->mm, &slot, addr))
        return -LX_EFAULT;
    const struct file *a = one->fds ? fdtable_get_any(one->fds, (int)(uint32_t)fd1) : NULL;
    if (!a)
        return -LX_EBADF;
    struct file *epoll = two->fds ? fdtable_get(two->fds, (int)slot.efd) : NULL;
    if (!epoll)
        return -LX_EBADF;
    if (!file_is_epoll(epoll))
        return -LX_EINVAL;
    const struct file *b = epoll_target(epoll, (int)slot.tfd, slot.toff);
    return b ? order(a, b) : -LX_ENOENT;
}

long sys_kcmp(struct task *task, int pid1, int pid2, int type, uint64_t idx1, uint64_t idx2)
{
    const struct task *one = pid_find_task(task->kernel, pid1);
    const struct task *two = pid_find_task(task->kernel, pid2);
    if (!one || !two)
        return -LX_ESRCH;
    if (!task_may_inspect(task, one) || !task_may_inspect(task, two))
        return -LX_EPERM;

    switch (type) {
    case KCMP_FILE:
        return compare_files(one, two, idx1, idx2);
    case KCMP_VM:
        return order(one->mm, two->mm);
    case KCMP_FILES:
        return order(one->fds, two->fds);
    case KCMP_FS:
        return order(one->fs, two->fs);
    case KCMP_SIGHAND:
        return order(one->sighand, two->sighand);
    case KCMP_IO:
    case KCMP_SYSVSEM:
        return 0; /* nobody has an I/O context or semaphores to undo */
    case KCMP_EPOLL_TFD:
        return compare_epoll(task, one, two, idx1, idx2);
    default:
        return -LX_EINVAL;
    }
}
