/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is refused with an errno of its own, so that programs take the way they take where Linux
 * refuses: namespaces, tracing.
 */
#include "syscall_table/handlers.h"

#include "abi/errno.h"
#include "proc/clone.h"
#include "proc/pid.h"
#include "proc/pidfd.h"

long sys_setns(struct task *task, int fd, uint32_t nstype)
{
    const uint32_t known =
        (uint32_t)(LX_CLONE_NEWNS | LX_CLONE_NEWUTS | LX_CLONE_NEWIPC | LX_CLONE_NEWNET |
                   LX_CLONE_NEWUSER | LX_CLONE_NEWPID | LX_CLONE_NEWCGROUP);
    struct file *file = fdtable_get(task->fds, fd);
    bool is_pidfd;
    if (!file)
        return -LX_EBADF;
    if (!pidfd_process(file, &is_pidfd) && !is_pidfd)
        return -LX_EINVAL; /* no descriptor here is a namespace */
    return nstype == 0 || (nstype & ~known) ? -LX_EINVAL : -LX_EPERM;
}

/* Nobody may trace: as under a security policy that forbids it (ptrace(2), EPERM). */
long sys_ptrace(struct task *task, int request, int pid, gva_t addr, gva_t data)
{
    (void)addr;
    (void)data;
    enum { TRACEME = 0, ATTACH = 16, SEIZE = 0x4206 };
    if (request == TRACEME)
        return -LX_EPERM;
    bool begins = request == ATTACH || request == SEIZE;
    /* The others ask for somebody who is traced already. */
    return begins && pid_find_task(task->kernel, pid) ? -LX_EPERM : -LX_ESRCH;
}
