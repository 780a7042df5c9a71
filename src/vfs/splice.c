/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bytes from file to file within the kernel: sendfile(2), copy_file_range(2), splice(2), tee(2).
 *
 * Pages between pipes change hands; all else is copied through a buffer. A file that would have to
 * wait is first tried as if it were O_NONBLOCK; only when nothing has been moved yet the call
 * waits: so nothing is lost when it is called again.
 */
#include <string.h>

#include "abi/errno.h"
#include "abi/signal.h"
#include "vfs/async.h"
#include "vfs/file_attr.h"
#include "vfs/mount.h"
#include "vfs/pipe_internal.h"

/* Bytes moved before it is asked whether that shall end. */
#define BYTES_UNASKED (1 << 18)
/* What is copied at once; a divisor of that. */
#define LARGE_BUFFER (1 << 16)

/* Where one side of a copy stands: an offset of the caller's, or the file's own position. */
struct side {
    struct file *file;
    int64_t *offset; /* NULL: the file's position */
};

static void tell_readers(struct pipe *pipe)
{
    pipe_wake_readers(pipe);
    async_signal(&pipe->async_readers, LX_POLL_IN);
}

static void tell_writers(struct pipe *pipe)
{
    pipe_wake_writers(pipe);
    async_signal(&pipe->async_writers, LX_POLL_OUT);
}

static ssize_t read_side(const struct side *side, struct uio *uio)
{
    if (!side->offset)
        return file_read(side->file, uio, 0);
    ssize_t n = file_read_at(side->file, uio, *side->offset, 0);
    if (n > 0)
        *side->offset += n;
    return n;
}

static ssize_t write_side(const struct side *side, struct uio *uio, uint64_t size_limit)
{
    if (!side->offset)
        return file_write(side->file, uio, 0, size_limit);
    ssize_t n = file_write_at(side->file, uio, *side->offset, 0, size_limit);
    if (n > 0)
        *side->offset += n;
    return n;
}

/* Without waiting unless `may_wait`. */
static ssize_t read_bytes(const struct side *side, void *to, size_t size, bool may_wait)
{
    struct uio uio;
    uio_init_kernel(&uio, to, size);
    unsigned flags = side->file->flags;
    side->file->flags |= LX_O_NONBLOCK;
    ssize_t n = read_side(side, &uio);
    side->file->flags = flags;
    if (n != -LX_EAGAIN || !may_wait || flags & LX_O_NONBLOCK)
        return n;
    uio_init_kernel(&uio, to, size);
    return read_side(side, &uio);
}

static ssize_t write_bytes(const struct side *side, const void *from, size_t size, bool may_wait,
                           uint64_t size_limit)
{
    struct uio uio;
    uio_init_kernel(&uio, (void *)(uintptr_t)from, size);
    unsigned flags = side->file->flags;
    side->file->flags |= LX_O_NONBLOCK;
    ssize_t n = write_side(side, &uio, size_limit);
    side->file->flags = flags;
    if (n != -LX_EAGAIN || !may_wait || flags & LX_O_NONBLOCK)
        return n;
    uio_init_kernel(&uio, (void *)(uintptr_t)from, size);
    return write_side(side, &uio, size_limit);
}

/* Step back over bytes that were read and could not be written. */
static void unread(const struct side *side, size_t size)
{
    if (side->offset)
        *side->offset -= (int64_t)size;
    else
        side->file->pos -= size;
}

/* From a file that can be read again (it has a position) to any: up to `size` bytes, or until
 * nothing is read. */
static ssize_t copy_through(void *buffer, size_t buffer_size, const struct side *in,
                            const struct side *out, uint64_t size, uint64_t size_limit)
{
    ssize_t total = 0, unasked = 0;
    while (size > 0) {
        size_t part = MIN(size, buffer_size);
        ssize_t got = read_bytes(in, buffer, part, total == 0);
        if (got <= 0)
            return total ? total : got;
        ssize_t put = write_bytes(out, buffer, (size_t)got, total == 0, size_limit);
        if (put < got)
            unread(in, (size_t)(got - MAX(put, 0)));
        if (put < 0)
            return total ? total : put;
        total += put;
        size -= (uint64_t)put;
        if (put < got)
            break;
        unasked += put;
        if (unasked >= BYTES_UNASKED && host_must_stop(in->file->vfs->host))
            break;
        unasked %= BYTES_UNASKED;
    }
    return total;
}

/* The same, through a large buffer where there is much to copy, and memory for it. */
static ssize_t copy(const struct side *in, const struct side *out, uint64_t size,
                    uint64_t size_limit)
{
    uint8_t page[PAGE_SIZE];
    struct arena *arena = in->file->vfs->arena;
    void *large = size > sizeof page ? arena_alloc(arena, LARGE_BUFFER) : NULL;
    ssize_t n = copy_through(large ? large : page, large ? LARGE_BUFFER : sizeof page, in, out,
                             size, size_limit);
    arena_free(arena, large);
    return n;
}

/* --- sendfile(2), copy_file_range(2) --- */

static bool can_splice_from(const struct file *file)
{
    return (file->ops->read || file->ops->read_at) && !file->ops->no_splice_read &&
           !file_is_pipe(file);
}

static bool can_splice_to(const struct file *file)
{
    return (file->ops->write || file->ops->write_at) && !file->ops->no_splice_write;
}

/* May `size` bytes from `pos` on be asked for at all? */
static long check_range(int64_t pos, uint64_t size)
{
    int64_t end;
    if (size > INT64_MAX || pos < 0 || __builtin_add_overflow(pos, (int64_t)size, &end))
        return -LX_EINVAL;
    return 0;
}

/* How much can be sent from `pos` on, given the sizes that files may have there. */
static long bound_range(const struct file *in, const struct file *out, int64_t pos, uint64_t *size)
{
    uint64_t most = MIN(in->inode ? in->inode->sb->max_bytes : INT64_MAX,
                        out->inode ? out->inode->sb->max_bytes : INT64_MAX);
    if ((uint64_t)pos + *size <= most)
        return 0;
    if ((uint64_t)pos >= most)
        return -LX_EOVERFLOW;
    *size = most - (uint64_t)pos;
    return 0;
}

static long check_copy_range(const struct file *in, const struct file *out)
{
    if (!in->inode || !out->inode)
        return -LX_EINVAL;
    if (LX_S_ISDIR(in->inode->mode) || LX_S_ISDIR(out->inode->mode))
        return -LX_EISDIR;
    if (!LX_S_ISREG(in->inode->mode) || !LX_S_ISREG(out->inode->mode))
        return -LX_EINVAL;
    if (!file_readable(in) || !file_writable(out) || out->flags & LX_O_APPEND)
        return -LX_EBADF;
    return 0;
}

ssize_t file_copy_range(struct file *in, int64_t *in_offset, struct file *out, int64_t *out_offset,
                        uint64_t size, uint64_t size_limit)
{
    long err = check_copy_range(in, out);
    if (err)
        return err;
    uint64_t from = in_offset ? (uint64_t)*in_offset : in->pos;
    uint64_t to = out_offset ? (uint64_t)*out_offset : out->pos;
    if (size > UINT64_MAX - from || size > UINT64_MAX - to)
        return -LX_EOVERFLOW;
    if (from > INT64_MAX || to > INT64_MAX)
        return -LX_EINVAL;
    if (in->inode->sb->type != out->inode->sb->type)
        return -LX_EXDEV;
    /* Linux: also when there is nothing to copy (guest/file/allocate_modes). */
    uint64_t limit = MIN(size_limit, out->inode->sb->max_bytes);
    if (to >= limit)
        return -LX_EFBIG;
    if (from >= in->inode->size)
        return 0;
    size = MIN(size, MIN(in->inode->size - from, limit - to));
    if (in->inode == out->inode && from < to + size && to < from + size)
        return -LX_EINVAL;
    struct side source = {in, in_offset}, target = {out, out_offset};
    return copy(&source, &target, MIN(size, UIO_MAX_BYTES), size_limit);
}

/* --- splice(2) --- */

/* Wait for a pipe's other end, or -LX_EAGAIN. */
static long wait_pipe(struct file *file, struct wait_queue *queue, unsigned flags)
{
    if (flags & LX_SPLICE_F_NONBLOCK)
        return -LX_EAGAIN;
    return file_wait(file, queue);
}

/* 0: there are bytes; 1: there is nothing and nobody writes. Or an error, or BLOCKED. */
static long wait_readable(struct file *file, unsigned flags)
{
    struct pipe *pipe = file_pipe(file);
    if (pipe->used > 0)
        return 0;
    if (pipe->writers == 0)
        return 1;
    return wait_pipe(file, &pipe->read_queue, flags);
}

/* 0: there is a free slot. */
static long wait_room(struct file *file, unsigned flags)
{
    struct pipe *pipe = file_pipe(file);
    if (pipe->readers == 0)
        return -LX_EPIPE;
    if (pipe->used < pipe->room)
        return 0;
    return wait_pipe(file, &pipe->write_queue, flags);
}

/* A page from a file becomes a slot. Bytes. */
static ssize_t read_into_slot(const struct side *in, struct pipe *pipe, size_t size, bool may_wait)
{
    struct ram *ram = pipe->vfs->ram;
    frame_t frame;
    long err = ram_alloc_dirty(ram, &frame);
    if (err)
        return err;
    ssize_t n = read_bytes(in, ram_write(ram, frame), size, may_wait);
    if (n <= 0) {
        ram_put(ram, frame);
        return n;
    }
    *pipe_slot_at(pipe, pipe->used++) =
        (struct pipe_slot){.frame = frame, .length = (uint16_t)n, .shared = true};
    return n;
}

/* A slot holds what is in one page of a file. */
static size_t page_left(const struct side *in)
{
    const struct file *file = in->file;
    if (!file->inode || !LX_S_ISREG(file->inode->mode))
        return PAGE_SIZE;
    uint64_t pos = in->offset ? (uint64_t)*in->offset : file->pos;
    return PAGE_SIZE - pos % PAGE_SIZE;
}

static ssize_t file_to_pipe(const struct side *in, struct file *out, uint64_t size, unsigned flags)
{
    struct pipe *pipe = file_pipe(out);
    long err = wait_room(out, flags);
    if (err || size == 0)
        return err;
    if (!can_splice_from(in->file))
        return -LX_EINVAL;
    ssize_t total = 0;
    while (size > 0 && pipe->used < pipe->room) {
        size_t part = MIN(size, page_left(in));
        bool may_wait = total == 0 && !(flags & LX_SPLICE_F_NONBLOCK);
        ssize_t n = read_into_slot(in, pipe, part, may_wait);
        if (n <= 0) {
            if (total == 0)
                return n;
            break;
        }
        total += n;
        size -= (uint64_t)n;
        if ((size_t)n < part)
            break;
    }
    tell_readers(pipe);
    return total;
}

/* Is the file's position file->pos? A file that is a stream as well keeps its own (the host's open
 * files). */
static bool has_own_position(const struct file *file, bool stream)
{
    return file->seekable && !stream;
}

/* sendfile(2)'s refusals, in Linux's order. `from`: where it would read; *size becomes what may be.
 */
static long check_send(const struct file *in, bool at_offset, const struct file *out, int64_t from,
                       uint64_t *size)
{
    if (at_offset && !in->seekable)
        return -LX_ESPIPE;
    long err = check_range(from, *size);
    if (err)
        return err;
    *size = MIN(*size, UIO_MAX_BYTES);
    if (!out || !file_writable(out))
        return -LX_EBADF;
    err = bound_range(in, out, from, size);
    if (err)
        return err;
    if (file_is_pipe(out))
        return 0;
    bool placed = in->seekable || in->seek_ignored;
    return out->flags & LX_O_APPEND || !placed ? -LX_EINVAL : 0;
}

/* Nothing is left of a file: then Linux does not come to ask where it shall go. */
static bool is_at_end(const struct file *in, int64_t from)
{
    return can_splice_from(in) && in->inode && LX_S_ISREG(in->inode->mode) && in->ops->read_at &&
           (uint64_t)from >= in->inode->size;
}

ssize_t file_send(struct file *in, int64_t *in_offset, struct file *out, uint64_t size,
                  uint64_t size_limit)
{
    if (!in || !file_readable(in))
        return -LX_EBADF;
    int64_t from = in_offset ? *in_offset : (int64_t)in->pos;
    long err = check_send(in, in_offset != NULL, out, from, &size);
    if (err || (size == 0 && !file_is_pipe(out)))
        return err;
    /* Both start where they stand now: they may be one file (guest/file/copy_rules). */
    int64_t to = (int64_t)out->pos;
    bool from_pos = in_offset || has_own_position(in, in->ops->read != NULL);
    bool to_pos = has_own_position(out, out->ops->write != NULL);
    struct side source = {in, from_pos ? &from : NULL};
    struct side target = {out, to_pos ? &to : NULL};
    ssize_t n;
    if (file_is_pipe(out))
        n = file_to_pipe(&source, out, size, out->flags & LX_O_NONBLOCK ? LX_SPLICE_F_NONBLOCK : 0);
    else if (can_splice_from(in) && in->ops->read_at && can_splice_to(out))
        n = copy(&source, &target, size, size_limit);
    else
        n = is_at_end(in, from) ? 0 : -LX_EINVAL;
    if (n <= 0)
        return n;
    if (in_offset)
        *in_offset = from;
    else if (from_pos)
        in->pos = (uint64_t)from;
    if (to_pos)
        out->pos = (uint64_t)to;
    return n;
}

static ssize_t pipe_to_file(struct file *in, const struct side *out, uint64_t size, unsigned flags,
                            uint64_t size_limit)
{
    struct pipe *pipe = file_pipe(in);
    long err = wait_readable(in, flags);
    if (err)
        return err < 0 ? err : 0;
    ssize_t total = 0;
    bool freed = false;
    while (size > 0 && pipe->used > 0) {
        struct pipe_slot *slot = pipe_slot_at(pipe, 0);
        size_t part = MIN(size, slot->length);
        const uint8_t *bytes = ram_read(pipe->vfs->ram, slot->frame);
        ssize_t n = write_bytes(out, bytes + slot->offset, part, total == 0, size_limit);
        if (n < 0) {
            if (total == 0)
                return n;
            break;
        }
        slot->offset = (uint16_t)(slot->offset + n);
        slot->length = (uint16_t)(slot->length - n);
        if (slot->length == 0) {
            pipe_drop_first(pipe);
            freed = true;
        }
        total += n;
        size -= (uint64_t)n;
        if ((size_t)n < part)
            break;
    }
    if (freed)
        tell_writers(pipe);
    return total;
}

/* Slots from one pipe to another: whole ones move, of the last a part is shared. `keep`: tee(2),
 * all are shared. What stays in `in` can still be appended to: behind the bytes that `out` got. */
static ssize_t pipe_to_pipe(struct file *in, struct file *out, uint64_t size, unsigned flags,
                            bool keep)
{
    struct pipe *from = file_pipe(in), *to = file_pipe(out);
    if (from == to)
        return -LX_EINVAL;
    if ((in->flags | out->flags) & LX_O_NONBLOCK)
        flags |= LX_SPLICE_F_NONBLOCK;
    long at_end = wait_readable(in, flags);
    if (at_end < 0)
        return at_end;
    long err = wait_room(out, flags);
    if (err || at_end)
        return err;
    ssize_t total = 0;
    bool was_full = from->used == from->room;
    for (unsigned i = 0; size > 0 && i < from->used && to->used < to->room;) {
        struct pipe_slot *slot = pipe_slot_at(from, i);
        uint16_t part = (uint16_t)MIN(size, slot->length);
        bool whole = part == slot->length && !keep;
        struct pipe_slot *copy_slot = pipe_slot_at(to, to->used++);
        *copy_slot = *slot;
        copy_slot->length = part;
        copy_slot->shared = copy_slot->shared || !whole;
        ram_get(from->vfs->ram, slot->frame);
        if (keep) {
            i++;
        } else if (whole) {
            pipe_drop_first(from);
        } else {
            slot->offset = (uint16_t)(slot->offset + part);
            slot->length = (uint16_t)(slot->length - part);
        }
        total += part;
        size -= part;
    }
    tell_readers(to);
    if (was_full && from->used < from->room)
        tell_writers(from);
    return total;
}

ssize_t pipe_splice(struct file *in, int64_t *in_offset, struct file *out, int64_t *out_offset,
                    uint64_t size, unsigned flags, uint64_t size_limit)
{
    if (!file_readable(in) || !file_writable(out))
        return -LX_EBADF;
    bool from_pipe = file_is_pipe(in), to_pipe = file_is_pipe(out);
    if ((from_pipe && in_offset) || (to_pipe && out_offset))
        return -LX_ESPIPE;
    size = MIN(size, UIO_MAX_BYTES);
    const int64_t *offset = in_offset ? in_offset : out_offset;
    if (offset && size > 0 && check_range(*offset, size))
        return -LX_EINVAL;
    if (from_pipe && to_pipe)
        return pipe_to_pipe(in, out, size, flags, false);
    if (from_pipe) {
        if (out_offset && !out->seekable)
            return -LX_EINVAL;
        if (out->flags & LX_O_APPEND || !can_splice_to(out))
            return -LX_EINVAL;
        struct side to = {out, out_offset};
        return pipe_to_file(in, &to, size, flags, size_limit);
    }
    if (to_pipe) {
        if (in_offset && !in->seekable)
            return -LX_EINVAL;
        struct side from = {in, in_offset};
        return file_to_pipe(&from, out, size, flags);
    }
    return -LX_EINVAL;
}

ssize_t pipe_tee(struct file *in, struct file *out, uint64_t size, unsigned flags)
{
    if (!file_readable(in) || !file_writable(out))
        return -LX_EBADF;
    if (!file_is_pipe(in) || !file_is_pipe(out))
        return -LX_EINVAL;
    return pipe_to_pipe(in, out, MIN(size, UIO_MAX_BYTES), flags, true);
}
