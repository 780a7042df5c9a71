/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hostfs: open files. Bytes go straight between the host's file and the guest's pages; only where a
 * shared mapping has made a cached page newer than the host's file, a read takes the page. Writes
 * go to the host first, then into cached pages, so that read(2), write(2) and every mapping see one
 * file.
 */
#include "fs/hostfs_internal.h"

#include "base/strbuf.h"

#include <string.h>

struct hostfs_file {
    struct file file;          /* first */
    struct hostfs_inode *node; /* file->inode's; known before it is set */
    host_handle_t entries;     /* a directory's, to read it; else HOST_NONE */
};

static struct hostfs_inode *node_of(struct file *file)
{
    return container_of(file, struct hostfs_file, file)->node;
}

/*
 * The next bytes of the guest's buffers as spans, front to back, at most `most`. The buffers
 * advance; the caller sets them back to where they were and advances by what the host moved. The
 * bytes gathered, or -LX_EFAULT when there are none.
 */
static ssize_t gather(struct uio *uio, enum cpu_access access, uint64_t most,
                      struct host_span spans[HOST_SPANS_MAX], unsigned *count)
{
    uint64_t all = 0;
    *count = 0;
    while (*count < HOST_SPANS_MAX && all < most && uio_remaining(uio) > 0) {
        void *base;
        ssize_t n = uio_window(uio, access, &base);
        if (n <= 0)
            return all ? (ssize_t)all : n;
        size_t length = MIN((size_t)n, (size_t)(most - all));
        spans[*count] = (struct host_span){.base = base, .length = length};
        ++*count;
        all += length;
        uio_advance(uio, length);
    }
    return (ssize_t)all;
}

/* Bad buffers matter only where there are bytes to give (guest/file/fault). */
static long nothing_to_read(struct hostfs_inode *node, uint64_t offset, long otherwise)
{
    long err = hostfs_fetch(node);
    return err ? err : offset >= node->inode.size ? 0 : otherwise;
}

/* One host call. `most`: no further than that. */
static ssize_t read_direct(struct hostfs_inode *node, struct uio *out, uint64_t offset,
                           uint64_t most)
{
    struct host_span spans[HOST_SPANS_MAX];
    unsigned count;
    struct uio before = *out;
    ssize_t n = gather(out, CPU_WRITE, most, spans, &count);
    *out = before;
    if (n == -LX_EFAULT)
        n = nothing_to_read(node, offset, n);
    if (n > 0)
        n = host_pread(node->fs->vfs->host, node->reader, spans, count, offset);
    if (n > 0)
        uio_advance(out, (uint64_t)n);
    return n;
}

static ssize_t read_page(struct hostfs_inode *node, struct uio *out, uint64_t offset)
{
    uint64_t within = offset & ~PAGE_MASK, size = node->inode.size;
    uint64_t n = MIN(PAGE_SIZE - within, uio_remaining(out));
    n = MIN(n, size > offset ? size - offset : 0);
    frame_t frame = hostfs_page(node, offset >> PAGE_SHIFT);
    if (frame == FRAME_NONE || n == 0)
        return read_direct(node, out, offset, n);
    return uio_put(out, (const char *)ram_read(node->fs->vfs->ram, frame) + within, n);
}

static ssize_t file_read_bytes(struct file *file, struct uio *out, uint64_t offset)
{
    struct hostfs_inode *node = node_of(file);
    ssize_t done = 0;
    if (node->dirty_count) {
        long err = hostfs_fetch(node);
        if (err)
            return err;
    }
    while (uio_remaining(out) > 0) {
        uint64_t at = offset + (uint64_t)done;
        ssize_t n = hostfs_pages_dirty(node, at, uio_remaining(out))
                        ? read_page(node, out, at)
                        : read_direct(node, out, at, uio_remaining(out));
        if (n <= 0)
            return done ? done : n;
        done += n;
    }
    return done;
}

/*
 * What writing does to set-ID bits: the host would not do it for its root (guest/file/setid_bits).
 */
static long drop_setid(struct file *file, struct inode *inode)
{
    uint32_t mode = inode->mode & LX_S_IALLUGO & ~LX_S_ISUID;
    if (mode & LX_S_IXGRP)
        mode &= ~LX_S_ISGID;
    struct attr attr = {.valid = ATTR_MODE, .mode = mode};
    return file->keep_setid ? 0 : hostfs_setattr(NULL, inode, &attr);
}

static ssize_t file_write_bytes(struct file *file, struct uio *in, uint64_t offset)
{
    struct hostfs_inode *node = node_of(file);
    ssize_t done = 0;
    if (node->inode.mode & (LX_S_ISUID | LX_S_ISGID) && uio_remaining(in) > 0) {
        long err = drop_setid(file, &node->inode);
        if (err)
            return err;
    }
    if (file->flags & LX_O_APPEND) { /* others may have appended meanwhile */
        long err = hostfs_fetch(node);
        if (err)
            return err;
        offset = node->inode.size;
    }
    while (uio_remaining(in) > 0) {
        struct host_span spans[HOST_SPANS_MAX];
        unsigned count;
        struct uio before = *in;
        uint64_t at = offset + (uint64_t)done;
        ssize_t n = gather(in, CPU_READ, uio_remaining(in), spans, &count);
        *in = before;
        if (n > 0)
            n = host_pwrite(node->fs->vfs->host, node->writer, spans, count, at);
        if (n <= 0)
            return done ? done : n;
        uio_advance(in, (uint64_t)n);
        done += n;
        node->inode.size = MAX(node->inode.size, at + (uint64_t)n);
        hostfs_pages_written(node, at, (uint64_t)n);
    }
    return done;
}

static long file_map_object(struct file *file, unsigned prot, unsigned flags,
                            struct vm_object **out)
{
    (void)prot;
    (void)flags;
    struct hostfs_inode *node = node_of(file);
    hostfs_pages_validate(node);
    *out = &node->object;
    return 0;
}

static long file_sync_bytes(struct file *file, bool data_only)
{
    struct hostfs_inode *node = node_of(file);
    long err = hostfs_pages_sync(node, 0, UINT64_MAX);
    if (!err) {
        err = node->write_error;
        node->write_error = 0;
    }
    host_handle_t handle = node->writer != HOST_NONE ? node->writer : node->reader;
    return err ? err : host_sync(node->fs->vfs->host, handle, data_only);
}

static long file_allocate_bytes(struct file *file, unsigned mode, uint64_t offset, uint64_t length)
{
    struct hostfs_inode *node = node_of(file);
    long err = hostfs_pages_sync(node, 0, UINT64_MAX);
    if (!err)
        err = host_allocate(node->fs->vfs->host, node->writer, mode, offset, length);
    if (err)
        return err;
    if (mode & (LX_FALLOC_FL_COLLAPSE_RANGE | LX_FALLOC_FL_INSERT_RANGE))
        length = INT64_MAX - offset; /* all that follows has moved */
    if (mode & ~LX_FALLOC_FL_KEEP_SIZE)
        hostfs_pages_changed(node, offset, length);
    node->stamp_stale = true;
    return hostfs_fetch(node);
}

static long seek_from(struct hostfs_inode *node, int64_t offset, bool hole)
{
    if (offset < 0 || (uint64_t)offset >= node->inode.size)
        return -LX_ENXIO;
    return host_seek_data(node->fs->vfs->host, node->reader, (uint64_t)offset, hole);
}

static long file_seek_to(struct file *file, int64_t offset, int whence)
{
    struct hostfs_inode *node = node_of(file);
    int64_t base = 0;
    long at;
    if (whence != LX_SEEK_SET && whence != LX_SEEK_CUR) {
        long err = hostfs_fetch(node);
        if (err)
            return err;
    }
    switch (whence) {
    case LX_SEEK_SET:
        break;
    case LX_SEEK_CUR:
        base = (int64_t)file->pos;
        break;
    case LX_SEEK_END:
        base = (int64_t)node->inode.size;
        break;
    case LX_SEEK_DATA:
    case LX_SEEK_HOLE:
        at = seek_from(node, offset, whence == LX_SEEK_HOLE);
        if (at >= 0)
            file->pos = (uint64_t)at;
        return at;
    default:
        return -LX_EINVAL;
    }
    int64_t sum;
    if (__builtin_add_overflow(base, offset, &sum))
        return -LX_EOVERFLOW;
    if (sum < 0)
        return -LX_EINVAL;
    file->pos = (uint64_t)sum;
    return sum;
}

static void file_release(struct file *file)
{
    struct hostfs_file *open_file = container_of(file, struct hostfs_file, file);
    struct vfs *vfs = file->vfs;
    if (LX_S_ISREG(open_file->node->inode.mode))
        hostfs_close_io(open_file->node);
    host_close(vfs->host, open_file->entries);
    inode_put(&open_file->node->inode);
    arena_free(vfs->arena, open_file);
}

static const struct file_ops regular_ops = {
    .read_at = file_read_bytes,
    .write_at = file_write_bytes,
    .seek = file_seek_to,
    .map = file_map_object,
    .sync = file_sync_bytes,
    .allocate = file_allocate_bytes,
    .release = file_release,
    .direct = true,
};

static long make_file(struct hostfs_inode *node, const struct file_ops *ops, unsigned flags,
                      host_handle_t entries, struct file **out)
{
    struct vfs *vfs = node->fs->vfs;
    struct hostfs_file *open_file = arena_alloc(vfs->arena, sizeof *open_file);
    if (!open_file)
        return -LX_ENOMEM;
    file_init(&open_file->file, vfs, ops, flags);
    inode_get(&node->inode);
    open_file->node = node;
    open_file->entries = entries;
    *out = &open_file->file;
    return 0;
}

long hostfs_open_file(struct fs_context *context, struct inode *inode, unsigned flags,
                      struct file **out)
{
    (void)context;
    struct hostfs_inode *node = hostfs_inode(inode);
    unsigned access = flags & LX_O_ACCMODE;
    long err = hostfs_open_io(node, access != LX_O_WRONLY, access != LX_O_RDONLY);
    if (err)
        return err;
    hostfs_pages_validate(node);
    err = make_file(node, &regular_ops, flags, HOST_NONE, out);
    if (err)
        hostfs_close_io(node);
    else if (flags & LX___O_TMPFILE && !(flags & LX_O_EXCL))
        inode->flags |= INODE_LINKABLE;
    return err;
}

/* --- directories --- */

struct listing {
    struct file *file;
    struct dirent_sink *sink;
    struct hostfs_inode *node;
};

static bool list_entry_of_host(void *opaque, const struct host_dirent *entry)
{
    struct listing *listing = opaque;
    uint64_t ino = entry->ino;
    struct hostfs_inode *node = listing->node;
    if (!strcmp(entry->name, "..") && node->dir == node->fs->root)
        ino = node->inode.ino; /* what is above is not the guest's */
    if (!dirent_emit(listing->sink, entry->name, strlen(entry->name), ino, entry->type,
                     listing->file->pos))
        return false;
    listing->file->pos = entry->next;
    return true;
}

static long directory_iterate(struct file *file, struct dirent_sink *sink)
{
    struct hostfs_file *open_file = container_of(file, struct hostfs_file, file);
    struct listing listing = {.file = file, .sink = sink, .node = open_file->node};
    return host_read_dir(file->vfs->host, open_file->entries, file->pos, list_entry_of_host,
                         &listing);
}

static long directory_sync(struct file *file, bool data_only)
{
    struct hostfs_file *open_file = container_of(file, struct hostfs_file, file);
    return host_sync(file->vfs->host, open_file->entries, data_only);
}

static const struct file_ops directory_ops = {
    .iterate = directory_iterate,
    .sync = directory_sync,
    .release = file_release,
};

long hostfs_open_directory(struct fs_context *context, struct inode *inode, unsigned flags,
                           struct file **out)
{
    (void)context;
    struct hostfs_inode *node = hostfs_inode(inode);
    struct vfs *vfs = node->fs->vfs;
    host_handle_t dir, handle;
    struct host_stat st;
    const char *name;
    long err = hostfs_locate(node, &dir, &name);
    bool lost = err && node->dir != HOST_NONE; /* its name; who stands in it may open it still */
    if (err && !lost)
        return err;
    unsigned how = HOST_OPEN_READ | HOST_OPEN_DIRECTORY;
    if (lost || dir == HOST_NONE)
        err = host_reopen_dir(vfs->host, lost ? node->dir : node->fs->root, &handle);
    else
        err = hostfs_open_at(node->fs, dir, name, how, 0, &handle);
    if (err)
        return err;
    err = host_stat(vfs->host, handle, &st);
    if (!err && !hostfs_same(node, &st))
        err = -LX_ENOENT;
    if (!err)
        err = make_file(node, &directory_ops, flags, handle, out);
    if (err)
        host_close(vfs->host, handle);
    return err;
}
