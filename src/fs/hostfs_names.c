/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hostfs: names. Looking up, making, removing, renaming: each is one host call on a directory's
 * handle and a name, and leaves the answer of the host's stat in the inode. What the guest makes
 * belongs to the guest's user where the host lets us give it away (lstar run by root), else to the
 * host's user.
 */
#include "fs/hostfs_internal.h"

#include "base/strbuf.h"

#include <string.h>

/* `dentry` is a name of what the host has there. Consumes nothing. */
static long instantiate(struct hostfs *fs, host_handle_t dir, struct dentry *dentry)
{
    struct host_stat st;
    struct hostfs_inode *node;
    long err = host_stat_at(fs->vfs->host, dir, dentry->name, &st);
    if (!err)
        err = hostfs_iget(fs, &st, &node);
    if (err)
        return err;
    node->alias = dentry;
    dentry_instantiate(dentry, &node->inode);
    return 0;
}

static long names_lookup(struct fs_context *context, struct inode *dir, struct dentry *dentry)
{
    (void)context;
    struct hostfs_inode *node = hostfs_inode(dir);
    host_handle_t at;
    long err = hostfs_dir(node, &at);
    return err ? err : instantiate(node->fs, at, dentry);
}

static bool names_revalidate(struct fs_context *context, struct inode *dir, struct dentry *dentry)
{
    (void)context;
    struct hostfs_inode *node = hostfs_inode(dentry->inode);
    struct host_stat st;
    host_handle_t at;
    long err = hostfs_dir(hostfs_inode(dir), &at);
    if (!err)
        err = host_stat_at(node->fs->vfs->host, at, dentry->name, &st);
    if (err == -LX_ENOENT || err == -LX_ENOTDIR || (!err && !hostfs_same(node, &st)))
        return false;
    node->alias = dentry;
    if (!err)
        hostfs_refresh(node, &st);
    return true; /* also when the host cannot tell just now (no descriptors, no rights) */
}

/* The handle of a directory in which something is to be changed. */
static long dir_for_change(struct inode *dir, host_handle_t *out)
{
    struct hostfs_inode *node = hostfs_inode(dir);
    return node->fs->read_only ? -LX_EROFS : hostfs_dir(node, out);
}

/*
 * Something new: give it to the guest's user. Only a host root can; what others make stays theirs.
 */
static void give_away(struct fs_context *context, struct hostfs *fs, struct inode *dir,
                      host_handle_t at, const char *name)
{
    struct host *host = fs->vfs->host;
    uint32_t uid = context->cred->fsuid;
    uint32_t gid = dir->mode & LX_S_ISGID ? dir->gid : context->cred->fsgid;
    if (!fs->by_root || (uid == 0 && gid == host_egid(host)))
        return;
    long ignored = host_chown_at(host, at, name, uid, gid);
    (void)ignored;
}

/* After making `dentry`: owner, inode. */
static long made(struct fs_context *context, struct inode *dir, host_handle_t at,
                 struct dentry *dentry)
{
    struct hostfs *fs = hostfs_inode(dir)->fs;
    give_away(context, fs, dir, at, dentry->name);
    long err = instantiate(fs, at, dentry);
    if (!err)
        err = hostfs_fetch(hostfs_inode(dir));
    return err;
}

static long names_create(struct fs_context *context, struct inode *dir, struct dentry *dentry,
                         uint32_t mode)
{
    struct hostfs *fs = hostfs_inode(dir)->fs;
    host_handle_t at, handle;
    long err = dir_for_change(dir, &at);
    if (!err)
        err = hostfs_open_at(fs, at, dentry->name,
                             HOST_OPEN_READ | HOST_OPEN_WRITE | HOST_OPEN_CREATE |
                                 HOST_OPEN_EXCLUSIVE,
                             mode, &handle);
    if (err)
        return err;
    err = made(context, dir, at, dentry);
    struct hostfs_inode *node = err ? NULL : hostfs_inode(dentry->inode);
    if (node && node->reader == HOST_NONE && node->writer == HOST_NONE &&
        LX_S_ISREG(node->inode.mode))
        node->reader = node->writer = handle; /* the open that follows uses it, whatever the mode */
    else
        host_close(fs->vfs->host, handle);
    return err;
}

static long names_mkdir(struct fs_context *context, struct inode *dir, struct dentry *dentry,
                        uint32_t mode)
{
    host_handle_t at;
    long err = dir_for_change(dir, &at);
    if (!err)
        err = host_mkdir(hostfs_inode(dir)->fs->vfs->host, at, dentry->name, mode);
    return err ? err : made(context, dir, at, dentry);
}

static long names_mknod(struct fs_context *context, struct inode *dir, struct dentry *dentry,
                        uint32_t mode, uint64_t rdev)
{
    (void)rdev;
    host_handle_t at;
    long err = dir_for_change(dir, &at);
    if (!err)
        err = host_mknod(hostfs_inode(dir)->fs->vfs->host, at, dentry->name, mode);
    return err ? err : made(context, dir, at, dentry);
}

static long names_symlink(struct fs_context *context, struct inode *dir, struct dentry *dentry,
                          const char *text)
{
    host_handle_t at;
    long err = dir_for_change(dir, &at);
    if (!err)
        err = host_symlink(hostfs_inode(dir)->fs->vfs->host, at, dentry->name, text);
    return err ? err : made(context, dir, at, dentry);
}

/*
 * Two directories' handles at once: opening the second must not close the first. Both are touched,
 * so neither is the least lately used; the loop is for the case that there is room for one only.
 */
static long two_dirs(struct inode *a, struct inode *b, host_handle_t *at_a, host_handle_t *at_b)
{
    long err = dir_for_change(a, at_a);
    if (!err)
        err = dir_for_change(b, at_b);
    if (!err && hostfs_inode(a)->dir == HOST_NONE)
        err = -LX_ENFILE;
    return err;
}

static long names_link(struct fs_context *context, struct inode *inode, struct inode *dir,
                       struct dentry *dentry)
{
    (void)context;
    struct hostfs_inode *node = hostfs_inode(inode);
    struct host *host = node->fs->vfs->host;
    host_handle_t from, to;
    long err;
    if (node->alias && !(node->alias->flags & DENTRY_UNLINKED) && !dentry_is_root(node->alias)) {
        err = two_dirs(node->alias->parent->inode, dir, &from, &to);
        if (!err)
            err = host_link(host, from, node->alias->name, to, dentry->name);
    } else {
        err = node->reader == HOST_NONE ? -LX_ENOENT : dir_for_change(dir, &to);
        if (!err)
            err = host_link_handle(host, node->reader, to, dentry->name); /* of O_TMPFILE */
    }
    if (err)
        return err;
    inode_get(inode);
    inode->flags &= ~(unsigned)INODE_LINKABLE;
    node->alias = dentry;
    dentry_instantiate(dentry, inode);
    return hostfs_fetch(node);
}

static long names_tmpfile(struct fs_context *context, struct inode *dir, struct dentry *dentry,
                          uint32_t mode)
{
    struct hostfs *fs = hostfs_inode(dir)->fs;
    struct host *host = fs->vfs->host;
    struct hostfs_inode *node;
    struct host_stat st;
    host_handle_t at, handle;
    long err = dir_for_change(dir, &at);
    if (!err)
        err = host_open_unnamed(host, at, mode, &handle);
    if (err)
        return err;
    if (fs->by_root)
        err = host_chown(host, handle, context->cred->fsuid, context->cred->fsgid);
    if (!err)
        err = host_stat(host, handle, &st);
    if (!err)
        err = hostfs_iget(fs, &st, &node);
    if (err) {
        host_close(host, handle);
        return err;
    }
    node->reader = node->writer = handle; /* new: it has none */
    node->alias = dentry;
    dentry_instantiate(dentry, &node->inode);
    return 0;
}

/* A name of `node` is gone: what is left of it? */
static void lost_name(struct hostfs_inode *node)
{
    struct host_stat st;
    host_handle_t handle = node->reader != HOST_NONE ? node->reader : node->writer;
    if (handle != HOST_NONE && !host_stat(node->fs->vfs->host, handle, &st))
        hostfs_refresh(node, &st);
    else if (node->inode.nlink)
        node->inode.nlink = LX_S_ISDIR(node->inode.mode) ? 0 : node->inode.nlink - 1;
}

/*
 * The last name of a file is about to go: whoever still stands there (O_PATH) may open it later,
 * and an open handle is then the only way. It stays with the inode. Was one opened?
 */
static bool keep_reachable(struct dentry *dentry)
{
    struct hostfs_inode *node = hostfs_inode(dentry->inode);
    if (!LX_S_ISREG(node->inode.mode) || dentry->refs < 2 || node->inode.nlink > 1)
        return false;
    bool open = node->reader != HOST_NONE || node->writer != HOST_NONE;
    long err = hostfs_open_io(node, true, !open);
    if (err && !open)
        err = hostfs_open_io(node, true, false);
    return !err;
}

/* It has its name still. */
static void keep_no_more(struct dentry *dentry)
{
    hostfs_close_io(hostfs_inode(dentry->inode));
}

static long names_unlink(struct fs_context *context, struct inode *dir, struct dentry *dentry)
{
    (void)context;
    host_handle_t at;
    bool kept = keep_reachable(dentry);
    long err = dir_for_change(dir, &at);
    if (!err)
        err = host_unlink(hostfs_inode(dir)->fs->vfs->host, at, dentry->name);
    if (err && kept)
        keep_no_more(dentry);
    if (err)
        return err;
    lost_name(hostfs_inode(dentry->inode));
    return hostfs_fetch(hostfs_inode(dir));
}

static long names_rmdir(struct fs_context *context, struct inode *dir, struct dentry *dentry)
{
    (void)context;
    host_handle_t at, kept;
    long err = 0;
    if (dentry->refs > 1) /* somebody stands in it: its handle is then the only way to open it */
        err = hostfs_dir(hostfs_inode(dentry->inode), &kept);
    if (!err)
        err = dir_for_change(dir, &at);
    if (!err)
        err = host_rmdir(hostfs_inode(dir)->fs->vfs->host, at, dentry->name);
    if (err)
        return err;
    lost_name(hostfs_inode(dentry->inode));
    return hostfs_fetch(hostfs_inode(dir));
}

static long names_rename(struct fs_context *context, struct inode *old_dir,
                         struct dentry *old_dentry, struct inode *new_dir,
                         struct dentry *new_dentry, unsigned flags)
{
    (void)context;
    if (flags & ~(LX_RENAME_NOREPLACE | LX_RENAME_EXCHANGE))
        return -LX_EINVAL;
    unsigned host_flags = (flags & LX_RENAME_NOREPLACE ? HOST_RENAME_NOREPLACE : 0u) |
                          (flags & LX_RENAME_EXCHANGE ? HOST_RENAME_EXCHANGE : 0u);
    bool replaces = new_dentry->inode && !(flags & LX_RENAME_EXCHANGE);
    bool kept = replaces && keep_reachable(new_dentry);
    host_handle_t from, to;
    long err = two_dirs(old_dir, new_dir, &from, &to);
    if (!err)
        err = host_rename(hostfs_inode(old_dir)->fs->vfs->host, from, old_dentry->name, to,
                          new_dentry->name, host_flags);
    if (err && kept)
        keep_no_more(new_dentry);
    if (err)
        return err;
    hostfs_inode(old_dentry->inode)->alias = old_dentry;
    if (replaces)
        lost_name(hostfs_inode(new_dentry->inode));
    err = hostfs_fetch(hostfs_inode(old_dir));
    return err ? err : hostfs_fetch(hostfs_inode(new_dir));
}

static long names_get_link(struct fs_context *context, struct inode *inode, struct link_target *out)
{
    (void)context;
    struct hostfs_inode *node = hostfs_inode(inode);
    struct vfs *vfs = node->fs->vfs;
    host_handle_t at;
    const char *name;
    long err = hostfs_locate(node, &at, &name);
    if (err)
        return err;
    char *text = arena_alloc(vfs->arena, LX_PATH_MAX);
    if (!text)
        return -LX_ENOMEM;
    long length = host_readlink(vfs->host, at, name, text, LX_PATH_MAX - 1);
    if (length < 0) {
        arena_free(vfs->arena, text);
        return length;
    }
    text[length] = '\0';
    *out = (struct link_target){.text = text, .text_owned = true};
    return 0;
}

const struct inode_ops hostfs_directory_ops = {
    .lookup = names_lookup,
    .revalidate = names_revalidate,
    .create = names_create,
    .mkdir = names_mkdir,
    .mknod = names_mknod,
    .link = names_link,
    .symlink = names_symlink,
    .unlink = names_unlink,
    .rmdir = names_rmdir,
    .rename = names_rename,
    .tmpfile = names_tmpfile,
    .open = hostfs_open_directory,
    .getattr = hostfs_getattr,
    .setattr = hostfs_setattr,
    .permission = hostfs_permission,
    .release = hostfs_release_inode,
};

const struct inode_ops hostfs_file_ops = {
    .open = hostfs_open_file,
    .getattr = hostfs_getattr,
    .setattr = hostfs_setattr,
    .permission = hostfs_permission,
    .release = hostfs_release_inode,
};

const struct inode_ops hostfs_link_ops = {
    .get_link = names_get_link,
    .getattr = hostfs_getattr,
    .setattr = hostfs_setattr,
    .release = hostfs_release_inode,
};

/* FIFOs, devices, sockets: opened by the VFS, as the guest's own. */
const struct inode_ops hostfs_special_ops = {
    .getattr = hostfs_getattr,
    .setattr = hostfs_setattr,
    .permission = hostfs_permission,
    .release = hostfs_release_inode,
};
