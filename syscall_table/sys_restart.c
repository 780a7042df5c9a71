/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * restart_syscall(2): the kernel has the guest make this call to go on with one that had a time
 * limit when a signal without a handler interrupted it. So its handler, alone of all, calls another
 * one's.
 */
#include "syscall_table/handlers.h"

#include "abi/errno.h"
#include "syscall_table/table.h"

long sys_restart_syscall(struct task *task)
{
    struct task_call *call = &task->call;

    if (!task->restart.number)
        return -LX_EINTR;
    if (!call->restarted) {
        call->restarted = true;
        call->deadline = task->restart.deadline;
    }
    return sys_call_table[task->restart.number].call(task, task->restart.args);
}
