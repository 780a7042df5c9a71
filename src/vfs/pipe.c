/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pipes and FIFOs: a ring of page-sized slots (pipe(7), fifo(7)).
 *
 * A write fills up the last slot before it takes new ones, but a write of at most PIPE_BUF bytes
 * waits until all of it fits: so it is never mixed with another. A pipe lives as long as an open
 * file has it; a FIFO's inode points to it meanwhile.
 */
#include "vfs/pipe.h"

#include <stdio.h>
#include <string.h>

#include "abi/capability.h"
#include "abi/errno.h"
#include "abi/ioctl.h"
#include "abi/poll.h"
#include "abi/signal.h"
#include "mem/uaccess.h"
#include "vfs/anon.h"
#include "vfs/async.h"
#include "vfs/mount.h"
#include "vfs/pipe_internal.h"

static const struct file_ops pipe_ops;

bool file_is_pipe(const struct file *file)
{
    return file->ops == &pipe_ops;
}

struct pipe_file *pipe_file_of(const struct file *file)
{
    return container_of((struct file *)(uintptr_t)file, struct pipe_file, file);
}

struct pipe *file_pipe(const struct file *file)
{
    return pipe_file_of(file)->pipe;
}

void pipe_wake_readers(struct pipe *pipe)
{
    wait_queue_wake_one(pipe->vfs->sched, &pipe->read_queue, LX_POLLIN | LX_POLLRDNORM);
}

void pipe_wake_writers(struct pipe *pipe)
{
    wait_queue_wake_one(pipe->vfs->sched, &pipe->write_queue, LX_POLLOUT | LX_POLLWRNORM);
}

void pipe_drop_first(struct pipe *pipe)
{
    struct pipe_slot *slot = pipe_slot_at(pipe, 0);
    ram_put(pipe->vfs->ram, slot->frame);
    *slot = (struct pipe_slot){0};
    pipe->head = (pipe->head + 1) & (pipe->room - 1);
    pipe->used--;
}

/* --- reading --- */

static ssize_t read_now(struct file *file, struct uio *out)
{
    struct pipe *pipe = file_pipe(file);
    ssize_t total = 0;
    bool was_full = pipe->used == pipe->room;
    while (pipe->used > 0 && uio_remaining(out) > 0) {
        struct pipe_slot *slot = pipe_slot_at(pipe, 0);
        bool packet = slot->packet;
        size_t size = MIN(slot->length, uio_remaining(out));
        const uint8_t *bytes = ram_read(pipe->vfs->ram, slot->frame);
        ssize_t n = uio_put(out, bytes + slot->offset, size);
        /* A part that meets bad memory stays whole (guest/pipe/atomic). */
        if (n < (ssize_t)size)
            return total ? total : -LX_EFAULT;
        total += n;
        slot->offset = (uint16_t)(slot->offset + n);
        slot->length = (uint16_t)(slot->length - n);
        if (slot->length == 0 || packet)
            pipe_drop_first(pipe);
        if (packet)
            break;
    }
    if (total) {
        if (was_full && pipe->used < pipe->room)
            pipe_wake_writers(pipe);
        file_accessed(file);
        return total;
    }
    if (pipe->writers == 0)
        return 0;
    return file_wait(file, &pipe->read_queue);
}

/* Linux: O_ASYNC's signals come with each call, whatever it moved (guest/file/async_signal). */
static ssize_t pipe_read(struct file *file, struct uio *out)
{
    if (uio_remaining(out) == 0)
        return 0;
    ssize_t n = read_now(file, out);
    if (n != BLOCKED)
        async_signal(&file_pipe(file)->async_writers, LX_POLL_OUT);
    return n;
}

/* --- writing --- */

/* Bytes that the last slot still takes. */
static size_t room_in_last(struct pipe *pipe, bool packet)
{
    if (pipe->used == 0 || packet)
        return 0;
    const struct pipe_slot *last = pipe_slot_at(pipe, pipe->used - 1);
    if (last->packet || last->shared)
        return 0;
    return PAGE_SIZE - last->offset - last->length;
}

/* Append up to a page to a slot of its own. Bytes. */
static ssize_t write_slot(struct pipe *pipe, struct uio *in, bool packet)
{
    frame_t frame;
    long err = ram_alloc_dirty(pipe->vfs->ram, &frame);
    if (err)
        return err;
    size_t size = MIN(uio_remaining(in), PAGE_SIZE);
    ssize_t n = uio_take(in, ram_write(pipe->vfs->ram, frame), size);
    if (n < (ssize_t)size) {
        ram_put(pipe->vfs->ram, frame);
        return -LX_EFAULT;
    }
    struct pipe_slot *slot = pipe_slot_at(pipe, pipe->used++);
    *slot = (struct pipe_slot){.frame = frame, .length = (uint16_t)n, .packet = packet};
    return n;
}

static ssize_t append_to_last(struct pipe *pipe, struct uio *in, size_t size)
{
    struct pipe_slot *last = pipe_slot_at(pipe, pipe->used - 1);
    uint8_t *bytes = ram_write(pipe->vfs->ram, last->frame);
    ssize_t n = uio_take(in, bytes + last->offset + last->length, size);
    if (n < (ssize_t)size)
        return -LX_EFAULT;
    last->length = (uint16_t)(last->length + n);
    return n;
}

/* As much as fits. Bytes, or an error when there were none. */
static ssize_t fill_pipe(struct pipe *pipe, struct uio *in, bool packet)
{
    ssize_t total = 0;
    /* Only the part beyond whole pages is merged, and only if it fits whole: so does Linux
     * (guest/pipe/merge). */
    size_t tail = uio_remaining(in) % PAGE_SIZE;
    if (tail && tail <= room_in_last(pipe, packet)) {
        ssize_t n = append_to_last(pipe, in, tail);
        if (n < 0)
            return n;
        total = n;
    }
    while (uio_remaining(in) > 0 && pipe->used < pipe->room) {
        ssize_t n = write_slot(pipe, in, packet);
        if (n < 0)
            return total ? total : n;
        total += n;
    }
    return total;
}

/* May any of it be written now? */
static bool fits(struct pipe *pipe, uint64_t size, bool packet)
{
    size_t tail = size % PAGE_SIZE;
    return pipe->used < pipe->room || (tail && tail <= room_in_last(pipe, packet));
}

static ssize_t write_now(struct file *file, struct uio *in)
{
    struct pipe *pipe = file_pipe(file);
    bool packet = file->flags & LX_O_DIRECT;
    if (pipe->readers == 0)
        return -LX_EPIPE;
    ssize_t total = 0;
    if (fits(pipe, uio_remaining(in), packet)) {
        bool was_empty = pipe->used == 0;
        total = fill_pipe(pipe, in, packet);
        if (total <= 0)
            return total;
        if (was_empty || !list_empty(&pipe->read_queue.waiters))
            pipe_wake_readers(pipe);
        (void)!file_modified(file);
        if (uio_remaining(in) == 0 || pipe->used < pipe->room)
            return total;
    }
    if (file->flags & LX_O_NONBLOCK)
        return total ? total : -LX_EAGAIN;
    return file_wait(file, &pipe->write_queue); /* what was written counts in in->done */
}

static ssize_t pipe_write(struct file *file, struct uio *in)
{
    if (uio_remaining(in) == 0)
        return 0;
    ssize_t n = write_now(file, in);
    /* Linux: who polls hears of a write that fails, too (guest/poll/epoll_order). */
    if (n == -LX_EAGAIN || n == -LX_EFAULT)
        pipe_wake_readers(file_pipe(file));
    async_signal(&file_pipe(file)->async_readers, LX_POLL_IN);
    return n;
}

/* --- the rest of the open file --- */

static unsigned pipe_poll(struct file *file, struct poll_table *table)
{
    struct pipe *pipe = file_pipe(file);
    unsigned events = 0;
    if (file_readable(file)) {
        poll_wait(table, file, &pipe->read_queue);
        if (pipe->used > 0)
            events |= LX_POLLIN | LX_POLLRDNORM;
        if (pipe->writers == 0 && !fifo_awaits_writer(file))
            events |= LX_POLLHUP;
    }
    if (file_writable(file)) {
        poll_wait(table, file, &pipe->write_queue);
        if (pipe->used < pipe->room)
            events |= LX_POLLOUT | LX_POLLWRNORM;
        if (pipe->readers == 0)
            events |= LX_POLLERR;
    }
    return events;
}

static long pipe_ioctl(struct file *file, struct mm *mm, unsigned request, uint64_t arg)
{
    struct pipe *pipe = file_pipe(file);
    if (request != LX_FIONREAD)
        return -LX_ENOTTY;
    int32_t bytes = 0;
    for (unsigned i = 0; i < pipe->used; i++)
        bytes += pipe_slot_at(pipe, i)->length;
    return user_put(mm, arg, &bytes);
}

static void destroy_pipe(struct pipe *pipe)
{
    struct vfs *vfs = pipe->vfs;
    while (pipe->used > 0)
        pipe_drop_first(pipe);
    wait_queue_fini(vfs->sched, &pipe->read_queue);
    wait_queue_fini(vfs->sched, &pipe->write_queue);
    wait_queue_fini(vfs->sched, &pipe->opens);
    vfs->pipe_pages -= pipe->room;
    arena_free(vfs->arena, pipe->slots);
    arena_free(vfs->arena, pipe);
}

void pipe_put(struct pipe *pipe, struct inode *inode)
{
    if (--pipe->refs > 0)
        return;
    if (inode && inode->pipe == pipe)
        inode->pipe = NULL;
    destroy_pipe(pipe);
}

static void pipe_release(struct file *file)
{
    struct pipe *pipe = file_pipe(file);
    if (file_readable(file))
        pipe->readers--;
    if (file_writable(file))
        pipe->writers--;
    struct sched *sched = file->vfs->sched;
    if (!pipe->readers != !pipe->writers) { /* one side has ended, the other not */
        wait_queue_wake_all(sched, &pipe->read_queue, LX_POLLIN | LX_POLLRDNORM | LX_POLLHUP);
        wait_queue_wake_all(sched, &pipe->write_queue, LX_POLLOUT | LX_POLLWRNORM | LX_POLLERR);
        async_signal(&pipe->async_readers, LX_POLL_IN);
        async_signal(&pipe->async_writers, LX_POLL_OUT);
    }
    pipe_put(pipe, file->inode);
    arena_free(file->vfs->arena, container_of(file, struct pipe_file, file));
}

static struct list *pipe_async(struct file *file, unsigned which)
{
    struct pipe *pipe = file_pipe(file);
    if (which == 0)
        return file_readable(file) ? &pipe->async_readers : NULL;
    return file_writable(file) ? &pipe->async_writers : NULL;
}

static const struct file_ops pipe_ops = {
    .read = pipe_read,
    .write = pipe_write,
    .poll = pipe_poll,
    .ioctl = pipe_ioctl,
    .async = pipe_async,
    .release = pipe_release,
    .direct = true,
};

/* --- making one --- */

long pipe_alloc(struct vfs *vfs, const struct cred *cred, struct pipe **out)
{
    unsigned room = PIPE_DEFAULT_PAGES;
    if (vfs->pipe_pages + room > vfs->pipe_pages_limit && !cred_capable(cred, LX_CAP_SYS_RESOURCE))
        room = 2;
    struct pipe *pipe = arena_alloc(vfs->arena, sizeof *pipe);
    if (!pipe)
        return -LX_ENOMEM;
    pipe->slots = arena_alloc(vfs->arena, room * sizeof *pipe->slots);
    if (!pipe->slots) {
        arena_free(vfs->arena, pipe);
        return -LX_ENOMEM;
    }
    pipe->vfs = vfs;
    pipe->room = room;
    vfs->pipe_pages += room;
    wait_queue_init(&pipe->read_queue);
    wait_queue_init(&pipe->write_queue);
    wait_queue_init(&pipe->opens);
    list_init(&pipe->async_readers);
    list_init(&pipe->async_writers);
    *out = pipe;
    return 0;
}

long pipe_open_end(struct vfs *vfs, struct pipe *pipe, unsigned flags, struct file **out)
{
    struct pipe_file *end = arena_alloc(vfs->arena, sizeof *end);
    if (!end)
        return -LX_ENOMEM;
    file_init(&end->file, vfs, &pipe_ops, flags);
    end->file.nowait = true;
    end->file.kind = "pipe";
    end->pipe = pipe;
    pipe->refs++;
    if (file_readable(&end->file)) {
        pipe->readers++;
        pipe->reader_opens++;
    }
    if (file_writable(&end->file)) {
        pipe->writers++;
        pipe->writer_opens++;
    }
    *out = &end->file;
    return 0;
}

static long reopen_pipe(struct fs_context *context, struct inode *inode, unsigned flags,
                        struct file **out)
{
    return fifo_open(context, inode, flags, out);
}

static void pipe_inode_release(struct inode *inode)
{
    struct arena *arena = inode->sb->vfs->arena;
    inode_fini(inode);
    arena_free(arena, inode);
}

static const struct inode_ops pipe_inode_ops = {
    .open = reopen_pipe,
    .release = pipe_inode_release,
};

static long create_inode(struct vfs *vfs, const struct cred *cred, struct inode **out)
{
    struct inode *inode = arena_alloc(vfs->arena, sizeof *inode);
    if (!inode)
        return -LX_ENOMEM;
    long err =
        inode_init(inode, vfs->pipes->sb, &pipe_inode_ops, LX_S_IFIFO | 0600, anon_next_ino(vfs));
    if (err) {
        arena_free(vfs->arena, inode);
        return err;
    }
    inode->uid = cred->fsuid;
    inode->gid = cred->fsgid;
    *out = inode;
    return 0;
}

/* Both ends share inode and dentry. */
static long attach_ends(struct file *ends[2], struct inode *inode)
{
    char name[40];
    snprintf(name, sizeof name, "pipe:[%llu]", (unsigned long long)inode->ino);
    long err = anon_attach(ends[0], inode, name);
    if (err)
        return err;
    struct path path = {ends[0]->mount, ends[0]->dentry};
    file_attach(ends[1], ends[0]->inode, &path);
    return 0;
}

long pipe_create(struct vfs *vfs, const struct cred *cred, unsigned flags, struct file *ends[2])
{
    if (vfs->file_count + 2 > vfs->file_limit)
        return -LX_ENFILE;
    struct inode *inode;
    long err = create_inode(vfs, cred, &inode);
    if (err)
        return err;
    struct pipe *pipe;
    err = pipe_alloc(vfs, cred, &pipe);
    if (err) {
        inode_put(inode);
        return err;
    }
    pipe->refs = 1; /* ours, until both ends are there */
    inode->pipe = pipe;
    err = pipe_open_end(vfs, pipe, (flags & LX_O_NONBLOCK) | LX_O_RDONLY, &ends[0]);
    if (err)
        goto out_put_inode;
    err = pipe_open_end(vfs, pipe, (flags & (LX_O_NONBLOCK | LX_O_DIRECT)) | LX_O_WRONLY, &ends[1]);
    if (err)
        goto out_put_read;
    err = attach_ends(ends, inode);
    if (!err) {
        pipe->refs--;
        return 0;
    }
    inode = NULL; /* consumed */
    file_put(ends[1]);
out_put_read:
    file_put(ends[0]);
out_put_inode:
    pipe_put(pipe, inode);
    if (inode)
        inode_put(inode);
    return err;
}

/* --- size --- */

long pipe_get_size(struct file *file)
{
    if (!file_is_pipe(file))
        return -LX_EBADF;
    return (long)(file_pipe(file)->room * PAGE_SIZE);
}

static unsigned pages_for(uint64_t size)
{
    unsigned pages = 1;
    while (pages * PAGE_SIZE < size)
        pages *= 2;
    return pages;
}

long pipe_set_size(struct file *file, uint64_t size, const struct cred *cred)
{
    if (!file_is_pipe(file))
        return -LX_EBADF;
    struct pipe *pipe = file_pipe(file);
    struct vfs *vfs = pipe->vfs;
    if (size > UINT64_C(1) << 31)
        return -LX_EINVAL;
    unsigned pages = pages_for(size);
    bool privileged = cred_capable(cred, LX_CAP_SYS_RESOURCE);
    if (pages > pipe->room && pages * PAGE_SIZE > PIPE_MAX_SIZE && !privileged)
        return -LX_EPERM;
    uint64_t total = vfs->pipe_pages - pipe->room + pages;
    if (pages > pipe->room && total > vfs->pipe_pages_limit && !privileged)
        return -LX_EPERM;
    if (pages < pipe->used)
        return -LX_EBUSY;
    struct pipe_slot *slots = arena_alloc(vfs->arena, pages * sizeof *slots);
    if (!slots)
        return -LX_ENOMEM;
    for (unsigned i = 0; i < pipe->used; i++)
        slots[i] = *pipe_slot_at(pipe, i);
    arena_free(vfs->arena, pipe->slots);
    bool grown = pages > pipe->room;
    vfs->pipe_pages = total;
    pipe->slots = slots;
    pipe->room = pages;
    pipe->head = 0;
    if (grown)
        pipe_wake_writers(pipe);
    return (long)(pages * PAGE_SIZE);
}
