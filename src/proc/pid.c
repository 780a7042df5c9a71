/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Task numbers go up and wrap at PID_MAX, as Linux's do; a number is free when no task, process
 * group or session has it.
 */
#include "proc/pid.h"

#include "abi/errno.h"

long pid_init(struct kernel *kernel)
{
    for (unsigned i = 0; i < PID_HASH; i++) {
        list_init(&kernel->task_hash[i]);
        list_init(&kernel->process_hash[i]);
    }
    kernel->pid_uses = arena_alloc(kernel->arena, PID_MAX * sizeof *kernel->pid_uses);
    return kernel->pid_uses ? 0 : -LX_ENOMEM;
}

void pid_hold(struct kernel *kernel, int number)
{
    kernel->pid_uses[number]++;
}

void pid_release(struct kernel *kernel, int number)
{
    kernel->pid_uses[number]--;
}

void pid_enter_task(struct task *task)
{
    list_push_back(&task->kernel->task_hash[task->tid % PID_HASH], &task->hash_link);
}

void pid_enter_process(struct process *process)
{
    list_push_back(&process->kernel->process_hash[process->tgid % PID_HASH], &process->hash_link);
}

struct task *pid_find_task(struct kernel *kernel, int tid)
{
    if (tid <= 0 || tid >= PID_MAX)
        return NULL;
    struct task *task;
    list_for_each (task, &kernel->task_hash[tid % PID_HASH], hash_link)
        if (task->tid == tid && !task->process->release_pending)
            return task;
    return NULL;
}

struct process *pid_find_process(struct kernel *kernel, int pid)
{
    if (pid <= 0 || pid >= PID_MAX)
        return NULL;
    struct process *process;
    list_for_each (process, &kernel->process_hash[pid % PID_HASH], hash_link)
        if (process->tgid == pid && !process->release_pending)
            return process;
    return NULL;
}

void process_set_group(struct process *process, int pgid, int sid)
{
    struct kernel *kernel = process->kernel;
    pid_hold(kernel, pgid);
    pid_hold(kernel, sid);
    if (process->pgid) {
        pid_release(kernel, process->pgid);
        pid_release(kernel, process->sid);
    }
    process->pgid = pgid;
    process->sid = sid;
}

void process_clear_group(struct process *process)
{
    pid_release(process->kernel, process->pgid);
    pid_release(process->kernel, process->sid);
    process->pgid = 0;
    process->sid = 0;
}

bool pid_is_free(const struct kernel *kernel, int number)
{
    return !kernel->pid_uses[number];
}

long pid_alloc(struct kernel *kernel)
{
    for (int tried = 0; tried < PID_MAX; tried++) {
        kernel->last_pid = kernel->last_pid + 1 < PID_MAX ? kernel->last_pid + 1 : 2;
        if (!kernel->pid_uses[kernel->last_pid])
            return kernel->last_pid;
    }
    return -LX_EAGAIN;
}
