/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The host's descriptors as open files of the guest. The inode owns the handle; each open file of
 * it (also by /proc/self/fd/N) shares the host's open file description, its position too.
 *
 * Waiting: the host is asked first; what does not hold is watched for, through one host_watch an
 * inode.
 */
#include "tty/stream.h"

#include <stdio.h>

#include "abi/errno.h"
#include "abi/poll.h"
#include "host/stream.h"
#include "proc/kernel.h"
#include "tty/internal.h"
#include "tty/job_control.h"
#include "vfs/anon.h"
#include "vfs/path.h"

#define CONSOLE "/dev/console"

static struct stream *stream_of(struct file *file)
{
    return container_of(file->inode, struct stream, inode);
}

static struct kernel *kernel_of(struct file *file)
{
    return container_of(file->vfs, struct kernel, vfs);
}

static void info_to_inode(struct stream *stream, const struct host_stat *st)
{
    struct inode *inode = &stream->inode;
    inode->mode = st->mode;
    inode->nlink = (uint32_t)st->nlink;
    inode->uid = st->uid;
    inode->gid = st->gid;
    inode->rdev = st->rdev;
    inode->size = st->size;
    inode->blocks = st->blocks;
}

static struct timestamp timestamp_of(int64_t ns)
{
    int64_t rest = ns % 1000000000;
    bool below = rest < 0;
    return (struct timestamp){.sec = ns / 1000000000 - below,
                              .nsec = (uint32_t)(below ? rest + 1000000000 : rest)};
}

/*
 * The terminal is the machine's console: who looks for its name (ttyname(3)) finds a file in /dev
 * with the same numbers.
 */
static void number_as_console(struct fs_context *context, struct kstat *out)
{
    struct kstat console;
    if (!context || vfs_stat(context, LX_AT_FDCWD, CONSOLE, 0, &console) ||
        !LX_S_ISCHR(console.mode))
        return;
    out->dev = console.dev;
    out->ino = console.ino;
    out->rdev = console.rdev;
}

static long stream_getattr(struct fs_context *context, struct inode *inode, struct kstat *out)
{
    struct stream *stream = container_of(inode, struct stream, inode);
    struct vfs *vfs = inode->sb->vfs;
    struct host_stat st;
    long err = host_stat(vfs->host, stream->handle, &st);
    if (err)
        return err;
    info_to_inode(stream, &st);
    if (!vfs->clock->deterministic) { /* else numbers and times are the machine's own */
        inode->atime = timestamp_of(st.atime);
        inode->mtime = timestamp_of(st.mtime);
        inode->ctime = timestamp_of(st.ctime);
        out->dev = st.dev;
    }
    inode_fill_stat(inode, out);
    out->blksize = st.block_size;
    if (!vfs->clock->deterministic)
        out->ino = st.ino;
    if (stream->terminal)
        number_as_console(context, out);
    return 0;
}

/* Chmod and its like of a terminal or pipe that is not the guest's: it is shared with others. */
static long stream_setattr(struct fs_context *context, struct inode *inode, const struct attr *attr)
{
    struct stream *stream = container_of(inode, struct stream, inode);
    if (!context)
        return 0;
    if (!(attr->valid & ATTR_SIZE))
        return -LX_EPERM;
    return host_truncate(inode->sb->vfs->host, stream->handle, attr->size);
}

static void stream_release_inode(struct inode *inode)
{
    struct stream *stream = container_of(inode, struct stream, inode);
    struct vfs *vfs = inode->sb->vfs;
    host_watch_fini(vfs->sched, &stream->watch);
    host_close(vfs->host, stream->handle);
    inode_fini(inode);
    arena_free(vfs->arena, stream);
}

/* --- the open file --- */

/*
 * Runs of the buffers, up to HOST_SPANS_MAX. The buffers are left as they were: the caller advances
 * by what was moved.
 */
static long gather(struct uio *uio, enum cpu_access access, struct host_span spans[HOST_SPANS_MAX])
{
    struct uio before = *uio;
    long count = 0;
    while (count < HOST_SPANS_MAX && uio_remaining(uio) > 0) {
        void *base;
        ssize_t n = uio_window(uio, access, &base);
        if (n <= 0) {
            if (count == 0)
                return n;
            break;
        }
        spans[count++] = (struct host_span){.base = base, .length = (size_t)n};
        uio_advance(uio, (uint64_t)n);
    }
    *uio = before;
    return count;
}

/* Nothing there, or no room: as file_wait(). */
static long wait_for_host(struct file *file, unsigned events)
{
    struct host_watch *watch = &stream_of(file)->watch;
    if (file->flags & LX_O_NONBLOCK) {
        /* Whoever watches for an edge is told of the next one. */
        if (!list_empty(&watch->waiters.waiters))
            host_watch_arm(file->vfs->sched, watch, events);
        return -LX_EAGAIN;
    }
    long err = wait_on_host(file->vfs->sched, watch, events);
    return err ? err : BLOCKED;
}

static ssize_t stream_read(struct file *file, struct uio *out)
{
    struct stream *stream = stream_of(file);
    struct host_span spans[HOST_SPANS_MAX];
    long err = stream->terminal ? terminal_may_read(kernel_of(file)) : 0;
    if (err)
        return err;
    long count = gather(out, CPU_WRITE, spans);
    if (count <= 0)
        return count;
    ssize_t n = host_stream_read(file->vfs->host, stream->handle, spans, (unsigned)count);
    if (n == -LX_EAGAIN)
        return wait_for_host(file, HOST_READABLE);
    if (n > 0)
        uio_advance(out, (uint64_t)n);
    return n;
}

/*
 * All of it, as Linux writes to a pipe or terminal that is not O_NONBLOCK: before a wait, what was
 * written counts in in->done, and the caller comes again with the rest.
 */
static ssize_t stream_write(struct file *file, struct uio *in)
{
    struct stream *stream = stream_of(file);
    ssize_t done = 0;
    long err = stream->terminal ? terminal_may_write(file, stream) : 0;
    if (err)
        return err;
    while (uio_remaining(in) > 0) {
        struct host_span spans[HOST_SPANS_MAX];
        long count = gather(in, CPU_READ, spans);
        if (count <= 0)
            return done ? done : count;
        ssize_t n = host_stream_write(file->vfs->host, stream->handle, spans, (unsigned)count);
        if (n == -LX_EAGAIN)
            return done && file->flags & LX_O_NONBLOCK ? done : wait_for_host(file, HOST_WRITABLE);
        if (n <= 0)
            return done ? done : n;
        uio_advance(in, (uint64_t)n);
        done += n;
    }
    return done;
}

static long stream_seek(struct file *file, int64_t offset, int whence)
{
    struct stream *stream = stream_of(file);
    if (whence < LX_SEEK_SET || whence > LX_SEEK_HOLE)
        return -LX_EINVAL;
    return host_stream_seek(file->vfs->host, stream->handle, offset, whence);
}

static ssize_t stream_read_at(struct file *file, struct uio *out, uint64_t offset)
{
    struct host_span spans[HOST_SPANS_MAX];
    long count = gather(out, CPU_WRITE, spans);
    if (count <= 0)
        return count;
    host_handle_t handle = stream_of(file)->handle;
    ssize_t n = host_pread(file->vfs->host, handle, spans, (unsigned)count, offset);
    if (n > 0)
        uio_advance(out, (uint64_t)n);
    return n;
}

static ssize_t stream_write_at(struct file *file, struct uio *in, uint64_t offset)
{
    struct host_span spans[HOST_SPANS_MAX];
    long count = gather(in, CPU_READ, spans);
    if (count <= 0)
        return count;
    host_handle_t handle = stream_of(file)->handle;
    ssize_t n = host_pwrite(file->vfs->host, handle, spans, (unsigned)count, offset);
    if (n > 0)
        uio_advance(in, (uint64_t)n);
    return n;
}

static unsigned stream_poll(struct file *file, struct poll_table *table)
{
    struct stream *stream = stream_of(file);
    unsigned ready = host_stream_ready(file->vfs->host, stream->handle);
    poll_wait(table, file, &stream->watch.waiters);
    if (table || !list_empty(&stream->watch.waiters.waiters))
        host_watch_arm(file->vfs->sched, &stream->watch, ~ready);
    if (ready & LX_POLLIN)
        ready |= LX_POLLRDNORM;
    if (ready & LX_POLLOUT)
        ready |= LX_POLLWRNORM;
    return ready;
}

static long stream_sync(struct file *file, bool data_only)
{
    return host_sync(file->vfs->host, stream_of(file)->handle, data_only);
}

static void stream_release(struct file *file)
{
    arena_free(file->vfs->arena, file);
}

static long stream_ioctl(struct file *file, struct mm *mm, unsigned request, uint64_t arg)
{
    return terminal_ioctl(file, stream_of(file), mm, request, arg);
}

/* Pipes, terminals, sockets. */
static const struct file_ops stream_file_ops = {
    .read = stream_read,
    .write = stream_write,
    .poll = stream_poll,
    .ioctl = stream_ioctl,
    .release = stream_release,
    .direct = true,
};

/* Regular files: the position is the host's, shared with whoever gave us the descriptor. */
/* /dev/null and its like: always ready. */
static const struct file_ops stream_ready_ops = {
    .read = stream_read,
    .write = stream_write,
    .ioctl = stream_ioctl,
    .release = stream_release,
    .direct = true,
};
static const struct file_ops stream_seekable_ops = {
    .read = stream_read,
    .write = stream_write,
    .read_at = stream_read_at,
    .write_at = stream_write_at,
    .seek = stream_seek,
    .ioctl = stream_ioctl,
    .sync = stream_sync,
    .release = stream_release,
    .direct = true,
};

static long file_create(struct vfs *vfs, const struct stream *stream, unsigned flags,
                        struct file **out)
{
    struct file *file = arena_alloc(vfs->arena, sizeof *file);
    if (!file)
        return -LX_ENOMEM;
    const struct file_ops *ops = &stream_file_ops;
    if (stream->seekable)
        ops = &stream_seekable_ops;
    else if (!stream->pollable)
        ops = &stream_ready_ops;
    file_init(file, vfs, ops, flags);
    file->nowait = true;
    *out = file;
    return 0;
}

/* Opened again, by /proc/self/fd/N or /dev/stdin: the same description of the host. */
static long stream_open(struct fs_context *context, struct inode *inode, unsigned flags,
                        struct file **out)
{
    const struct stream *stream = container_of(inode, struct stream, inode);
    unsigned access = flags & LX_O_ACCMODE;
    if ((access != LX_O_WRONLY && !stream->readable) ||
        (access != LX_O_RDONLY && !stream->writable))
        return -LX_EACCES;
    return file_create(context->vfs, stream, flags, out);
}

/* The user gave the descriptor: who may open the file on the host does not matter. */
static long stream_permission(struct fs_context *context, struct inode *inode, unsigned mask)
{
    (void)context;
    (void)inode;
    (void)mask;
    return 0;
}

static const struct inode_ops stream_inode_ops = {
    .open = stream_open,
    .getattr = stream_getattr,
    .setattr = stream_setattr,
    .permission = stream_permission,
    .release = stream_release_inode,
};

static void stream_name(const struct stream *stream, const struct host_stat *st, char name[48])
{
    const char *kind = "file";
    if (stream->terminal) {
        snprintf(name, 48, CONSOLE);
        return;
    }
    if (LX_S_ISCHR(st->mode) && st->rdev == lx_makedev(1, 3)) {
        snprintf(name, 48, "/dev/null");
        return;
    }
    if (LX_S_ISFIFO(st->mode))
        kind = "pipe";
    else if (LX_S_ISSOCK(st->mode))
        kind = "socket";
    snprintf(name, 48, "%s:[%llu]", kind, (unsigned long long)stream->inode.ino);
}

static bool has_terminal(struct vfs *vfs)
{
    return terminal_is_own(container_of(vfs, struct kernel, vfs));
}

long stream_create(struct vfs *vfs, host_handle_t handle, struct file **out)
{
    struct host_stream_info info;
    struct stream *stream = arena_alloc(vfs->arena, sizeof *stream);
    long err = stream ? host_stream_info(vfs->host, handle, &info) : -LX_ENOMEM;
    if (!err)
        err = inode_init(&stream->inode, vfs->anonymous->sb, &stream_inode_ops, info.stat.mode,
                         anon_next_ino(vfs));
    if (err) {
        host_close(vfs->host, handle);
        arena_free(vfs->arena, stream);
        return err;
    }
    stream->handle = handle;
    stream->seekable = info.seekable;
    stream->terminal = info.terminal;
    stream->pollable = info.pollable;
    stream->readable = info.readable;
    stream->writable = info.writable;
    stream->inode.flags = INODE_NO_ATIME | INODE_NO_CMTIME;
    host_watch_init(&stream->watch, handle);
    info_to_inode(stream, &info.stat);

    unsigned flags = info.readable && info.writable ? LX_O_RDWR
                     : info.writable                ? LX_O_WRONLY
                                                    : LX_O_RDONLY;
    if (info.append)
        flags |= LX_O_APPEND;
    if (!LX_S_ISFIFO(info.stat.mode) && !LX_S_ISSOCK(info.stat.mode))
        flags |= LX_O_LARGEFILE; /* it was opened */
    struct file *file;
    err = file_create(vfs, stream, flags, &file);
    if (err) {
        inode_put(&stream->inode);
        return err;
    }
    char name[48];
    stream_name(stream, &info.stat, name);
    err = anon_attach(file, &stream->inode, name);
    if (err) {
        file_put(file);
        return err;
    }
    if (stream->terminal && !vfs->terminal.dentry) {
        vfs->has_terminal = has_terminal;
        vfs->terminal = (struct path){file->mount, file->dentry};
        path_get(&vfs->terminal);
    }
    *out = file;
    return 0;
}
