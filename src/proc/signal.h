/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_PROC_SIGNAL_H
#define LSTAR_PROC_SIGNAL_H
/*
 * Signals: sending, and delivery on the way back to the guest (signal(7)).
 */
#include "proc/task.h"

void sigpending_init(struct sigpending *pending);
/* Forget pending signals: those whose bits are in `signals`. */
void sigpending_flush(struct process *process, struct sigpending *pending, uint64_t signals);

/*
 * A place of the process's user in RLIMIT_SIGPENDING (a queued signal, a timer): false when there
 * is none, unless `over_limit`; and its return.
 */
MUST_CHECK bool signal_charge(struct process *process, bool over_limit);
void signal_uncharge(struct process *process);

/*
 * Send to a task's process as kill(2) would, or to one thread as tgkill(2) would. `info` is copied.
 * 0 also when it is ignored. -LX_EAGAIN: a real-time signal over RLIMIT_SIGPENDING, or no memory.
 */
MUST_CHECK long signal_send(struct task *target, int signal, const struct lx_siginfo *info);
MUST_CHECK long signal_send_thread(struct task *target, int signal, const struct lx_siginfo *info);
/* A signal that a call raises for its own caller (SIGPIPE, SIGXFSZ). */
void signal_send_self(struct task *task, int signal);
/* From the kernel itself (SI_KERNEL), to a task's process or to all processes of a group. */
void signal_send_kernel(struct task *target, int signal);
void signal_send_pgrp(struct kernel *kernel, int pgid, int signal);
/* A synchronous signal of the instruction just tried: where it is blocked or ignored it kills. */
void signal_force(struct task *task, const struct lx_siginfo *info);
void signal_force_fault(struct task *task, int signal, int code, gva_t addr);

/* Is a signal pending that is not blocked? Interrupts waits. */
bool signal_pending(const struct task *task);
/* Is `signal` in the thread's set, or with NULL in the process's? */
bool signal_is_queued(const struct process *process, const struct task *thread, int signal);
/* A timer is set anew or deleted: its queued signal does not come. Queued with info.padding not 0.
 */
void signal_forget_timer(struct process *process, int timerid);
/* Take the next pending signal that is not in `blocked` (sigtimedwait, signalfd): its number, or 0.
 */
int signal_take(struct task *task, uint64_t blocked, struct lx_siginfo *info);
/*
 * The one place where signals are delivered: the task is in the CPU and about to return to the
 * guest. Also settles a system call that was interrupted. False: the task is gone or stopped.
 */
bool signal_deliver(struct task *task);

/* A thread takes `signals` no more: others that wait have to look at them. */
void signal_retarget(struct process *process, uint64_t signals);
/* rt_sigprocmask's and rt_sigaction's core; SIGKILL and SIGSTOP stay as they are. -LX_EINVAL for
 * their actions. */
void signal_set_mask(struct task *task, uint64_t mask);
MUST_CHECK long signal_set_action(struct task *task, int signal,
                                  const struct lx_ksigaction *action);
/* CLONE_CLEAR_SIGHAND: handlers become default, ignored ones stay. */
void signal_reset_handlers(struct task *task);
/* execve(2): handlers become default, ignored ones stay; no alternate stack. */
void signal_exec(struct task *task);

#endif
