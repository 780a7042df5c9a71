/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads and writes under way. Invariant: `remaining` is the sum of the segments left, less `skip`;
 * empty segments at the front are stepped over when bytes move.
 */
#include "mem/uio.h"

#include <string.h>

#include "abi/errno.h"

/* Bytes moved before it is asked whether that shall end. */
#define BYTES_UNASKED ((size_t)1 << 18)

void uio_init(struct uio *uio, struct mm *mm, gva_t base, uint64_t length)
{
    length = MIN(length, UIO_MAX_BYTES);
    *uio = (struct uio){.mm = mm, .count = 1, .remaining = length};
    uio->one = (struct uio_segment){.base = base, .length = length};
}

/* Linux's import_iovec(): all lengths first, then the addresses; the sum is cut to UIO_MAX_BYTES.
 * `foreign`: lengths only. */
static long check_segments(struct uio_segment *segments, unsigned count, bool foreign,
                           uint64_t *total)
{
    *total = 0;
    for (unsigned i = 0; i < count; i++)
        if ((int64_t)segments[i].length < 0)
            return -LX_EINVAL;
    for (unsigned i = 0; i < count; i++) {
        struct uio_segment *segment = &segments[i];
        if (count == 1)
            segment->length = MIN(segment->length, UIO_MAX_BYTES);
        if (!foreign && (segment->base > TASK_SIZE || segment->length > TASK_SIZE - segment->base))
            return -LX_EFAULT;
        segment->length = MIN(segment->length, UIO_MAX_BYTES - *total);
        *total += segment->length;
    }
    return 0;
}

static long init_vector(struct uio *uio, struct mm *mm, struct arena *arena, gva_t iovec,
                        uint64_t count, bool foreign)
{
    *uio = (struct uio){.mm = mm};
    if (count > UIO_MAX_SEGMENTS)
        return -LX_EINVAL;
    struct uio_segment *segments = &uio->one;
    if (count > 1) {
        segments = arena_alloc(arena, count * sizeof *segments);
        if (!segments)
            return -LX_ENOMEM;
        uio->arena = arena;
        uio->vector = segments;
    }
    uio->count = (unsigned)count;
    long err = count ? user_read(mm, segments, iovec, count * sizeof *segments) : 0;
    if (!err)
        err = check_segments(segments, uio->count, foreign, &uio->remaining);
    if (err)
        uio_fini(uio);
    return err;
}

long uio_init_vector(struct uio *uio, struct mm *mm, struct arena *arena, gva_t iovec,
                     uint64_t count)
{
    return init_vector(uio, mm, arena, iovec, count, false);
}

long uio_init_ranges(struct uio *uio, struct mm *mm, struct arena *arena, gva_t iovec,
                     uint64_t count)
{
    return init_vector(uio, mm, arena, iovec, count, true);
}

void uio_init_kernel(struct uio *uio, void *bytes, uint64_t length)
{
    *uio = (struct uio){.kernel = bytes, .remaining = length};
}

void uio_fini(struct uio *uio)
{
    if (uio->vector)
        arena_free(uio->arena, uio->vector);
    *uio = (struct uio){0};
}

/* The segment that the next byte is in; there is one, for bytes remain. */
static const struct uio_segment *segment_of(struct uio *uio)
{
    for (;;) {
        const struct uio_segment *segment = uio->vector ? &uio->vector[uio->first] : &uio->one;
        if (uio->skip < segment->length)
            return segment;
        uio->skip = 0;
        uio->first++;
        uio->count--;
    }
}

uint64_t uio_next_length(struct uio *uio)
{
    if (!uio->mm || uio->remaining == 0)
        return uio->remaining;
    return segment_of(uio)->length - uio->skip;
}

void uio_advance(struct uio *uio, uint64_t bytes)
{
    bytes = MIN(bytes, uio->remaining);
    uio->remaining -= bytes;
    uio->done += bytes;
    if (!uio->mm) {
        uio->kernel += bytes;
        return;
    }
    while (bytes) {
        uint64_t part = MIN(bytes, segment_of(uio)->length - uio->skip);
        uio->skip += part;
        bytes -= part;
    }
}

/*
 * Much was moved: shall that be all? Then the buffers end here, and who moves bytes comes to an end
 * as at any end of buffers.
 */
static void look_up(struct uio *uio)
{
    if (uio->done - uio->looked < BYTES_UNASKED)
        return;
    uio->looked = uio->done;
    if (uio->mm && ram_must_stop(uio->mm->ram))
        uio->remaining = 0;
}

enum direction { PUT, TAKE, PUT_ZEROS };

/* Move bytes between the next run of guest memory and `kernel`; returns how many could be. */
static size_t move_guest(struct uio *uio, enum direction direction, char *kernel, size_t size)
{
    const struct uio_segment *segment = segment_of(uio);
    gva_t addr = segment->base + uio->skip;
    size_t part = MIN(size, (size_t)(segment->length - uio->skip));
    if (direction == TAKE)
        return user_read_some(uio->mm, kernel, addr, part);
    return user_write_some(uio->mm, addr, direction == PUT ? kernel : NULL, part);
}

static ssize_t move(struct uio *uio, enum direction direction, char *kernel, size_t size)
{
    look_up(uio);
    size = MIN(size, (size_t)uio->remaining);
    size_t done = 0;
    if (!uio->mm && size) {
        if (direction == TAKE)
            memcpy(kernel, uio->kernel, size);
        else if (direction == PUT)
            memcpy(uio->kernel, kernel, size);
        else
            memset(uio->kernel, 0, size);
        uio_advance(uio, size);
        return (ssize_t)size;
    }
    while (done < size) {
        const struct uio_segment *segment = segment_of(uio);
        size_t want = MIN(size - done, (size_t)(segment->length - uio->skip));
        want = MIN(want, BYTES_UNASKED);
        size_t moved = move_guest(uio, direction, kernel ? kernel + done : NULL, want);
        uio_advance(uio, moved);
        done += moved;
        if (moved < want)
            return done ? (ssize_t)done : -LX_EFAULT;
        look_up(uio);
        size = MIN(size, done + (size_t)uio->remaining);
    }
    return (ssize_t)done;
}

ssize_t uio_put(struct uio *uio, const void *from, size_t size)
{
    return move(uio, PUT, (char *)(uintptr_t)from, size);
}

ssize_t uio_take(struct uio *uio, void *to, size_t size)
{
    return move(uio, TAKE, to, size);
}

ssize_t uio_put_zeros(struct uio *uio, size_t size)
{
    return move(uio, PUT_ZEROS, NULL, size);
}

ssize_t uio_window(struct uio *uio, enum cpu_access access, void **out)
{
    look_up(uio);
    if (uio->remaining == 0)
        return 0;
    if (!uio->mm) {
        *out = uio->kernel;
        return (ssize_t)uio->remaining;
    }
    const struct uio_segment *segment = segment_of(uio);
    gva_t addr = segment->base + uio->skip;
    uint64_t part = MIN(segment->length - uio->skip, PAGE_SIZE - (addr & ~PAGE_MASK));
    char *page = user_window(uio->mm, addr, access);
    if (!page)
        return -LX_EFAULT;
    *out = page;
    return (ssize_t)part;
}
