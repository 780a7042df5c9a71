/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fcntl(2).
 */
#include "abi/ioctl.h"
#include "proc/pid.h"
#include "syscall_table/sys_files.h"
#include "vfs/fdtable.h"
#include "vfs/file_attr.h"
#include "vfs/locks.h"
#include "vfs/pipe.h"

#define NR_FCNTL 72
#define DEADLOCK_STEPS 10

static long dup_from(struct task *task, struct file *file, uint64_t from, bool cloexec)
{
    if (from >= fd_limit(task))
        return -LX_EINVAL;
    file_get(file);
    return fdtable_install_from(task->fds, file, (unsigned)from, fd_limit(task), cloexec);
}

/* --- locks --- */

static long get_lock(struct task *task, struct file *file, gva_t arg, struct fdtable *owner)
{
    struct lx_flock lock;
    long err = user_get(task->mm, &lock, arg);
    if (!err)
        err = file_get_lock(file, &lock, owner);
    return err ? err : user_put(task->mm, arg, &lock);
}

/* The owner of the lock that the task waits for in F_SETLKW; NULL: it does not wait for one. */
static const void *waits_for(struct task *task)
{
    const struct task_call *call = &task->call;
    struct lx_flock lock;
    if (call->number != NR_FCNTL || !call->waited || call->args[1] != LX_F_SETLKW ||
        !call->file[0] || user_get(task->mm, &lock, call->args[2]))
        return NULL;
    return file_lock_blocker(call->file[0], &lock, task->fds);
}

/* Would waiting for `owner` close a circle? Like Linux, gives up looking after a few steps. */
static bool would_deadlock(struct task *task, const void *owner)
{
    for (unsigned step = 0; owner && step < DEADLOCK_STEPS; step++) {
        if (owner == task->fds)
            return true;
        const void *next = NULL;
        struct task *other;
        list_for_each (other, &task->kernel->tasks, all_link)
            if (!next && other != task && other->fds == owner)
                next = waits_for(other);
        owner = next;
    }
    return false;
}

static long set_lock(struct task *task, struct file *file, gva_t arg, struct fdtable *owner,
                     bool wait)
{
    struct lx_flock lock;
    long err = user_get(task->mm, &lock, arg);
    if (!err && wait && owner && would_deadlock(task, file_lock_blocker(file, &lock, owner)))
        err = -LX_EDEADLK;
    return err ? err : file_set_lock(file, &lock, owner, task->process->tgid, wait);
}

/* --- owners of signals --- */

static bool group_exists(struct kernel *kernel, int pgid)
{
    const struct process *process;
    list_for_each (process, &kernel->processes, all_link) {
        if (process->pgid == pgid)
            return true;
    }
    return false;
}

static bool owner_exists(struct task *task, int type, int id)
{
    if (id <= 0)
        return id == 0;
    switch (type) {
    case LX_F_OWNER_TID:
        return pid_find_task(task->kernel, id) != NULL;
    case LX_F_OWNER_PID:
        return pid_find_process(task->kernel, id) != NULL;
    default:
        return group_exists(task->kernel, id);
    }
}

static long set_owner(struct task *task, struct file *file, int type, int id)
{
    if (!owner_exists(task, type, id))
        return -LX_ESRCH;
    file->owner_type = type;
    file->owner = id;
    file->owner_uid = task->cred.uid;
    file->owner_euid = task->cred.euid;
    return 0;
}

static long set_owner_word(struct task *task, struct file *file, int who)
{
    if (who == INT32_MIN)
        return -LX_EINVAL;
    return who < 0 ? set_owner(task, file, LX_F_OWNER_PGRP, -who)
                   : set_owner(task, file, LX_F_OWNER_PID, who);
}

static int get_owner_word(const struct file *file)
{
    return file->owner_type == LX_F_OWNER_PGRP ? -file->owner : file->owner;
}

long file_owner_ioctl(struct task *task, struct file *file, uint32_t request, gva_t arg)
{
    int32_t who = get_owner_word(file);
    if (request == LX_FIOGETOWN || request == LX_SIOCGPGRP)
        return user_put(task->mm, arg, &who);
    if (user_get(task->mm, &who, arg))
        return -LX_EFAULT;
    return set_owner_word(task, file, who);
}

static long set_owner_ex(struct task *task, struct file *file, gva_t arg)
{
    struct lx_f_owner_ex owner;
    long err = user_get(task->mm, &owner, arg);
    if (err)
        return err;
    if (owner.type < LX_F_OWNER_TID || owner.type > LX_F_OWNER_PGRP)
        return -LX_EINVAL;
    return set_owner(task, file, owner.type, owner.pid);
}

static long get_owner_ex(struct task *task, struct file *file, gva_t arg)
{
    struct lx_f_owner_ex owner = {.type = file->owner_type, .pid = file->owner};
    if (!file->owner)
        owner.type = LX_F_OWNER_TID; /* Linux: of nobody (guest/file/fcntl_owner) */
    return user_put(task->mm, arg, &owner);
}

/* --- hints --- */

static long get_hint(struct task *task, const struct file *file, gva_t arg)
{
    if (!file->inode)
        return -LX_EINVAL;
    uint64_t hint = file->inode->rw_hint;
    return user_put(task->mm, arg, &hint);
}

static long set_hint(struct task *task, struct file *file, gva_t arg)
{
    if (!file->inode)
        return -LX_EINVAL;
    if (!inode_owner_or_capable(&task->cred, file->inode))
        return -LX_EPERM;
    uint64_t hint;
    long err = user_get(task->mm, &hint, arg);
    if (err)
        return err;
    if (hint > 5)
        return -LX_EINVAL;
    file->inode->rw_hint = (uint8_t)hint;
    return 0;
}

static long is_same_file(struct task *task, const struct file *file, uint64_t fd)
{
    struct file *other = fdtable_get_any(task->fds, (int)fd);
    return other ? other == file : -LX_EBADF;
}

/* Commands that read and change the open file. */
static long file_command(struct task *task, struct file *file, uint32_t cmd, uint64_t arg)
{
    struct fs_context context = task_fs_context(task);
    switch (cmd) {
    case LX_F_SETFL:
        return file_set_flags(&context, file, (unsigned)arg);
    case LX_F_GETOWN:
        return get_owner_word(file);
    case LX_F_SETOWN:
        return set_owner_word(task, file, (int)arg);
    case LX_F_GETOWN_EX:
        return get_owner_ex(task, file, arg);
    case LX_F_SETOWN_EX:
        return set_owner_ex(task, file, arg);
    case LX_F_GETSIG:
        return file->sigio;
    case LX_F_SETSIG:
        if (arg > LX_NSIG)
            return -LX_EINVAL;
        file->sigio = (int)arg;
        return 0;
    case LX_F_GETPIPE_SZ:
        return pipe_get_size(file);
    case LX_F_SETPIPE_SZ:
        return pipe_set_size(file, (uint32_t)arg, &task->cred);
    case LX_F_GET_SEALS:
        return file->ops->get_seals ? file->ops->get_seals(file) : -LX_EINVAL;
    case LX_F_ADD_SEALS:
        if (!file_writable(file))
            return -LX_EPERM;
        return file->ops->add_seals ? file->ops->add_seals(file, (unsigned)arg) : -LX_EINVAL;
    case LX_F_GET_RW_HINT:
        return get_hint(task, file, arg);
    case LX_F_SET_RW_HINT:
        return set_hint(task, file, arg);
    case LX_F_GETLEASE: /* there are none: file systems here do not know leases */
        return LX_F_UNLCK;
    default:
        return -LX_EINVAL;
    }
}

static long lock_command(struct task *task, struct file *file, uint32_t cmd, gva_t arg)
{
    switch (cmd) {
    case LX_F_GETLK:
        return get_lock(task, file, arg, task->fds);
    case LX_F_OFD_GETLK:
        return get_lock(task, file, arg, NULL);
    case LX_F_SETLK:
    case LX_F_SETLKW:
        return set_lock(task, file, arg, task->fds, cmd == LX_F_SETLKW);
    default:
        return set_lock(task, file, arg, NULL, cmd == LX_F_OFD_SETLKW);
    }
}

/* Commands about the descriptor; those that O_PATH files know too. -LX_ENOSYS: another. */
static long descriptor_command(struct task *task, int fd, struct file *file, uint32_t cmd,
                               uint64_t arg)
{
    switch (cmd) {
    case LX_F_DUPFD:
        return dup_from(task, file, (unsigned)arg, false);
    case LX_F_DUPFD_CLOEXEC:
        return dup_from(task, file, (unsigned)arg, true);
    case LX_F_GETFD:
        return fdtable_cloexec(task->fds, fd) ? (long)LX_FD_CLOEXEC : 0;
    case LX_F_SETFD:
        fdtable_set_cloexec(task->fds, fd, arg & LX_FD_CLOEXEC);
        return 0;
    case LX_F_GETFL:
        return (long)file->flags;
    case LX_F_DUPFD_QUERY:
        return is_same_file(task, file, arg);
    case LX_F_CREATED_QUERY:
        return file->created;
    default:
        return -LX_ENOSYS;
    }
}

long sys_fcntl(struct task *task, int fd, uint32_t cmd, uint64_t arg)
{
    struct task_call *call = &task->call;
    struct file *file = call->waited ? call->file[0] : fdtable_get_any(task->fds, fd);
    if (!file)
        return -LX_EBADF;
    call->file[0] = file;
    long result = descriptor_command(task, fd, file, cmd, arg);
    if (result != -LX_ENOSYS)
        return result;
    if (file->flags & LX_O_PATH)
        return -LX_EBADF;
    if (cmd == LX_F_SETFL && !(file->flags & LX_FASYNC))
        file->async_fd = fd; /* of O_ASYNC, if this sets it: who sets it first is named */
    switch (cmd) {
    case LX_F_GETLK:
    case LX_F_SETLK:
    case LX_F_SETLKW:
    case LX_F_OFD_GETLK:
    case LX_F_OFD_SETLK:
    case LX_F_OFD_SETLKW:
        return lock_command(task, file, cmd, arg);
    default:
        return file_command(task, file, cmd, arg);
    }
}
