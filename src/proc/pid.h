/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_PROC_PID_H
#define LSTAR_PROC_PID_H
/*
 * Numbers of tasks, and finding tasks by them.
 */
#include "proc/task.h"

#define PID_MAX 32768

/* Boot: no numbers yet. -LX_ENOMEM. */
MUST_CHECK long pid_init(struct kernel *kernel);
/* A number no task, process group or session has; it is not theirs before pid_hold(). -LX_EAGAIN
 * when all are taken. */
MUST_CHECK long pid_alloc(struct kernel *kernel);
/* Has nobody this number, 1 to PID_MAX - 1? */
bool pid_is_free(const struct kernel *kernel, int number);
/* One more, one less has the number. */
void pid_hold(struct kernel *kernel, int number);
void pid_release(struct kernel *kernel, int number);
/* Enter in the tables that pid_find_*() look in, by their numbers now; list_remove(&hash_link)
 * takes out. */
void pid_enter_task(struct task *task);
void pid_enter_process(struct process *process);
/* Move a process to another group and session. */
void process_set_group(struct process *process, int pgid, int sid);
/* Out of both: its struct is about to be freed. */
void process_clear_group(struct process *process);
/* The task with this number, or NULL. */
struct task *pid_find_task(struct kernel *kernel, int tid);
/* The process with this number, zombies included, or NULL. */
struct process *pid_find_process(struct kernel *kernel, int pid);

#endif
