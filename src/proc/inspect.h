/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_PROC_INSPECT_H
#define LSTAR_PROC_INSPECT_H
/*
 * Who may look into whom.
 */
#include "proc/task.h"

/* ptrace(2)'s access check with real credentials, as process_vm_readv(2) and kcmp(2) ask it. */
bool task_may_inspect(const struct task *task, const struct task *other);
/* The same with file system credentials, as /proc asks it. */
bool task_may_look(const struct task *task, const struct task *other);

#endif
