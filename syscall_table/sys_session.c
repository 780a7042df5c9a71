/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Process groups and sessions: setpgid(2), setsid(2). And what is refused without namespaces:
 * unshare(2), setns(2).
 */
#include "syscall_table/handlers.h"

#include "abi/errno.h"
#include "proc/clone.h"
#include "proc/pid.h"

/* Is there such a process group in the session? */
static bool group_exists(struct kernel *kernel, int pgid, int sid)
{
    struct process *process;
    list_for_each (process, &kernel->processes, all_link)
        if (process->pgid == pgid && process->sid == sid)
            return true;
    return false;
}

long sys_setpgid(struct task *task, int pid, int pgid)
{
    struct process *self = task->process;
    if (pid == 0)
        pid = self->tgid;
    if (pgid == 0)
        pgid = pid;
    if (pgid < 0)
        return -LX_EINVAL;
    struct process *target = pid_find_process(task->kernel, pid);
    if (!target)
        return pid_find_task(task->kernel, pid) ? -LX_EINVAL : -LX_ESRCH;
    if (target->parent == self) {
        if (target->sid != self->sid)
            return -LX_EPERM;
        if (target->has_execed)
            return -LX_EACCES;
    } else if (target != self) {
        return -LX_ESRCH;
    }
    if (target->sid == target->tgid)
        return -LX_EPERM;
    if (pgid != pid && !group_exists(task->kernel, pgid, self->sid))
        return -LX_EPERM;
    process_set_group(target, pgid, target->sid);
    return 0;
}

long sys_setsid(struct task *task)
{
    struct process *self = task->process;
    struct process *process;
    list_for_each (process, &task->kernel->processes, all_link)
        if (process->pgid == self->tgid)
            return -LX_EPERM;
    process_set_group(self, self->tgid, self->tgid);
    return self->sid;
}

long sys_unshare(struct task *task, uint64_t flags)
{
    const uint64_t known = LX_CLONE_THREAD | LX_CLONE_FS | LX_CLONE_NEWNS | LX_CLONE_SIGHAND |
                           LX_CLONE_VM | LX_CLONE_FILES | LX_CLONE_SYSVSEM | LX_CLONE_NEWUTS |
                           LX_CLONE_NEWIPC | LX_CLONE_NEWNET | LX_CLONE_NEWUSER | LX_CLONE_NEWPID |
                           LX_CLONE_NEWCGROUP;
    if (flags & ~known)
        return -LX_EINVAL;
    if (flags & (LX_CLONE_NEWNS | LX_CLONE_NEWUTS | LX_CLONE_NEWIPC | LX_CLONE_NEWNET |
                 LX_CLONE_NEWUSER | LX_CLONE_NEWPID | LX_CLONE_NEWCGROUP))
        return -LX_EPERM; /* no namespaces here */
    if ((flags & (LX_CLONE_THREAD | LX_CLONE_SIGHAND | LX_CLONE_VM)) &&
        task->process->thread_count > 1)
        return -LX_EINVAL;
    if ((flags & (LX_CLONE_SIGHAND | LX_CLONE_VM)) && task->sighand->refs > 1)
        return -LX_EINVAL;
    if ((flags & LX_CLONE_VM) && task->mm->refs > 1)
        return -LX_EINVAL;
    if ((flags & LX_CLONE_FILES) && task->fds->refs > 1) {
        struct fdtable *fds;
        long err = fdtable_clone(task->fds, &fds);
        if (err)
            return err;
        fdtable_put(task->fds);
        task->fds = fds;
    }
    if ((flags & LX_CLONE_FS) && task->fs->refs > 1) {
        struct fs_struct *fs;
        long err = fs_struct_clone(&task->kernel->vfs, task->fs, &fs);
        if (err)
            return err;
        fs_struct_put(&task->kernel->vfs, task->fs);
        task->fs = fs;
    }
    return 0;
}
