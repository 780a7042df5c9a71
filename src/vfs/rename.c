/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rename(2), renameat2(2).
 */
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "vfs/may.h"
#include "vfs/path.h"
#include "vfs/vfs.h"

/* Both names, looked up. */
struct renaming {
    struct path_parent old, new;
    struct dentry *from; /* positive: a reference */
    struct dentry *to;   /* positive or negative: a reference */
    unsigned flags;      /* LX_RENAME_* */
};

/* The names themselves and their relation, before any right is asked. */
static long check_names(const struct renaming *r)
{
    bool from_dir = LX_S_ISDIR(r->from->inode->mode);
    bool exchange = r->flags & LX_RENAME_EXCHANGE;
    if (r->to->inode && r->flags & LX_RENAME_NOREPLACE)
        return -LX_EEXIST;
    if (exchange) {
        if (!r->to->inode)
            return -LX_ENOENT;
        if (!LX_S_ISDIR(r->to->inode->mode) && r->new.slash)
            return -LX_ENOTDIR;
    }
    if (!from_dir && (r->old.slash || (!exchange && r->new.slash)))
        return -LX_ENOTDIR;
    if (dentry_is_below(r->new.path.dentry, r->from))
        return -LX_EINVAL;
    if (r->to->inode && dentry_is_below(r->old.path.dentry, r->to))
        return exchange ? -LX_EINVAL : -LX_ENOTEMPTY;
    return 0;
}

static long check_rights(struct fs_context *context, const struct renaming *r)
{
    bool from_dir = LX_S_ISDIR(r->from->inode->mode);
    bool exchange = r->flags & LX_RENAME_EXCHANGE;
    bool to_dir = r->to->inode && LX_S_ISDIR(r->to->inode->mode);
    long err = may_delete(context, r->from, from_dir);
    if (err)
        return err;
    if (!r->to->inode)
        err = may_create(context, r->new.path.dentry);
    else
        err = may_delete(context, r->to, exchange ? to_dir : from_dir);
    if (err)
        return err;
    if (r->old.path.dentry == r->new.path.dentry)
        return 0;
    if (from_dir)
        err = inode_permission(context, r->from->inode, MAY_WRITE);
    if (!err && exchange && to_dir)
        err = inode_permission(context, r->to->inode, MAY_WRITE);
    return err;
}

static long rename_dentries(struct fs_context *context, const struct renaming *r)
{
    long err = check_names(r);
    if (err)
        return err;
    if (r->from->inode == r->to->inode)
        return 0;
    err = check_rights(context, r);
    if (err)
        return err;
    struct inode *old_dir = r->old.path.dentry->inode, *new_dir = r->new.path.dentry->inode;
    if (!old_dir->ops->rename)
        return -LX_EPERM;
    if ((r->from->flags | r->to->flags) & DENTRY_MOUNTED)
        return -LX_EBUSY;
    err = old_dir->ops->rename(context, old_dir, r->from, new_dir, r->to, r->flags);
    if (err)
        return err;
    if (r->flags & LX_RENAME_EXCHANGE)
        dentry_exchange(r->from, r->to);
    else
        dentry_move(r->from, r->to);
    return 0;
}

/* With both parents known. */
static long rename_names(struct fs_context *context, struct renaming *r)
{
    if (r->old.path.mount != r->new.path.mount)
        return -LX_EXDEV;
    if (r->old.kind != PATH_LAST_NAME)
        return -LX_EBUSY;
    if (r->new.kind != PATH_LAST_NAME)
        return r->flags & LX_RENAME_NOREPLACE ? -LX_EEXIST : -LX_EBUSY;
    long err = mount_writable(r->old.path.mount);
    if (err)
        return err;
    err = dentry_lookup(context, r->old.path.dentry, r->old.name, r->old.length, &r->from);
    if (err)
        return err;
    struct dentry *parent = r->new.path.dentry;
    err = dentry_lookup(context, parent, r->new.name, r->new.length, &r->to);
    if (err == -LX_ENOENT)
        err = dentry_create(parent, r->new.name, r->new.length, &r->to);
    if (!err) {
        err = rename_dentries(context, r);
        dentry_put(r->to);
    }
    dentry_put(r->from);
    return err;
}

long vfs_rename(struct fs_context *context, int old_dirfd, const char *old_name, int new_dirfd,
                const char *new_name, unsigned flags)
{
    if (flags & LX_RENAME_EXCHANGE && flags & (LX_RENAME_NOREPLACE | LX_RENAME_WHITEOUT))
        return -LX_EINVAL;
    struct renaming r = {.flags = flags};
    long err = path_walk_parent(context, old_dirfd, old_name, 0, &r.old);
    if (err)
        return err;
    err = path_walk_parent(context, new_dirfd, new_name, 0, &r.new);
    if (!err) {
        err = rename_names(context, &r);
        path_put(&r.new.path);
    }
    path_put(&r.old.path);
    return err;
}
