/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hostfs: attributes. They are the host's: fetched for each question, changed there first. Two
 * guards stand before each access: the guest's credentials against the host's mode and owner, and
 * the host's own answer to lstar's user.
 */
#include "fs/hostfs_internal.h"

long hostfs_getattr(struct fs_context *context, struct inode *inode, struct kstat *out)
{
    (void)context;
    struct hostfs_inode *node = hostfs_inode(inode);
    long err = hostfs_look(node);
    if (err)
        return err;
    inode_fill_stat(inode, out);
    out->dev = hostfs_device(node->fs, node->host_dev);
    out->has_btime = inode->btime.sec || inode->btime.nsec;
    return 0;
}

long hostfs_permission(struct fs_context *context, struct inode *inode, unsigned mask)
{
    struct hostfs_inode *node = hostfs_inode(inode);
    struct host *host = node->fs->vfs->host;
    if ((mask & MAY_WRITE) && node->fs->read_only)
        return -LX_EROFS;
    /*
     * A walk has just looked at what it stepped on, but not at where it began (the root, the
     * working directory). For those, what is known serves searching; a refusal, and more than
     * searching, is worth a question.
     */
    long err = inode_permission_generic(context->cred, inode, mask);
    if (LX_S_ISDIR(inode->mode) && (err || mask != MAY_EXEC)) {
        err = hostfs_look(node);
        if (!err)
            err = inode_permission_generic(context->cred, inode, mask);
    }
    if (err || node->fs->by_root)
        return err;
    /*
     * A directory's search permission shows when its handle is used; asking each time would double
     * the walk.
     */
    if (LX_S_ISDIR(inode->mode))
        mask &= ~(unsigned)MAY_EXEC;
    host_handle_t dir;
    const char *name;
    if (!mask || hostfs_locate(node, &dir, &name) || dir == HOST_NONE)
        return 0;
    return host_access_at(host, dir, name, mask);
}

static int64_t nanoseconds(struct timestamp time)
{
    return time.sec * 1000000000 + time.nsec;
}

static long set_size(struct hostfs_inode *node, uint64_t size)
{
    long err = hostfs_open_io(node, false, true);
    if (err)
        return err;
    err = host_truncate(node->fs->vfs->host, node->writer, size);
    if (!err) {
        hostfs_pages_truncate(node, size);
        node->inode.size = size;
        node->stamp_stale = true;
    }
    hostfs_close_io(node);
    return err;
}

/* By name where it has one; open files that lost theirs by handle. */
static long set_by(struct hostfs_inode *node, const struct attr *attr)
{
    struct host *host = node->fs->vfs->host;
    host_handle_t dir = HOST_NONE, handle = node->writer != HOST_NONE ? node->writer : node->reader;
    const char *name = "";
    long err = 0;
    if (handle == HOST_NONE) {
        err = hostfs_locate(node, &dir, &name);
        handle = node->fs->root;
    }
    bool by_name = dir != HOST_NONE;
    uint32_t uid = attr->valid & ATTR_UID ? attr->uid : UINT32_MAX;
    uint32_t gid = attr->valid & ATTR_GID ? attr->gid : UINT32_MAX;
    if (!err && (attr->valid & (ATTR_UID | ATTR_GID)))
        err =
            by_name ? host_chown_at(host, dir, name, uid, gid) : host_chown(host, handle, uid, gid);
    if (!err && (attr->valid & ATTR_MODE))
        err = by_name ? host_chmod_at(host, dir, name, attr->mode)
                      : host_chmod(host, handle, attr->mode);
    if (!err && (attr->valid & (ATTR_ATIME | ATTR_MTIME))) {
        int64_t atime = attr->valid & ATTR_ATIME ? nanoseconds(attr->atime) : HOST_TIME_OMIT;
        int64_t mtime = attr->valid & ATTR_MTIME ? nanoseconds(attr->mtime) : HOST_TIME_OMIT;
        err = by_name ? host_utimens_at(host, dir, name, atime, mtime)
                      : host_utimens(host, handle, atime, mtime);
        node->stamp_stale = true;
    }
    return err;
}

long hostfs_setattr(struct fs_context *context, struct inode *inode, const struct attr *attr)
{
    struct hostfs_inode *node = hostfs_inode(inode);
    if (!context && !(attr->valid & (ATTR_SIZE | ATTR_MODE)))
        return 0; /* times that reads and writes cause: the host's own do */
    if (node->fs->read_only)
        return -LX_EROFS;
    long err = 0;
    if (attr->valid & ATTR_SIZE)
        err = set_size(node, attr->size);
    if (!err && (attr->valid & ~(unsigned)(ATTR_SIZE | ATTR_CTIME)))
        err = set_by(node, attr);
    return err ? err : hostfs_fetch(node);
}
