/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The end of tasks and processes. A task that ends gives up all that it shares at once; its struct
 * stays on kernel.tasks, dead, until tasks_reap(). A process whose tasks have all ended is a zombie
 * until its parent waits for it. The machine's run ends with its first process.
 */
#include "proc/exit.h"

#include "ipc/futex.h"
#include "mem/uaccess.h"
#include "proc/exec.h"
#include "proc/clone.h"
#include "proc/pid.h"
#include "proc/signal.h"
#include "vfs/path.h"

static void release_shared(struct task *task)
{
    struct kernel *kernel = task->kernel;
    task_call_put_files(task);
    if (task->mm) {
        if (kernel->loaded_mm == task->mm && task->mm->refs == 1)
            kernel->loaded_mm = NULL;
        usage_keep_memory(task->process, task->mm);
        mm_put(task->mm);
    }
    if (task->fds)
        fdtable_put(task->fds);
    if (task->fs)
        fs_struct_put(&kernel->vfs, task->fs);
    if (task->sighand && --task->sighand->refs == 0)
        arena_free(kernel->arena, task->sighand);
    seccomp_put(kernel->arena, &task->seccomp);
    task->mm = NULL;
    task->fds = NULL;
    task->fs = NULL;
    task->sighand = NULL;
}

/* Who adopts orphans: the nearest ancestor that asked (PR_SET_CHILD_SUBREAPER), else the first
 * process. NULL: nobody is left. */
static struct process *find_reaper(struct process *process)
{
    for (struct process *p = process->parent; p; p = p->parent)
        if (p->child_subreaper && !p->zombie && !p->exiting)
            return p;
    struct process *init = process->kernel->init->process;
    return init == process || init->zombie ? NULL : init;
}

/* Tell the parent what became of a child: SIGCHLD (or exit_signal) with its code, and its waiters.
 */
static void notify_parent(struct process *child, int signal, int code, int status)
{
    struct process *parent = child->parent;
    if (!parent)
        return;
    /* clone(2) lets a child have a signal that does not exist: it is not sent. */
    if (signal && signal <= LX_NSIG && parent->leader && parent->thread_count) {
        struct lx_siginfo info = {.signo = signal, .code = code};
        info.chld.pid = child->tgid;
        info.chld.uid = child->exit_uid;
        info.chld.status = status;
        struct usage usage = usage_of_process(child);
        info.chld.utime = (int64_t)(usage.user / 10000000); /* clock ticks of 10 ms */
        info.chld.stime = (int64_t)(usage.system / 10000000);
        struct task *thread = list_first(&parent->threads, struct task, thread_link);
        long err = signal_send(thread, signal, &info);
        (void)err; /* a full queue loses the info, as in Linux */
    }
    wait_queue_wake_all(&child->kernel->sched, &parent->child_waiters, 0);
}

static bool parent_ignores_end(const struct process *child)
{
    const struct process *parent = child->parent;
    if (!parent)
        return true;
    if (child->exit_signal != LX_SIGCHLD || !parent->thread_count)
        return false;
    const struct task *thread = list_first(&parent->threads, struct task, thread_link);
    const struct lx_ksigaction *action = &thread->sighand->action[LX_SIGCHLD - 1];
    return action->handler == LX_SIG_IGN || (action->flags & LX_SA_NOCLDWAIT);
}

int killed_code(int status)
{
    return status & LX_WAIT_CORE ? LX_CLD_DUMPED : LX_CLD_KILLED;
}

static void report_end(struct process *process)
{
    int status = process->exit_status;
    bool killed = (status & 0x7f) != 0;
    bool ignored = parent_ignores_end(process);
    bool silent = ignored && process->parent && process->exit_signal == LX_SIGCHLD &&
                  process->parent->thread_count &&
                  list_first(&process->parent->threads, struct task, thread_link)
                          ->sighand->action[LX_SIGCHLD - 1]
                          .handler == LX_SIG_IGN;
    notify_parent(process, silent ? 0 : process->exit_signal,
                  killed ? killed_code(status) : LX_CLD_EXITED,
                  killed ? status & 0x7f : status >> 8);
    wait_queue_wake_all(&process->kernel->sched, &process->exit_waiters, 0);
    if (ignored && process != process->kernel->init->process)
        process_release(process);
}

bool pgrp_is_orphaned(struct kernel *kernel, int pgid, const struct process *ignored)
{
    struct process *p;
    list_for_each (p, &kernel->processes, all_link) {
        if (p->pgid != pgid || p == ignored || p->zombie)
            continue;
        if (kernel->job_control && p == kernel->init->process)
            return false; /* its parent is outside: lstar's user */
        /* Linux: whom init adopts is controlled by nobody
         * (guest/task/orphaned_group). */
        if (!p->parent || p->adopted)
            continue;
        if (p->parent->pgid != pgid && p->parent->sid == p->sid)
            return false;
    }
    return true;
}

static bool pgrp_has_stopped(struct kernel *kernel, int pgid)
{
    struct process *p;
    list_for_each (p, &kernel->processes, all_link)
        if (p->pgid == pgid && p->stopped && !p->zombie)
            return true;
    return false;
}

/* POSIX: a process group that becomes orphaned with stopped members is hung up and continued. */
static void hang_up_if_orphaned(struct process *process, const struct process *parent)
{
    struct kernel *kernel = process->kernel;
    if (!parent || parent->pgid == process->pgid || parent->sid != process->sid)
        return;
    const struct process *ignored = process->exiting || process->zombie ? process : NULL;
    if (!pgrp_is_orphaned(kernel, process->pgid, ignored) ||
        !pgrp_has_stopped(kernel, process->pgid))
        return;
    signal_send_pgrp(kernel, process->pgid, LX_SIGHUP);
    signal_send_pgrp(kernel, process->pgid, LX_SIGCONT);
}

static struct task *first_thread(struct process *process)
{
    return list_first(&process->threads, struct task, thread_link);
}

/* PR_SET_PDEATHSIG: each thread of the child that asked, though the process is told. */
static void tell_parent_died(const struct process *parent, struct process *child)
{
    struct task *thread, *next;
    list_for_each_safe (thread, next, &child->threads, thread_link) {
        if (!thread->pdeath_signal)
            continue;
        struct lx_siginfo info = {.signo = thread->pdeath_signal, .code = LX_SI_USER};
        info.rt.pid = parent->tgid;
        info.rt.uid = parent->exit_uid;
        long err = signal_send(thread, thread->pdeath_signal, &info);
        (void)err; /* a full queue loses it */
    }
}

/* A thread ends and its process goes on: another thread is the parent of its children. */
static void leave_children(struct task *task)
{
    struct process *process = task->process, *child;
    list_for_each (child, &process->children, sibling_link) {
        if (child->parent_tid != task->tid)
            continue;
        child->parent_tid = first_thread(process)->tid;
        tell_parent_died(process, child);
    }
}

static void reparent_children(struct process *process)
{
    struct process *reaper = find_reaper(process);
    struct process *child, *next;
    list_for_each_safe (child, next, &process->children, sibling_link) {
        list_remove(&child->sibling_link);
        child->parent = reaper;
        child->adopted = reaper && reaper == process->kernel->init->process;
        child->parent_tid = reaper ? first_thread(reaper)->tid : 0;
        tell_parent_died(process, child);
        if (!reaper) {
            if (child->zombie)
                process_release(child);
            continue;
        }
        list_push_back(&reaper->children, &child->sibling_link);
        child->exit_signal = LX_SIGCHLD;
        if (child->zombie)
            report_end(child);
        hang_up_if_orphaned(child, process);
    }
}

/* The leader of the session that has the terminal ends: who is in the foreground is told. */
static void give_up_terminal(struct kernel *kernel)
{
    kernel->tty_sid = -1;
    if (!kernel->tty_pgrp)
        return;
    signal_send_pgrp(kernel, kernel->tty_pgrp, LX_SIGHUP);
    signal_send_pgrp(kernel, kernel->tty_pgrp, LX_SIGCONT);
}

static void end_process(struct process *process, int status)
{
    struct kernel *kernel = process->kernel;
    process->exit_status = status;
    process->zombie = true;
    process->stopped = false;
    process_timers_fini(process);
    sigpending_flush(process, &process->pending, UINT64_MAX);
    process_set_exe(process, NULL);
    unix_collect(&kernel->sockets, UNIX_COLLECT_AT);
    if (process == kernel->init->process) {
        kernel->stop = kernel->out_of_memory ? KERNEL_NO_MEMORY : KERNEL_EXITED;
        kernel->stop_status = status;
        return;
    }
    if (process->tgid == kernel->tty_sid)
        give_up_terminal(kernel);
    hang_up_if_orphaned(process, process->parent);
    reparent_children(process);
    report_end(process);
}

/* set_tid_address(2): the word is cleared and one futex waiter woken, where others share the
 * memory. */
static void clear_child_tid(struct task *task)
{
    uint32_t zero = 0;
    if (!task->clear_child_tid || !task->mm || task->mm->refs < 2)
        return;
    /* Linux: a bad address is nobody's business any more (guest/process/clear_tid). */
    if (!user_put(task->mm, task->clear_child_tid, &zero))
        futex_wake_address(&task->kernel->futexes, task->mm, task->clear_child_tid);
}

void task_leave_memory(struct task *task)
{
    struct kernel *kernel = task->kernel;
    futex_wait_end(&kernel->futexes, &task->futex);
    if (task->mm && task->robust_list)
        futex_exit_robust(&kernel->futexes, task->mm, (uint32_t)task->tid, task->robust_list);
    futex_exit_pi(&kernel->futexes, (uint32_t)task->tid);
    clear_child_tid(task);
    clone_release_vfork(task);
    task->robust_list = 0;
    task->robust_list_size = 0;
    task->clear_child_tid = 0;
}

void task_exit(struct task *task, int status)
{
    struct process *process = task->process;
    struct kernel *kernel = task->kernel;
    if (task->sched.state == SCHED_DEAD)
        return;
    if (kernel->strace_exit)
        kernel->strace_exit(task, process->exiting ? process->exit_status : status);
    task_leave_memory(task);
    sched_remove(&kernel->sched, &task->sched);
    task->sched.state = SCHED_DEAD;
    task->call.number = -1;
    usage_keep_times(task);
    task_io_add(&process->dead_io, &task->io);
    process->exit_uid = task->cred.uid;
    list_remove(&task->thread_link);
    process->thread_count--;
    if (task != process->leader)
        list_push_back(&kernel->dead_tasks, &task->thread_link);
    sigpending_flush(process, &task->pending, UINT64_MAX);
    release_shared(task);
    if (process->thread_count == 0)
        end_process(process, process->exiting ? process->exit_status : status);
    else
        wait_queue_wake_all(&kernel->sched, &process->exit_waiters, 0);
    if (process->thread_count && !process->exiting) {
        leave_children(task);
        signal_retarget(process, UINT64_MAX);
    }
}

/* Nothing of a task that does not run stands on the host's stack: it can be ended where it is. */
static void end_threads(struct process *process, const struct task *but, int status)
{
    struct task *task, *next;
    list_for_each_safe (task, next, &process->threads, thread_link)
        if (task != but)
            task_exit(task, status);
}

void process_exit(struct process *process, int status)
{
    struct task *current = process->kernel->current;
    process->exiting = true;
    process->exit_status = status;
    bool own = current && current->process == process && current->sched.state != SCHED_DEAD;
    end_threads(process, own ? current : NULL, status);
    if (own)
        task_exit(current, status);
}

void process_end_other_threads(struct task *task)
{
    struct process *process = task->process;
    end_threads(process, task, 0);
    struct task *leader = process->leader;
    if (leader == task)
        return;
    /* execve(2): who survives takes the place of the leader. */
    list_remove(&leader->hash_link);
    list_remove(&task->hash_link);
    struct process *child;
    list_for_each (child, &process->children, sibling_link)
        if (child->parent_tid == task->tid)
            child->parent_tid = process->tgid;
    leader->tid = task->tid;
    task->tid = process->tgid;
    pid_enter_task(leader);
    pid_enter_task(task);
    process->leader = task;
    if (process->kernel->init == leader)
        process->kernel->init = task;
    list_push_back(&process->kernel->dead_tasks, &leader->thread_link);
}

void task_park(struct task *task)
{
    sched_remove(&task->kernel->sched, &task->sched);
    task->sched.state = SCHED_STOPPED;
}

/* SA_NOCLDSTOP: nothing is said of stopped and continued children. */
static bool wants_stops(const struct process *parent)
{
    if (!parent || !parent->thread_count)
        return false;
    const struct task *thread = list_first(&parent->threads, struct task, thread_link);
    return !(thread->sighand->action[LX_SIGCHLD - 1].flags & LX_SA_NOCLDSTOP);
}

void process_stop(struct process *process, int signal)
{
    if (process->stopped)
        return;
    process->stopped = true;
    process->stop_signal = signal;
    process->stop_reportable = true;
    process->continue_reportable = false;
    struct task *task;
    list_for_each (task, &process->threads, thread_link) {
        process->exit_uid = task->cred.uid;
        /* Who waits goes on waiting until the process is continued, or is parked when it wakes. */
        if (task->sched.state == SCHED_WAITING)
            task->call.stopped = true;
        else
            task_park(task);
    }
    notify_parent(process, wants_stops(process->parent) ? LX_SIGCHLD : 0, LX_CLD_STOPPED, signal);
}

void process_unstop(struct process *process)
{
    struct kernel *kernel = process->kernel;
    process->stopped = false;
    process->stop_reportable = false;
    struct task *task;
    list_for_each (task, &process->threads, thread_link) {
        bool waits = task->sched.state == SCHED_WAITING && task->call.stopped;
        if (task->sched.state != SCHED_STOPPED && !waits)
            continue;
        /* Linux: the stop has interrupted what it waited in (guest/signal/stop_threads). */
        task->sched.state = SCHED_WAITING;
        sched_wake(&kernel->sched, &task->sched);
    }
}

void process_continue(struct process *process)
{
    if (!process->stopped)
        return;
    process_unstop(process);
    process->continue_reportable = true;
    notify_parent(process, wants_stops(process->parent) ? LX_SIGCHLD : 0, LX_CLD_CONTINUED,
                  LX_SIGCONT);
}

void process_release(struct process *process)
{
    if (process->release_pending)
        return;
    process->release_pending = true;
    /* Nobody finds it any more, though its structs stay for the rest of this call
     * (guest/signal/zombie). */
    list_remove(&process->all_link);
    list_remove(&process->hash_link);
    if (process->leader)
        list_remove(&process->leader->hash_link);
    list_remove(&process->sibling_link);
    list_push_back(&process->kernel->dead_processes, &process->sibling_link);
}

void process_free(struct process *process)
{
    if (process->pgid)
        process_clear_group(process);
    arena_free(process->kernel->arena, process);
}

/* A zombie nobody waits for any more: its structs go. */
static void forget_process(struct process *process)
{
    struct kernel *kernel = process->kernel;
    wait_queue_fini(&kernel->sched, &process->child_waiters);
    wait_queue_fini(&kernel->sched, &process->signal_waiters);
    list_remove(&process->sibling_link);
    if (process->leader)
        task_destroy(process->leader);
    process->leader = NULL;
    process->freed = true;
    if (process->pidfd_refs == 0)
        process_free(process);
}

void tasks_reap(struct kernel *kernel)
{
    while (!list_empty(&kernel->dead_tasks))
        task_destroy(list_first(&kernel->dead_tasks, struct task, thread_link));
    while (!list_empty(&kernel->dead_processes))
        forget_process(list_first(&kernel->dead_processes, struct process, sibling_link));
}
