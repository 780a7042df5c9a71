/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_MEM_UIO_H
#define LSTAR_MEM_UIO_H
/*
 * One read or write that is under way: where its bytes are (guest buffers, or kernel memory) and
 * how far it came. File systems move bytes with uio_put() (a read: into the buffers) and uio_take()
 * (a write: out of them), front to back.
 */
#include "mem/uaccess.h"

#define UIO_MAX_SEGMENTS 1024                /* UIO_MAXIOV */
#define UIO_MAX_BYTES ((uint64_t)0x7ffff000) /* MAX_RW_COUNT */

struct uio_segment {
    gva_t base;
    uint64_t length;
};

struct uio {
    struct mm *mm;              /* guest buffers; NULL: kernel memory */
    struct arena *arena;        /* owner of `vector` */
    struct uio_segment *vector; /* a copy of the guest's array; NULL: there is only `one` */
    unsigned first;             /* segments done */
    unsigned count;             /* segments left */
    uint64_t skip;              /* bytes of the next segment already done */
    uint64_t remaining;         /* bytes left in all */
    uint64_t done;              /* bytes moved */
    uint64_t looked;            /* `done` when it was last asked whether that shall be all */
    char *kernel;               /* mm == NULL: next byte */
    struct uio_segment one;     /* the buffer of a plain read or write */
};

/* One guest buffer; `length` is cut to UIO_MAX_BYTES. Cannot fail: bad addresses show when bytes
 * move. */
void uio_init(struct uio *uio, struct mm *mm, gva_t base, uint64_t length);
/* An iovec array of the guest: -LX_EINVAL (count, negative sum), -LX_EFAULT, -LX_ENOMEM, in Linux's
 * order. uio_fini() afterwards. */
MUST_CHECK long uio_init_vector(struct uio *uio, struct mm *mm, struct arena *arena, gva_t iovec,
                                uint64_t count);
/* The same for addresses of another process: they are not looked at. */
MUST_CHECK long uio_init_ranges(struct uio *uio, struct mm *mm, struct arena *arena, gva_t iovec,
                                uint64_t count);
void uio_init_kernel(struct uio *uio, void *bytes, uint64_t length);
void uio_fini(struct uio *uio);

/* Bytes left in the buffer that comes next; empty ones are stepped over. */
uint64_t uio_next_length(struct uio *uio);

static inline uint64_t uio_remaining(const struct uio *uio)
{
    return uio->remaining;
}

/*
 * Move up to `size` bytes. Returns how many were moved (less than `size` only where the buffers end
 * or fault), or -LX_EFAULT when none could be. When the machine shall stop (host_must_stop()), the
 * buffers end after what was moved.
 */
MUST_CHECK ssize_t uio_put(struct uio *uio, const void *from, size_t size);
MUST_CHECK ssize_t uio_take(struct uio *uio, void *to, size_t size);
/* uio_put() of zeros. */
MUST_CHECK ssize_t uio_put_zeros(struct uio *uio, size_t size);
/*
 * The next run of bytes as host memory, for calls that fill or drain it directly (one page at
 * most): its length, or -LX_EFAULT. `access`: CPU_WRITE for a read into the guest. uio_advance()
 * afterwards.
 */
MUST_CHECK ssize_t uio_window(struct uio *uio, enum cpu_access access, void **out);
void uio_advance(struct uio *uio, uint64_t bytes);

#endif
