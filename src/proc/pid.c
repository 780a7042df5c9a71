/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Task numbers go up and wrap at PID_MAX, as Linux's do; a number is free when no task, process group or session has it.
 */
#include "proc/pid.h"

#include "abi/errno.h"

struct task *pid_find_task(struct kernel *kernel, int tid)
{
    struct task *task;
    list_for_each(task, &kernel->tasks, all_link)
        if (task->tid == tid)
            return task;
    return NULL;
}

struct process *pid_find_process(struct kernel *kernel, int pid)
{
    struct process *process;
    list_for_each(process, &kernel->processes, all_link)
        if (process->tgid == pid)
            return process;
    return NULL;
}

static bool pid_in_use(struct kernel *kernel, int pid)
{
    if (pid_find_task(kernel, pid))
        return true;
    struct process *process;
    list_for_each(process, &kernel->processes, all_link)
        if (process->tgid == pid || process->pgid == pid || process->sid == pid)
            return true;
    return false;
}

long pid_alloc(struct kernel *kernel)
{
    for (int tried = 0; tried < PID_MAX; tried++) {
        kernel->last_pid = kernel->last_pid + 1 < PID_MAX ? kernel->last_pid + 1 : 2;
        if (!pid_in_use(kernel, kernel->last_pid))
            return kernel->last_pid;
    }
    return -LX_EAGAIN;
}
