/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading, writing, seeking: read(2), write(2), pread(2), readv(2), preadv2(2), lseek(2) and their
 * kin.
 */
#include "syscall_table/sys_files.h"
#include "vfs/fdtable.h"

/* What access_ok() refuses. */
static bool is_outside(gva_t base, uint64_t length)
{
    return base > TASK_SIZE || length > TASK_SIZE - base;
}

long sys_read(struct task *task, int fd, gva_t buf, uint64_t count)
{
    struct file *file = task_file(task, fd, 0);
    if (!file)
        return -LX_EBADF;
    if (unlikely(is_outside(buf, count)) && file_readable(file))
        return -LX_EFAULT;
    struct uio uio;
    uio_init(&uio, task->mm, buf, count);
    ssize_t n = file_read(file, &uio, 0);
    return count_read(task, likely(n >= 0) ? n : end_transfer(task, n, uio.done));
}

long sys_write(struct task *task, int fd, gva_t buf, uint64_t count)
{
    struct file *file = task_file(task, fd, 0);
    if (!file)
        return -LX_EBADF;
    if (unlikely(is_outside(buf, count)) && file_writable(file))
        return -LX_EFAULT;
    struct uio uio;
    uio_init(&uio, task->mm, buf, count);
    uio_advance(&uio, task->call.progress);
    ssize_t n = file_write(file, &uio, 0, task_rlimit(task, LX_RLIMIT_FSIZE));
    return count_write(task, end_transfer(task, n, uio.done));
}

long sys_pread64(struct task *task, int fd, gva_t buf, uint64_t count, int64_t offset)
{
    if (offset < 0)
        return -LX_EINVAL;
    struct file *file = fdtable_get(task->fds, fd);
    if (!file)
        return -LX_EBADF;
    if (unlikely(is_outside(buf, count)) && file_readable(file) && file->seekable)
        return -LX_EFAULT;
    struct uio uio;
    uio_init(&uio, task->mm, buf, count);
    ssize_t n = file_read_at(file, &uio, offset, 0);
    return count_read(task, end_transfer(task, n, uio.done));
}

long sys_pwrite64(struct task *task, int fd, gva_t buf, uint64_t count, int64_t offset)
{
    if (offset < 0)
        return -LX_EINVAL;
    struct file *file = fdtable_get(task->fds, fd);
    if (!file)
        return -LX_EBADF;
    if (unlikely(is_outside(buf, count)) && file_writable(file) && file->seekable)
        return -LX_EFAULT;
    struct uio uio;
    uio_init(&uio, task->mm, buf, count);
    ssize_t n = file_write_at(file, &uio, offset, 0, task_rlimit(task, LX_RLIMIT_FSIZE));
    return count_write(task, end_transfer(task, n, uio.done));
}

/* --- vectors --- */

/* One vector call. `at`: NULL is the file's position. */
struct vector_call {
    int fd;
    gva_t iov;
    uint64_t count;
    const int64_t *at;
    unsigned rwf;
    bool writes;
};

/* Linux: flags count only where bytes would move (guest/file/preadv2_flags). */
static ssize_t move_vector(struct task *task, struct file *file, const struct vector_call *call,
                           struct uio *uio)
{
    uint64_t limit = task_rlimit(task, LX_RLIMIT_FSIZE);
    if (uio_remaining(uio) == 0)
        return 0;
    const unsigned known = LX_RWF_HIPRI | LX_RWF_DSYNC | LX_RWF_SYNC | LX_RWF_NOWAIT |
                           LX_RWF_APPEND | LX_RWF_NOAPPEND | LX_RWF_ATOMIC | LX_RWF_DONTCACHE |
                           LX_RWF_NOSIGNAL;
    if (call->rwf & ~known)
        return -LX_EOPNOTSUPP;
    if (file->ops->iterate && call->rwf & ~LX_RWF_HIPRI)
        return -LX_EOPNOTSUPP; /* a directory */
    if (call->writes)
        return call->at ? file_write_at(file, uio, *call->at, call->rwf, limit)
                        : file_write(file, uio, call->rwf, limit);
    return call->at ? file_read_at(file, uio, *call->at, call->rwf)
                    : file_read(file, uio, call->rwf);
}

static long do_vector(struct task *task, const struct vector_call *call)
{
    if (call->at && *call->at < 0)
        return -LX_EINVAL;
    struct file *file = task_file(task, call->fd, 0);
    if (!file)
        return -LX_EBADF;
    if (call->at && !file->seekable)
        return -LX_ESPIPE;
    if (call->writes ? !file_writable(file) : !file_readable(file))
        return -LX_EBADF;
    const struct file_ops *ops = file->ops;
    if (call->writes ? !ops->write && !ops->write_at : !ops->read && !ops->read_at && !ops->iterate)
        return -LX_EINVAL;
    struct uio uio;
    long err = uio_init_vector(&uio, task->mm, task->kernel->arena, call->iov, call->count);
    if (err)
        return err;
    uio_advance(&uio, task->call.progress);
    ssize_t n = move_vector(task, file, call, &uio);
    bool quiet = n == -LX_EPIPE && call->rwf & LX_RWF_NOSIGNAL;
    long result = quiet && !task->call.progress ? n : end_transfer(task, quiet ? 0 : n, uio.done);
    uio_fini(&uio);
    return call->writes ? count_write(task, result) : count_read(task, result);
}

long sys_readv(struct task *task, int fd, gva_t iov, uint64_t iovcnt)
{
    struct vector_call call = {.fd = fd, .iov = iov, .count = iovcnt};
    return do_vector(task, &call);
}

long sys_writev(struct task *task, int fd, gva_t iov, uint64_t iovcnt)
{
    struct vector_call call = {.fd = fd, .iov = iov, .count = iovcnt, .writes = true};
    return do_vector(task, &call);
}

long sys_preadv(struct task *task, int fd, gva_t iov, uint64_t iovcnt, int64_t offset)
{
    struct vector_call call = {.fd = fd, .iov = iov, .count = iovcnt, .at = &offset};
    return do_vector(task, &call);
}

long sys_pwritev(struct task *task, int fd, gva_t iov, uint64_t iovcnt, int64_t offset)
{
    struct vector_call call = {
        .fd = fd, .iov = iov, .count = iovcnt, .at = &offset, .writes = true};
    return do_vector(task, &call);
}

long sys_preadv2(struct task *task, int fd, gva_t iov, uint64_t iovcnt, int64_t offset,
                 uint64_t offset_high, uint32_t flags)
{
    (void)offset_high; /* on x86-64 the low word holds all of it */
    struct vector_call call = {.fd = fd, .iov = iov, .count = iovcnt, .rwf = flags};
    call.at = offset == -1 ? NULL : &offset;
    return do_vector(task, &call);
}

long sys_pwritev2(struct task *task, int fd, gva_t iov, uint64_t iovcnt, int64_t offset,
                  uint64_t offset_high, uint32_t flags)
{
    (void)offset_high;
    struct vector_call call = {.fd = fd, .iov = iov, .count = iovcnt, .rwf = flags, .writes = true};
    call.at = offset == -1 ? NULL : &offset;
    return do_vector(task, &call);
}

long sys_lseek(struct task *task, int fd, int64_t offset, int whence)
{
    struct file *file = fdtable_get(task->fds, fd);
    return file ? file_seek(file, offset, whence) : -LX_EBADF;
}
