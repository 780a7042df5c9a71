/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_SYSCALL_TABLE_STRACE_H
#define LSTAR_SYSCALL_TABLE_STRACE_H
/*
 * --strace: every call as strace(1) prints it, or as one JSON object a line. Printing reads the
 * guest's memory and changes nothing of it.
 */
#include "syscall_table/table.h"

/* Receives finished pieces of the trace: `length` bytes at `text`, to be used before it returns. */
typedef void strace_sink_fn(void *opaque, const char *text, size_t length);

/* Trace all tasks from now on. -LX_ENOMEM. */
MUST_CHECK long strace_start(struct kernel *kernel, bool json, strace_sink_fn *sink, void *opaque);
void strace_stop(struct kernel *kernel);

/* What follows does nothing when kernel->strace is NULL. */

/* The first program has been loaded by the kernel itself: show it as an execve(2) that succeeded.
 * `path` as it was named. */
void strace_exec(struct task *task, const char *path, const char *const *argv, unsigned env_count);
/* A signal is being delivered: --- SIGSEGV {...} ---. */
void strace_signal(struct task *task, const struct lx_siginfo *info);
/* Job control has stopped the task: --- stopped by SIGSTOP ---. */
void strace_stopped(struct task *task, int signal);
/* The task has ended with this wait status: +++ exited with 0 +++, +++ killed by SIGSEGV +++. */
void strace_ended(struct task *task, int status);

/* For the dispatcher: a call begins, waits, returns. `result`: as the handler gave it. */
void strace_enter(struct task *task, const struct syscall_row *row);
void strace_blocked(struct task *task);
void strace_leave(struct task *task, const struct syscall_row *row, long result);

#endif
