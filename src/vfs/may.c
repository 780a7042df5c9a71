/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who may make and remove names; what changes of contents and owners do to set-ID bits (inode(7),
 * unlink(2), chown(2)).
 */
#include "vfs/may.h"

#include "abi/capability.h"
#include "abi/errno.h"

long may_create(struct fs_context *context, const struct dentry *parent)
{
    if (parent->flags & DENTRY_UNLINKED)
        return -LX_ENOENT;
    return inode_permission(context, parent->inode, MAY_WRITE | MAY_EXEC);
}

/* Sticky directories: only owners of the file or the directory. */
static bool is_sticky_for(const struct cred *cred, const struct inode *dir,
                          const struct inode *inode)
{
    if (!(dir->mode & LX_S_ISVTX) || inode->uid == cred->fsuid || dir->uid == cred->fsuid)
        return false;
    return !cred_capable(cred, LX_CAP_FOWNER);
}

long may_delete(struct fs_context *context, const struct dentry *dentry, bool is_dir)
{
    struct inode *dir = dentry->parent->inode;
    long err = inode_permission(context, dir, MAY_WRITE | MAY_EXEC);
    if (err)
        return err;
    if (is_sticky_for(context->cred, dir, dentry->inode))
        return -LX_EPERM;
    if (is_dir) {
        if (!LX_S_ISDIR(dentry->inode->mode))
            return -LX_ENOTDIR;
        if (dentry_is_root(dentry))
            return -LX_EBUSY;
    } else if (LX_S_ISDIR(dentry->inode->mode)) {
        return -LX_EISDIR;
    }
    return dentry->parent->flags & DENTRY_UNLINKED ? -LX_ENOENT : 0;
}

bool may_link(struct fs_context *context, struct inode *inode)
{
    const uint32_t setgid = LX_S_ISGID | LX_S_IXGRP;
    if (inode_owner_or_capable(context->cred, inode))
        return true;
    if (!LX_S_ISREG(inode->mode) || inode->mode & LX_S_ISUID || (inode->mode & setgid) == setgid)
        return false;
    return inode_permission(context, inode, MAY_READ | MAY_WRITE) == 0;
}

uint32_t strip_setgid(struct fs_context *context, const struct inode *dir, uint32_t mode)
{
    if ((mode & (LX_S_ISGID | LX_S_IXGRP)) != (LX_S_ISGID | LX_S_IXGRP))
        return mode;
    if (LX_S_ISDIR(mode) || !(dir->mode & LX_S_ISGID))
        return mode;
    if (cred_in_group(context->cred, dir->gid) || cred_capable(context->cred, LX_CAP_FSETID))
        return mode;
    return mode & ~LX_S_ISGID;
}

void add_setid_drop(struct fs_context *context, const struct inode *inode, struct attr *attr)
{
    uint32_t mode = inode->mode;
    if (!LX_S_ISREG(mode) || !(mode & (LX_S_ISUID | LX_S_ISGID)))
        return;
    if (context && cred_capable(context->cred, LX_CAP_FSETID))
        return;
    uint32_t drop = mode & LX_S_ISUID;
    if (mode & LX_S_IXGRP || (context && !cred_in_group(context->cred, inode->gid)))
        drop |= mode & LX_S_ISGID;
    if (!drop)
        return;
    attr->valid |= ATTR_MODE;
    attr->mode = (mode & LX_S_IALLUGO) & ~drop;
}

long inode_set_attr(struct fs_context *context, struct inode *inode, const struct attr *attr)
{
    if (inode->ops->setattr)
        return inode->ops->setattr(context, inode, attr);
    if (attr->valid & ATTR_SIZE)
        return -LX_EINVAL;
    inode_apply_attr(inode, attr);
    return 0;
}
