/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mounts: instances of file systems and the places where they are seen (mount(2),
 * mount_namespaces(7): there is one namespace).
 */
#include "vfs/mount.h"

#include <string.h>

#include "abi/errno.h"
#include "abi/fcntl.h"
#include "vfs/path.h"
#include "vfs/vfs.h"

long vfs_register_filesystem(struct vfs *vfs, const struct filesystem *type)
{
    if (vfs->filesystem_count == VFS_FILESYSTEMS_MAX)
        return -LX_ENOSPC;
    vfs->filesystems[vfs->filesystem_count++] = type;
    return 0;
}

void superblock_get(struct superblock *sb)
{
    sb->refs++;
}

void superblock_put(struct superblock *sb)
{
    if (--sb->refs > 0)
        return;
    if (sb->ops && sb->ops->release)
        sb->ops->release(sb);
    list_remove(&sb->all_link);
    arena_free(sb->vfs->arena, sb);
}

/* The last mount is gone: nothing keeps the names alive but those who use them still. */
static void shut_down(struct superblock *sb)
{
    dentry_prune(sb->vfs, sb);
    struct dentry *at = sb->root;
    while (at) {
        /* Leaves first: unpinning a child may free it, so begin again at its parent. */
        if (!list_empty(&at->children)) {
            struct dentry *child = list_first(&at->children, struct dentry, sibling_link);
            if (!list_empty(&child->children)) {
                at = child;
                continue;
            }
            dentry_get(child);
            dentry_unhash(child);
            dentry_put(child);
            continue;
        }
        at = at == sb->root ? NULL : at->parent;
    }
    struct dentry *root = sb->root;
    sb->root = NULL;
    if (root)
        dentry_put(root);
}

void mount_put(struct mount *mount)
{
    if (--mount->refs > 0)
        return;
    struct superblock *sb = mount->sb;
    struct vfs *vfs = sb->vfs;
    list_remove(&mount->all_link);
    vfs->mount_count--;
    struct mount *parent = mount->parent == mount ? NULL : mount->parent;
    if (mount->mountpoint)
        dentry_put(mount->mountpoint);
    dentry_put(mount->root);
    arena_free(vfs->arena, mount->source);
    arena_free(vfs->arena, mount);
    if (--sb->mounts == 0)
        shut_down(sb);
    superblock_put(sb);
    if (parent)
        mount_put(parent);
}

struct mount *mount_find(struct vfs *vfs, const struct mount *mount, const struct dentry *dentry)
{
    /* The newest first: it covers those before it. */
    for (struct list *at = vfs->mounts.prev; at != &vfs->mounts; at = at->prev) {
        struct mount *other = list_entry(at, struct mount, all_link);
        if (other->parent == mount && other->mountpoint == dentry && other != mount)
            return other;
    }
    return NULL;
}

long mount_writable(const struct mount *mount)
{
    return (mount->flags | mount->sb->flags) & LX_MS_RDONLY ? -LX_EROFS : 0;
}

static const struct filesystem *find_type(const struct vfs *vfs, const char *name)
{
    for (unsigned i = 0; i < vfs->filesystem_count; i++)
        if (strcmp(vfs->filesystems[i]->name, name) == 0)
            return vfs->filesystems[i];
    return NULL;
}

/* A new instance with one reference. */
static long create_superblock(struct fs_context *context, const struct filesystem *type,
                              const struct mount_request *request, struct superblock **out)
{
    struct vfs *vfs = context->vfs;
    struct superblock *sb = arena_alloc(vfs->arena, sizeof *sb);
    if (!sb)
        return -LX_ENOMEM;
    sb->vfs = vfs;
    sb->type = type;
    sb->refs = 1;
    sb->dev = lx_makedev(0, ++vfs->next_dev);
    sb->block_size = PAGE_SIZE;
    sb->name_max = LX_NAME_MAX;
    sb->max_bytes = INT64_MAX;
    sb->next_ino = 1;
    list_push_back(&vfs->superblocks, &sb->all_link);
    long err = type->mount(context, sb, request->source ? request->source : "none",
                           request->options ? request->options : "", request->data);
    if (err) {
        if (sb->root)
            shut_down(sb);
        superblock_put(sb);
        return err;
    }
    *out = sb;
    return 0;
}

/* A mount of a new instance, in no tree yet: a reference in *out. */
static long create_mount(struct fs_context *context, const struct filesystem *type,
                         const struct mount_request *request, struct mount **out)
{
    struct vfs *vfs = context->vfs;
    if (vfs->mount_count >= vfs->mount_limit)
        return -LX_ENOSPC;
    struct mount *mount = arena_alloc(vfs->arena, sizeof *mount);
    if (!mount)
        return -LX_ENOMEM;
    mount->source = arena_strdup(vfs->arena, request->source ? request->source : "none");
    long err = mount->source ? create_superblock(context, type, request, &mount->sb) : -LX_ENOMEM;
    if (err) {
        arena_free(vfs->arena, mount->source);
        arena_free(vfs->arena, mount);
        return err;
    }
    mount->refs = 1;
    mount->parent = mount;
    mount->root = mount->sb->root;
    dentry_get(mount->root);
    mount->flags = request->flags | (request->flags & LX_MS_NOATIME ? 0 : LX_MS_RELATIME);
    mount->id = ++vfs->next_mount_id;
    mount->sb->mounts++;
    list_init(&mount->all_link);
    vfs->mount_count++;
    *out = mount;
    return 0;
}

long vfs_mount_root(struct fs_context *context, const struct mount_request *request)
{
    const struct filesystem *type = find_type(context->vfs, request->type);
    if (!type)
        return -LX_ENODEV;
    struct mount *mount;
    long err = create_mount(context, type, request, &mount);
    if (err)
        return err;
    list_push_back(&context->vfs->mounts, &mount->all_link);
    context->vfs->root = mount;
    return 0;
}

long vfs_mount_internal(struct vfs *vfs, const struct filesystem *type, struct mount **out)
{
    static const struct cred nobody; /* all zero: root without capabilities */
    struct fs_context context = {.vfs = vfs, .cred = &nobody};
    struct mount_request request = {.type = type->name, .source = type->name};
    return create_mount(&context, type, &request, out);
}

long vfs_mount_fs(struct fs_context *context, const char *name, const struct mount_request *request)
{
    const struct filesystem *type = find_type(context->vfs, request->type);
    if (!type)
        return -LX_ENODEV;
    struct path at;
    long err = path_walk(context, LX_AT_FDCWD, name, PATH_FOLLOW, &at);
    if (err)
        return err;
    struct mount *mount;
    err = create_mount(context, type, request, &mount);
    if (err)
        goto out_put_path;
    if (LX_S_ISDIR(at.dentry->inode->mode) != LX_S_ISDIR(mount->root->inode->mode)) {
        err = -LX_ENOTDIR;
        mount_put(mount);
        goto out_put_path;
    }
    mount->parent = at.mount; /* the path's references are the mount's now */
    mount->mountpoint = at.dentry;
    at.dentry->flags |= DENTRY_MOUNTED;
    list_push_back(&context->vfs->mounts, &mount->all_link);
    return 0;

out_put_path:
    path_put(&at);
    return err;
}

long vfs_make_directories(struct fs_context *context, const char *name)
{
    char part[LX_PATH_MAX];
    size_t length = strlen(name);
    if (length >= sizeof part)
        return -LX_ENAMETOOLONG;
    for (size_t i = 1; i <= length; i++) {
        if ((name[i] != '/' && name[i] != '\0') || name[i - 1] == '/')
            continue;
        memcpy(part, name, i);
        part[i] = '\0';
        long err = vfs_mkdir(context, LX_AT_FDCWD, part, 0755);
        if (err && err != -LX_EEXIST)
            return err;
    }
    return 0;
}

long vfs_make_file(struct fs_context *context, const char *name)
{
    char folder[LX_PATH_MAX];
    const char *slash = strrchr(name, '/');
    size_t length = slash ? (size_t)(slash - name) : 0;
    if (length >= sizeof folder)
        return -LX_ENAMETOOLONG;
    memcpy(folder, name, length);
    folder[length] = '\0';
    long err = length ? vfs_make_directories(context, folder) : 0;
    if (!err)
        err = vfs_mknod(context, LX_AT_FDCWD, name, LX_S_IFREG | 0755, 0);
    return err == -LX_EEXIST ? 0 : err;
}

void vfs_sync(struct vfs *vfs)
{
    struct superblock *sb;
    list_for_each (sb, &vfs->superblocks, all_link) {
        if (sb->ops && sb->ops->sync)
            (void)!sb->ops->sync(sb);
    }
}
