/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The run loop: pick a task, let it run until it traps, see to the trap, deliver signals on the way
 * back. All that the guest does comes through here.
 */
#include <stdio.h>

#include "machine/internal.h"
#include "proc/exit.h"
#include "proc/fault.h"
#include "proc/signal.h"
#include "syscall_table/dispatch.h"
#include "tty/job_control.h"

void machine_stop(struct machine *machine)
{
    host_stop(machine->host);
}

void machine_key(struct machine *machine, enum host_key key)
{
    host_key(machine->host, key);
}

void machine_continue(struct machine *machine)
{
    struct kernel *kernel = machine->kernel;
    if (kernel->stop == KERNEL_SUSPENDED)
        signal_send_pgrp(kernel, kernel->init->process->pgid, LX_SIGCONT);
    kernel->stop = KERNEL_RUNNING;
}

static void end_run(struct kernel *kernel, enum kernel_stop stop, const char *reason)
{
    kernel->stop = stop;
    snprintf(kernel->stop_reason, sizeof kernel->stop_reason, "%s", reason);
}

/* What a trap takes of a slice, in instructions: so that a guest that only traps gives its turn
 * away too. */
#define TRAP_COST 64

/* Count what was executed against task, machine and slice. */
static void account(struct kernel *kernel, struct task *task, uint64_t insns)
{
    task->sched.insns += insns;
    task->sched.slice_left -= MIN(insns + TRAP_COST, task->sched.slice_left);
    kernel->clock.insns += insns;
}

/* See to one trap. False: the task cannot go on now. */
static bool handle_trap(struct kernel *kernel, struct task *task, const struct cpu_trap *trap)
{
    switch (trap->kind) {
    case CPU_TRAP_SYSCALL:
        return syscall_dispatch(task);
    case CPU_TRAP_FAULT:
        fault_page(task, trap->addr, trap->access);
        return true;
    case CPU_TRAP_EXCEPTION:
        fault_exception(task, trap->vector, trap->error_code);
        return true;
    case CPU_TRAP_BUDGET:
    case CPU_TRAP_STOPPED:
        return false;
    case CPU_TRAP_BROKEN:
        break;
    }
    end_run(kernel, KERNEL_BROKEN, "the CPU engine failed; this is a defect of lstar");
    return false;
}

/* Traps after which a slice asks whether it shall end: one may take as long as a path is long. */
#define TRAPS_UNASKED 16

/* Run the loaded task until its slice is over, it waits, or it is gone. True: `end_insns` is
 * reached. */
static bool run_slice(struct kernel *kernel, struct task *task, uint64_t end_insns)
{
    unsigned traps = 0;
    while (!kernel->stop && task->sched.state == SCHED_READY) {
        if ((signal_pending(task) || task->restart_number || task->restore_sigmask) &&
            !signal_deliver(task))
            return false;
        if (unlikely(task->iret_cs)) {
            fault_iret(task);
            continue;
        }
        uint64_t left = end_insns - kernel->clock.insns;
        uint64_t budget = MIN(task->sched.slice_left, left);
        if (budget == 0)
            return left == 0;
        if (kernel->loaded_mm != task->mm)
            task_load_cpu(task); /* execve */
        struct cpu_trap trap;
        uint64_t done;
        cpu_run(kernel->cpu, budget, &trap, &done);
        account(kernel, task, done);
        if (!handle_trap(kernel, task, &trap)) {
            /* The next block is longer than what is left: a slice ends early rather than late. */
            if (trap.kind != CPU_TRAP_BUDGET)
                return false;
            task->sched.slice_left = 0;
            return budget == left;
        }
        if (++traps % TRAPS_UNASKED == 0 && host_must_stop(kernel->host))
            return false;
    }
    return false;
}

/* A task whose call waited: is its condition true now? */
static bool resume_call(struct task *task)
{
    return task->call.number < 0 || syscall_dispatch(task);
}

/* One turn of one task. True: `end_insns` is reached. */
static bool run_task(struct kernel *kernel, struct task *task, uint64_t end_insns)
{
    bool at_end = false;
    if (task->process->stopped) {
        task_park(task);
        return false;
    }
    task_load_cpu(task);
    if (task->sched.slice_left == 0)
        task->sched.slice_left = SCHED_SLICE;
    if (resume_call(task))
        at_end = run_slice(kernel, task, end_insns);
    if (task->sched.state != SCHED_DEAD)
        process_check_cpu_time(task);
    if (task->sched.state == SCHED_WAITING)
        task->sched.voluntary++;
    if (task->sched.state == SCHED_READY && task->sched.slice_left == 0) {
        task->sched.involuntary += !list_empty(&kernel->sched.ready);
        sched_yield_current(&kernel->sched);
        task->rseq.preempted = true; /* even if nobody else wants the CPU */
    }
    return at_end;
}

/* Is the machine's time used up? */
static bool over_time(struct kernel *kernel)
{
    if (kernel->time_limit == UINT64_MAX || clock_monotonic(&kernel->clock) < kernel->time_limit)
        return false;
    end_run(kernel, KERNEL_TIME, "the time budget is used up (--time)");
    return true;
}

/* Nobody is ready, no clock or descriptor will change that; a person at the terminal may. */
static bool wait_for_keys(struct kernel *kernel)
{
    if (kernel->deterministic || !terminal_may_wake(kernel))
        return false;
    uint64_t now = clock_monotonic(&kernel->clock);
    uint64_t timeout = kernel->time_limit == UINT64_MAX ? UINT64_MAX : kernel->time_limit - now;
    long ready = host_wait(kernel->host, NULL, 0, timeout);
    return ready >= 0;
}

/* Has the first process been stopped, so that whoever started the machine goes on? */
static bool suspend(struct kernel *kernel, bool nobody_ready)
{
    const struct process *process = kernel->init->process;
    if (!kernel->job_control || !process->stopped)
        return false;
    if (process->stop_signal == LX_SIGSTOP && !nobody_ready)
        return false; /* perhaps one of its own goes on to continue it */
    kernel->stop_status = process->stop_signal;
    end_run(kernel, KERNEL_SUSPENDED, "the program is stopped");
    return true;
}

static void idle(struct kernel *kernel)
{
    if (sched_idle(&kernel->sched, kernel->time_limit))
        return;
    if (over_time(kernel) || suspend(kernel, true) || wait_for_keys(kernel))
        return;
    if (!over_time(kernel))
        end_run(kernel, KERNEL_DEADLOCK, "every task waits for something that cannot happen");
}

bool machine_run(struct machine *machine, uint64_t insns)
{
    struct kernel *kernel = machine->kernel;
    uint64_t limit = kernel->insn_limit ? kernel->insn_limit : UINT64_MAX;
    uint64_t end = insns ? MIN(kernel->clock.insns + insns, limit) : limit;

    while (!kernel->stop) {
        if (host_take_stop(machine->host)) {
            end_run(kernel, KERNEL_HOST, "stopped by request");
            break;
        }
        if (!terminal_keys(kernel)) {
            end_run(kernel, KERNEL_HOST, "interrupted, and nobody listened");
            break;
        }
        sched_tick(&kernel->sched);
        if (over_time(kernel) || suspend(kernel, false))
            break;
        struct sched_entity *entity = sched_pick(&kernel->sched);
        if (!entity) {
            idle(kernel);
            continue;
        }
        bool at_end = run_task(kernel, container_of(entity, struct task, sched), end);
        tasks_reap(kernel);
        if (!at_end || kernel->stop)
            continue;
        if (end == limit)
            end_run(kernel, KERNEL_INSNS, "the instruction budget is used up (--insns)");
        break;
    }
    return kernel->stop != KERNEL_RUNNING;
}
