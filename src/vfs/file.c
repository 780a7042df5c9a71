/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Open files: their life, and reading, writing and seeking (read(2), write(2), pread(2),
 * preadv2(2), lseek(2)).
 *
 * A file with read_at and write_at has a position, kept here; one with read and write is a stream.
 * A kind may have both: then read(2) takes the stream's.
 */
#include "vfs/file.h"

#include "abi/dirent.h"
#include "abi/errno.h"
#include "abi/poll.h"
#include "vfs/async.h"
#include "vfs/epoll.h"
#include "vfs/locks.h"
#include "vfs/may.h"
#include "vfs/mount.h"
#include "vfs/path.h"

#define OPENING_FLAGS (LX_O_CREAT | LX_O_EXCL | LX_O_NOCTTY | LX_O_TRUNC | LX_O_CLOEXEC)

void file_init(struct file *file, struct vfs *vfs, const struct file_ops *ops, unsigned flags)
{
    *file = (struct file){
        .ops = ops,
        .vfs = vfs,
        .refs = 1,
        .flags = flags & ~OPENING_FLAGS,
        .opened = true,
        .seekable = ops->read_at || ops->write_at || ops->seek || ops->iterate,
    };
    list_init(&file->epoll_links);
    for (unsigned i = 0; i < ARRAY_SIZE(file->async); i++)
        list_init(&file->async[i].link);
    vfs->file_count++;
}

void file_attach(struct file *file, struct inode *inode, const struct path *path)
{
    inode_get(inode);
    file->inode = inode;
    path_get(path);
    file->mount = path->mount;
    file->dentry = path->dentry;
}

void file_put(struct file *file)
{
    if (--file->refs > 0)
        return;
    struct vfs *vfs = file->vfs;
    struct inode *inode = file->inode;
    struct path path = {file->mount, file->dentry};
    if (inode) {
        if (inode->locks)
            file_locks_release(file);
        if (file->writer)
            inode->writers--;
    }
    vfs->file_count--;
    if (!list_empty(&file->epoll_links))
        epoll_forget_file(file);
    file_async_stop(file);
    file->ops->release(file);
    if (inode)
        inode_put(inode);
    if (path.dentry)
        path_put(&path);
}

void file_accessed(struct file *file)
{
    if (file->inode && !(file->flags & LX_O_NOATIME))
        inode_accessed(file->inode, file->mount);
}

long file_modified(struct file *file)
{
    struct inode *inode = file->inode;
    if (!inode || inode->flags & INODE_NO_CMTIME)
        return 0;
    if (inode->mode & (LX_S_ISUID | LX_S_ISGID) && !file->keep_setid) {
        struct attr attr = {0};
        add_setid_drop(NULL, inode, &attr);
        if (attr.valid) {
            long err = inode_set_attr(NULL, inode, &attr);
            if (err)
                return err;
        }
    }
    inode_touch(inode);
    return 0;
}

long file_wait(struct file *file, struct wait_queue *queue)
{
    if (file->flags & LX_O_NONBLOCK)
        return -LX_EAGAIN;
    long err = wait_on(file->vfs->sched, queue, 0, false);
    return err ? err : BLOCKED;
}

/* --- reading and writing --- */

/* preadv2(2)'s flags for one call: file->flags as the call shall see them. */
static long apply_rwf(struct file *file, unsigned rwf, bool writes)
{
    if (rwf & (LX_RWF_ATOMIC | LX_RWF_DONTCACHE))
        return -LX_EOPNOTSUPP;
    if (rwf & LX_RWF_NOWAIT) {
        if (!file->nowait)
            return -LX_EOPNOTSUPP;
        file->flags |= LX_O_NONBLOCK;
    }
    if ((rwf & LX_RWF_APPEND) && (rwf & LX_RWF_NOAPPEND) && writes)
        return -LX_EINVAL;
    if (rwf & LX_RWF_APPEND)
        file->flags |= LX_O_APPEND;
    if (rwf & LX_RWF_NOAPPEND)
        file->flags &= ~LX_O_APPEND;
    return 0;
}

static bool is_regular(const struct file *file)
{
    return file->inode && LX_S_ISREG(file->inode->mode);
}

static long check_read(const struct file *file)
{
    if (!file_readable(file))
        return -LX_EBADF;
    if (file->ops->iterate)
        return -LX_EISDIR;
    return 0;
}

static ssize_t do_read(struct file *file, struct uio *out)
{
    if (file->ops->read)
        return file->ops->read(file, out);
    if (!file->ops->read_at)
        return -LX_EINVAL;
    ssize_t n = file->ops->read_at(file, out, file->pos);
    if (n > 0)
        file->pos += (uint64_t)n;
    return n;
}

/* The end of the bytes would not be an offset any more. */
static bool overflows(uint64_t offset, uint64_t size)
{
    return offset > INT64_MAX || size > INT64_MAX - offset;
}

ssize_t file_read(struct file *file, struct uio *out, unsigned rwf)
{
    long err = check_read(file);
    if (err)
        return err;
    if (file->ops->read_at && !file->ops->read && overflows(file->pos, uio_remaining(out)))
        return -LX_EINVAL;
    if (likely(!rwf))
        return do_read(file, out);
    unsigned flags = file->flags;
    err = apply_rwf(file, rwf, false);
    ssize_t n = err ? err : do_read(file, out);
    file->flags = flags;
    return n;
}

ssize_t file_read_at(struct file *file, struct uio *out, int64_t offset, unsigned rwf)
{
    if (offset < 0)
        return -LX_EINVAL;
    if (!file->ops->read_at && !file->seekable)
        return -LX_ESPIPE;
    if (file_readable(file) && overflows((uint64_t)offset, uio_remaining(out)))
        return -LX_EINVAL;
    long err = check_read(file);
    if (err)
        return err;
    if (!file->ops->read_at)
        return -LX_EINVAL;
    unsigned flags = file->flags;
    err = rwf ? apply_rwf(file, rwf, false) : 0;
    ssize_t n = err ? err : file->ops->read_at(file, out, (uint64_t)offset);
    file->flags = flags;
    return n;
}

ssize_t file_read_kernel(struct file *file, void *to, size_t size, uint64_t offset)
{
    if (!file->ops->read_at)
        return -LX_EINVAL;
    struct uio uio;
    uio_init_kernel(&uio, to, size);
    return file->ops->read_at(file, &uio, offset);
}

/* Where a write to a regular file may go: cuts `in` at the limits. Bytes, 0: nothing to do. */
static long check_write_range(struct file *file, struct uio *in, uint64_t *offset,
                              uint64_t size_limit)
{
    uint64_t count = uio_remaining(in);
    if (count == 0)
        return 0;
    if (file->flags & LX_O_APPEND)
        *offset = file->inode->size;
    uint64_t max = file->inode->sb->max_bytes;
    uint64_t limit = MIN(size_limit, max);
    if (*offset >= limit)
        return -LX_EFBIG;
    if (count > limit - *offset)
        in->remaining = limit - *offset;
    return 1;
}

/* At *offset, which is moved on. */
static ssize_t do_write_at(struct file *file, struct uio *in, uint64_t *offset, uint64_t size_limit)
{
    uint64_t whole = in->remaining;
    if (is_regular(file)) {
        long go = check_write_range(file, in, offset, size_limit);
        if (go <= 0)
            return go;
    }
    uint64_t cut = whole - in->remaining;
    ssize_t n = file->ops->write_at(file, in, *offset);
    in->remaining += cut;
    if (n <= 0)
        return n;
    *offset += (uint64_t)n;
    if (file->flags & LX_O_DSYNC && file->ops->sync && is_regular(file)) {
        long err = file->ops->sync(file, (file->flags & LX_O_SYNC) != LX_O_SYNC);
        if (err)
            return err;
    }
    return n;
}

static long check_write(const struct file *file)
{
    return file_writable(file) ? 0 : -LX_EBADF;
}

static ssize_t do_write(struct file *file, struct uio *in, uint64_t size_limit)
{
    if (file->ops->write)
        return file->ops->write(file, in);
    if (!file->ops->write_at)
        return -LX_EINVAL;
    if (overflows(file->pos, uio_remaining(in)))
        return -LX_EINVAL;
    uint64_t offset = file->pos;
    ssize_t n = do_write_at(file, in, &offset, size_limit);
    if (n > 0)
        file->pos = offset;
    return n;
}

static unsigned rwf_with_sync(unsigned rwf)
{
    return (rwf & LX_RWF_SYNC ? LX_O_SYNC : 0) | (rwf & LX_RWF_DSYNC ? LX_O_DSYNC : 0);
}

ssize_t file_write(struct file *file, struct uio *in, unsigned rwf, uint64_t size_limit)
{
    long err = check_write(file);
    if (err)
        return err;
    if (likely(!rwf))
        return do_write(file, in, size_limit);
    unsigned flags = file->flags;
    err = apply_rwf(file, rwf, true);
    file->flags |= rwf_with_sync(rwf);
    ssize_t n = err ? err : do_write(file, in, size_limit);
    file->flags = flags;
    return n;
}

ssize_t file_write_at(struct file *file, struct uio *in, int64_t offset, unsigned rwf,
                      uint64_t size_limit)
{
    if (offset < 0)
        return -LX_EINVAL;
    if (!file->ops->write_at && !file->seekable)
        return -LX_ESPIPE;
    long err = check_write(file);
    if (err)
        return err;
    if (!file->ops->write_at)
        return file->ops->write ? -LX_ESPIPE : -LX_EINVAL;
    if (overflows((uint64_t)offset, uio_remaining(in)))
        return -LX_EINVAL;
    unsigned flags = file->flags;
    uint64_t at = (uint64_t)offset;
    err = rwf ? apply_rwf(file, rwf, true) : 0;
    file->flags |= rwf_with_sync(rwf);
    ssize_t n = err ? err : do_write_at(file, in, &at, size_limit);
    file->flags = flags;
    return n;
}

/* --- seeking --- */

static long seek_from(struct file *file, int64_t base, int64_t offset)
{
    int64_t pos;
    if (__builtin_add_overflow(base, offset, &pos))
        return -LX_EOVERFLOW;
    uint64_t max = file->inode ? file->inode->sb->max_bytes : INT64_MAX;
    if (pos < 0 || (uint64_t)pos > max)
        return -LX_EINVAL;
    file->pos = (uint64_t)pos;
    return pos;
}

static long seek_by_size(struct file *file, int64_t offset, int whence)
{
    int64_t size = file->inode ? (int64_t)file->inode->size : 0;
    switch (whence) {
    case LX_SEEK_SET:
        return seek_from(file, 0, offset);
    case LX_SEEK_CUR:
        return seek_from(file, (int64_t)file->pos, offset);
    case LX_SEEK_END:
        return seek_from(file, size, offset);
    default: /* data everywhere, one hole at the end */
        if (offset < 0 || offset >= size)
            return -LX_ENXIO;
        return seek_from(file, 0, whence == LX_SEEK_DATA ? offset : size);
    }
}

long file_seek(struct file *file, int64_t offset, int whence)
{
    if (whence < LX_SEEK_SET || whence > LX_SEEK_HOLE)
        return -LX_EINVAL;
    if (!file->seekable)
        return file->seek_ignored ? 0 : -LX_ESPIPE;
    if (file->ops->seek)
        return file->ops->seek(file, offset, whence);
    if (file->ops->iterate && whence > LX_SEEK_CUR)
        return -LX_EINVAL;
    return seek_by_size(file, offset, whence);
}

unsigned file_poll(struct file *file, struct poll_table *table)
{
    if (!file->ops->poll)
        return LX_POLLIN | LX_POLLOUT | LX_POLLRDNORM | LX_POLLWRNORM;
    return file->ops->poll(file, table);
}

/* --- directories --- */

unsigned dirent_type(uint32_t mode)
{
    return (mode & LX_S_IFMT) >> 12;
}

bool dirent_emit_dots(struct file *file, struct dirent_sink *sink)
{
    const struct dentry *dentry = file->dentry;
    if (file->pos == 0) {
        if (!dirent_emit(sink, ".", 1, dentry->inode->ino, LX_DT_DIR, 0))
            return false;
        file->pos = 1;
    }
    if (file->pos == 1) {
        if (!dirent_emit(sink, "..", 2, dentry->parent->inode->ino, LX_DT_DIR, 1))
            return false;
        file->pos = 2;
    }
    return true;
}
