/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_PROC_EXIT_H
#define LSTAR_PROC_EXIT_H
/*
 * The end of tasks and processes: exit(2), exit_group(2), fatal signals, job control stops.
 *
 * The struct of a dead task stays until the run loop reaps it, so a handler may call these and
 * return.
 */
#include "proc/task.h"

/* A task ends; the process with its last one. `status` is a wait status (exit code << 8, or a
 * signal number). */
void task_exit(struct task *task, int status);
/* The whole process ends, all its tasks now. */
void process_exit(struct process *process, int status);
/* The task is about to leave its address space: robust list, CLEARTID's word, a vfork parent. */
void task_leave_memory(struct task *task);
/* execve(2): all other threads of the task's process end, and it becomes the leader. */
void process_end_other_threads(struct task *task);
/* LX_CLD_KILLED or LX_CLD_DUMPED, by the wait status of who was killed. */
int killed_code(int status);
/* Take a task of a stopped process out of the run queue until process_continue(). */
void task_park(struct task *task);
/* A stop signal's default action; SIGCONT's. The parent is told. */
void process_stop(struct process *process, int signal);
void process_continue(struct process *process);
/* A stopped process's threads run, to be killed: nobody is told. */
void process_unstop(struct process *process);
/* A zombie that was waited for, or that nobody waits for: gone for good. */
void process_release(struct process *process);
/* Give the struct back, when nobody refers to it any more. */
void process_free(struct process *process);
/* Is no member's parent in the group's session but outside the group? Stopped orphans get SIGHUP
 * and SIGCONT. */
bool pgrp_is_orphaned(struct kernel *kernel, int pgid, const struct process *ignored);
/* Free tasks that have ended. Called by the run loop, never under a handler. */
void tasks_reap(struct kernel *kernel);

#endif
