/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * eventfd(2): a counter that wakes readers when it leaves zero and writers when it leaves its
 * maximum. Invariant: count <= EVENTFD_MAX. Readers and writers share one queue; each looks again
 * when woken.
 */
#include "vfs/eventfd.h"

#include "abi/errno.h"
#include "abi/poll.h"
#include "base/strbuf.h"

#define EVENTFD_MAX (UINT64_MAX - 1)

struct eventfd {
    struct file file;
    uint64_t count;
    bool semaphore;            /* a read takes 1, not all */
    struct wait_queue waiters; /* readers, writers, pollers */
};

static ssize_t eventfd_read(struct file *file, struct uio *out)
{
    struct eventfd *e = container_of(file, struct eventfd, file);
    if (uio_remaining(out) < sizeof e->count)
        return -LX_EINVAL;
    if (e->count == 0)
        return file_wait(file, &e->waiters);

    uint64_t value = e->semaphore ? 1 : e->count;
    e->count -= value;
    wait_queue_wake_one(file->vfs->sched, &e->waiters, LX_POLLOUT);
    /* Linux: the count is gone even when the buffer is bad (guest/events/eventfd_fault). */
    ssize_t done = uio_put(out, &value, sizeof value);
    return done < (ssize_t)sizeof value ? -LX_EFAULT : done;
}

/* One value, of a buffer of its own. */
static ssize_t write_value(struct file *file, struct uio *in)
{
    struct eventfd *e = container_of(file, struct eventfd, file);
    uint64_t value;
    /* Linux: reads may be longer, writes not (guest/events/eventfd). */
    if (uio_next_length(in) != sizeof value)
        return -LX_EINVAL;
    struct uio copy = *in; /* a write that waits takes its value again */
    if (uio_take(&copy, &value, sizeof value) < (ssize_t)sizeof value)
        return -LX_EFAULT;
    if (value == UINT64_MAX)
        return -LX_EINVAL;
    if (value > EVENTFD_MAX - e->count)
        return file_wait(file, &e->waiters);
    *in = copy;
    e->count += value;
    wait_queue_wake_one(file->vfs->sched, &e->waiters, LX_POLLIN);
    return sizeof value;
}

/* Linux: writev(2) is a write(2) of each buffer, until one fails (guest/events/eventfd). */
static ssize_t eventfd_write(struct file *file, struct uio *in)
{
    ssize_t total = 0;
    do {
        ssize_t n = write_value(file, in);
        if (n < 0)
            return total && n != BLOCKED ? total : n; /* of one that waits, in->done tells */
        total += n;
    } while (uio_remaining(in) > 0);
    return total;
}

static unsigned eventfd_poll(struct file *file, struct poll_table *table)
{
    struct eventfd *e = container_of(file, struct eventfd, file);
    poll_wait(table, file, &e->waiters);
    return (e->count ? LX_POLLIN : 0) | (e->count < EVENTFD_MAX ? LX_POLLOUT : 0);
}

static void eventfd_show(struct file *file, struct strbuf *out)
{
    const struct eventfd *e = container_of(file, struct eventfd, file);
    strbuf_printf(out, "eventfd-count: %16llx\n", (unsigned long long)e->count);
}

static void eventfd_release(struct file *file)
{
    struct eventfd *e = container_of(file, struct eventfd, file);
    wait_queue_fini(file->vfs->sched, &e->waiters);
    arena_free(file->vfs->arena, e);
}

static const struct file_ops eventfd_ops = {
    .read = eventfd_read,
    .write = eventfd_write,
    .poll = eventfd_poll,
    .show_fdinfo = eventfd_show,
    .no_splice_read = true,
    .no_splice_write = true,
    .release = eventfd_release,
};

long eventfd_create(struct vfs *vfs, uint32_t initval, unsigned flags, struct file **out)
{
    struct eventfd *e = arena_alloc(vfs->arena, sizeof *e);
    if (!e)
        return -LX_ENOMEM;
    e->count = initval;
    e->semaphore = flags & LX_EFD_SEMAPHORE;
    wait_queue_init(&e->waiters);
    file_init(&e->file, vfs, &eventfd_ops, LX_O_RDWR | (flags & LX_EFD_NONBLOCK));
    e->file.seek_ignored = true;
    e->file.nowait = true;
    e->file.kind = "anon_inode:[eventfd]";
    *out = &e->file;
    return 0;
}
