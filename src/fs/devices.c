/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The character devices that need no driver: null(4), full(4), random(4). /dev/tty is the terminal
 * among the standard streams.
 */
#include "fs/devices.h"

#include "abi/errno.h"
#include "abi/ioctl.h"
#include "abi/mman.h"
#include "abi/poll.h"
#include "mem/uaccess.h"
#include "vfs/file.h"
#include "vfs/mount.h"

static ssize_t null_read_at(struct file *file, struct uio *out, uint64_t offset)
{
    (void)file, (void)out, (void)offset;
    return 0;
}

static ssize_t null_write_at(struct file *file, struct uio *in, uint64_t offset)
{
    (void)file, (void)offset;
    uint64_t size = uio_remaining(in);
    uio_advance(in, size);
    return (ssize_t)size;
}

/* Any position is 0. */
static long null_seek(struct file *file, int64_t offset, int whence)
{
    (void)offset, (void)whence;
    file->pos = 0;
    return 0;
}

static ssize_t zero_read_at(struct file *file, struct uio *out, uint64_t offset)
{
    (void)file, (void)offset;
    return uio_remaining(out) ? uio_put_zeros(out, uio_remaining(out)) : 0;
}

/* Linux: as anonymous memory; what is shared is shared by this one mapping's copies
 * (guest/mem/mmap_zero). */
static long zero_map(struct file *file, unsigned prot, unsigned flags, struct vm_object **out)
{
    (void)file, (void)prot, (void)flags;
    *out = NULL;
    return 0;
}

static ssize_t full_write_at(struct file *file, struct uio *in, uint64_t offset)
{
    (void)file, (void)in, (void)offset;
    return -LX_ENOSPC;
}

static ssize_t random_read_at(struct file *file, struct uio *out, uint64_t offset)
{
    (void)offset;
    ssize_t total = 0;
    while (uio_remaining(out) > 0) {
        void *window;
        ssize_t n = uio_window(out, CPU_WRITE, &window);
        if (n < 0)
            return total ? total : n;
        host_entropy(file->vfs->host, window, (size_t)n);
        uio_advance(out, (uint64_t)n);
        total += n;
    }
    return total;
}

/* What is written is read, and changes nothing: the host's entropy is good enough. */
static ssize_t random_write_at(struct file *file, struct uio *in, uint64_t offset)
{
    (void)file, (void)offset;
    ssize_t total = 0;
    while (uio_remaining(in) > 0) {
        void *window;
        ssize_t n = uio_window(in, CPU_READ, &window);
        if (n < 0)
            return total ? total : n;
        uio_advance(in, (uint64_t)n);
        total += n;
    }
    return total;
}

static long random_ioctl(struct file *file, struct mm *mm, unsigned request, uint64_t arg)
{
    (void)file;
    int32_t bits = 256;
    return request == LX_RNDGETENTCNT ? user_put(mm, arg, &bits) : -LX_EINVAL;
}

static unsigned random_poll(struct file *file, struct poll_table *table)
{
    (void)file, (void)table; /* there is entropy always: no queue */
    return LX_POLLIN | LX_POLLRDNORM;
}

static void device_release(struct file *file)
{
    arena_free(file->vfs->arena, file);
}

static const struct file_ops null_ops = {
    .read_at = null_read_at,
    .write_at = null_write_at,
    .seek = null_seek,
    .no_splice_read = true,
    .release = device_release,
};

static const struct file_ops zero_ops = {
    .read_at = zero_read_at,
    .write_at = null_write_at,
    .seek = null_seek,
    .map = zero_map,
    .release = device_release,
};

static const struct file_ops full_ops = {
    .read_at = zero_read_at,
    .write_at = full_write_at,
    .seek = null_seek,
    .no_splice_write = true,
    .release = device_release,
};

static const struct file_ops random_ops = {
    .read_at = random_read_at,
    .write_at = random_write_at,
    .seek = null_seek,
    .poll = random_poll,
    .ioctl = random_ioctl,
    .release = device_release,
};

/* Linux: as random, but nothing to poll (guest/poll/epoll_ctl). */
static const struct file_ops urandom_ops = {
    .read_at = random_read_at,
    .write_at = random_write_at,
    .seek = null_seek,
    .ioctl = random_ioctl,
    .release = device_release,
};

/* By number: devices.txt of the kernel's documentation. */
static const struct {
    uint32_t major, minor;
    const struct file_ops *ops;
    bool nowait;
} devices[] = {
    {1, 3, &null_ops, true},   {1, 5, &zero_ops, true},    {1, 7, &full_ops, false},
    {1, 8, &random_ops, true}, {1, 9, &urandom_ops, true},
};

/* Another open file of the terminal's own inode. */
static long open_terminal(struct fs_context *context, unsigned flags, struct file **out)
{
    const struct path *terminal = &context->vfs->terminal;
    if (!terminal->dentry || !context->vfs->has_terminal(context->vfs))
        return -LX_ENXIO;
    struct inode *inode = terminal->dentry->inode;
    long err = inode->ops->open(context, inode, flags, out);
    if (!err)
        file_attach(*out, inode, terminal);
    return err;
}

long device_open(struct fs_context *context, struct inode *inode, unsigned flags, struct file **out)
{
    struct vfs *vfs = context->vfs;
    if (!LX_S_ISCHR(inode->mode))
        return -LX_ENXIO;
    uint32_t major = lx_major(inode->rdev), minor = lx_minor(inode->rdev);
    if (major == 5 && minor < 2)
        return open_terminal(context, flags, out);
    for (unsigned i = 0; i < ARRAY_SIZE(devices); i++) {
        if (devices[i].major != major || devices[i].minor != minor)
            continue;
        struct file *file = arena_alloc(vfs->arena, sizeof *file);
        if (!file)
            return -LX_ENOMEM;
        file_init(file, vfs, devices[i].ops, flags);
        file->nowait = devices[i].nowait;
        *out = file;
        return 0;
    }
    return -LX_ENXIO;
}
