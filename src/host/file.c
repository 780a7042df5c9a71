/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Host files by directory handle and name: one component at a time, never through a symbolic link,
 * never through `..`. What confines a mount is here: check_name() and O_NOFOLLOW; whatever the
 * host's tree turns into while the guest walks, a step leads to a child of the directory whose
 * handle is held.
 */
#include "host/internal.h"
#include "host/file.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452
#endif

/* The directory's descriptor, or an error: also when `name` is more or less than one component. */
static long check_name(struct host *host, host_handle_t dir, const char *name)
{
    int fd = host_fd(host, dir);
    if (fd < 0)
        return -LX_EBADF;
    if (!name[0] || strchr(name, '/') || !strcmp(name, ".") || !strcmp(name, ".."))
        return -LX_EINVAL;
    return fd;
}

static int open_flags(unsigned how)
{
    int flags = O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK;
    if (how & HOST_OPEN_DIRECTORY)
        flags |= O_DIRECTORY;
    if (how & HOST_OPEN_PATH)
        return (flags & ~O_NONBLOCK) | O_PATH;
    if (how & HOST_OPEN_CREATE)
        flags |= O_CREAT;
    if (how & HOST_OPEN_EXCLUSIVE)
        flags |= O_EXCL;
    if (how & HOST_OPEN_TRUNCATE)
        flags |= O_TRUNC;
    bool read = how & HOST_OPEN_READ, write = how & HOST_OPEN_WRITE;
    return flags | (read && write ? O_RDWR : write ? O_WRONLY : O_RDONLY);
}

/* The host process's umask took bits away that the guest's did not: give them back. */
static void undo_umask(int fd, uint32_t mode)
{
    struct stat st;
    if (fstat(fd, &st) == 0 && (mode & 07777 & ~st.st_mode))
        fchmod(fd, (st.st_mode | mode) & 07777);
}

long host_open_root(struct host *host, const char *path, bool writable, host_handle_t *out)
{
    int flags = O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
    int fd = open(path, flags | O_PATH);
    if (fd < 0)
        return host_error();
    struct stat st;
    fstat(fd, &st);
    close(fd);
    if (S_ISDIR(st.st_mode)) {
        fd = open(path, flags | O_DIRECTORY);
        if (fd < 0 && errno == EACCES)
            fd = open(path, flags | O_PATH | O_DIRECTORY);
    } else if (S_ISREG(st.st_mode)) {
        fd = open(path, flags | (writable ? O_RDWR : O_RDONLY));
    } else {
        return -LX_EINVAL;
    }
    return fd < 0 ? host_error() : host_enter(host, fd, false, out);
}

long host_open_at(struct host *host, host_handle_t dir, const char *name, unsigned how,
                  uint32_t mode, host_handle_t *out)
{
    long at = check_name(host, dir, name);
    if (at < 0)
        return at;
    if (!host_has_room(host))
        return -LX_ENFILE; /* before anything is made */
    int fd = openat((int)at, name, open_flags(how), mode & 07777);
    if (fd < 0)
        return host_error();
    if ((how & HOST_OPEN_CREATE) && (how & HOST_OPEN_EXCLUSIVE))
        undo_umask(fd, mode);
    return host_enter(host, fd, false, out);
}

long host_reopen_dir(struct host *host, host_handle_t handle, host_handle_t *out)
{
    int at = host_fd(host, handle);
    if (at < 0)
        return -LX_EBADF;
    /* The one place where "." is opened: it stays where it is. */
    int fd = openat(at, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd < 0 ? host_error() : host_enter(host, fd, false, out);
}

static int64_t nanoseconds(const struct statx_timestamp *time)
{
    return time->tv_sec * INT64_C(1000000000) + time->tv_nsec;
}

static uint64_t device(uint32_t major, uint32_t minor)
{
    return (minor & 0xff) | (uint64_t)(major & 0xfff) << 8 | (uint64_t)(minor & ~0xffu) << 12;
}

static long stat_fd(int fd, const char *name, struct host_stat *out)
{
    struct statx st;
    int flags = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | (name[0] ? 0 : AT_EMPTY_PATH);
    if (statx(fd, name, flags, STATX_BASIC_STATS | STATX_BTIME, &st) < 0)
        return host_error();
    *out = (struct host_stat){
        .dev = device(st.stx_dev_major, st.stx_dev_minor),
        .ino = st.stx_ino,
        .mode = st.stx_mode,
        .nlink = st.stx_nlink,
        .uid = st.stx_uid,
        .gid = st.stx_gid,
        .rdev = device(st.stx_rdev_major, st.stx_rdev_minor),
        .size = st.stx_size,
        .blocks = st.stx_blocks,
        .block_size = st.stx_blksize,
        .atime = nanoseconds(&st.stx_atime),
        .mtime = nanoseconds(&st.stx_mtime),
        .ctime = nanoseconds(&st.stx_ctime),
        .btime = st.stx_mask & STATX_BTIME ? nanoseconds(&st.stx_btime) : 0,
    };
    return 0;
}

long host_stat_at(struct host *host, host_handle_t dir, const char *name, struct host_stat *out)
{
    long at = check_name(host, dir, name);
    return at < 0 ? at : stat_fd((int)at, name, out);
}

long host_stat(struct host *host, host_handle_t handle, struct host_stat *out)
{
    int fd = host_fd(host, handle);
    return fd < 0 ? -LX_EBADF : stat_fd(fd, "", out);
}

long host_readlink(struct host *host, host_handle_t dir, const char *name, char *to, size_t size)
{
    long at = check_name(host, dir, name);
    if (at < 0)
        return at;
    ssize_t n = readlinkat((int)at, name, to, size);
    return n < 0 ? host_error() : (long)n;
}

/* chmod that does not follow, on every host kernel. */
static long chmod_nofollow(int at, const char *name, uint32_t mode)
{
    if (syscall(SYS_fchmodat2, at, name, mode & 07777, AT_SYMLINK_NOFOLLOW) == 0)
        return 0;
    if (errno != ENOSYS)
        return host_error();
    return fchmodat(at, name, mode & 07777, AT_SYMLINK_NOFOLLOW) < 0 ? host_error() : 0;
}

long host_chmod_at(struct host *host, host_handle_t dir, const char *name, uint32_t mode)
{
    long at = check_name(host, dir, name);
    return at < 0 ? at : chmod_nofollow((int)at, name, mode);
}

/* As undo_umask(), by name. */
static void undo_umask_at(int at, const char *name, uint32_t mode)
{
    struct stat st;
    if (fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && (mode & 07777 & ~st.st_mode)) {
        long ignored = chmod_nofollow(at, name, st.st_mode | mode);
        (void)ignored;
    }
}

long host_mkdir(struct host *host, host_handle_t dir, const char *name, uint32_t mode)
{
    long at = check_name(host, dir, name);
    if (at < 0)
        return at;
    if (mkdirat((int)at, name, mode & 07777) < 0)
        return host_error();
    undo_umask_at((int)at, name, mode);
    return 0;
}

long host_mknod(struct host *host, host_handle_t dir, const char *name, uint32_t mode)
{
    long at = check_name(host, dir, name);
    if (at < 0)
        return at;
    if (!S_ISREG(mode) && !S_ISFIFO(mode) && !S_ISSOCK(mode))
        return -LX_EPERM;
    if (mknodat((int)at, name, mode, 0) < 0)
        return host_error();
    undo_umask_at((int)at, name, mode);
    return 0;
}

long host_symlink(struct host *host, host_handle_t dir, const char *name, const char *text)
{
    long at = check_name(host, dir, name);
    if (at < 0)
        return at;
    return symlinkat(text, (int)at, name) < 0 ? host_error() : 0;
}

long host_unlink(struct host *host, host_handle_t dir, const char *name)
{
    long at = check_name(host, dir, name);
    if (at < 0)
        return at;
    return unlinkat((int)at, name, 0) < 0 ? host_error() : 0;
}

long host_rmdir(struct host *host, host_handle_t dir, const char *name)
{
    long at = check_name(host, dir, name);
    if (at < 0)
        return at;
    return unlinkat((int)at, name, AT_REMOVEDIR) < 0 ? host_error() : 0;
}

long host_link(struct host *host, host_handle_t dir, const char *name, host_handle_t new_dir,
               const char *new_name)
{
    long from = check_name(host, dir, name), to = check_name(host, new_dir, new_name);
    if (from < 0 || to < 0)
        return from < 0 ? from : to;
    return linkat((int)from, name, (int)to, new_name, 0) < 0 ? host_error() : 0;
}

long host_open_unnamed(struct host *host, host_handle_t dir, uint32_t mode, host_handle_t *out)
{
    int at = host_fd(host, dir);
    if (at < 0)
        return -LX_EBADF;
    int fd = openat(at, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, mode & 07777);
    if (fd < 0)
        return host_error();
    undo_umask(fd, mode);
    return host_enter(host, fd, false, out);
}

long host_link_handle(struct host *host, host_handle_t handle, host_handle_t new_dir,
                      const char *new_name)
{
    int fd = host_fd(host, handle);
    long to = check_name(host, new_dir, new_name);
    if (fd < 0 || to < 0)
        return fd < 0 ? -LX_EBADF : to;
    if (linkat(fd, "", (int)to, new_name, AT_EMPTY_PATH) == 0)
        return 0;
    if (errno != ENOENT && errno != EPERM)
        return host_error();
    char path[32]; /* who is not root may by way of /proc */
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    return linkat(AT_FDCWD, path, (int)to, new_name, AT_SYMLINK_FOLLOW) < 0 ? host_error() : 0;
}

long host_rename(struct host *host, host_handle_t dir, const char *name, host_handle_t new_dir,
                 const char *new_name, unsigned flags)
{
    long from = check_name(host, dir, name), to = check_name(host, new_dir, new_name);
    if (from < 0 || to < 0)
        return from < 0 ? from : to;
    if (!flags)
        return renameat((int)from, name, (int)to, new_name) < 0 ? host_error() : 0;
    unsigned host_flags = (flags & HOST_RENAME_NOREPLACE ? RENAME_NOREPLACE : 0u) |
                          (flags & HOST_RENAME_EXCHANGE ? RENAME_EXCHANGE : 0u);
    return renameat2((int)from, name, (int)to, new_name, host_flags) < 0 ? host_error() : 0;
}

long host_chown_at(struct host *host, host_handle_t dir, const char *name, uint32_t uid,
                   uint32_t gid)
{
    long at = check_name(host, dir, name);
    if (at < 0)
        return at;
    return fchownat((int)at, name, uid, gid, AT_SYMLINK_NOFOLLOW) < 0 ? host_error() : 0;
}

static struct timespec time_of(int64_t ns)
{
    if (ns == HOST_TIME_OMIT)
        return (struct timespec){.tv_nsec = UTIME_OMIT};
    int64_t seconds = ns / 1000000000, rest = ns % 1000000000;
    if (rest < 0) {
        seconds--;
        rest += 1000000000;
    }
    return (struct timespec){.tv_sec = seconds, .tv_nsec = rest};
}

static long utimens_fd(int fd, const char *name, int64_t atime, int64_t mtime)
{
    struct timespec times[2] = {time_of(atime), time_of(mtime)};
    int err = name ? utimensat(fd, name, times, AT_SYMLINK_NOFOLLOW) : futimens(fd, times);
    return err < 0 ? host_error() : 0;
}

long host_utimens_at(struct host *host, host_handle_t dir, const char *name, int64_t atime,
                     int64_t mtime)
{
    long at = check_name(host, dir, name);
    return at < 0 ? at : utimens_fd((int)at, name, atime, mtime);
}

long host_utimens(struct host *host, host_handle_t handle, int64_t atime, int64_t mtime)
{
    int fd = host_fd(host, handle);
    return fd < 0 ? -LX_EBADF : utimens_fd(fd, NULL, atime, mtime);
}

long host_access_at(struct host *host, host_handle_t dir, const char *name, unsigned access)
{
    long at = check_name(host, dir, name);
    if (at < 0)
        return at;
    int mode = (access & HOST_READ_OK ? R_OK : 0) | (access & HOST_WRITE_OK ? W_OK : 0) |
               (access & HOST_EXEC_OK ? X_OK : 0);
    return faccessat((int)at, name, mode, AT_EACCESS | AT_SYMLINK_NOFOLLOW) < 0 ? host_error() : 0;
}

uint32_t host_euid(struct host *host)
{
    (void)host;
    return geteuid();
}

uint32_t host_egid(struct host *host)
{
    (void)host;
    return getegid();
}
