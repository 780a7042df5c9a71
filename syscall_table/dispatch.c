/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The way of a system call from the trap to its handler and back (the SYSCALL instruction: Intel
 * SDM volume 2; the kernel's entry code leaves the return address in rcx and the flags in r11). A
 * call that waits keeps its arguments in task->call and is made again when the task wakes.
 */
#include "syscall_table/dispatch.h"

#include <string.h>

#include "abi/errno.h"
#include "proc/fault.h"
#include "proc/signal.h"
#include "proc/user_dispatch.h"
#include "syscall_table/strace.h"
#include "syscall_table/table.h"

/* Programs for x32 set this bit; a kernel without x32 refuses the number as it stands
 * (guest/table/x32). */
static const struct syscall_row unknown_call = {.name = NULL};

static const struct syscall_row *row_of(int number)
{
    return (unsigned)number < SYSCALL_NUMBERS ? &sys_call_table[number] : &unknown_call;
}

static void begin(struct task *task)
{
    const uint64_t *gpr = cpu_gprs(task->kernel->cpu);
    struct task_call *call = &task->call;

    memset(call, 0, sizeof *call);
    /* Linux looks at the low 32 bits of rax only (guest/table/number). */
    call->number = (int)(uint32_t)gpr[CPU_RAX];
    call->on_signal = LX_ERESTARTSYS;
    call->args[0] = gpr[CPU_RDI];
    call->args[1] = gpr[CPU_RSI];
    call->args[2] = gpr[CPU_RDX];
    call->args[3] = gpr[CPU_R10];
    call->args[4] = gpr[CPU_R8];
    call->args[5] = gpr[CPU_R9];
    task->syscalls++;
    task->kernel->syscalls++;
}

static long refuse(struct task *task, const struct syscall_row *row)
{
    struct kernel *kernel = task->kernel;

    if (row->name)
        kernel->enosys[row->number]++;
    else
        kernel->enosys_other++;
    return -LX_ENOSYS;
}

/* Linux: death ends every wait, also vfork's (guest/process/vfork_parent_killed). */
static bool may_interrupt(const struct task *task)
{
    uint64_t pending = task->pending.set | task->process->pending.set;
    return task->call.on_signal || (pending & LX_SIGMASK(LX_SIGKILL));
}

/*
 * The handler wants to wait while a signal is pending: it may say once more what it has (task.h,
 * struct task_call). Otherwise the wait ends with what was done so far, or with the code that tells
 * the signal room how to go on.
 */
static long interrupt(struct task *task, const struct syscall_row *row)
{
    struct task_call *call = &task->call;

    call->interrupted = true;
    sched_wake(&task->kernel->sched, &task->sched);
    long result = row->call(task, call->args);
    if (result != BLOCKED)
        return result;
    sched_wake(&task->kernel->sched, &task->sched);
    return call->progress ? (long)call->progress : -call->on_signal;
}

/* For restart_syscall(2). What it went on with already is kept as it was. */
static void keep_for_restart(struct task *task)
{
    const struct task_call *call = &task->call;

    if (!call->restarted) {
        task->restart.number = call->number;
        memcpy(task->restart.args, call->args, sizeof call->args);
    }
    task->restart.deadline = call->deadline;
}

/* The call is over: waits end, the result goes to rax, rcx and r11 become what the hardware leaves.
 */
static void finish(struct task *task, long result)
{
    struct kernel *kernel = task->kernel;
    struct task_call *call = &task->call;

    if (call->waited)
        sched_end_waits(&kernel->sched, &task->sched);
    if (unlikely(call->waited || call->opening))
        task_call_put_files(task);
    task->sched.timed_out = false;
    call->waited = false;
    if (result == SYSCALL_NO_RESULT) {
        call->number = -1;
        return;
    }
    /* signal_deliver() decides whether the call is made again. */
    if (unlikely(result <= -LX_ERESTARTSYS && result >= -LX_ERESTART_RESTARTBLOCK))
        task->restart_number = call->number + 1;
    if (unlikely(result == -LX_ERESTART_RESTARTBLOCK))
        keep_for_restart(task);
    call->number = -1;

    uint64_t *gpr = cpu_gprs(kernel->cpu);
    gpr[CPU_RAX] = (uint64_t)result;
    gpr[CPU_RCX] = cpu_rip(kernel->cpu);
    gpr[CPU_R11] = cpu_rflags(kernel->cpu);
    if (unlikely(task->mm && task->mm->starved)) {
        task->mm->starved = false;
        fault_no_memory(task);
    }
}

bool syscall_dispatch(struct task *task)
{
    struct task_call *call = &task->call;
    bool traced = unlikely(task->kernel->strace != NULL);

    bool again = call->waited;
    if (!again)
        begin(task);
    const struct syscall_row *row = row_of(call->number);
    if (traced && !again)
        strace_enter(task, row);

    long result = 0;
    enum seccomp_verdict verdict = SECCOMP_GO;
    if (unlikely(task->user_dispatch.on) && !again)
        verdict = user_dispatch_check(task, &result);
    if (unlikely(task->seccomp.mode) && !again && verdict == SECCOMP_GO)
        verdict = seccomp_check(task, &result);
    if (unlikely(verdict == SECCOMP_DEAD))
        return false;
    if (likely(verdict == SECCOMP_GO))
        result = likely(row->call != NULL) ? row->call(task, call->args) : refuse(task, row);
    if (unlikely(result == BLOCKED) && (signal_pending(task) || call->stopped) &&
        may_interrupt(task))
        result = interrupt(task, row);
    if (unlikely(result == BLOCKED)) {
        if (!call->waited)
            task_call_keep_files(task);
        call->waited = true;
        if (traced)
            strace_blocked(task);
        return false;
    }
    if (traced)
        strace_leave(task, row, result);
    finish(task, result);
    return true;
}
