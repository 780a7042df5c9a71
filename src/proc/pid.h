/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_PROC_PID_H
#define LSTAR_PROC_PID_H
/*
 * Numbers of tasks, and finding tasks by them.
 */
#include "proc/task.h"

#define PID_MAX 32768

/* A number no task, process group or session has. -LX_EAGAIN when all are taken. */
MUST_CHECK long pid_alloc(struct kernel *kernel);
/* The task with this number, or NULL. */
struct task *pid_find_task(struct kernel *kernel, int tid);
/* The process with this number, zombies included, or NULL. */
struct process *pid_find_process(struct kernel *kernel, int pid);

#endif
