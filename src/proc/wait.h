/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_PROC_WAIT_H
#define LSTAR_PROC_WAIT_H
/*
 * Waiting for children: wait4(2), waitid(2).
 */
#include "proc/task.h"

#define LX_WNOHANG 1u
#define LX_WUNTRACED 2u /* also WSTOPPED */
#define LX_WEXITED 4u
#define LX_WCONTINUED 8u
#define LX_WNOWAIT 0x01000000u
#define LX_WNOTHREAD 0x20000000u
#define LX_WALL 0x40000000u
#define LX_WCLONE 0x80000000u

enum wait_which { WAIT_ANY, WAIT_PID, WAIT_PGID };

struct wait_request {
    enum wait_which which;
    int id;           /* pid or process group */
    unsigned options; /* LX_W* */
};

/* What was found. */
struct wait_result {
    int pid; /* 0: nothing yet, with WNOHANG */
    uint32_t uid;
    int code;           /* LX_CLD_* */
    int status;         /* exit code or signal, as si_status */
    int wait_status;    /* as wait4(2) encodes it */
    struct usage usage; /* the child's, with its own waited-for children's */
};

/* 0 with *result, -LX_ECHILD, BLOCKED. */
MUST_CHECK long wait_child(struct task *task, const struct wait_request *request,
                           struct wait_result *result);

#endif
