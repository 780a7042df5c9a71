/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_PROC_PIDFD_H
#define LSTAR_PROC_PIDFD_H
/*
 * Descriptors of processes (pidfd_open(2)): readable once the process has ended.
 */
#include "proc/task.h"

#define LX_PIDFD_THREAD 0x80u /* pidfd_open(2): O_EXCL's value */

/* A file that refers to the process, or (`tid` not 0) to its thread. `flags`: LX_O_NONBLOCK,
 * LX_PIDFD_THREAD. -LX_ENOMEM. */
MUST_CHECK long pidfd_create(struct process *process, int tid, unsigned flags, struct file **out);
/*
 * CLONE_PIDFD: into the parent's table, the number to `addr`; of the child as a thread if it is
 * one. On an error nothing stays.
 */
MUST_CHECK long pidfd_create_for_clone(struct task *parent, struct task *child, bool thread,
                                       gva_t addr);
/* The process of a pidfd, zombies included; NULL: the file is none, or the process is gone
 * (*is_pidfd tells). */
struct process *pidfd_process(struct file *file, bool *is_pidfd);
/*
 * What stands for a descriptor of oneself where a call takes it: not in waitid(2), pidfd_getfd(2)
 * and setns(2).
 */
#define LX_PIDFD_SELF_THREAD (-10000)
#define LX_PIDFD_SELF_THREAD_GROUP (-10001)
static inline bool pidfd_is_self(int pidfd)
{
    return pidfd == LX_PIDFD_SELF_THREAD || pidfd == LX_PIDFD_SELF_THREAD_GROUP;
}
/* Is it one of a thread? */
bool pidfd_is_thread(struct file *file);
/* Of a pidfd: the number of its thread, or of its process's leader. */
int pidfd_tid(struct file *file);
/* Of a pidfd: does it refer to a process, or to a thread that leads one? */
bool pidfd_leads(struct file *file);
/* Of a pidfd: its thread, or one of its process's. NULL: none runs any more. */
struct task *pidfd_thread(struct file *file);

#endif
