/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calls about descriptors and open files: dup(2), pipe(2), flock(2), ioctl(2).
 */
#include "abi/ioctl.h"
#include "net/unix_pair.h"
#include "syscall_table/sys_files.h"
#include "vfs/fdtable.h"
#include "vfs/file_attr.h"
#include "vfs/locks.h"
#include "vfs/mount.h"
#include "vfs/pipe.h"

long sys_dup(struct task *task, int oldfd)
{
    struct file *file = fdtable_get_any(task->fds, oldfd);
    if (!file)
        return -LX_EBADF;
    file_get(file);
    return fdtable_install(task->fds, file, fd_limit(task), false);
}

static long dup_to(struct task *task, int oldfd, int newfd, bool cloexec)
{
    if (newfd < 0 || (uint64_t)newfd >= fd_limit(task))
        return -LX_EBADF;
    struct file *file = fdtable_get_any(task->fds, oldfd);
    if (!file)
        return -LX_EBADF;
    file_get(file);
    return fdtable_install_at(task->fds, file, newfd, fd_limit(task), cloexec);
}

long sys_dup2(struct task *task, int oldfd, int newfd)
{
    if (oldfd == newfd)
        return fdtable_get_any(task->fds, oldfd) ? oldfd : -LX_EBADF;
    return dup_to(task, oldfd, newfd, false);
}

long sys_dup3(struct task *task, int oldfd, int newfd, uint32_t flags)
{
    if (flags & ~LX_O_CLOEXEC || oldfd == newfd)
        return -LX_EINVAL;
    return dup_to(task, oldfd, newfd, flags & LX_O_CLOEXEC);
}

/* Both ends installed and told; or none. */
static long install_ends(struct task *task, struct file *ends[2], gva_t to, bool cloexec)
{
    long first = fdtable_install(task->fds, ends[0], fd_limit(task), cloexec);
    if (first < 0) {
        file_put(ends[1]);
        return first;
    }
    long second = fdtable_install(task->fds, ends[1], fd_limit(task), cloexec);
    long err = second;
    if (second >= 0) {
        int32_t fds[2] = {(int32_t)first, (int32_t)second};
        err = user_put(task->mm, to, &fds);
        if (!err)
            return 0;
        (void)!fdtable_close(task->fds, (int)second);
    }
    (void)!fdtable_close(task->fds, (int)first);
    return err;
}

static long make_pipe(struct task *task, gva_t pipefd, uint32_t flags)
{
    if (flags & ~(LX_O_CLOEXEC | LX_O_NONBLOCK | LX_O_DIRECT | LX_O_EXCL))
        return -LX_EINVAL;
    if (flags & LX_O_EXCL) /* O_NOTIFICATION_PIPE */
        return -LX_ENOPKG;
    struct file *ends[2];
    long err = pipe_create(&task->kernel->vfs, &task->cred, flags, ends);
    return err ? err : install_ends(task, ends, pipefd, flags & LX_O_CLOEXEC);
}

long sys_pipe2(struct task *task, gva_t pipefd, uint32_t flags)
{
    return make_pipe(task, pipefd, flags);
}

long sys_pipe(struct task *task, gva_t pipefd)
{
    return make_pipe(task, pipefd, 0);
}

long sys_flock(struct task *task, int fd, uint32_t operation)
{
    const unsigned what = operation & ~LX_LOCK_NB;
    if (operation & LX_LOCK_MAND)
        return 0; /* Linux took mandatory locks away and lets the word pass (guest/file/flock) */
    if (what != LX_LOCK_SH && what != LX_LOCK_EX && what != LX_LOCK_UN)
        return -LX_EINVAL;
    struct file *file = task_file(task, fd, 0);
    return file ? file_flock(file, operation, task->process->tgid) : -LX_EBADF;
}

/* --- ioctl(2): what belongs to the descriptor or to every file --- */

static long set_flag(struct task *task, struct file *file, unsigned flag, bool on)
{
    struct fs_context context = task_fs_context(task);
    unsigned flags = on ? file->flags | flag : file->flags & ~flag;
    return file_set_flags(&context, file, flags);
}

/* FIONBIO */
static long set_nonblocking(struct task *task, struct file *file, gva_t arg)
{
    int32_t on;
    if (user_get(task->mm, &on, arg))
        return -LX_EFAULT;
    return set_flag(task, file, LX_O_NONBLOCK, on);
}

/* FIOASYNC. Linux: only a change asks whether the file knows signals (guest/file/fcntl_misc). */
static long set_async(struct task *task, int fd, struct file *file, gva_t arg)
{
    int32_t on;
    if (user_get(task->mm, &on, arg))
        return -LX_EFAULT;
    if (!on == !(file->flags & LX_FASYNC))
        return 0;
    if (!file->ops->async)
        return -LX_ENOTTY;
    if (on)
        file->async_fd = fd;
    return set_flag(task, file, LX_FASYNC, on);
}

/* FIOQSIZE: what the file takes up. */
static long show_size(struct task *task, const struct file *file, gva_t arg)
{
    const struct inode *inode = file->inode;
    if (!inode || !(LX_S_ISREG(inode->mode) || LX_S_ISDIR(inode->mode) || LX_S_ISLNK(inode->mode)))
        return -LX_ENOTTY;
    int64_t bytes = (int64_t)inode->blocks * 512;
    return user_put(task->mm, arg, &bytes);
}

static bool is_owner_request(uint32_t request)
{
    return request >= LX_FIOSETOWN && request <= LX_SIOCGPGRP;
}

long sys_ioctl(struct task *task, int fd, uint32_t request, uint64_t arg)
{
    struct file *file = fdtable_get(task->fds, fd);
    if (!file)
        return -LX_EBADF;
    switch (request) {
    case LX_FIOCLEX:
        fdtable_set_cloexec(task->fds, fd, true);
        return 0;
    case LX_FIONCLEX:
        fdtable_set_cloexec(task->fds, fd, false);
        return 0;
    case LX_FIONBIO:
        return set_nonblocking(task, file, arg);
    case LX_FIOASYNC:
        return set_async(task, fd, file, arg);
    case LX_FIOQSIZE:
        return show_size(task, file, arg);
    default:
        if (file_is_socket(file) && is_owner_request(request))
            return file_owner_ioctl(task, file, request, arg);
        return file_ioctl(file, task->mm, request, arg);
    }
}
