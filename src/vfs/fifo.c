/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opening FIFOs (fifo(7)). Who has to wait for the other end is open already: it counts for who
 * comes, and bytes may be put into the pipe. The call that waits holds the open file; when it is
 * called again it only looks whether the other end has been opened since, be it gone by now.
 */
#include "vfs/pipe.h"

#include "abi/errno.h"
#include "vfs/mount.h"
#include "vfs/pipe_internal.h"

/* How often the end that `file` lacks was opened. */
static uint64_t others_opens(const struct file *file)
{
    const struct pipe *pipe = file_pipe(file);
    return file_readable(file) ? pipe->writer_opens : pipe->reader_opens;
}

static bool is_alone(const struct file *file)
{
    uint64_t since = pipe_file_of(file)->alone_since;
    return since && since == others_opens(file) + 1;
}

bool fifo_awaits_writer(const struct file *file)
{
    return is_alone(file);
}

/* The inode's pipe, made when it has none. */
static long get_pipe(struct fs_context *context, struct inode *inode, struct pipe **out)
{
    if (!inode->pipe) {
        long err = pipe_alloc(context->vfs, context->cred, &inode->pipe);
        if (err)
            return err;
    }
    *out = inode->pipe;
    return 0;
}

/* What opening without the other end comes to: 0, or an error. */
static long may_be_alone(const struct fs_context *context, unsigned flags)
{
    if (!(flags & LX_O_NONBLOCK))
        return context->opening ? 0 : -LX_EAGAIN;
    return (flags & LX_O_ACCMODE) == LX_O_RDONLY ? 0 : -LX_ENXIO;
}

static long wait_for_other(struct fs_context *context, struct pipe *pipe, struct file *file)
{
    *context->opening = file;
    long err = wait_on(context->vfs->sched, &pipe->opens, 0, false);
    return err ? err : BLOCKED;
}

long fifo_open(struct fs_context *context, struct inode *inode, unsigned flags, struct file **out)
{
    struct vfs *vfs = context->vfs;
    unsigned mode = flags & LX_O_ACCMODE;
    if (mode == LX_O_ACCMODE)
        return -LX_EINVAL;
    struct pipe *pipe;
    long err = get_pipe(context, inode, &pipe);
    if (err)
        return err;
    bool alone = mode != LX_O_RDWR && inode->sb != vfs->pipes->sb &&
                 (mode == LX_O_RDONLY ? pipe->writers : pipe->readers) == 0;
    if (alone)
        err = may_be_alone(context, flags);
    if (!err)
        err = pipe_open_end(vfs, pipe, flags & ~LX_O_DIRECT, out);
    if (err) {
        pipe->refs++;
        pipe_put(pipe, inode);
        return err;
    }
    (*out)->nowait = false; /* RWF_NOWAIT is known to pipe(2)'s ends only */
    wait_queue_wake_all(vfs->sched, &pipe->opens, 0);
    if (!alone)
        return 0;
    pipe_file_of(*out)->alone_since = others_opens(*out) + 1;
    return flags & LX_O_NONBLOCK ? 0 : wait_for_other(context, pipe, *out);
}

long fifo_open_again(struct fs_context *context, struct file **out)
{
    struct file *file = *context->opening;
    if (is_alone(file))
        return wait_for_other(context, file_pipe(file), file);
    /* Only files that were opened with LX_O_NONBLOCK tell the writers they have seen from others
     * (guest/pipe/poll_events). */
    pipe_file_of(file)->alone_since = 0;
    *context->opening = NULL;
    *out = file;
    return 0;
}
