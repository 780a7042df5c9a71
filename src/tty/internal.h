/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_TTY_INTERNAL_H
#define LSTAR_TTY_INTERNAL_H
/*
 * What the files of src/tty share.
 */
#include "vfs/file.h"

/* A descriptor of the host. */
struct stream {
    struct inode inode; /* first */
    host_handle_t handle;
    bool seekable, terminal, pollable; /* as host_stream_info() has it */
    bool readable, writable;
    struct host_watch watch;
};

/* May the current task write to the terminal? As terminal_may_change(), where TOSTOP is set. */
MUST_CHECK long terminal_may_write(struct file *file, struct stream *stream);

/* ioctl(2) on a stream, terminal or not. -LX_ENOTTY for requests that its kind does not know. */
MUST_CHECK long terminal_ioctl(struct file *file, struct stream *stream, struct mm *mm,
                               unsigned request, uint64_t arg);

#endif
