/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Holes of tmpfs files: fallocate(2), and lseek(2)'s SEEK_DATA and SEEK_HOLE.
 */
#include <string.h>

#include "abi/errno.h"
#include "fs/tmpfs_internal.h"

/* The bytes [from, to) of one page become zero. */
static void clear_bytes(struct tmpfs_inode *node, uint64_t from, uint64_t to)
{
    frame_t frame = tmpfs_pages_get(&node->pages, from / PAGE_SIZE);
    if (frame != FRAME_NONE && from < to)
        memset((char *)ram_write(node->inode.sb->vfs->ram, frame) + from % PAGE_SIZE, 0, to - from);
}

long tmpfs_punch(struct tmpfs_inode *node, uint64_t offset, uint64_t length)
{
    if (node->seals & (LX_F_SEAL_WRITE | LX_F_SEAL_FUTURE_WRITE))
        return -LX_EPERM;
    uint64_t end = offset + length;
    uint64_t first = PAGE_ALIGN_UP(offset), last = PAGE_ALIGN_DOWN(end);
    if (first > last) { /* within one page */
        clear_bytes(node, offset, end);
        return 0;
    }
    clear_bytes(node, offset, first);
    clear_bytes(node, last, end);
    if (first < last) {
        uint64_t count = (last - first) / PAGE_SIZE;
        vm_object_punch_pages(&node->object, first / PAGE_SIZE, count);
        tmpfs_drop_pages(node, first / PAGE_SIZE, last / PAGE_SIZE - 1);
    }
    return 0;
}

/* What was allocated twice is data, for Linux. */
static void count_as_data(struct tmpfs_inode *node, uint64_t first, uint64_t last)
{
    uint64_t i = first;
    while (node->pages.unwritten > 0 && (i = tmpfs_pages_find(&node->pages, i, true)) <= last &&
           i != TMPFS_PAGES_END)
        tmpfs_pages_mark(&node->pages, i++, false);
}

/* Frames for all of [offset, end): looked for first, so that nothing is made when there are not
 * enough. */
static long fill(struct tmpfs_inode *node, uint64_t offset, uint64_t end)
{
    struct tmpfs *fs = tmpfs_of(&node->inode);
    uint64_t first = offset / PAGE_SIZE, last = (end - 1) / PAGE_SIZE;
    uint64_t limit = ram_free(node->inode.sb->vfs->ram);
    if (fs->max_pages)
        limit = MIN(limit, fs->max_pages - MIN(fs->pages, fs->max_pages));
    uint64_t wanted = last - first + 1;
    if (wanted > node->pages.count && wanted - node->pages.count > limit)
        return -LX_ENOSPC;
    uint64_t missing = 0;
    for (uint64_t i = first; (i = tmpfs_pages_find(&node->pages, i, false)) <= last; i++)
        if (++missing > limit)
            return -LX_ENOSPC;
    count_as_data(node, first, last);
    for (uint64_t i = first; (i = tmpfs_pages_find(&node->pages, i, false)) <= last; i++) {
        frame_t frame;
        long err = tmpfs_make_page(node, i, &frame);
        if (err)
            return err;
        tmpfs_pages_mark(&node->pages, i, true);
    }
    return 0;
}

long tmpfs_allocate(struct file *file, unsigned mode, uint64_t offset, uint64_t length)
{
    struct tmpfs_inode *node = tmpfs_inode(file->inode);
    if (mode & ~(LX_FALLOC_FL_KEEP_SIZE | LX_FALLOC_FL_PUNCH_HOLE))
        return -LX_EOPNOTSUPP;
    if (mode & LX_FALLOC_FL_PUNCH_HOLE) {
        long err = tmpfs_punch(node, offset, length);
        if (!err)
            err = file_modified(file);
        return err;
    }
    uint64_t end = offset + length;
    if (node->seals & LX_F_SEAL_GROW && end > node->inode.size)
        return -LX_EPERM;
    long err = fill(node, offset, end);
    if (err)
        return err;
    if (!(mode & LX_FALLOC_FL_KEEP_SIZE) && end > node->inode.size)
        node->inode.size = end;
    return file_modified(file);
}

/* Where data or a hole begins at or after `offset`, which is below the size. Pages that only
 * fallocate(2) made are a hole until they are written or touched through a mapping. */
static int64_t find_kind(const struct tmpfs_inode *node, uint64_t offset, bool data)
{
    uint64_t index = tmpfs_pages_find_data(&node->pages, offset / PAGE_SIZE, data);
    uint64_t size = node->inode.size;
    if (index == TMPFS_PAGES_END || index > (size - 1) / PAGE_SIZE)
        return data ? -LX_ENXIO : (int64_t)size;
    return (int64_t)MAX(offset, index * PAGE_SIZE);
}

static long move_to(struct file *file, int64_t base, int64_t offset)
{
    int64_t pos;
    if (__builtin_add_overflow(base, offset, &pos))
        return -LX_EOVERFLOW;
    if (pos < 0)
        return -LX_EINVAL;
    file->pos = (uint64_t)pos;
    return pos;
}

long tmpfs_seek(struct file *file, int64_t offset, int whence)
{
    struct tmpfs_inode *node = tmpfs_inode(file->inode);
    switch (whence) {
    case LX_SEEK_SET:
        return move_to(file, 0, offset);
    case LX_SEEK_CUR:
        return move_to(file, (int64_t)file->pos, offset);
    case LX_SEEK_END:
        return move_to(file, (int64_t)node->inode.size, offset);
    default:
        break;
    }
    if (offset < 0 || (uint64_t)offset >= node->inode.size)
        return -LX_ENXIO;
    int64_t pos = find_kind(node, (uint64_t)offset, whence == LX_SEEK_DATA);
    return pos < 0 ? pos : move_to(file, 0, pos);
}
