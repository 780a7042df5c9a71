/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Contents as a whole: sizes and space (truncate(2), fallocate(2)), syncing (fsync(2)), advice
 * (posix_fadvise(2)), and copies from file to file (sendfile(2), copy_file_range(2), splice(2),
 * tee(2), vmsplice(2)).
 */
#include "syscall_table/sys_files.h"
#include "vfs/fdtable.h"
#include "vfs/file_attr.h"
#include "vfs/mount.h"
#include "vfs/pipe.h"

long sys_truncate(struct task *task, gva_t path, int64_t length)
{
    if (length < 0)
        return -LX_EINVAL;
    char name[LX_PATH_MAX];
    long err = get_name(task, path, name);
    if (err)
        return err;
    struct fs_context context = task_fs_context(task);
    return end_transfer(task, vfs_truncate(&context, name, length), 0);
}

long sys_ftruncate(struct task *task, int fd, int64_t length)
{
    if (length < 0)
        return -LX_EINVAL;
    struct file *file = fdtable_get(task->fds, fd);
    if (!file)
        return -LX_EBADF;
    return end_transfer(task, file_truncate(file, length, task_rlimit(task, LX_RLIMIT_FSIZE)), 0);
}

long sys_fallocate(struct task *task, int fd, uint32_t mode, int64_t offset, int64_t length)
{
    struct file *file = fdtable_get(task->fds, fd);
    if (!file)
        return -LX_EBADF;
    long err = file_allocate(file, mode, offset, length, task_rlimit(task, LX_RLIMIT_FSIZE));
    return end_transfer(task, err, 0);
}

/* --- syncing --- */

long sys_sync(struct task *task)
{
    vfs_sync(&task->kernel->vfs);
    return 0;
}

static long sync_file(struct task *task, int fd, bool data_only)
{
    struct file *file = fdtable_get(task->fds, fd);
    return file ? file_sync(file, data_only) : -LX_EBADF;
}

long sys_fsync(struct task *task, int fd)
{
    return sync_file(task, fd, false);
}

long sys_fdatasync(struct task *task, int fd)
{
    return sync_file(task, fd, true);
}

long sys_syncfs(struct task *task, int fd)
{
    struct file *file = fdtable_get(task->fds, fd);
    return file ? file_syncfs(file) : -LX_EBADF;
}

static bool has_pages(const struct file *file)
{
    const struct inode *inode = file->inode;
    return inode && (LX_S_ISREG(inode->mode) || LX_S_ISBLK(inode->mode) ||
                     LX_S_ISDIR(inode->mode) || LX_S_ISLNK(inode->mode));
}

long sys_sync_file_range(struct task *task, int fd, int64_t offset, int64_t nbytes, uint32_t flags)
{
    struct file *file = fdtable_get(task->fds, fd);
    if (!file)
        return -LX_EBADF;
    int64_t end;
    if (flags & ~(LX_SYNC_FILE_RANGE_WAIT_BEFORE | LX_SYNC_FILE_RANGE_WRITE |
                  LX_SYNC_FILE_RANGE_WAIT_AFTER))
        return -LX_EINVAL;
    if (offset < 0 || nbytes < 0 || __builtin_add_overflow(offset, nbytes, &end))
        return -LX_EINVAL;
    if (!has_pages(file))
        return -LX_ESPIPE;
    return file->ops->sync ? file_sync(file, true) : 0;
}

/* --- advice: taken, and nothing comes of it --- */

long sys_fadvise64(struct task *task, int fd, int64_t offset, uint64_t len, int advice)
{
    (void)offset;
    struct file *file = fdtable_get(task->fds, fd);
    if (!file)
        return -LX_EBADF;
    if (file->inode && LX_S_ISFIFO(file->inode->mode))
        return -LX_ESPIPE;
    if ((int64_t)len < 0)
        return -LX_EINVAL;
    return advice < LX_POSIX_FADV_NORMAL || advice > LX_POSIX_FADV_NOREUSE ? -LX_EINVAL : 0;
}

long sys_readahead(struct task *task, int fd, int64_t offset, uint64_t count)
{
    (void)offset, (void)count;
    struct file *file = fdtable_get(task->fds, fd);
    if (!file || !file_readable(file))
        return -LX_EBADF;
    bool known = file->inode && (LX_S_ISREG(file->inode->mode) || LX_S_ISBLK(file->inode->mode));
    return known ? 0 : -LX_EINVAL;
}

/* --- from file to file --- */

/* An offset that the guest hands over and gets back: `at` 0 is the file's position. */
static long get_offset(struct task *task, gva_t at, int64_t *out)
{
    return at ? user_get(task->mm, out, at) : 0;
}

static long put_offset(struct task *task, gva_t at, int64_t offset, long result)
{
    if (!at || result == BLOCKED)
        return result;
    long err = user_put(task->mm, at, &offset);
    return err ? err : result;
}

long sys_sendfile(struct task *task, int out_fd, int in_fd, gva_t offset_at, uint64_t count)
{
    int64_t offset = 0;
    long err = get_offset(task, offset_at, &offset);
    if (err)
        return err;
    struct file *in = task_file(task, in_fd, 0);
    struct file *out = task_file(task, out_fd, 1);
    ssize_t n =
        file_send(in, offset_at ? &offset : NULL, out, count, task_rlimit(task, LX_RLIMIT_FSIZE));
    return put_offset(task, offset_at, offset, end_transfer(task, n, 0));
}

long sys_copy_file_range(struct task *task, int fd_in, gva_t in_at, int fd_out, gva_t out_at,
                         uint64_t len, uint32_t flags)
{
    struct file *in = fdtable_get(task->fds, fd_in);
    struct file *out = fdtable_get(task->fds, fd_out);
    if (!in || !out)
        return -LX_EBADF;
    int64_t in_offset = 0, out_offset = 0;
    long err = get_offset(task, in_at, &in_offset);
    if (!err)
        err = get_offset(task, out_at, &out_offset);
    if (err)
        return err;
    if (flags)
        return -LX_EINVAL;
    ssize_t n = file_copy_range(in, in_at ? &in_offset : NULL, out, out_at ? &out_offset : NULL,
                                len, task_rlimit(task, LX_RLIMIT_FSIZE));
    long result = end_transfer(task, n, 0);
    if (result <= 0)
        return result;
    result = put_offset(task, in_at, in_offset, result);
    return put_offset(task, out_at, out_offset, result);
}

#define SPLICE_FLAGS (LX_SPLICE_F_MOVE | LX_SPLICE_F_NONBLOCK | LX_SPLICE_F_MORE | LX_SPLICE_F_GIFT)

long sys_splice(struct task *task, int fd_in, gva_t in_at, int fd_out, gva_t out_at, uint64_t len,
                uint32_t flags)
{
    if (len == 0)
        return 0;
    if (flags & ~SPLICE_FLAGS)
        return -LX_EINVAL;
    struct file *in = task_file(task, fd_in, 0);
    struct file *out = task_file(task, fd_out, 1);
    if (!in || !out)
        return -LX_EBADF;
    if ((in_at && file_is_pipe(in)) || (out_at && file_is_pipe(out)))
        return -LX_ESPIPE;
    int64_t in_offset = 0, out_offset = 0;
    long err = get_offset(task, out_at, &out_offset);
    if (!err)
        err = get_offset(task, in_at, &in_offset);
    if (err)
        return err;
    ssize_t n = pipe_splice(in, in_at ? &in_offset : NULL, out, out_at ? &out_offset : NULL, len,
                            flags, task_rlimit(task, LX_RLIMIT_FSIZE));
    long result = end_transfer(task, n, 0);
    if (result < 0)
        return result;
    result = put_offset(task, out_at, out_offset, result);
    return put_offset(task, in_at, in_offset, result);
}

long sys_tee(struct task *task, int fd_in, int fd_out, uint64_t len, uint32_t flags)
{
    if (flags & ~SPLICE_FLAGS)
        return -LX_EINVAL;
    if (len == 0)
        return 0;
    struct file *in = task_file(task, fd_in, 0);
    struct file *out = task_file(task, fd_out, 1);
    if (!in || !out)
        return -LX_EBADF;
    return end_transfer(task, pipe_tee(in, out, len, flags), 0);
}

/* Pages are copied, never given: nobody can tell but by writing to them afterwards, which
 * vmsplice(2) forbids. */
long sys_vmsplice(struct task *task, int fd, gva_t iov, uint64_t nr_segs, uint32_t flags)
{
    if (flags & ~SPLICE_FLAGS)
        return -LX_EINVAL;
    struct file *file = task_file(task, fd, 0);
    if (!file)
        return -LX_EBADF;
    struct uio uio;
    long err = uio_init_vector(&uio, task->mm, task->kernel->arena, iov, nr_segs);
    if (err)
        return err;
    ssize_t n = 0;
    unsigned rwf = flags & LX_SPLICE_F_NONBLOCK ? LX_RWF_NOWAIT : 0;
    uio_advance(&uio, task->call.progress);
    if (uio_remaining(&uio) == 0)
        n = 0;
    else if (!file_is_pipe(file))
        n = -LX_EBADF;
    else if (file_writable(file))
        n = file_write(file, &uio, rwf, UINT64_MAX);
    else
        n = file_read(file, &uio, rwf);
    long result = end_transfer(task, n, uio.done);
    uio_fini(&uio);
    return result;
}
