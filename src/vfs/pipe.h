/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_VFS_PIPE_H
#define LSTAR_VFS_PIPE_H
/*
 * pipe(7), fifo(7): a queue of bytes between those who write and those who read.
 */
#include "vfs/file.h"

#define PIPE_BUF 4096u            /* writes up to here are not mixed with others */
#define PIPE_DEFAULT_PAGES 16u
#define PIPE_MAX_SIZE 1048576u    /* fs.pipe-max-size */

/* flags: LX_O_NONBLOCK, LX_O_DIRECT (packets), already checked. ends[0] reads, ends[1] writes: a reference each. -LX_ENFILE, -LX_ENOMEM. */
MUST_CHECK long pipe_create(struct vfs *vfs, const struct cred *cred, unsigned flags,
                            struct file *ends[2]);
/* open(2) of a FIFO: waits for the other end (BLOCKED), -LX_ENXIO without. */
MUST_CHECK long fifo_open(struct fs_context *context, struct inode *inode, unsigned flags,
                          struct file **out);
bool file_is_pipe(const struct file *file);
/* F_GETPIPE_SZ, F_SETPIPE_SZ: bytes, or -LX_EBADF, -LX_EBUSY, -LX_EPERM, -LX_EINVAL. */
MUST_CHECK long pipe_get_size(struct file *file);
MUST_CHECK long pipe_set_size(struct file *file, uint64_t size, const struct cred *cred);

#endif
