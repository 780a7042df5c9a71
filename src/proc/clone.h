/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_PROC_CLONE_H
#define LSTAR_PROC_CLONE_H
/*
 * clone(2), clone3(2), fork(2), vfork(2): a new task that shares with its creator what the flags say.
 */
#include "proc/task.h"

#define LX_CSIGNAL UINT64_C(0x000000ff)
#define LX_CLONE_VM UINT64_C(0x00000100)
#define LX_CLONE_FS UINT64_C(0x00000200)
#define LX_CLONE_FILES UINT64_C(0x00000400)
#define LX_CLONE_SIGHAND UINT64_C(0x00000800)
#define LX_CLONE_PIDFD UINT64_C(0x00001000)
#define LX_CLONE_PTRACE UINT64_C(0x00002000)
#define LX_CLONE_VFORK UINT64_C(0x00004000)
#define LX_CLONE_PARENT UINT64_C(0x00008000)
#define LX_CLONE_THREAD UINT64_C(0x00010000)
#define LX_CLONE_NEWNS UINT64_C(0x00020000)
#define LX_CLONE_SYSVSEM UINT64_C(0x00040000)
#define LX_CLONE_SETTLS UINT64_C(0x00080000)
#define LX_CLONE_PARENT_SETTID UINT64_C(0x00100000)
#define LX_CLONE_CHILD_CLEARTID UINT64_C(0x00200000)
#define LX_CLONE_DETACHED UINT64_C(0x00400000)
#define LX_CLONE_UNTRACED UINT64_C(0x00800000)
#define LX_CLONE_CHILD_SETTID UINT64_C(0x01000000)
#define LX_CLONE_NEWCGROUP UINT64_C(0x02000000)
#define LX_CLONE_NEWUTS UINT64_C(0x04000000)
#define LX_CLONE_NEWIPC UINT64_C(0x08000000)
#define LX_CLONE_NEWUSER UINT64_C(0x10000000)
#define LX_CLONE_NEWPID UINT64_C(0x20000000)
#define LX_CLONE_NEWNET UINT64_C(0x40000000)
#define LX_CLONE_IO UINT64_C(0x80000000)
#define LX_CLONE_CLEAR_SIGHAND UINT64_C(0x100000000)
#define LX_CLONE_INTO_CGROUP UINT64_C(0x200000000)

/* What clone3(2) takes; the older calls fill it in. */
struct clone_request {
    uint64_t flags;      /* LX_CLONE_*, without the signal */
    int exit_signal;     /* 0: none */
    gva_t stack;         /* the child's stack pointer; 0: the parent's */
    gva_t tls;           /* with CLONE_SETTLS */
    gva_t parent_tid;    /* with CLONE_PARENT_SETTID */
    gva_t child_tid;     /* with CLONE_CHILD_SETTID, CLEARTID */
    gva_t pidfd;         /* with CLONE_PIDFD */
};

/*
 * Make the task, ready to run. Returns its number, or -LX_EINVAL (flags that contradict each other), -LX_EAGAIN (limits),
 * -LX_ENOMEM, -LX_EPERM. CLONE_VFORK's wait is the caller's: clone_vfork_pending().
 */
MUST_CHECK long clone_task(struct task *parent, const struct clone_request *request);

/* Does the child made with CLONE_VFORK still use the parent's memory? */
bool clone_vfork_pending(struct task *parent, int child_tid);
/* The task has execed or ended: a vfork parent goes on. */
void clone_release_vfork(struct task *child);

#endif
