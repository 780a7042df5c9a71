/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tmpfs files as something to map, memfd_create(2), and seals.
 */
#include <stdio.h>
#include <string.h>

#include "abi/errno.h"
#include "abi/mman.h"
#include "base/strbuf.h"
#include "fs/tmpfs_internal.h"
#include "mem/mm.h"
#include "vfs/path.h"
#include "vfs/vfs.h"

static struct tmpfs_inode *node_of(struct vm_object *object)
{
    return container_of(object, struct tmpfs_inode, object);
}

static long object_get_page(struct vm_object *object, uint64_t index, bool write, frame_t *out)
{
    (void)write;
    struct tmpfs_inode *node = node_of(object);
    if (index >= PAGE_ALIGN_UP(node->inode.size) / PAGE_SIZE)
        return -LX_EFAULT;
    frame_t frame;
    long err = tmpfs_make_page(node, index, &frame);
    if (err)
        return err == -LX_ENOSPC ? -LX_EFAULT : err;
    ram_get(node->inode.sb->vfs->ram, frame);
    *out = frame;
    return 0;
}

static void object_get(struct vm_object *object)
{
    struct tmpfs_inode *node = node_of(object);
    inode_get(&node->inode);
    if (node->maps++ == 0 && node->inode.alias) {
        node->map_name = node->inode.alias;
        dentry_get(node->map_name);
    }
}

static void object_put(struct vm_object *object)
{
    struct tmpfs_inode *node = node_of(object);
    struct dentry *name = NULL;
    if (--node->maps == 0) {
        name = node->map_name;
        node->map_name = NULL;
    }
    if (name)
        dentry_put(name);
    inode_put(&node->inode);
}

static long object_remove(struct vm_object *object, uint64_t first, uint64_t count)
{
    return tmpfs_punch(node_of(object), first * PAGE_SIZE, count * PAGE_SIZE);
}

/* Linux: what fallocate(2) made and nobody has touched is not (guest/file/sparse). */
static bool object_resident(struct vm_object *object, uint64_t index)
{
    return tmpfs_pages_find_data(&node_of(object)->pages, index, true) == index;
}

static void object_describe(struct vm_object *object, struct strbuf *name, uint64_t *dev,
                            uint64_t *ino)
{
    struct tmpfs_inode *node = node_of(object);
    *dev = node->inode.sb->dev;
    *ino = node->inode.ino;
    inode_format(&node->inode, node->map_name, name);
}

const struct vm_object_ops tmpfs_object_ops = {
    .get_page = object_get_page,
    .get = object_get,
    .put = object_put,
    .remove = object_remove,
    .resident = object_resident,
    .describe = object_describe,
};

long tmpfs_map(struct file *file, unsigned prot, unsigned flags, struct vm_object **out)
{
    struct tmpfs_inode *node = tmpfs_inode(file->inode);
    bool shared = (flags & LX_MAP_TYPE) != LX_MAP_PRIVATE;
    /* Sealed against writing: a shared mapping may not be writable. */
    if (shared && prot & LX_PROT_WRITE && node->seals & (LX_F_SEAL_WRITE | LX_F_SEAL_FUTURE_WRITE))
        return -LX_EPERM;
    *out = &node->object;
    return 0;
}

long tmpfs_get_seals(struct file *file)
{
    return (long)tmpfs_inode(file->inode)->seals;
}

static bool is_mapped_writable(const struct tmpfs_inode *node)
{
    const struct vma *vma;
    list_for_each (vma, &node->object.mappings, object_link) {
        if (vma->flags & VMA_SHARED && vma->flags & VMA_MAYWRITE)
            return true;
    }
    return false;
}

long tmpfs_add_seals(struct file *file, unsigned seals)
{
    const unsigned known = LX_F_SEAL_SEAL | LX_F_SEAL_SHRINK | LX_F_SEAL_GROW | LX_F_SEAL_WRITE |
                           LX_F_SEAL_FUTURE_WRITE | LX_F_SEAL_EXEC;
    struct tmpfs_inode *node = tmpfs_inode(file->inode);
    if (!file_writable(file))
        return -LX_EPERM;
    if (seals & ~known)
        return -LX_EINVAL;
    if (node->seals & LX_F_SEAL_SEAL)
        return -LX_EPERM;
    if (seals & LX_F_SEAL_WRITE && !(node->seals & LX_F_SEAL_WRITE) && is_mapped_writable(node))
        return -LX_EBUSY;
    /* What may be executed and shall stay as it is, is not changed either. */
    if (seals & LX_F_SEAL_EXEC && file->inode->mode & LX_S_IXUGO)
        seals |= LX_F_SEAL_SHRINK | LX_F_SEAL_GROW | LX_F_SEAL_WRITE | LX_F_SEAL_FUTURE_WRITE;
    node->seals |= seals;
    return 0;
}

/* The instance that memfds live on. */
static long get_memory_mount(struct vfs *vfs, struct mount **out)
{
    if (!vfs->memory) {
        long err = vfs_mount_internal(vfs, &tmpfs_filesystem, &vfs->memory);
        if (err)
            return err;
        struct tmpfs *fs = vfs->memory->sb->fs_data;
        fs->max_pages = 0;
        fs->max_inodes = 0;
    }
    *out = vfs->memory;
    return 0;
}

static long open_memfd(struct fs_context *context, struct mount *mount, struct dentry *dentry,
                       unsigned flags, struct file **out)
{
    struct inode *inode;
    long err =
        tmpfs_create_inode(context, mount->sb, NULL,
                           LX_S_IFREG | (flags & LX_MFD_NOEXEC_SEAL ? 0666u : 0777u), &inode);
    if (err)
        return err;
    inode->nlink = 0;
    dentry_instantiate(dentry, inode);
    struct tmpfs_inode *node = tmpfs_inode(inode);
    if (flags & LX_MFD_NOEXEC_SEAL)
        node->seals = LX_F_SEAL_EXEC;
    else if (flags & LX_MFD_ALLOW_SEALING)
        node->seals = 0;
    struct file *file;
    err = tmpfs_open(context, inode, LX_O_RDWR | LX_O_LARGEFILE, &file);
    if (err)
        return err;
    struct path path = {mount, dentry};
    file_attach(file, inode, &path);
    *out = file;
    return 0;
}

long memfd_create_file(struct fs_context *context, const char *name, unsigned flags,
                       struct file **out)
{
    struct vfs *vfs = context->vfs;
    if (vfs->file_count >= vfs->file_limit)
        return -LX_ENFILE;
    struct mount *mount;
    long err = get_memory_mount(vfs, &mount);
    if (err)
        return err;
    char shown[LX_NAME_MAX + 1];
    snprintf(shown, sizeof shown, "memfd:%s", name);
    struct dentry *dentry;
    err = dentry_create(mount->root, shown, strlen(shown), &dentry);
    if (err)
        return err;
    dentry->flags |= DENTRY_UNLINKED;
    err = open_memfd(context, mount, dentry, flags, out);
    dentry_put(dentry);
    return err;
}
