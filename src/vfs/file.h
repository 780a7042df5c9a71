/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_VFS_FILE_H
#define LSTAR_VFS_FILE_H
/*
 * An open file description, and what each kind of file must be able to do. Descriptors
 * (vfs/fdtable.h) refer to it.
 */
#include "abi/fcntl.h"
#include "mem/object.h"
#include "mem/uio.h"
#include "sched/sched.h"
#include "vfs/vfs.h"

struct dentry;
struct file;
struct inode;
struct strbuf;

/*
 * Who asks a file for its events (poll(2), epoll(7)). Events are Linux's LX_POLLIN … (abi/poll.h).
 * A file's poll() calls poll_wait() for each queue that is woken when its answer may change. NULL:
 * only look.
 */
struct poll_table {
    void (*add)(struct poll_table *table, struct file *file, struct wait_queue *queue);
};

static inline void poll_wait(struct poll_table *table, struct file *file, struct wait_queue *queue)
{
    if (table)
        table->add(table, file, queue);
}

/* Who collects the entries of a directory. */
struct dirent_sink {
    /*
     * One entry: `pos` is its position (reading from there gives it again), `type` LX_DT_*. False:
     * it does not fit, stop. After true the directory sets file->pos to the position behind it.
     */
    bool (*emit)(struct dirent_sink *sink, const char *name, size_t length, uint64_t ino,
                 unsigned type, uint64_t pos);
};

static inline bool dirent_emit(struct dirent_sink *sink, const char *name, size_t length,
                               uint64_t ino, unsigned type, uint64_t pos)
{
    return sink->emit(sink, name, length, ino, type, pos);
}
/* "." and ".." at positions 0 and 1, from file->pos on: what most directories begin with. False:
 * full. */
MUST_CHECK bool dirent_emit_dots(struct file *file, struct dirent_sink *sink);
/* LX_DT_* of a mode. */
unsigned dirent_type(uint32_t mode);

/* openat2(2)'s struct, checked by the handler for sizes only; vfs_open() refuses as Linux does. */
struct open_how {
    uint64_t flags;   /* LX_O_* */
    uint64_t mode;    /* for LX_O_CREAT and LX_O_TMPFILE */
    uint64_t resolve; /* LX_RESOLVE_* */
    bool strict;      /* openat2: unknown flags and a mode without LX_O_CREAT are -LX_EINVAL; open:
                         ignored */
    bool exec;        /* execve: wants execute permission on a regular file of an exec mount */
    bool empty;       /* execveat: "" is dirfd itself (LX_AT_EMPTY_PATH) */
};

/*
 * Each member may be NULL; the comment says what happens then. A function may return BLOCKED where
 * it may wait. Access mode, directories, overflow and size limits are checked by the callers below.
 * inode->size, times and set-ID bits of writes: file_modified().
 */
struct file_ops {
    /* Stream: next bytes. NULL with read_at NULL: -LX_EINVAL. 0 = end of file. May block. */
    ssize_t (*read)(struct file *file, struct uio *out);
    ssize_t (*write)(struct file *file, struct uio *in);
    /* Seekable: at `offset`; file_read() supplies and advances file->pos. NULL: pread is
     * -LX_ESPIPE. */
    ssize_t (*read_at)(struct file *file, struct uio *out, uint64_t offset);
    ssize_t (*write_at)(struct file *file, struct uio *in, uint64_t offset);
    /* NULL: SEEK_SET, CUR, END, DATA, HOLE against the inode's size where read_at is set; SET and
     * CUR for directories; else -LX_ESPIPE. */
    long (*seek)(struct file *file, int64_t offset, int whence);
    /* Poll events that hold now; registers on the queues through poll_wait(table, queue). NULL:
     * always readable and writable. */
    unsigned (*poll)(struct file *file, struct poll_table *table);
    /* NULL: -LX_ENOTTY. `arg` is a value or a guest address, by request. */
    long (*ioctl)(struct file *file, struct mm *mm, unsigned request, uint64_t arg);
    /* What mmap maps, borrowed; NULL for pages of zeros. Without it: -LX_ENODEV. */
    long (*map)(struct file *file, unsigned prot, unsigned flags, struct vm_object **out);
    /* getdents: entries from file->pos on, advancing it; 0 or an error. NULL: -LX_ENOTDIR. */
    long (*iterate)(struct file *file, struct dirent_sink *sink);
    /* NULL: -LX_EINVAL. */
    long (*sync)(struct file *file, bool data_only);
    /* fallocate(2), mode already checked for known bits. NULL: -LX_EOPNOTSUPP (or -LX_ENODEV,
     * -LX_ESPIPE by kind). */
    long (*allocate)(struct file *file, unsigned mode, uint64_t offset, uint64_t length);
    /* F_GET_SEALS, F_ADD_SEALS (memfd_create(2)). NULL: -LX_EINVAL. */
    long (*get_seals)(struct file *file);
    long (*add_seals)(struct file *file, unsigned seals);
    /* F_SETFL changed file->flags (O_APPEND, O_NONBLOCK …). NULL: nothing to do. */
    long (*set_flags)(struct file *file, unsigned flags);
    /* Lines for /proc/PID/fdinfo/N beyond pos, flags, mnt_id, ino. NULL: none. */
    void (*show_fdinfo)(struct file *file, struct strbuf *out);
    /* A descriptor was closed (each close). NULL: nothing. */
    long (*flush)(struct file *file);
    /*
     * The lists in which the file stands while it has O_ASYNC, for async_signal(): `which` is 0, 1;
     * NULL: it stands in no such list. NULL: it ignores O_ASYNC.
     */
    struct list *(*async)(struct file *file, unsigned which);
    /* As source, as target: splice(2) and sendfile(2) do not know it, though it can be read,
     * written. */
    bool no_splice_read, no_splice_write;
    /* Takes O_DIRECT: fcntl(2), and open(2) of regular files. */
    bool direct;
    /* The last reference is gone: free what the file owns, then the struct itself. Required. */
    void (*release)(struct file *file);
};

struct async_link {
    struct list link;
    struct file *file;
};

struct file {
    const struct file_ops *ops;
    struct vfs *vfs; /* arena, sched, ram, clock, host of the machine */
    unsigned refs;
    bool seekable;       /* has a position: set by file_init() from the ops; a file may clear it */
    bool seek_ignored;   /* not seekable, and lseek(2) says 0 all the same */
    bool opened;         /* counted in vfs->file_count */
    bool writer;         /* counted in inode->writers */
    bool keep_setid;     /* opened with LX_CAP_FSETID: writing leaves set-ID bits alone */
    bool created;        /* this open made the file: F_CREATED_QUERY */
    bool nowait;         /* knows RWF_NOWAIT: O_NONBLOCK makes it return instead of waiting */
    unsigned flags;      /* LX_O_*: access mode and status flags; LX_O_PATH */
    uint64_t pos;        /* seekable files */
    struct inode *inode; /* a reference; anonymous inodes have none: NULL */
    struct dentry
        *dentry; /* a reference, the name it was opened by; NULL for pipes and anonymous files */
    struct mount *mount; /* of dentry */
    const char *kind; /* for /proc/self/fd where there is no dentry: "pipe", "anon_inode:[eventfd]";
                         static */
    uint64_t ino;     /* number shown with `kind` */
    struct list epoll_links;        /* epoll items that watch it */
    int owner;                      /* F_SETOWN: pid, or -pgrp */
    int owner_type;                 /* LX_F_OWNER_* */
    int sigio;                      /* F_SETSIG */
    uint32_t owner_uid, owner_euid; /* of whoever named the owner */
    int async_fd;                   /* the descriptor that O_ASYNC was set through */
    struct async_link async[2];     /* O_ASYNC: in the lists that ops->async names */
};

/*
 * One reference, the caller's. `flags`: LX_O_*, those that only matter to opening are dropped.
 * Inode, dentry and mount are set by the VFS after inode_ops->open(), or stay NULL. The caller
 * allocated the struct around it; release frees it.
 */
void file_init(struct file *file, struct vfs *vfs, const struct file_ops *ops, unsigned flags);
static inline void file_get(struct file *file)
{
    file->refs++;
}
/* Drops locks, inode, dentry and mount and calls ops->release when it was the last. */
void file_put(struct file *file);
/* inode, dentry and mount of an open file, references taken. */
void file_attach(struct file *file, struct inode *inode, const struct path *path);
/* May it be read, written? Access mode 3 of open(2) has neither. */
static inline bool file_readable(const struct file *file)
{
    unsigned mode = file->flags & (LX_O_ACCMODE | LX_O_PATH);
    return mode == LX_O_RDONLY || mode == LX_O_RDWR;
}
static inline bool file_writable(const struct file *file)
{
    unsigned mode = file->flags & (LX_O_ACCMODE | LX_O_PATH);
    return mode == LX_O_WRONLY || mode == LX_O_RDWR;
}

/*
 * The calls that read(2), pread(2) … make: access mode, position, O_APPEND, limits. May return
 * BLOCKED. `rwf`: LX_RWF_* of preadv2(2), known ones (others were refused). -LX_EFBIG at
 * `size_limit` (RLIMIT_FSIZE): the handler raises SIGXFSZ when the limit is finite.
 */
MUST_CHECK ssize_t file_read(struct file *file, struct uio *out, unsigned rwf);
MUST_CHECK ssize_t file_write(struct file *file, struct uio *in, unsigned rwf, uint64_t size_limit);
MUST_CHECK ssize_t file_read_at(struct file *file, struct uio *out, int64_t offset, unsigned rwf);
MUST_CHECK ssize_t file_write_at(struct file *file, struct uio *in, int64_t offset, unsigned rwf,
                                 uint64_t size_limit);
MUST_CHECK long file_seek(struct file *file, int64_t offset, int whence);
unsigned file_poll(struct file *file, struct poll_table *table);
/* Kernel bytes at an offset, without access mode checks: the loader, mmap. Never blocks on files
 * that it is meant for. */
MUST_CHECK ssize_t file_read_kernel(struct file *file, void *to, size_t size, uint64_t offset);

/* After bytes were read: access time, as relatime, O_NOATIME and the mount have it. */
void file_accessed(struct file *file);
/* Before bytes are written: modification time, set-ID bits fall. */
MUST_CHECK long file_modified(struct file *file);

/* The condition does not hold: -LX_EAGAIN with O_NONBLOCK, else the current task is put on `queue`
 * and BLOCKED returned. */
MUST_CHECK long file_wait(struct file *file, struct wait_queue *queue);

#endif
