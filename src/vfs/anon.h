/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_VFS_ANON_H
#define LSTAR_VFS_ANON_H
/*
 * Files that have no name in the tree: they live on a mount of their own that nobody can walk to
 * (vfs->anonymous).
 */
#include "vfs/mount.h"

struct file;

/* Boot: the mount. Its root, mode 0600, stands for all files without an inode (eventfd, epoll …):
 * opening it is -LX_ENXIO. */
MUST_CHECK long anon_init(struct vfs *vfs);
/*
 * Give an open file an inode of its own (the reference is consumed, also on error) and a dentry
 * that shows as `name`: "pipe:[7]". -LX_ENOMEM.
 */
MUST_CHECK long anon_attach(struct file *file, struct inode *inode, const char *name);
/* A number for a new inode there. */
uint64_t anon_next_ino(struct vfs *vfs);

#endif
