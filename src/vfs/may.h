/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_VFS_MAY_H
#define LSTAR_VFS_MAY_H
/*
 * The rules about directories and attributes that several calls share; for src/vfs only.
 */
#include "vfs/dentry.h"
#include "vfs/vfs.h"

/* Something may be made in `parent`. -LX_ENOENT (it was removed), -LX_EACCES, -LX_EROFS. */
MUST_CHECK long may_create(struct fs_context *context, const struct dentry *parent);
/* The positive `dentry` may go: -LX_EACCES, -LX_EPERM (sticky), -LX_ENOTDIR, -LX_EISDIR, -LX_EBUSY,
 * -LX_ENOENT. */
MUST_CHECK long may_delete(struct fs_context *context, const struct dentry *dentry, bool is_dir);
/* Another's file gets another name only if it is regular, none of the set-ID kind, and may be read
 * and written (proc(5): protected_hardlinks). */
bool may_link(struct fs_context *context, struct inode *inode);
/* The mode of something new in `dir`: set-group-ID is not for those outside of the directory's
 * group. */
uint32_t strip_setgid(struct fs_context *context, const struct inode *dir, uint32_t mode);
/* Contents or owner change: set-ID bits fall unless LX_CAP_FSETID. `context` NULL: they do. */
void add_setid_drop(struct fs_context *context, const struct inode *inode, struct attr *attr);
/* ops->setattr, or what stands for it. */
MUST_CHECK long inode_set_attr(struct fs_context *context, struct inode *inode,
                               const struct attr *attr);

#endif
