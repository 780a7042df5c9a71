/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_VFS_XATTR_H
#define LSTAR_VFS_XATTR_H
/*
 * Extended attributes (xattr(7)): who may read and change which; file systems keep them.
 */
#include "vfs/vfs.h"

/*
 * `path` names the file as in vfs_stat(); NULL: the open file `dirfd`. `name`: the attribute's,
 * whole. Results as getxattr(2): the size, nothing copied when `room` is 0. -LX_EOPNOTSUPP,
 * -LX_ENODATA, -LX_ERANGE, -LX_EPERM …
 */
MUST_CHECK long vfs_get_xattr(struct fs_context *context, int dirfd, const char *path,
                              unsigned flags, const char *name, void *value, size_t room);
/* `value` NULL removes. `how`: LX_XATTR_CREATE, REPLACE. */
MUST_CHECK long vfs_set_xattr(struct fs_context *context, int dirfd, const char *path,
                              unsigned flags, const char *name, const void *value, size_t size,
                              unsigned how);
MUST_CHECK long vfs_list_xattr(struct fs_context *context, int dirfd, const char *path,
                               unsigned flags, char *names, size_t room);

#endif
