/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sending and delivering signals (signal(7)). A signal waits in its task's or its process's set
 * until the run loop, about to return to the guest, takes it: delivery happens in signal_deliver()
 * only.
 *
 * Invariant: a set bit of a real-time signal has at least one queue entry; a standard signal has at
 * most one beside those of timers, each of which has one at most, or none where the arena had no
 * room for it.
 */
#include "proc/signal.h"

#include <string.h>

#include "abi/errno.h"
#include "proc/coredump.h"
#include "proc/exit.h"
#include "proc/rseq.h"
#include "proc/sigframe.h"

/* One signal sent. */
struct sigqueue {
    struct list link; /* in sigpending.queue */
    struct lx_siginfo info;
};

#define SYNCHRONOUS                                                                                \
    (LX_SIGMASK(LX_SIGSEGV) | LX_SIGMASK(LX_SIGBUS) | LX_SIGMASK(LX_SIGILL) |                      \
     LX_SIGMASK(LX_SIGTRAP) | LX_SIGMASK(LX_SIGFPE) | LX_SIGMASK(LX_SIGSYS))
#define STOPS                                                                                      \
    (LX_SIGMASK(LX_SIGSTOP) | LX_SIGMASK(LX_SIGTSTP) | LX_SIGMASK(LX_SIGTTIN) |                    \
     LX_SIGMASK(LX_SIGTTOU))
#define IGNORED_BY_DEFAULT                                                                         \
    (LX_SIGMASK(LX_SIGCHLD) | LX_SIGMASK(LX_SIGCONT) | LX_SIGMASK(LX_SIGURG) |                     \
     LX_SIGMASK(LX_SIGWINCH))
#define NR_RESTART_SYSCALL UINT64_C(219)
#define UNBLOCKABLE (LX_SIGMASK(LX_SIGKILL) | LX_SIGMASK(LX_SIGSTOP))

void sigpending_init(struct sigpending *pending)
{
    pending->set = 0;
    list_init(&pending->queue);
}

static uint32_t user_of(const struct process *process)
{
    return list_empty(&process->threads)
               ? process->exit_uid
               : list_first(&process->threads, struct task, thread_link)->cred.uid;
}

/* What the process's user has queued, in all processes. */
static uint64_t queued_by_user(const struct process *process)
{
    const struct process *p;
    uint64_t count = 0;
    list_for_each (p, &process->kernel->processes, all_link)
        if (p->queued_signals && user_of(p) == user_of(process))
            count += p->queued_signals;
    return count;
}

bool signal_charge(struct process *process, bool over_limit)
{
    uint64_t limit = process->rlimits[LX_RLIMIT_SIGPENDING].cur;
    if (!over_limit && process->kernel->queued_signals >= limit && queued_by_user(process) >= limit)
        return false;
    process->queued_signals++;
    process->kernel->queued_signals++;
    return true;
}

void signal_uncharge(struct process *process)
{
    process->queued_signals--;
    process->kernel->queued_signals--;
}

/* One entry of a queue, or NULL: the limit, or no memory. */
static struct sigqueue *new_entry(struct process *process, bool over_limit)
{
    if (!signal_charge(process, over_limit))
        return NULL;
    struct sigqueue *entry = arena_alloc(process->kernel->arena, sizeof *entry);
    if (!entry)
        signal_uncharge(process);
    return entry;
}

static void free_entry(struct process *process, struct sigqueue *entry)
{
    list_remove(&entry->link);
    signal_uncharge(process);
    arena_free(process->kernel->arena, entry);
}

void sigpending_flush(struct process *process, struct sigpending *pending, uint64_t signals)
{
    struct sigqueue *entry, *next;
    list_for_each_safe (entry, next, &pending->queue, link)
        if (signals & LX_SIGMASK(entry->info.signo))
            free_entry(process, entry);
    pending->set &= ~signals;
}

static bool is_ignored(const struct sighand *sighand, int signal)
{
    uint64_t handler = sighand->action[signal - 1].handler;
    return handler == LX_SIG_IGN ||
           (handler == LX_SIG_DFL && (IGNORED_BY_DEFAULT & LX_SIGMASK(signal)));
}

/* Add to a set. -LX_EAGAIN: the limit of queued real-time signals. */
static long enqueue(struct task *target, struct sigpending *pending, int signal,
                    const struct lx_siginfo *info)
{
    struct process *process = target->process;
    bool realtime = signal >= LX_SIGRTMIN;
    /* Linux: a timer's comes beside what is pending already (guest/time/posix_timers). */
    bool of_timer = info->padding;
    if (!realtime && !of_timer && (pending->set & LX_SIGMASK(signal)))
        return 0;

    /* Linux: those of the kernel and of kill(2) come even where the limit is reached, if need be
     * without their info; a timer's has had its place all the time (guest/signal/queue). */
    struct sigqueue *entry = new_entry(process, of_timer || (!realtime && info->code >= 0));
    if (!entry && (of_timer || (realtime && info->code != LX_SI_USER)))
        return -LX_EAGAIN;
    if (entry) {
        entry->info = *info;
        entry->info.signo = signal;
        list_push_back(&pending->queue, &entry->link);
    }
    pending->set |= LX_SIGMASK(signal);
    wait_queue_wake_all(&process->kernel->sched, &process->signal_waiters, 0);
    return 0;
}

bool signal_is_queued(const struct process *process, const struct task *thread, int signal)
{
    return (thread ? thread->pending.set : process->pending.set) & LX_SIGMASK(signal);
}

bool signal_pending(const struct task *task)
{
    uint64_t pending = task->pending.set | task->process->pending.set;
    return (pending & ~task->sigmask) != 0;
}

/* Make the task look at its signals: a wait that may be interrupted ends. */
static void notify(struct task *task)
{
    bool kill = (task->pending.set | task->process->pending.set) & LX_SIGMASK(LX_SIGKILL);
    if (kill && task->process->stopped)
        process_unstop(task->process);
    if (signal_pending(task))
        sched_wake(&task->kernel->sched, &task->sched);
}

/* A thread of the process that takes `signal` now: the leader if it does, else any; NULL when all
 * block it. */
static struct task *pick_thread(struct process *process, struct task *preferred, int signal)
{
    if (preferred && !(preferred->sigmask & LX_SIGMASK(signal)))
        return preferred;
    struct task *task;
    list_for_each (task, &process->threads, thread_link)
        if (!(task->sigmask & LX_SIGMASK(signal)))
            return task;
    return NULL;
}

/* SIGCONT takes pending stops away and starts a stopped process; stop signals take a pending
 * SIGCONT away. */
static void stop_and_continue(struct process *process, int signal)
{
    uint64_t gone = 0;
    if (signal == LX_SIGCONT)
        gone = STOPS;
    else if (STOPS & LX_SIGMASK(signal))
        gone = LX_SIGMASK(LX_SIGCONT);
    if (!gone)
        return;
    sigpending_flush(process, &process->pending, gone);
    struct task *task;
    list_for_each (task, &process->threads, thread_link)
        sigpending_flush(process, &task->pending, gone);
    if (signal == LX_SIGCONT)
        process_continue(process);
}

/* Ignored signals are dropped when sent, unless blocked (the handler may be set before they are
 * unblocked). */
static bool drop(const struct task *target, int signal)
{
    return !((target->sigmask | target->real_blocked) & LX_SIGMASK(signal)) &&
           is_ignored(target->sighand, signal);
}

/* A tracer sees what is ignored, too. */
static void trace_dropped(struct task *target, const struct lx_siginfo *info)
{
    if (target->kernel->strace_signal)
        target->kernel->strace_signal(target, info);
}

long signal_send(struct task *target, int signal, const struct lx_siginfo *info)
{
    struct process *process = target->process;
    stop_and_continue(process, signal);
    if (drop(target, signal)) {
        trace_dropped(target, info);
        return 0;
    }
    long err = enqueue(target, &process->pending, signal, info);
    if (err)
        return err;
    struct task *thread = pick_thread(process, target, signal);
    if (thread)
        notify(thread);
    return 0;
}

long signal_send_thread(struct task *target, int signal, const struct lx_siginfo *info)
{
    stop_and_continue(target->process, signal);
    if (drop(target, signal)) {
        trace_dropped(target, info);
        return 0;
    }
    long err = enqueue(target, &target->pending, signal, info);
    if (err)
        return err;
    notify(target);
    return 0;
}

void signal_send_self(struct task *task, int signal)
{
    struct lx_siginfo info = {.signo = signal, .code = LX_SI_USER};
    info.rt.pid = task->process->tgid;
    info.rt.uid = task->cred.uid;
    /* A standard signal is never refused. */
    long err = signal_send_thread(task, signal, &info);
    (void)err;
}

void signal_send_kernel(struct task *target, int signal)
{
    struct lx_siginfo info = {.signo = signal, .code = LX_SI_KERNEL};
    long err = signal_send(target, signal, &info);
    (void)err; /* a standard signal is never refused */
}

void signal_send_pgrp(struct kernel *kernel, int pgid, int signal)
{
    struct process *process;
    list_for_each (process, &kernel->processes, all_link)
        if (process->pgid == pgid && process->thread_count)
            signal_send_kernel(list_first(&process->threads, struct task, thread_link), signal);
}

void signal_force(struct task *task, const struct lx_siginfo *info)
{
    int signal = info->signo;
    struct lx_ksigaction *action = &task->sighand->action[signal - 1];
    /* Linux: a fault that is blocked or ignored kills (guest/signal/fault_blocked). */
    if ((task->sigmask & LX_SIGMASK(signal)) || action->handler == LX_SIG_IGN) {
        action->handler = LX_SIG_DFL;
        task->sigmask &= ~LX_SIGMASK(signal);
    }
    sigpending_flush(task->process, &task->pending, LX_SIGMASK(signal));
    long err = enqueue(task, &task->pending, signal, info);
    (void)err;
}

void signal_force_fault(struct task *task, int signal, int code, gva_t addr)
{
    struct lx_siginfo info = {.signo = signal, .code = code};
    info.fault.addr = addr;
    signal_force(task, &info);
}

/* Take the next signal not in `blocked` out of one set: synchronous ones first, then by number. 0:
 * none. */
static int take(struct process *process, struct sigpending *pending, uint64_t blocked,
                struct lx_siginfo *info)
{
    uint64_t ready = pending->set & ~blocked;
    if (!ready)
        return 0;
    if (ready & SYNCHRONOUS)
        ready &= SYNCHRONOUS;
    int signal = __builtin_ctzll(ready) + 1;

    *info = (struct lx_siginfo){.signo = signal, .code = LX_SI_USER};
    bool found = false, more = false;
    struct sigqueue *entry, *next;
    list_for_each_safe (entry, next, &pending->queue, link) {
        if (entry->info.signo != signal)
            continue;
        if (found) {
            more = true;
            break;
        }
        found = true;
        *info = entry->info;
        free_entry(process, entry);
    }
    if (!more)
        pending->set &= ~LX_SIGMASK(signal);
    return signal;
}

static bool has_entry(const struct sigpending *pending, int signal)
{
    const struct sigqueue *entry;
    list_for_each (entry, &pending->queue, link)
        if (entry->info.signo == signal)
            return true;
    return false;
}

static void forget_timer(struct process *process, struct sigpending *pending, int timerid)
{
    struct sigqueue *entry, *next;
    list_for_each_safe (entry, next, &pending->queue, link) {
        int signal = entry->info.signo;
        if (!entry->info.padding || entry->info.timer.timerid != timerid)
            continue;
        free_entry(process, entry);
        if (!has_entry(pending, signal))
            pending->set &= ~LX_SIGMASK(signal);
    }
}

void signal_forget_timer(struct process *process, int timerid)
{
    struct task *thread;
    forget_timer(process, &process->pending, timerid);
    list_for_each (thread, &process->threads, thread_link)
        forget_timer(process, &thread->pending, timerid);
}

int signal_take(struct task *task, uint64_t blocked, struct lx_siginfo *info)
{
    int signal = take(task->process, &task->pending, blocked, info);
    if (!signal)
        signal = take(task->process, &task->process->pending, blocked, info);
    if (signal && info->padding)
        process_timer_delivered(task->process, info);
    info->padding = 0;
    return signal;
}

/* Remember for --report who died of what. */
static void record_death(struct task *task, const struct lx_siginfo *info)
{
    struct kernel *kernel = task->kernel;
    if (kernel->death || task->process != kernel->init->process)
        return;
    struct kernel_death *death = arena_alloc(kernel->arena, sizeof *death);
    if (!death)
        return;
    death->pid = task->process->tgid;
    death->signal = info->signo;
    death->code = info->code;
    death->addr = info->fault.addr;
    task_save_cpu(task);
    death->state = task->cpu;
    death->mm = task->mm;
    mm_get(death->mm);
    kernel->death = death;
}

static void trace_stop(struct task *task, int signal)
{
    if (!task->kernel->strace_stopped)
        return;
    struct task *thread;
    list_for_each (thread, &task->process->threads, thread_link)
        task->kernel->strace_stopped(thread, signal);
}

/* The default action. False: the task is gone or stopped. */
static bool act_by_default(struct task *task, const struct lx_siginfo *info)
{
    uint64_t bit = LX_SIGMASK(info->signo);
    if (task->kernel->strace_signal)
        task->kernel->strace_signal(task, info);
    if (bit & IGNORED_BY_DEFAULT)
        return true;
    if (bit & STOPS) {
        struct process *process = task->process;
        /* POSIX: an orphaned process group is not stopped from the keyboard. */
        if (info->signo != LX_SIGSTOP && pgrp_is_orphaned(task->kernel, process->pgid, NULL))
            return true;
        process_stop(task->process, info->signo);
        trace_stop(task, info->signo);
        return false;
    }
    record_death(task, info);
    bool dumped = bit & DUMPS_CORE && core_dump(task, info);
    process_exit(task->process, LX_WAIT_KILLED(info->signo) | (dumped ? LX_WAIT_CORE : 0));
    return false;
}

/*
 * A system call that a signal interrupted: made again, or -EINTR, by its restart code. `action`:
 * the handler that will run, or NULL.
 */
static void settle_call(struct task *task, const struct lx_ksigaction *action)
{
    uint64_t *gpr = cpu_gprs(task->kernel->cpu);
    long result = (long)gpr[CPU_RAX];
    if (!task->restart_number)
        return;
    int number = task->restart_number - 1;
    task->restart_number = 0;

    bool again = true;
    if (action) {
        again = result == -LX_ERESTARTNOINTR ||
                (result == -LX_ERESTARTSYS && (action->flags & LX_SA_RESTART));
    }
    if (!again) {
        gpr[CPU_RAX] = (uint64_t)-LX_EINTR;
        return;
    }
    gpr[CPU_RAX] = result == -LX_ERESTART_RESTARTBLOCK ? NR_RESTART_SYSCALL : (uint64_t)number;
    cpu_set_rip(task->kernel->cpu, cpu_rip(task->kernel->cpu) - 2);
}

/* Set up the handler's frame. False: the frame could not be written, SIGSEGV is pending instead. */
static void handle(struct task *task, const struct lx_siginfo *info, struct lx_ksigaction *slot)
{
    struct lx_ksigaction action = *slot;
    settle_call(task, &action);
    if (task->rseq.addr)
        rseq_interrupted(task);
    if (action.flags & LX_SA_RESETHAND)
        slot->handler = LX_SIG_DFL;

    uint64_t mask = task->restore_sigmask ? task->saved_sigmask : task->sigmask;
    task->restore_sigmask = false;
    if (sigframe_push(task, info, &action, mask)) {
        /* Linux: no room for the frame is SIGSEGV, fatal when it is SIGSEGV's own handler
         * (guest/signal/frame_fault). */
        if (info->signo == LX_SIGSEGV)
            slot->handler = LX_SIG_DFL;
        struct lx_siginfo fault = {.signo = LX_SIGSEGV, .code = LX_SI_KERNEL};
        signal_force(task, &fault);
        return;
    }
    uint64_t blocked = task->sigmask | action.mask;
    if (!(action.flags & LX_SA_NODEFER))
        blocked |= LX_SIGMASK(info->signo);
    signal_set_mask(task, blocked);
}

bool signal_deliver(struct task *task)
{
    struct lx_siginfo info;
    for (;;) {
        int signal = signal_take(task, task->sigmask & ~UNBLOCKABLE, &info);
        if (!signal)
            break;
        struct lx_ksigaction *action = &task->sighand->action[signal - 1];
        if (action->handler == LX_SIG_IGN && signal != LX_SIGKILL && signal != LX_SIGSTOP)
            continue;
        if (action->handler == LX_SIG_DFL || signal == LX_SIGKILL || signal == LX_SIGSTOP) {
            if (!act_by_default(task, &info))
                return false;
            continue;
        }
        if (task->kernel->strace_signal)
            task->kernel->strace_signal(task, &info);
        handle(task, &info, action);
    }
    settle_call(task, NULL);
    if (task->restore_sigmask) {
        task->restore_sigmask = false;
        task->sigmask = task->saved_sigmask;
    }
    return true;
}

void signal_retarget(struct process *process, uint64_t signals)
{
    struct task *thread;
    signals &= process->pending.set;
    if (!signals)
        return;
    list_for_each (thread, &process->threads, thread_link)
        if (signals & ~thread->sigmask)
            notify(thread);
}

void signal_set_mask(struct task *task, uint64_t mask)
{
    uint64_t old = task->sigmask;
    task->sigmask = mask & ~UNBLOCKABLE;
    signal_retarget(task->process, task->sigmask & ~old);
}

long signal_set_action(struct task *task, int signal, const struct lx_ksigaction *action)
{
    if (LX_SIGMASK(signal) & UNBLOCKABLE)
        return -LX_EINVAL;
    struct lx_ksigaction *slot = &task->sighand->action[signal - 1];
    *slot = *action;
    slot->mask &= ~UNBLOCKABLE;
    if (!is_ignored(task->sighand, signal))
        return 0;
    /* POSIX: a pending signal that becomes ignored is discarded, blocked or not. */
    sigpending_flush(task->process, &task->process->pending, LX_SIGMASK(signal));
    struct task *thread;
    list_for_each (thread, &task->process->threads, thread_link)
        sigpending_flush(task->process, &thread->pending, LX_SIGMASK(signal));
    return 0;
}

void signal_reset_handlers(struct task *task)
{
    for (int i = 0; i < LX_NSIG; i++) {
        struct lx_ksigaction *action = &task->sighand->action[i];
        uint64_t handler = action->handler == LX_SIG_IGN ? LX_SIG_IGN : LX_SIG_DFL;
        *action = (struct lx_ksigaction){.handler = handler};
    }
}

void signal_exec(struct task *task)
{
    signal_reset_handlers(task);
    /* Linux: what a frame shows of its flags stays (guest/signal/altstack). */
    task->altstack = (struct lx_stack){.flags = task->altstack.flags};
}
