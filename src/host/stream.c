/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Adopted descriptors: reading and writing without waiting, and without changing the open file
 * description, which other processes share. O_NONBLOCK cannot be set, so: RWF_NOWAIT where the host
 * has it (pipes, Linux 6.4), else poll(2) first and move no more than is sure to fit. A terminal
 * may then hold a write up for as long as it prints it.
 *
 * SIGPIPE: a library must not change the process's dispositions. A write to a pipe or socket blocks
 * the signal for this thread, and takes it from the queue if the write raised it (SIGPIPE is sent
 * to the writing thread).
 */
#include "host/internal.h"
#include "host/stream.h"

#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#ifdef __linux__
#include <sys/epoll.h>
#endif
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

long host_open_stream(struct host *host, int fd, host_handle_t *out)
{
    struct stat st;
    if (fstat(fd, &st) < 0)
        return host_error();
    host_handle_t handle;
    long err = host_enter(host, fd, true, &handle);
    if (err)
        return err;
    struct host_slot *slot = &host->slots[handle];
    slot->sigpipe = S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode);
    slot->seekable = S_ISREG(st.st_mode) || S_ISBLK(st.st_mode);
    *out = handle;
    return 0;
}

/* epoll(7) refuses what knows no readiness. Where there is none, terminals and streams of bytes
 * know it. */
static bool is_pollable(int fd)
{
#ifdef __linux__
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    if (epoll >= 0) {
        struct epoll_event event = {0};
        bool refused = epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0 && errno == EPERM;
        close(epoll);
        return !refused;
    }
#endif
    struct stat st;
    return isatty(fd) == 1 || fstat(fd, &st) < 0 || S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode);
}

long host_stream_info(struct host *host, host_handle_t handle, struct host_stream_info *out)
{
    struct host_slot *slot = host_slot(host, handle);
    if (!slot)
        return -LX_EBADF;
    int flags = fcntl(slot->fd, F_GETFL);
    if (flags < 0)
        return host_error();
    int access = flags & O_ACCMODE;
    out->readable = access != O_WRONLY;
    out->writable = access != O_RDONLY;
    out->append = flags & O_APPEND;
    out->seekable = slot->seekable;
    out->terminal = isatty(slot->fd) == 1;
    out->pollable = is_pollable(slot->fd);
    return host_stat(host, handle, &out->stat);
}

static unsigned ready_now(int fd, unsigned events)
{
    struct pollfd poll_fd = {.fd = fd, .events = (short)events};
    return poll(&poll_fd, 1, 0) > 0 ? (unsigned short)poll_fd.revents : 0;
}

unsigned host_stream_ready(struct host *host, host_handle_t handle)
{
    int fd = host_fd(host, handle);
    return fd < 0 ? HOST_ERROR : ready_now(fd, POLLIN | POLLOUT) & ~(unsigned)POLLNVAL;
}

static int gather(struct iovec iov[HOST_SPANS_MAX], const struct host_span *spans, unsigned count,
                  size_t most)
{
    int n = 0;
    for (unsigned i = 0; i < count && i < HOST_SPANS_MAX && most > 0; i++) {
        size_t length = MIN(spans[i].length, most);
        iov[n++] = (struct iovec){.iov_base = spans[i].base, .iov_len = length};
        most -= length;
    }
    return n;
}

static ssize_t read_plain(int fd, const struct iovec *iov, int n)
{
    ssize_t got;
    do
        got = readv(fd, iov, n);
    while (got < 0 && errno == EINTR);
    return got < 0 ? host_error() : got;
}

ssize_t host_stream_read(struct host *host, host_handle_t handle, const struct host_span *spans,
                         unsigned count)
{
    struct host_slot *slot = host_slot(host, handle);
    if (!slot)
        return -LX_EBADF;
    struct iovec iov[HOST_SPANS_MAX];
    int n = gather(iov, spans, count, SSIZE_MAX);
    if (slot->seekable)
        return read_plain(slot->fd, iov, n);
#ifdef RWF_NOWAIT
    if (!slot->no_wait_fails) {
        ssize_t got = preadv2(slot->fd, iov, n, -1, RWF_NOWAIT);
        if (got >= 0 || errno == EAGAIN)
            return got < 0 ? -LX_EAGAIN : got;
        if (errno != EOPNOTSUPP && errno != ENOSYS && errno != EINVAL && errno != ESPIPE)
            return host_error();
        slot->no_wait_fails = true;
    }
#endif
    if (!ready_now(slot->fd, POLLIN))
        return -LX_EAGAIN;
    return read_plain(slot->fd, iov, n);
}

static ssize_t write_plain(int fd, const struct iovec *iov, int n)
{
    ssize_t put;
    do
        put = writev(fd, iov, n);
    while (put < 0 && errno == EINTR);
    return put < 0 ? host_error() : put;
}

static ssize_t write_ready(struct host_slot *slot, const struct host_span *spans, unsigned count)
{
    struct iovec iov[HOST_SPANS_MAX];
    int n;
#ifdef RWF_NOWAIT
    if (!slot->no_wait_fails) {
        n = gather(iov, spans, count, SSIZE_MAX);
        ssize_t put = pwritev2(slot->fd, iov, n, -1, RWF_NOWAIT);
        if (put >= 0 || errno == EAGAIN)
            return put < 0 ? -LX_EAGAIN : put;
        if (errno != EOPNOTSUPP && errno != ENOSYS && errno != EINVAL && errno != ESPIPE)
            return host_error();
        slot->no_wait_fails = true;
    }
#endif
    if (!ready_now(slot->fd, POLLOUT))
        return -LX_EAGAIN;
    n = gather(iov, spans, count, PIPE_BUF); /* what a pipe that polls writable can take */
    return write_plain(slot->fd, iov, n);
}

static ssize_t write_without_sigpipe(struct host_slot *slot, const struct host_span *spans,
                                     unsigned count)
{
    sigset_t pipe_only, before, pending;
    sigemptyset(&pipe_only);
    sigaddset(&pipe_only, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_only, &before);
    bool was_pending = false;
    if (sigismember(&before, SIGPIPE) && sigpending(&pending) == 0)
        was_pending = sigismember(&pending, SIGPIPE);

    ssize_t put = write_ready(slot, spans, count);

    const struct timespec at_once = {0};
    if (put == -LX_EPIPE && !was_pending)
        while (sigtimedwait(&pipe_only, NULL, &at_once) < 0 && errno == EINTR)
            ;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return put;
}

ssize_t host_stream_write(struct host *host, host_handle_t handle, const struct host_span *spans,
                          unsigned count)
{
    struct host_slot *slot = host_slot(host, handle);
    if (!slot)
        return -LX_EBADF;
    if (slot->sigpipe)
        return write_without_sigpipe(slot, spans, count);
    if (!slot->seekable)
        return write_ready(slot, spans, count);
    struct iovec iov[HOST_SPANS_MAX];
    int n = gather(iov, spans, count, SSIZE_MAX);
    return write_plain(slot->fd, iov, n);
}

long host_stream_seek(struct host *host, host_handle_t handle, int64_t offset, int whence)
{
    struct host_slot *slot = host_slot(host, handle);
    if (!slot)
        return -LX_EBADF;
    if (!slot->seekable)
        return -LX_ESPIPE;
    off_t at = lseek(slot->fd, offset, whence);
    return at < 0 ? host_error() : (long)at;
}

long host_stream_pending(struct host *host, host_handle_t handle)
{
    int fd = host_fd(host, handle), count = 0;
    if (fd < 0)
        return -LX_EBADF;
    return ioctl(fd, FIONREAD, &count) < 0 ? host_error() : count;
}
