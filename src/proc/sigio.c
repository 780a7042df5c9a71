/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * O_ASYNC's signals (fcntl(2): F_SETOWN, F_SETSIG). Without F_SETSIG it is SIGIO that says nothing
 * more; with it the signal says which descriptor and what of it. Whoever named the owner must have
 * been allowed to signal him.
 */
#include "proc/sigio.h"

#include "abi/poll.h"
#include "proc/pid.h"
#include "proc/signal.h"

static bool may_signal(const struct file *file, const struct task *task)
{
    const struct cred *cred = &task->cred;
    uint32_t uid = file->owner_uid, euid = file->owner_euid;
    return euid == 0 || euid == cred->suid || euid == cred->uid || uid == cred->suid ||
           uid == cred->uid;
}

/* poll(2)'s events of a code. */
static int64_t band_of(int code)
{
    switch (code) {
    case LX_POLL_OUT:
        return LX_POLLOUT | LX_POLLWRNORM | LX_POLLWRBAND;
    case LX_POLL_HUP:
        return LX_POLLHUP | LX_POLLERR;
    default:
        return LX_POLLIN | LX_POLLRDNORM;
    }
}

static void send_to(const struct file *file, struct task *task, int code)
{
    if (!may_signal(file, task))
        return;
    bool thread = file->owner_type == LX_F_OWNER_TID;
    struct lx_siginfo info = {.signo = file->sigio, .code = code};
    info.poll.band = band_of(code);
    info.poll.fd = file->async_fd;
    long err = -1;
    if (file->sigio)
        err = thread ? signal_send_thread(task, info.signo, &info)
                     : signal_send(task, info.signo, &info);
    if (!err)
        return;
    /* None was chosen, or it finds no place in the queue. */
    struct lx_siginfo plain = {.signo = LX_SIGIO, .code = LX_SI_KERNEL};
    err = thread ? signal_send_thread(task, LX_SIGIO, &plain) : signal_send(task, LX_SIGIO, &plain);
    (void)err;
}

void sigio_send(struct file *file, int code)
{
    struct kernel *kernel = container_of(file->vfs, struct kernel, vfs);
    if (file->owner_type == LX_F_OWNER_TID) {
        struct task *task = pid_find_task(kernel, file->owner);
        if (task)
            send_to(file, task, code);
        return;
    }
    struct process *process;
    list_for_each (process, &kernel->processes, all_link) {
        bool meant = file->owner_type == LX_F_OWNER_PGRP ? process->pgid == file->owner
                                                         : process->tgid == file->owner;
        if (meant && !process->zombie)
            send_to(file, process->leader, code);
    }
}
