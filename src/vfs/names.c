/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names come: mkdir(2), mknod(2), symlink(2), link(2). And go: unlink(2), rmdir(2).
 */
#include <string.h>

#include "abi/capability.h"
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "vfs/may.h"
#include "vfs/path.h"
#include "vfs/vfs.h"

/* A name that shall come to be. */
struct new_name {
    struct mount *mount;   /* a reference */
    struct dentry *parent; /* a reference */
    struct dentry *dentry; /* negative: a reference */
};

static void put_new_name(struct new_name *name)
{
    dentry_put(name->dentry);
    dentry_put(name->parent);
    mount_put(name->mount);
}

/* -LX_EEXIST when there is one; else a negative dentry that may be filled. `is_dir`: slashes may
 * follow. */
static long begin_name(struct fs_context *context, int dirfd, const char *name, bool is_dir,
                       struct new_name *out)
{
    struct path_parent at;
    long err = path_walk_parent(context, dirfd, name, 0, &at);
    if (err)
        return err;
    struct dentry *parent = at.path.dentry;
    if (at.kind != PATH_LAST_NAME) {
        err = -LX_EEXIST;
        goto out_put;
    }
    struct dentry *dentry;
    err = dentry_lookup(context, parent, at.name, at.length, &dentry);
    if (!err) {
        dentry_put(dentry);
        err = -LX_EEXIST;
    }
    if (err != -LX_ENOENT)
        goto out_put;
    if (at.slash && !is_dir)
        goto out_put;
    err = mount_writable(at.path.mount);
    if (!err)
        err = may_create(context, parent);
    if (!err)
        err = dentry_create(parent, at.name, at.length, &dentry);
    if (err)
        goto out_put;
    *out = (struct new_name){at.path.mount, parent, dentry};
    return 0;

out_put:
    path_put(&at.path);
    return err;
}

long vfs_mkdir(struct fs_context *context, int dirfd, const char *name, uint32_t mode)
{
    struct new_name at;
    long err = begin_name(context, dirfd, name, true, &at);
    if (err)
        return err;
    struct inode *dir = at.parent->inode;
    mode = (mode & (0777u | LX_S_ISVTX) & ~(context->fs ? context->fs->umask : 022u)) | LX_S_IFDIR;
    err = dir->ops->mkdir ? dir->ops->mkdir(context, dir, at.dentry, mode) : -LX_EPERM;
    put_new_name(&at);
    return err;
}

long vfs_check_node(uint32_t mode)
{
    switch (mode & LX_S_IFMT) {
    case 0:
    case LX_S_IFREG:
    case LX_S_IFCHR:
    case LX_S_IFBLK:
    case LX_S_IFIFO:
    case LX_S_IFSOCK:
        return 0;
    case LX_S_IFDIR:
        return -LX_EPERM;
    default:
        return -LX_EINVAL;
    }
}

static long make_node(struct fs_context *context, struct new_name *at, uint32_t mode, uint64_t rdev)
{
    struct inode *dir = at->parent->inode;
    if (LX_S_ISREG(mode))
        return dir->ops->create ? dir->ops->create(context, dir, at->dentry, mode) : -LX_EACCES;
    bool device = LX_S_ISBLK(mode) || LX_S_ISCHR(mode);
    bool whiteout = LX_S_ISCHR(mode) && rdev == 0;
    if (device && !whiteout && !cred_capable(context->cred, LX_CAP_MKNOD))
        return -LX_EPERM;
    return dir->ops->mknod ? dir->ops->mknod(context, dir, at->dentry, mode, device ? rdev : 0)
                           : -LX_EPERM;
}

long vfs_mknod(struct fs_context *context, int dirfd, const char *name, uint32_t mode,
               uint64_t rdev)
{
    long err = vfs_check_node(mode);
    if (err)
        return err;
    if (!(mode & LX_S_IFMT))
        mode |= LX_S_IFREG;
    struct new_name at;
    err = begin_name(context, dirfd, name, false, &at);
    if (err)
        return err;
    mode &= ~(context->fs ? context->fs->umask : 0u);
    err = make_node(context, &at, strip_setgid(context, at.parent->inode, mode), rdev);
    put_new_name(&at);
    return err;
}

long vfs_symlink(struct fs_context *context, const char *text, int dirfd, const char *name)
{
    if (!*text)
        return -LX_ENOENT;
    struct new_name at;
    long err = begin_name(context, dirfd, name, false, &at);
    if (err)
        return err;
    struct inode *dir = at.parent->inode;
    err = dir->ops->symlink ? dir->ops->symlink(context, dir, at.dentry, text) : -LX_EPERM;
    put_new_name(&at);
    return err;
}

static long link_to(struct fs_context *context, const struct path *old, struct new_name *at)
{
    struct inode *inode = old->dentry->inode, *dir = at->parent->inode;
    if (old->mount != at->mount)
        return -LX_EXDEV;
    if (!may_link(context, inode))
        return -LX_EPERM;
    if (!dir->ops->link || LX_S_ISDIR(inode->mode))
        return -LX_EPERM;
    /* A file that O_TMPFILE made has no name yet and may get one. */
    if (inode->nlink == 0 && !(inode->flags & INODE_LINKABLE))
        return -LX_ENOENT;
    return dir->ops->link(context, inode, dir, at->dentry);
}

long vfs_link(struct fs_context *context, int old_dirfd, const char *old_name, int new_dirfd,
              const char *new_name, unsigned flags)
{
    unsigned walk = flags & LX_AT_SYMLINK_FOLLOW ? PATH_FOLLOW : 0;
    if (flags & LX_AT_EMPTY_PATH)
        walk |= PATH_EMPTY;
    struct path old;
    long err = path_walk(context, old_dirfd, old_name, walk, &old);
    if (err)
        return err;
    struct new_name at;
    err = begin_name(context, new_dirfd, new_name, false, &at);
    if (!err) {
        err = link_to(context, &old, &at);
        put_new_name(&at);
    }
    path_put(&old);
    return err;
}

/* The name that shall go: *out a positive dentry, a reference. `at` is to be put also after an
 * error. */
static long find_doomed(struct fs_context *context, struct path_parent *at, struct dentry **out)
{
    long err = mount_writable(at->path.mount);
    if (err)
        return err;
    return dentry_lookup(context, at->path.dentry, at->name, at->length, out);
}

static long unlink_dentry(struct fs_context *context, struct dentry *dentry, bool slash)
{
    if (slash)
        return LX_S_ISDIR(dentry->inode->mode) ? -LX_EISDIR : -LX_ENOTDIR;
    struct inode *dir = dentry->parent->inode;
    long err = may_delete(context, dentry, false);
    if (err)
        return err;
    if (!dir->ops->unlink)
        return -LX_EPERM;
    if (dentry->flags & DENTRY_MOUNTED)
        return -LX_EBUSY;
    err = dir->ops->unlink(context, dir, dentry);
    if (!err)
        dentry_unhash(dentry);
    return err;
}

long vfs_unlink(struct fs_context *context, int dirfd, const char *name)
{
    struct path_parent at;
    long err = path_walk_parent(context, dirfd, name, 0, &at);
    if (err)
        return err;
    struct dentry *dentry;
    err = at.kind == PATH_LAST_NAME ? find_doomed(context, &at, &dentry) : -LX_EISDIR;
    if (!err) {
        err = unlink_dentry(context, dentry, at.slash);
        dentry_put(dentry);
    }
    path_put(&at.path);
    return err;
}

static long rmdir_dentry(struct fs_context *context, struct dentry *dentry)
{
    struct inode *dir = dentry->parent->inode;
    long err = may_delete(context, dentry, true);
    if (err)
        return err;
    if (!dir->ops->rmdir)
        return -LX_EPERM;
    if (dentry->flags & DENTRY_MOUNTED)
        return -LX_EBUSY;
    err = dir->ops->rmdir(context, dir, dentry);
    if (!err)
        dentry_unhash(dentry);
    return err;
}

long vfs_rmdir(struct fs_context *context, int dirfd, const char *name)
{
    struct path_parent at;
    long err = path_walk_parent(context, dirfd, name, 0, &at);
    if (err)
        return err;
    static const int errors[] = {
        [PATH_LAST_DOTDOT] = -LX_ENOTEMPTY,
        [PATH_LAST_DOT] = -LX_EINVAL,
        [PATH_LAST_ROOT] = -LX_EBUSY,
    };
    struct dentry *dentry;
    err = at.kind == PATH_LAST_NAME ? find_doomed(context, &at, &dentry) : errors[at.kind];
    if (!err) {
        err = rmdir_dentry(context, dentry);
        dentry_put(dentry);
    }
    path_put(&at.path);
    return err;
}
