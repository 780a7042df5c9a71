/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The end of tasks and processes. A task that ends gives up all that it shares at once; its struct stays on kernel.tasks, dead, until
 * tasks_reap(). The machine's run ends with its first process.
 */
#include "proc/exit.h"

#include "mem/uaccess.h"
#include "proc/signal.h"
#include "vfs/path.h"

static void release_shared(struct task *task)
{
    struct kernel *kernel = task->kernel;
    if (task->fds)
        fdtable_put(task->fds);
    if (task->fs)
        fs_struct_put(&kernel->vfs, task->fs);
    task->fds = NULL;
    task->fs = NULL;
    if (task->mm) {
        if (kernel->loaded_mm == task->mm)
            kernel->loaded_mm = NULL;
        mm_put(task->mm);
        task->mm = NULL;
    }
    if (task->sighand && --task->sighand->refs == 0)
        arena_free(kernel->arena, task->sighand);
    task->sighand = NULL;
}

static void end_process(struct process *process, int status)
{
    struct kernel *kernel = process->kernel;
    process->exit_status = status;
    sigpending_flush(process, &process->pending, UINT64_MAX);
    if (process->exe.dentry)
        path_put(&process->exe);
    if (kernel->init && process == kernel->init->process) {
        kernel->stop = KERNEL_EXITED;
        kernel->stop_status = status;
    }
}

void task_exit(struct task *task, int status)
{
    struct process *process = task->process;
    struct kernel *kernel = task->kernel;
    if (task->sched.state == SCHED_DEAD)
        return;
    if (task->clear_child_tid && task->mm && process->thread_count > 1) {
        uint32_t zero = 0;
        long err = user_put(task->mm, task->clear_child_tid, &zero);
        (void)err; /* Linux: a bad address is nobody's business any more (guest/process/clear_tid). */
    }
    if (kernel->strace_exit)
        kernel->strace_exit(task, process->exiting ? process->exit_status : status);
    sched_remove(&kernel->sched, &task->sched);
    task->sched.state = SCHED_DEAD;
    process->dead_insns += task->sched.insns;
    list_remove(&task->thread_link);
    process->thread_count--;
    sigpending_flush(process, &task->pending, UINT64_MAX);
    release_shared(task);
    if (process->thread_count == 0)
        end_process(process, process->exiting ? process->exit_status : status);
}

void process_exit(struct process *process, int status)
{
    struct kernel *kernel = process->kernel;
    if (!process->exiting) {
        process->exiting = true;
        process->exit_status = status;
    }
    struct task *task, *next;
    list_for_each_safe(task, next, &process->threads, thread_link)
        if (task != kernel->current)
            sched_wake(&kernel->sched, &task->sched); /* ends in signal_deliver() */
    if (kernel->current && kernel->current->process == process)
        task_exit(kernel->current, status);
}

void process_stop(struct process *process, int signal)
{
    (void)signal;
    struct kernel *kernel = process->kernel;
    struct task *task;
    list_for_each(task, &process->threads, thread_link) {
        sched_remove(&kernel->sched, &task->sched);
        task->sched.state = SCHED_STOPPED;
    }
}

void tasks_reap(struct kernel *kernel)
{
    struct task *task, *next;
    list_for_each_safe(task, next, &kernel->tasks, all_link) {
        if (task->sched.state != SCHED_DEAD || task == task->process->leader)
            continue;
        task_destroy(task);
    }
}
