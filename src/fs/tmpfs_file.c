/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Regular files of tmpfs: reading, writing, sizes. A page without a frame is a hole. Invariant:
 * bytes behind the end in the last page are zero, unless a mapping wrote there.
 */
#include <string.h>

#include "abi/errno.h"
#include "fs/tmpfs_internal.h"
#include "vfs/vfs.h"

static const struct file_ops file_ops;

void tmpfs_init_file(struct tmpfs_inode *node)
{
    node->object.ops = &tmpfs_object_ops;
    list_init(&node->object.mappings);
    node->seals = LX_F_SEAL_SEAL;
}

static void count_pages(struct tmpfs_inode *node)
{
    node->inode.blocks = node->pages.count * (PAGE_SIZE / 512);
}

void tmpfs_drop_pages(struct tmpfs_inode *node, uint64_t first, uint64_t last)
{
    struct vfs *vfs = node->inode.sb->vfs;
    uint64_t before = node->pages.count;
    if (before == 0)
        return;
    tmpfs_pages_drop(&node->pages, vfs->arena, vfs->ram, first, last);
    tmpfs_of(&node->inode)->pages -= before - node->pages.count;
    count_pages(node);
}

/* A new page in a hole. `zero`: its bytes are; else the caller writes all of them at once. */
static long add_page(struct tmpfs_inode *node, uint64_t index, bool zero, frame_t *out)
{
    struct tmpfs *fs = tmpfs_of(&node->inode);
    struct vfs *vfs = node->inode.sb->vfs;
    if (fs->max_pages && fs->pages >= fs->max_pages)
        return -LX_ENOSPC;
    frame_t frame;
    long err = zero ? ram_alloc(vfs->ram, &frame) : ram_alloc_dirty(vfs->ram, &frame);
    if (err)
        return -LX_ENOMEM;
    err = tmpfs_pages_set(&node->pages, vfs->arena, index, frame);
    if (err) {
        ram_put(vfs->ram, frame);
        return err;
    }
    fs->pages++;
    count_pages(node);
    *out = frame;
    return 0;
}

long tmpfs_make_page(struct tmpfs_inode *node, uint64_t index, frame_t *out)
{
    frame_t frame = tmpfs_pages_get(&node->pages, index);
    if (frame == FRAME_NONE)
        return add_page(node, index, true, out);
    tmpfs_pages_mark(&node->pages, index, false);
    *out = frame;
    return 0;
}

static ssize_t file_read_at_op(struct file *file, struct uio *out, uint64_t offset)
{
    struct tmpfs_inode *node = tmpfs_inode(file->inode);
    struct ram *ram = file->vfs->ram;
    ssize_t total = 0;
    while (uio_remaining(out) > 0 && offset < node->inode.size) {
        uint64_t within = offset % PAGE_SIZE;
        uint64_t size = MIN(PAGE_SIZE - within, node->inode.size - offset);
        size = MIN(size, uio_remaining(out));
        frame_t frame = tmpfs_pages_get(&node->pages, offset / PAGE_SIZE);
        ssize_t n;
        if (frame == FRAME_NONE)
            n = uio_put_zeros(out, size);
        else
            n = uio_put(out, (const char *)ram_read(ram, frame) + within, size);
        if (n < 0)
            return total ? total : n;
        total += n;
        offset += (uint64_t)n;
        if ((uint64_t)n < size)
            break;
    }
    file_accessed(file);
    return total;
}

/* Part of one page. Bytes. */
static ssize_t write_page(struct tmpfs_inode *node, struct uio *in, uint64_t offset, uint64_t size)
{
    struct ram *ram = node->inode.sb->vfs->ram;
    uint64_t index = offset / PAGE_SIZE, within = offset % PAGE_SIZE;
    frame_t frame = tmpfs_pages_get(&node->pages, index);
    bool fresh = frame == FRAME_NONE;
    if (fresh) {
        long err = add_page(node, index, size < PAGE_SIZE, &frame);
        if (err)
            return err;
    }
    tmpfs_pages_mark(&node->pages, index, false);
    char *bytes = ram_write(ram, frame);
    ssize_t n = uio_take(in, bytes + within, size);
    if (fresh && n < (ssize_t)size) {
        /* Nothing or not all came: no bytes of an earlier owner stay visible. */
        size_t done = n > 0 ? (size_t)n : 0;
        if (size == PAGE_SIZE)
            memset(bytes + done, 0, PAGE_SIZE - done);
        if (done == 0)
            tmpfs_drop_pages(node, index, index);
    }
    return n;
}

/*
 * memfd_create(2): what the seals forbid. Linux: of a write that would let the file grow, the pages
 * before the one that would are written (guest/file/memfd). How many bytes may be written at
 * `offset`, or -LX_EPERM.
 */
static long sealed_room(const struct tmpfs_inode *node, uint64_t offset, uint64_t size)
{
    if (node->seals & (LX_F_SEAL_WRITE | LX_F_SEAL_FUTURE_WRITE))
        return -LX_EPERM;
    if (!(node->seals & LX_F_SEAL_GROW) || offset + size <= node->inode.size)
        return (long)size;
    uint64_t end = node->inode.size & PAGE_MASK;
    return end > offset ? (long)(end - offset) : -LX_EPERM;
}

static ssize_t file_write_at_op(struct file *file, struct uio *in, uint64_t offset)
{
    struct tmpfs_inode *node = tmpfs_inode(file->inode);
    if (uio_remaining(in) == 0)
        return 0;
    long room = sealed_room(node, offset, uio_remaining(in));
    long err = room < 0 ? room : file_modified(file);
    if (err)
        return err;
    ssize_t total = 0;
    while (total < room) {
        uint64_t size = MIN(PAGE_SIZE - offset % PAGE_SIZE, (uint64_t)(room - total));
        ssize_t n = write_page(node, in, offset, size);
        if (n < 0)
            return total ? total : n;
        total += n;
        offset += (uint64_t)n;
        if (offset > node->inode.size)
            node->inode.size = offset;
        if ((uint64_t)n < size)
            break;
    }
    return total;
}

/* --- sizes --- */

/* The bytes from `size` on to the end of its page become zero. */
static void clear_tail(struct tmpfs_inode *node, uint64_t size)
{
    uint64_t within = size % PAGE_SIZE;
    frame_t frame = within ? tmpfs_pages_get(&node->pages, size / PAGE_SIZE) : FRAME_NONE;
    if (frame != FRAME_NONE)
        memset((char *)ram_write(node->inode.sb->vfs->ram, frame) + within, 0, PAGE_SIZE - within);
}

static long set_size(struct tmpfs_inode *node, uint64_t size)
{
    uint64_t old = node->inode.size;
    if (size < old && node->seals & LX_F_SEAL_SHRINK)
        return -LX_EPERM;
    if (size > old && node->seals & LX_F_SEAL_GROW)
        return -LX_EPERM;
    node->inode.size = size;
    if (size > old) {
        clear_tail(node, old);
    } else { /* what was allocated beyond the end goes also where the size stays */
        uint64_t first = PAGE_ALIGN_UP(size) / PAGE_SIZE;
        vm_object_unmap_pages(&node->object, first, UINT64_MAX - first);
        tmpfs_drop_pages(node, first, UINT64_MAX);
        clear_tail(node, size);
    }
    return 0;
}

long tmpfs_setattr(struct fs_context *context, struct inode *inode, const struct attr *attr)
{
    (void)context;
    if (attr->valid & ATTR_MODE && tmpfs_inode(inode)->seals & LX_F_SEAL_EXEC &&
        (inode->mode ^ attr->mode) & LX_S_IXUGO)
        return -LX_EPERM;
    if (attr->valid & ATTR_SIZE) {
        if (!LX_S_ISREG(inode->mode))
            return -LX_EINVAL;
        long err = set_size(tmpfs_inode(inode), attr->size);
        if (err)
            return err;
    }
    inode_apply_attr(inode, attr);
    return 0;
}

/* --- the open file --- */

static long file_sync_op(struct file *file, bool data_only)
{
    (void)file, (void)data_only;
    return 0;
}

static void file_release(struct file *file)
{
    arena_free(file->vfs->arena, file);
}

static const struct file_ops file_ops = {
    .read_at = file_read_at_op,
    .write_at = file_write_at_op,
    .seek = tmpfs_seek,
    .map = tmpfs_map,
    .sync = file_sync_op,
    .allocate = tmpfs_allocate,
    .get_seals = tmpfs_get_seals,
    .add_seals = tmpfs_add_seals,
    .release = file_release,
    .direct = true,
};

long tmpfs_open(struct fs_context *context, struct inode *inode, unsigned flags, struct file **out)
{
    struct file *file = arena_alloc(context->vfs->arena, sizeof *file);
    if (!file)
        return -LX_ENOMEM;
    file_init(file, context->vfs, &file_ops, flags);
    if (flags & LX___O_TMPFILE && !(flags & LX_O_EXCL))
        inode->flags |= INODE_LINKABLE;
    *out = file;
    return 0;
}

const struct inode_ops tmpfs_file_ops = {
    .open = tmpfs_open,
    .setattr = tmpfs_setattr,
    .get_xattr = tmpfs_get_xattr,
    .set_xattr = tmpfs_set_xattr,
    .list_xattr = tmpfs_list_xattr,
    .release = tmpfs_release_inode,
};
