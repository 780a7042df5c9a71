/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_VFS_PIPE_INTERNAL_H
#define LSTAR_VFS_PIPE_INTERNAL_H
/*
 * What the files of the pipe share: a ring of slots, each at most a page of bytes.
 */
#include "vfs/pipe.h"

struct pipe_slot {
    frame_t frame;   /* a reference */
    uint16_t offset; /* of the first byte not read */
    uint16_t length; /* bytes not read; up to PAGE_SIZE */
    bool packet;     /* written with O_DIRECT: one read takes it, the rest is lost */
    bool shared;     /* the frame is another pipe's or a file's: nothing is appended */
};

struct pipe {
    struct vfs *vfs;
    unsigned refs;                       /* open files */
    unsigned readers, writers;           /* open files by direction */
    uint64_t reader_opens, writer_opens; /* ever */
    unsigned room;                       /* slots, a power of two */
    unsigned head;                       /* first slot in use */
    unsigned used;                       /* slots in use */
    struct pipe_slot *slots;
    struct wait_queue read_queue, write_queue;
    struct wait_queue opens;                  /* who waits in open(2) for the other end */
    struct list async_readers, async_writers; /* open files with O_ASYNC (vfs/async.h) */
};

struct pipe_file {
    struct file file; /* first */
    struct pipe *pipe;
    /* 1 + the other end's opens when this one was opened without it; 0: it was there. */
    uint64_t alone_since;
};

static inline struct pipe_slot *pipe_slot_at(struct pipe *pipe, unsigned index)
{
    return &pipe->slots[(pipe->head + index) & (pipe->room - 1)];
}
struct pipe_file *pipe_file_of(const struct file *file);
struct pipe *file_pipe(const struct file *file);
/* A pipe without ends. -LX_ENOMEM. */
MUST_CHECK long pipe_alloc(struct vfs *vfs, const struct cred *cred, struct pipe **out);
/* An end goes: the pipe does with the last; then the inode forgets it. */
void pipe_put(struct pipe *pipe, struct inode *inode);
/* An open file of `pipe`; flags: LX_O_*. The inode is attached by the caller. -LX_ENOMEM. */
MUST_CHECK long pipe_open_end(struct vfs *vfs, struct pipe *pipe, unsigned flags,
                              struct file **out);
/* A FIFO that was opened to read when nobody wrote, and nobody has since: no hang-up. */
bool fifo_awaits_writer(const struct file *file);
/* The first slot is empty: it is free again. */
void pipe_drop_first(struct pipe *pipe);
/* Bytes were put or taken. */
void pipe_wake_readers(struct pipe *pipe);
void pipe_wake_writers(struct pipe *pipe);

#endif
