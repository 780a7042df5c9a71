/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_PROC_COREDUMP_H
#define LSTAR_PROC_COREDUMP_H
/*
 * core(5): the file `core` that a process leaves in its working directory.
 */
#include "proc/task.h"

/* Signals whose default action asks for it. */
#define DUMPS_CORE                                                                                 \
    (LX_SIGMASK(LX_SIGQUIT) | LX_SIGMASK(LX_SIGILL) | LX_SIGMASK(LX_SIGTRAP) |                     \
     LX_SIGMASK(LX_SIGABRT) | LX_SIGMASK(LX_SIGBUS) | LX_SIGMASK(LX_SIGFPE) |                      \
     LX_SIGMASK(LX_SIGSEGV) | LX_SIGMASK(LX_SIGXCPU) | LX_SIGMASK(LX_SIGXFSZ) |                    \
     LX_SIGMASK(LX_SIGSYS))

/* `task` dies of `info`: write its process's core file, as far as it gets. Has it one? */
bool core_dump(struct task *task, const struct lx_siginfo *info);

#endif
