/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_SYSCALL_TABLE_SYS_SOCKET_H
#define LSTAR_SYSCALL_TABLE_SYS_SOCKET_H
/*
 * What the calls for one message and for many share.
 */
#include "proc/task.h"

/* The socket of `fd`, borrowed, the same one each time a call is called again. *err: -LX_EBADF,
 * -LX_ENOTSOCK. */
struct file *socket_file(struct task *task, int fd, long *err);

/*
 * Send, or receive into, the guest's struct msghdr at `msg`: bytes, an error, or BLOCKED with what
 * was moved so far in task->call.progress.
 */
MUST_CHECK long socket_send_message(struct task *task, struct file *file, gva_t msg,
                                    uint32_t flags);
MUST_CHECK long socket_receive_message(struct task *task, struct file *file, gva_t msg,
                                       uint32_t flags);

#endif
