/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_PROC_SECCOMP_H
#define LSTAR_PROC_SECCOMP_H
/*
 * seccomp(2): which system calls a task may make, decided by itself for good.
 */
#include "abi/seccomp.h"
#include "base/compiler.h"

struct arena;
struct task;

/* In struct task; copied by clone, kept by exec. */
struct seccomp {
    unsigned mode;                 /* LX_SECCOMP_MODE_* */
    struct seccomp_filter *filter; /* the newest, a reference; each refers to the one before */
};

/* What becomes of the call under way. */
enum seccomp_verdict {
    SECCOMP_GO,   /* made */
    SECCOMP_SKIP, /* not made: *result goes to rax */
    SECCOMP_DEAD, /* the task or its process has been ended */
};
/* task->call holds the number and arguments. */
enum seccomp_verdict seccomp_check(struct task *task, long *result);

/* -LX_EINVAL: another mode holds. */
MUST_CHECK long seccomp_set_strict(struct task *task);
/* `fprog`: a guest struct sock_fprog. 0, or with TSYNC the number of a thread that cannot follow.
 * -LX_EACCES, -LX_EINVAL, -LX_EFAULT, -LX_ENOMEM. */
MUST_CHECK long seccomp_add_filter(struct task *task, unsigned flags, uint64_t fprog);
/* A task that shares what `seccomp` refers to, or no longer does. */
void seccomp_get(const struct seccomp *seccomp);
/* How many filters hold. */
unsigned seccomp_filters(const struct seccomp *seccomp);
void seccomp_put(struct arena *arena, struct seccomp *seccomp);

#endif
