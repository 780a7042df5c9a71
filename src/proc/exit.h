/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_PROC_EXIT_H
#define LSTAR_PROC_EXIT_H
/*
 * The end of tasks and processes: exit(2), exit_group(2), fatal signals.
 *
 * A task ends itself on its own way back to the guest; others are told to by process_exit() and end when they are next picked. The
 * struct of a dead task stays until the run loop reaps it, so a handler may call these and return.
 */
#include "proc/task.h"

/* The current task ends; the process with its last one. `status` is a wait status (exit code << 8, or a signal number). */
void task_exit(struct task *task, int status);
/* The whole process of the current task ends, and the task now. */
void process_exit(struct process *process, int status);
/* A stop signal's default action. */
void process_stop(struct process *process, int signal);
/* Free tasks that have ended. Called by the run loop, never under a handler. */
void tasks_reap(struct kernel *kernel);

#endif
