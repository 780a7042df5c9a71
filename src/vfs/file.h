/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_VFS_FILE_H
#define LSTAR_VFS_FILE_H
/*
 * An open file description, and what each kind of file must be able to do. Descriptors (vfs/fdtable.h) refer to it.
 */
#include "mem/object.h"
#include "mem/uio.h"
#include "sched/sched.h"

struct file;
struct inode;
struct dirent_sink;
struct vfs;
struct ioctl_context;

/* Poll events are Linux's LX_POLLIN … (abi/poll.h). */
struct poll_table; /* where a poll registers its waiters; NULL: look only */

/* Each member may be NULL; the comment says what happens then. A function may return BLOCKED where it may wait. */
struct file_ops {
    /* Stream: next bytes. NULL with read_at NULL: -LX_EINVAL. 0 = end of file. May block. */
    ssize_t (*read)(struct file *file, struct uio *out);
    ssize_t (*write)(struct file *file, struct uio *in);
    /* Seekable: at `offset`; file_read() supplies and advances file->pos. NULL: pread is -LX_ESPIPE. */
    ssize_t (*read_at)(struct file *file, struct uio *out, uint64_t offset);
    ssize_t (*write_at)(struct file *file, struct uio *in, uint64_t offset);
    /* NULL: SEEK_SET, CUR, END against the inode's size where read_at is set, else -LX_ESPIPE. */
    long (*seek)(struct file *file, int64_t offset, int whence);
    /* Poll events that hold now; registers on the queues through poll_wait(table, queue). NULL: always readable and writable. */
    unsigned (*poll)(struct file *file, struct poll_table *table);
    /* NULL: -LX_ENOTTY. `arg` is a value or a guest address, by request. */
    long (*ioctl)(struct file *file, struct mm *mm, unsigned request, uint64_t arg);
    /* What mmap maps, borrowed. NULL: -LX_ENODEV. */
    long (*map)(struct file *file, unsigned prot, unsigned flags, struct vm_object **out);
    /* getdents: entries from file->pos on. NULL: -LX_ENOTDIR. */
    long (*iterate)(struct file *file, struct dirent_sink *sink);
    /* NULL: -LX_EINVAL. */
    long (*sync)(struct file *file, bool data_only);
    /* fallocate(2), mode already checked for known bits. NULL: -LX_EOPNOTSUPP (or -LX_ENODEV, -LX_ESPIPE by kind). */
    long (*allocate)(struct file *file, unsigned mode, uint64_t offset, uint64_t length);
    /* F_SETFL changed file->flags (O_APPEND, O_NONBLOCK …). NULL: nothing to do. */
    long (*set_flags)(struct file *file, unsigned flags);
    /* A descriptor was closed (each close). NULL: nothing. */
    long (*flush)(struct file *file);
    /* The last reference is gone: free what the file owns, then the struct itself. Required. */
    void (*release)(struct file *file);
};

struct file {
    const struct file_ops *ops;
    struct vfs *vfs;         /* arena, sched, ram, clock, host of the machine */
    unsigned refs;
    unsigned flags;          /* LX_O_*: access mode and status flags */
    uint64_t pos;            /* seekable files */
    struct inode *inode;     /* a reference; anonymous inodes have none: NULL */
    struct dentry *dentry;   /* a reference, the name it was opened by; NULL for pipes and anonymous files */
    struct mount *mount;     /* of dentry */
    const char *kind;        /* for /proc/self/fd where there is no dentry: "pipe", "anon_inode:[eventfd]"; static */
    uint64_t ino;            /* number shown with `kind` */
    struct list epoll_links; /* epoll items that watch it */
    int owner;               /* F_SETOWN */
    int sigio;               /* F_SETSIG */
};

void file_init(struct file *file, struct vfs *vfs, const struct file_ops *ops, unsigned flags);
void file_get(struct file *file);
/* Calls ops->release when it was the last. */
void file_put(struct file *file);

/* The calls that read(2), pread(2) … make: access mode, position, O_APPEND, limits. May return BLOCKED. */
MUST_CHECK ssize_t file_read(struct file *file, struct uio *out);
MUST_CHECK ssize_t file_write(struct file *file, struct uio *in, uint64_t size_limit);
MUST_CHECK ssize_t file_read_at(struct file *file, struct uio *out, int64_t offset);
MUST_CHECK ssize_t file_write_at(struct file *file, struct uio *in, int64_t offset, uint64_t size_limit);
MUST_CHECK long file_seek(struct file *file, int64_t offset, int whence);
unsigned file_poll(struct file *file, struct poll_table *table);

/* The condition does not hold: -LX_EAGAIN with O_NONBLOCK, else the current task is put on `queue` and BLOCKED returned. */
MUST_CHECK long file_wait(struct file *file, struct wait_queue *queue);

#endif
