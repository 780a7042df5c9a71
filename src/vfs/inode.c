/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inodes: their life, their attributes, and who may do what with them (path_resolution(7),
 * capabilities(7), inode(7)).
 */
#include "vfs/inode.h"

#include "abi/capability.h"
#include "abi/errno.h"
#include "vfs/locks.h"
#include "vfs/mount.h"
#include "vfs/pipe.h"
#include "vfs/vfs.h"

long inode_init(struct inode *inode, struct superblock *sb, const struct inode_ops *ops,
                uint32_t mode, uint64_t ino)
{
    struct vfs *vfs = sb->vfs;
    if (vfs->inode_count >= vfs->inode_limit)
        return -LX_ENOMEM;
    vfs->inode_count++;
    struct timestamp now = vfs_now(vfs);
    *inode = (struct inode){
        .ops = ops,
        .sb = sb,
        .refs = 1,
        .mode = mode,
        .ino = ino,
        .nlink = 1,
        .atime = now,
        .mtime = now,
        .ctime = now,
        .btime = now,
    };
    superblock_get(sb);
    return 0;
}

void inode_fini(struct inode *inode)
{
    inode_locks_free(inode);
    inode->sb->vfs->inode_count--;
    superblock_put(inode->sb);
}

void inode_init_owner(struct fs_context *context, struct inode *inode, const struct inode *dir)
{
    inode->uid = context->cred->fsuid;
    if (dir && dir->mode & LX_S_ISGID) {
        inode->gid = dir->gid;
        if (LX_S_ISDIR(inode->mode))
            inode->mode |= LX_S_ISGID;
    } else {
        inode->gid = context->cred->fsgid;
    }
}

void inode_put(struct inode *inode)
{
    if (--inode->refs == 0)
        inode->ops->release(inode);
}

void inode_fill_stat(const struct inode *inode, struct kstat *out)
{
    out->dev = inode->sb->dev;
    out->ino = inode->ino;
    out->nlink = inode->nlink;
    out->rdev = inode->rdev;
    out->mode = inode->mode;
    out->uid = inode->uid;
    out->gid = inode->gid;
    out->blksize = inode->sb->block_size;
    out->size = inode->size;
    out->blocks = inode->blocks;
    out->atime = inode->atime;
    out->mtime = inode->mtime;
    out->ctime = inode->ctime;
    out->btime = inode->btime;
    out->has_btime = true;
    out->attributes = 0;
    out->attributes_mask = 0;
}

void inode_apply_attr(struct inode *inode, const struct attr *attr)
{
    if (attr->valid & ATTR_UID)
        inode->uid = attr->uid;
    if (attr->valid & ATTR_GID)
        inode->gid = attr->gid;
    if (attr->valid & ATTR_MODE)
        inode->mode = (inode->mode & LX_S_IFMT) | attr->mode;
    if (attr->valid & ATTR_ATIME)
        inode->atime = attr->atime;
    if (attr->valid & ATTR_MTIME)
        inode->mtime = attr->mtime;
    if (attr->valid & ATTR_CTIME)
        inode->ctime = attr->ctime;
}

bool cred_in_group(const struct cred *cred, uint32_t gid)
{
    if (gid == cred->fsgid)
        return true;
    for (unsigned i = 0; i < cred->group_count; i++)
        if (cred->groups[i] == gid)
            return true;
    return false;
}

bool inode_owner_or_capable(const struct cred *cred, const struct inode *inode)
{
    return cred->fsuid == inode->uid || cred_capable(cred, LX_CAP_FOWNER);
}

long inode_permission_generic(const struct cred *cred, const struct inode *inode, unsigned mask)
{
    uint32_t bits = inode->mode;
    if (cred->fsuid == inode->uid)
        bits >>= 6;
    else if (cred_in_group(cred, inode->gid))
        bits >>= 3;
    if (!(mask & ~bits & 7))
        return 0;
    if (LX_S_ISDIR(inode->mode)) {
        if (!(mask & MAY_WRITE) && cred_capable(cred, LX_CAP_DAC_READ_SEARCH))
            return 0;
        return cred_capable(cred, LX_CAP_DAC_OVERRIDE) ? 0 : -LX_EACCES;
    }
    if (mask == MAY_READ && cred_capable(cred, LX_CAP_DAC_READ_SEARCH))
        return 0;
    /* Nobody executes what has no execute bit at all. */
    if ((!(mask & MAY_EXEC) || inode->mode & LX_S_IXUGO) && cred_capable(cred, LX_CAP_DAC_OVERRIDE))
        return 0;
    return -LX_EACCES;
}

long inode_permission(struct fs_context *context, struct inode *inode, unsigned mask)
{
    if (mask & MAY_WRITE && inode->sb->flags & LX_MS_RDONLY &&
        (LX_S_ISREG(inode->mode) || LX_S_ISDIR(inode->mode) || LX_S_ISLNK(inode->mode)))
        return -LX_EROFS;
    if (inode->ops->permission)
        return inode->ops->permission(context, inode, mask);
    return inode_permission_generic(context->cred, inode, mask);
}

/* mount(8), relatime: when it is older than a change, or than a day. */
static bool atime_is_stale(const struct inode *inode, struct timestamp now)
{
    return timestamp_compare(inode->atime, inode->mtime) <= 0 ||
           timestamp_compare(inode->atime, inode->ctime) <= 0 ||
           now.sec - inode->atime.sec >= 24 * 60 * 60;
}

void inode_accessed(struct inode *inode, const struct mount *mount)
{
    if (inode->flags & INODE_NO_ATIME || inode->sb->flags & LX_MS_RDONLY)
        return;
    if (mount && mount->flags & (LX_MS_NOATIME | LX_MS_RDONLY))
        return;
    struct timestamp now = vfs_now(inode->sb->vfs);
    if (!atime_is_stale(inode, now))
        return;
    if (inode->ops->setattr) {
        struct attr attr = {.valid = ATTR_ATIME, .atime = now};
        (void)!inode->ops->setattr(NULL, inode, &attr);
    } else {
        inode->atime = now;
    }
}

void inode_touch(struct inode *inode)
{
    inode->mtime = inode->ctime = vfs_now(inode->sb->vfs);
}

long inode_deny_write(struct inode *inode)
{
    if (inode->writers > 0)
        return -LX_ETXTBSY;
    inode->writers--;
    return 0;
}

void inode_allow_write(struct inode *inode)
{
    inode->writers++;
}
