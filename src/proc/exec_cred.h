/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_PROC_EXEC_CRED_H
#define LSTAR_PROC_EXEC_CRED_H
/*
 * Credentials across execve(2): set-user-ID programs, capabilities(7).
 */
#include "proc/task.h"

struct exec_cred {
    struct cred cred; /* of the new program */
    bool secure;      /* AT_SECURE */
    bool changed;     /* another effective user or group than before */
};

/* What `file` makes of `old`. */
void exec_cred_compute(const struct cred *old, const struct file *file, struct exec_cred *out);

#endif
