/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Host files by handle: bytes, sizes, attributes, directory entries.
 */
#include "host/internal.h"
#include "host/file.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static int iov_from(struct iovec iov[HOST_SPANS_MAX], const struct host_span *spans, unsigned count)
{
    if (count > HOST_SPANS_MAX)
        count = HOST_SPANS_MAX;
    for (unsigned i = 0; i < count; i++)
        iov[i] = (struct iovec){.iov_base = spans[i].base, .iov_len = spans[i].length};
    return (int)count;
}

ssize_t host_pread(struct host *host, host_handle_t handle, const struct host_span *spans,
                   unsigned count, uint64_t offset)
{
    int fd = host_fd(host, handle);
    if (fd < 0)
        return -LX_EBADF;
    struct iovec iov[HOST_SPANS_MAX];
    int n = iov_from(iov, spans, count);
    ssize_t got;
    do
        got = n == 1 ? pread(fd, iov[0].iov_base, iov[0].iov_len, (off_t)offset)
                     : preadv(fd, iov, n, (off_t)offset);
    while (got < 0 && errno == EINTR);
    return got < 0 ? host_error() : got;
}

ssize_t host_pwrite(struct host *host, host_handle_t handle, const struct host_span *spans,
                    unsigned count, uint64_t offset)
{
    int fd = host_fd(host, handle);
    if (fd < 0)
        return -LX_EBADF;
    struct iovec iov[HOST_SPANS_MAX];
    int n = iov_from(iov, spans, count);
    ssize_t got;
    do
        got = n == 1 ? pwrite(fd, iov[0].iov_base, iov[0].iov_len, (off_t)offset)
                     : pwritev(fd, iov, n, (off_t)offset);
    while (got < 0 && errno == EINTR);
    return got < 0 ? host_error() : got;
}

long host_statfs(struct host *host, host_handle_t handle, struct host_statfs *out)
{
    int fd = host_fd(host, handle);
    struct statvfs st;
    if (fd < 0)
        return -LX_EBADF;
    if (fstatvfs(fd, &st) < 0)
        return host_error();
    *out = (struct host_statfs){
        .block_size = st.f_bsize,
        .fragment_size = st.f_frsize,
        .blocks = st.f_blocks,
        .blocks_free = st.f_bfree,
        .blocks_available = st.f_bavail,
        .files = st.f_files,
        .files_free = st.f_ffree,
        .name_max = st.f_namemax,
    };
    return 0;
}

long host_chmod(struct host *host, host_handle_t handle, uint32_t mode)
{
    int fd = host_fd(host, handle);
    if (fd < 0)
        return -LX_EBADF;
    return fchmod(fd, mode & 07777) < 0 ? host_error() : 0;
}

long host_chown(struct host *host, host_handle_t handle, uint32_t uid, uint32_t gid)
{
    int fd = host_fd(host, handle);
    if (fd < 0)
        return -LX_EBADF;
    return fchown(fd, uid, gid) < 0 ? host_error() : 0;
}

long host_truncate(struct host *host, host_handle_t handle, uint64_t size)
{
    int fd = host_fd(host, handle);
    if (fd < 0)
        return -LX_EBADF;
    return ftruncate(fd, (off_t)size) < 0 ? host_error() : 0;
}

long host_allocate(struct host *host, host_handle_t handle, unsigned mode, uint64_t offset,
                   uint64_t length)
{
    int fd = host_fd(host, handle);
    if (fd < 0)
        return -LX_EBADF;
    return fallocate(fd, (int)mode, (off_t)offset, (off_t)length) < 0 ? host_error() : 0;
}

long host_sync(struct host *host, host_handle_t handle, bool data_only)
{
    int fd = host_fd(host, handle);
    if (fd < 0)
        return -LX_EBADF;
    return (data_only ? fdatasync(fd) : fsync(fd)) < 0 ? host_error() : 0;
}

long host_seek_data(struct host *host, host_handle_t handle, uint64_t offset, bool hole)
{
    int fd = host_fd(host, handle);
    if (fd < 0)
        return -LX_EBADF;
    off_t at = lseek(fd, (off_t)offset, hole ? SEEK_HOLE : SEEK_DATA);
    return at < 0 ? host_error() : (long)at;
}

/* struct linux_dirent64 of getdents64(2). */
struct raw_dirent {
    uint64_t ino;
    int64_t next;
    uint16_t length;
    uint8_t type;
    char name[];
};

/* A name of 255 bytes. */
#define LARGEST_DIRENT (offsetof(struct raw_dirent, name) + 264)

long host_read_dir(struct host *host, host_handle_t handle, uint64_t position,
                   bool (*emit)(void *opaque, const struct host_dirent *entry), void *opaque)
{
    int fd = host_fd(host, handle);
    if (fd < 0)
        return -LX_EBADF;
    if (lseek(fd, (off_t)position, SEEK_SET) < 0)
        return host_error();
    _Alignas(16) char buffer[8192];
    for (;;) {
        long n = syscall(SYS_getdents64, fd, buffer, sizeof buffer);
        if (n <= 0)
            return n < 0 ? host_error() : 0;
        for (long at = 0; at < n;) {
            const struct raw_dirent *raw = (const struct raw_dirent *)(buffer + at);
            struct host_dirent entry = {
                .ino = raw->ino,
                .next = (uint64_t)raw->next,
                .type = raw->type,
                .name = raw->name,
            };
            if (!emit(opaque, &entry))
                return 0;
            at += raw->length;
        }
        if (n <= (long)(sizeof buffer - LARGEST_DIRENT))
            return 0; /* there was room for more: that was all */
    }
}
