/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A pidfd keeps the struct process alive, not the process: when it has been waited for, the file refers to nobody.
 */
#include "proc/pidfd.h"

#include "abi/errno.h"
#include "abi/fcntl.h"
#include "abi/poll.h"
#include "mem/uaccess.h"
#include "proc/exit.h"

struct pidfd {
    struct file file;
    struct process *process; /* counted in process->pidfd_refs */
};

static unsigned pidfd_poll(struct file *file, struct poll_table *table)
{
    struct process *process = container_of(file, struct pidfd, file)->process;
    poll_wait(table, file, &process->exit_waiters);
    return process->zombie ? LX_POLLIN | LX_POLLRDNORM : 0;
}

static void pidfd_show(struct file *file, struct strbuf *out)
{
    const struct process *process = container_of(file, struct pidfd, file)->process;
    int pid = process->release_pending ? -1 : process->tgid;
    strbuf_printf(out, "Pid:\t%d\nNSpid:\t%d\n", pid, pid);
}

static void pidfd_release(struct file *file)
{
    struct pidfd *pidfd = container_of(file, struct pidfd, file);
    struct process *process = pidfd->process;
    struct arena *arena = file->vfs->arena;
    if (--process->pidfd_refs == 0 && process->freed)
        process_free(process);
    arena_free(arena, pidfd);
}

static const struct file_ops pidfd_ops = {
    .poll = pidfd_poll,
    .show_fdinfo = pidfd_show,
    .release = pidfd_release,
};

long pidfd_create(struct process *process, unsigned flags, struct file **out)
{
    struct vfs *vfs = &process->kernel->vfs;
    struct pidfd *pidfd = arena_alloc(vfs->arena, sizeof *pidfd);
    if (!pidfd)
        return -LX_ENOMEM;
    pidfd->process = process;
    process->pidfd_refs++;
    file_init(&pidfd->file, vfs, &pidfd_ops, LX_O_RDWR | flags);
    pidfd->file.kind = "anon_inode:[pidfd]";
    *out = &pidfd->file;
    return 0;
}

long pidfd_create_for_clone(struct task *parent, struct task *child, gva_t addr)
{
    struct file *file;
    long err = pidfd_create(child->process, 0, &file);
    if (err)
        return err;
    long fd = fdtable_install(parent->fds, file, task_rlimit(parent, LX_RLIMIT_NOFILE), true);
    if (fd < 0)
        return fd;
    int number = (int)fd;
    err = user_put(parent->mm, addr, &number);
    if (err) {
        long ignored = fdtable_close(parent->fds, number);
        (void)ignored;
    }
    return err;
}

struct process *pidfd_process(struct file *file, bool *is_pidfd)
{
    *is_pidfd = file->ops == &pidfd_ops;
    if (!*is_pidfd)
        return NULL;
    struct process *process = container_of(file, struct pidfd, file)->process;
    return process->release_pending ? NULL : process;
}
