/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_PROC_SIGFRAME_H
#define LSTAR_PROC_SIGFRAME_H
/*
 * The frame that a signal handler runs on, as Linux x86-64 lays it out, and the way back
 * (rt_sigreturn(2)).
 */
#include "proc/task.h"

/* Push the frame and point the CPU at the handler. `mask`: what rt_sigreturn restores. -LX_EFAULT:
 * no room, nothing changed. */
MUST_CHECK long sigframe_push(struct task *task, const struct lx_siginfo *info,
                              const struct lx_ksigaction *action, uint64_t mask);
/* rt_sigreturn(2): all registers from the frame at rsp - 8. A bad frame is SIGSEGV. */
void sigframe_return(struct task *task);
/* Selectors of a frame stand in task->iret_cs that the way back to the guest refuses: the error
 * code of its #GP. */
uint16_t sigframe_iret_fault(struct task *task);

/* Is `sp` on the alternate stack now (sas_ss_flags)? LX_SS_ONSTACK, LX_SS_DISABLE or 0. */
int altstack_state(const struct task *task, uint64_t sp);
/* sigaltstack(2) on copies. -LX_EPERM, -LX_EINVAL, -LX_ENOMEM. */
MUST_CHECK long altstack_set(struct task *task, const struct lx_stack *stack, uint64_t sp,
                             uint64_t min_size);

#endif
