/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_PROC_EXIT_H
#define LSTAR_PROC_EXIT_H
/*
 * The end of tasks and processes: exit(2), exit_group(2), fatal signals.
 */
#include "proc/task.h"

/* One task ends; the process with its last one. `status` is a wait status (exit code << 8, or a signal number). */
void task_exit(struct task *task, int status);
/* The whole process ends. */
void process_exit(struct process *process, int status);

#endif
