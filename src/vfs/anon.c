/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The file system of files without a name: pipes, standard streams, and one inode for all that have
 * none.
 */
#include "vfs/anon.h"

#include <string.h>

#include "abi/errno.h"
#include "vfs/file.h"
#include "vfs/vfs.h"

static void anon_release(struct inode *inode)
{
    struct arena *arena = inode->sb->vfs->arena;
    inode_fini(inode);
    arena_free(arena, inode);
}

/* Linux: anonymous files have no mode to change (guest/events/anonymous). */
static long anon_setattr(struct fs_context *context, struct inode *inode, const struct attr *attr)
{
    (void)inode, (void)attr;
    return context ? -LX_EOPNOTSUPP : 0;
}

static const struct inode_ops anon_ops = {
    .setattr = anon_setattr,
    .release = anon_release,
};

static long anon_mount(struct fs_context *context, struct superblock *sb, const char *source,
                       const char *options, const void *data)
{
    (void)source, (void)options, (void)data;
    sb->magic = LX_ANON_INODE_FS_MAGIC;
    struct inode *root = arena_alloc(context->vfs->arena, sizeof *root);
    if (!root)
        return -LX_ENOMEM;
    long err = inode_init(root, sb, &anon_ops, 0600, anon_next_ino(sb->vfs));
    if (err) {
        arena_free(context->vfs->arena, root);
        return err;
    }
    err = dentry_create_root(sb, root, &sb->root);
    if (!err)
        sb->root->flags |= DENTRY_ANON;
    return err;
}

static const struct filesystem anon_filesystem = {
    .name = "anon_inodefs",
    .nodev = true,
    .mount = anon_mount,
};

static long pipe_mount(struct fs_context *context, struct superblock *sb, const char *source,
                       const char *options, const void *data)
{
    long err = anon_mount(context, sb, source, options, data);
    sb->magic = LX_PIPEFS_MAGIC;
    return err;
}

static const struct filesystem pipe_filesystem = {
    .name = "pipefs",
    .nodev = true,
    .mount = pipe_mount,
};

long anon_init(struct vfs *vfs)
{
    long err = vfs_mount_internal(vfs, &anon_filesystem, &vfs->anonymous);
    return err ? err : vfs_mount_internal(vfs, &pipe_filesystem, &vfs->pipes);
}

uint64_t anon_next_ino(struct vfs *vfs)
{
    return vfs->next_ino++;
}

long anon_attach(struct file *file, struct inode *inode, const char *name)
{
    struct vfs *vfs = file->vfs;
    struct mount *mount = inode->sb == vfs->pipes->sb ? vfs->pipes : vfs->anonymous;
    struct dentry *dentry;
    long err = dentry_create(mount->root, name, strlen(name), &dentry);
    if (err) {
        inode_put(inode);
        return err;
    }
    dentry->flags |= DENTRY_ANON;
    dentry_instantiate(dentry, inode);
    struct path path = {mount, dentry};
    file_attach(file, inode, &path);
    dentry_put(dentry);
    return 0;
}
