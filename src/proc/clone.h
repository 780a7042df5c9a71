/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_PROC_CLONE_H
#define LSTAR_PROC_CLONE_H
/*
 * clone(2), clone3(2), fork(2), vfork(2): a new task that shares with its creator what the flags
 * say.
 */
#include "abi/sched.h"
#include "proc/task.h"

#define LX_CSIGNAL UINT64_C(0x000000ff)

/* What clone3(2) takes; the older calls fill it in. */
struct clone_request {
    uint64_t flags;        /* LX_CLONE_*, without the signal */
    int exit_signal;       /* 0: none */
    gva_t stack;           /* the child's stack pointer; 0: the parent's */
    gva_t tls;             /* with CLONE_SETTLS */
    gva_t parent_tid;      /* with CLONE_PARENT_SETTID */
    gva_t child_tid;       /* with CLONE_CHILD_SETTID, CLEARTID */
    gva_t pidfd;           /* with CLONE_PIDFD */
    int set_tid;           /* with set_tid_size: the number that the child is to have */
    unsigned set_tid_size; /* pid namespaces, the innermost first, that numbers were given for */
};

/*
 * Make the task, ready to run. Returns its number, or -LX_EINVAL (flags that contradict each
 * other), -LX_EAGAIN (limits), -LX_ENOMEM, -LX_EPERM, -LX_EEXIST (set_tid). CLONE_VFORK's wait is
 * the caller's: clone_vfork_pending().
 */
MUST_CHECK long clone_task(struct task *parent, const struct clone_request *request);

/* How many tasks a user has, zombies included: RLIMIT_NPROC. */
uint64_t tasks_of_user(const struct kernel *kernel, uint32_t uid);

/* Does the child made with CLONE_VFORK still use the parent's memory? */
bool clone_vfork_pending(struct task *parent, int child_tid);
/* The task has execed or ended: a vfork parent goes on. */
void clone_release_vfork(struct task *child);

#endif
