/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_PROC_USER_DISPATCH_H
#define LSTAR_PROC_USER_DISPATCH_H
/*
 * Syscall user dispatch (the kernel's admin-guide/syscall-user-dispatch): a thread's own SIGSYS
 * handler sees to the calls that are made from outside a range of its code.
 */
#include "proc/seccomp.h"
#include "proc/task.h"

/*
 * prctl(2), PR_SET_SYSCALL_USER_DISPATCH. -LX_EINVAL, -LX_EFAULT (a selector that is no user
 * address).
 */
MUST_CHECK long user_dispatch_set(struct task *task, uint64_t mode, uint64_t offset,
                                  uint64_t length, gva_t selector);
/* The call under way: made, left to the program (*result is set), or the end of the process. */
enum seccomp_verdict user_dispatch_check(struct task *task, long *result);

#endif
