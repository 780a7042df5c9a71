/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_PROC_PIDFD_H
#define LSTAR_PROC_PIDFD_H
/*
 * Descriptors of processes (pidfd_open(2)): readable once the process has ended.
 */
#include "proc/task.h"

/* A file that refers to a process; `flags`: LX_O_NONBLOCK or 0. One reference, the caller's. -LX_ENOMEM, -LX_ENFILE. */
MUST_CHECK long pidfd_create(struct process *process, unsigned flags, struct file **out);
/* CLONE_PIDFD: into the parent's table, the number to `addr`. On an error nothing stays. */
MUST_CHECK long pidfd_create_for_clone(struct task *parent, struct task *child, gva_t addr);
/* The process of a pidfd, zombies included; NULL: the file is none, or the process is gone (*is_pidfd tells). */
struct process *pidfd_process(struct file *file, bool *is_pidfd);

#endif
