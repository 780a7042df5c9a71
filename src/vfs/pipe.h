/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_VFS_PIPE_H
#define LSTAR_VFS_PIPE_H
/*
 * pipe(7), fifo(7): a queue of bytes between those who write and those who read.
 */
#include "vfs/file.h"

#define PIPE_BUF 4096u /* writes up to here are not mixed with others */
#define PIPE_DEFAULT_PAGES 16u
#define PIPE_MAX_SIZE 1048576u /* fs.pipe-max-size */

/*
 * flags: LX_O_NONBLOCK, LX_O_DIRECT (packets), already checked. ends[0] reads, ends[1] writes: a
 * reference each. -LX_ENFILE, -LX_ENOMEM.
 */
MUST_CHECK long pipe_create(struct vfs *vfs, const struct cred *cred, unsigned flags,
                            struct file *ends[2]);
/*
 * open(2) of a FIFO: waits for the other end (BLOCKED: *context->opening is the open file, whose
 * opening fifo_open_again() ends), -LX_ENXIO without.
 */
MUST_CHECK long fifo_open(struct fs_context *context, struct inode *inode, unsigned flags,
                          struct file **out);
/* Called again: 0 when the other end has come, the file in *out; or BLOCKED. */
MUST_CHECK long fifo_open_again(struct fs_context *context, struct file **out);
bool file_is_pipe(const struct file *file);
/* F_GETPIPE_SZ, F_SETPIPE_SZ: bytes, or -LX_EBADF, -LX_EBUSY, -LX_EPERM, -LX_EINVAL. */
MUST_CHECK long pipe_get_size(struct file *file);
MUST_CHECK long pipe_set_size(struct file *file, uint64_t size, const struct cred *cred);

/*
 * splice(2) and tee(2). One end at least is a pipe; offsets NULL: the file's position (of a pipe:
 * must be NULL, -LX_ESPIPE). flags: LX_SPLICE_F_*. Bytes moved. May return BLOCKED.
 */
MUST_CHECK ssize_t pipe_splice(struct file *in, int64_t *in_offset, struct file *out,
                               int64_t *out_offset, uint64_t size, unsigned flags,
                               uint64_t size_limit);
MUST_CHECK ssize_t pipe_tee(struct file *in, struct file *out, uint64_t size, unsigned flags);

#endif
