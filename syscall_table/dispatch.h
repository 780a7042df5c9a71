/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_SYSCALL_TABLE_DISPATCH_H
#define LSTAR_SYSCALL_TABLE_DISPATCH_H
/*
 * From a `syscall` trap to a handler and back: rax picks the row of sys_call_table, six registers
 * become typed arguments, the result goes to rax. Handlers are declared in the generated table
 * (syscalls.def), built ones defined in sys_*.c.
 */
#include "proc/task.h"

/*
 * The current task has executed `syscall` (or is called again after a wait: task->call.waited).
 * Runs the handler once. Returns true when the call is finished: rax, rcx, r11 are set. False: it
 * is BLOCKED, the task waits, registers are as at entry. execve, rt_sigreturn and their kin replace
 * all registers: they return SYSCALL_NO_RESULT.
 */
bool syscall_dispatch(struct task *task);

/* A handler's answer: the registers are already what they shall be. */
#define SYSCALL_NO_RESULT (-4097L)

/* One row, as documentation, tracing and the fuzzer see it; sys_call_table[] is in table.h. */
struct syscall_row;

#endif
