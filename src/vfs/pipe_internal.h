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
    bool shared;     /* the frame is another pipe's too: nothing is appended */
};

struct pipe {
    struct vfs *vfs;
    unsigned refs;             /* open files */
    unsigned readers, writers; /* open files by direction */
    uint64_t reader_opens,
        writer_opens; /* ever: who waits in open(2) waits for the other's to change */
    unsigned coming_readers,
        coming_writers; /* woken in open(2), not called again yet: as good as open */
    unsigned room;      /* slots, a power of two */
    unsigned head;      /* first slot in use */
    unsigned used;      /* slots in use */
    struct pipe_slot *slots;
    struct wait_queue read_queue, write_queue;
    struct wait_queue open_readers, open_writers; /* who waits in open(2) */
};

static inline struct pipe_slot *pipe_slot_at(struct pipe *pipe, unsigned index)
{
    return &pipe->slots[(pipe->head + index) & (pipe->room - 1)];
}
struct pipe *file_pipe(const struct file *file);
/* The first slot is empty: it is free again. */
void pipe_drop_first(struct pipe *pipe);
/* Bytes were put or taken. */
void pipe_wake_readers(struct pipe *pipe);
void pipe_wake_writers(struct pipe *pipe);

#endif
