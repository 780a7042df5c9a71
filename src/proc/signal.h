/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_PROC_SIGNAL_H
#define LSTAR_PROC_SIGNAL_H
/*
 * Signals: sending, and delivery on the way back to the guest (signal(7)).
 */
#include "proc/task.h"

/* Send to a task's process as kill(2) would (`info` is copied). 0 also when it is ignored. */
MUST_CHECK long signal_send(struct task *target, int signal, const struct lx_siginfo *info);
/* A signal that a call raises for its own caller (SIGPIPE, SIGXFSZ). */
void signal_send_self(struct task *task, int signal);
/* A synchronous signal of the instruction just tried: cannot be blocked or ignored. */
void signal_force_fault(struct task *task, int signal, int code, gva_t addr);
/* Is a signal pending that is not blocked? Interrupts waits. */
bool signal_pending(const struct task *task);
/* The one place where signals are delivered: before the task runs again. False: the task is gone or stopped. */
bool signal_deliver(struct task *task);

#endif
