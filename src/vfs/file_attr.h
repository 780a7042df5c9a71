/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_VFS_FILE_ATTR_H
#define LSTAR_VFS_FILE_ATTR_H
/*
 * What system calls ask of an open file that is not reading or writing. `file` is borrowed and may
 * be O_PATH only where the comment says so.
 */
#include "vfs/file.h"

/* fstat(2); O_PATH too. */
MUST_CHECK long file_stat(struct file *file, struct kstat *out);
/* ftruncate(2), fallocate(2): unchecked arguments. -LX_EFBIG at `size_limit`. */
MUST_CHECK long file_truncate(struct file *file, int64_t length, uint64_t size_limit);
MUST_CHECK long file_allocate(struct file *file, unsigned mode, int64_t offset, int64_t length,
                              uint64_t size_limit);
MUST_CHECK long file_chmod(struct fs_context *context, struct file *file, uint32_t mode);
MUST_CHECK long file_chown(struct fs_context *context, struct file *file, uint32_t uid,
                           uint32_t gid);
MUST_CHECK long file_statfs(struct file *file, struct lx_statfs *out);
/* fsync(2), fdatasync(2), syncfs(2). */
MUST_CHECK long file_sync(struct file *file, bool data_only);
MUST_CHECK long file_syncfs(struct file *file);
/* getdents(2): entries into the sink; the error of the file, or 0. */
MUST_CHECK long file_iterate(struct file *file, struct dirent_sink *sink);
/* F_SETFL. */
MUST_CHECK long file_set_flags(struct fs_context *context, struct file *file, unsigned flags);
/* mmap(2): the object behind the file, borrowed, or NULL: pages of zeros. -LX_EACCES by access
 * mode, -LX_EPERM, -LX_ENODEV. */
MUST_CHECK long file_map(struct file *file, unsigned prot, unsigned flags, struct vm_object **out);
/* ioctl(2) but for the descriptor's own requests. */
MUST_CHECK long file_ioctl(struct file *file, struct mm *mm, unsigned request, uint64_t arg);
/* copy_file_range(2), sendfile(2): up to `size` bytes; offsets NULL: the file's position. Bytes, or
 * an error. May return BLOCKED. file_send() also takes files that are not there (NULL): which error
 * comes first is the call's own rule. */
MUST_CHECK ssize_t file_copy_range(struct file *in, int64_t *in_offset, struct file *out,
                                   int64_t *out_offset, uint64_t size, uint64_t size_limit);
MUST_CHECK ssize_t file_send(struct file *in, int64_t *in_offset, struct file *out, uint64_t size,
                             uint64_t size_limit);

#endif
