/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /proc/PID/mem (proc(5)): the memory of a process by its addresses. Who may open it reads and
 * writes what the process itself must not: pages without rights, private pages that are read-only.
 */
#include "procfs/internal.h"

#include <string.h>

struct mm *proc_memory_of(struct file *file)
{
    struct proc_view view;
    if (proc_view_of(proc_inode(file->inode), &view) || !view.task || proc_is_outdated(file, &view))
        return NULL;
    return view.task->mm;
}

/* Host memory for the bytes from `at` to the end of its page, or NULL. */
static char *window(struct mm *mm, gva_t at, bool write)
{
    frame_t frame;
    if (mm_frame_forced(mm, at, write, &frame))
        return NULL;
    char *page = write ? ram_write(mm->ram, frame) : (char *)ram_base(mm->ram) + ram_phys(frame);
    return page + (at & ~PAGE_MASK);
}

/* Linux: nothing at the first address is -EIO, a bad buffer -EFAULT (guest/proc/mem). */
static ssize_t memory_move(struct file *file, struct uio *uio, uint64_t offset, bool write)
{
    struct mm *mm = proc_memory_of(file);
    size_t done = 0;
    while (mm && uio_remaining(uio)) {
        gva_t at = offset + done;
        char page[PAGE_SIZE];
        size_t want = MIN(uio_remaining(uio), PAGE_SIZE - (at & ~PAGE_MASK));
        ssize_t n = write ? uio_take(uio, page, want) : (ssize_t)want;
        if (n <= 0)
            return done ? (ssize_t)done : n;
        char *bytes = window(mm, at, write);
        if (!bytes)
            return done ? (ssize_t)done : -LX_EIO;
        if (write)
            memcpy(bytes, page, (size_t)n);
        else
            memcpy(page, bytes, want);
        if (!write)
            n = uio_put(uio, page, want);
        if (n < 0)
            return done ? (ssize_t)done : n;
        done += (size_t)n;
        if ((size_t)n < want)
            break;
    }
    return (ssize_t)done;
}

static ssize_t memory_read(struct file *file, struct uio *out, uint64_t offset)
{
    return memory_move(file, out, offset, false);
}

static ssize_t memory_write(struct file *file, struct uio *in, uint64_t offset)
{
    return memory_move(file, in, offset, true);
}

long proc_memory_seek(struct file *file, int64_t offset, int whence)
{
    if (whence > LX_SEEK_CUR)
        return -LX_EINVAL;
    file->pos = (whence == LX_SEEK_CUR ? file->pos : 0) + (uint64_t)offset;
    return (long)file->pos;
}

const struct file_ops proc_memory_ops = {
    .read_at = memory_read,
    .write_at = memory_write,
    .seek = proc_memory_seek,
    .release = proc_release_file,
    .no_splice_read = true,
    .no_splice_write = true,
};
