/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files, paths, descriptors and what they are asked. */
#include "guest_test.h"
#include <linux/openat2.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <termios.h>
#include <time.h>
#include <utime.h>

#define S(...) (void)syscall(__VA_ARGS__)

static char buf[8192];

static void data(int fd)
{
    struct iovec in[2] = {{"abc", 3}, {"defg", 4}}, out[2] = {{buf, 5}, {buf + 100, 60}};

    S(SYS_write, fd, "hello\n\t\"quoted\\ \x01\x7f\xff end", 25L);
    S(SYS_write, fd, "a very long string that goes over the thirty two limit", 54L);
    S(SYS_write, fd, "12345678901234567890123456789012", 32L);
    S(SYS_write, fd, "\0011\0x", 4L);
    S(SYS_write, fd, "", 0L);
    S(SYS_write, fd, (void *)8, 5L);
    S(SYS_write, -1, "x", 1L);
    S(SYS_pread64, fd, buf, 10L, 0L);
    S(SYS_pread64, fd, buf, 100L, 1000L);
    S(SYS_pread64, fd, buf, 10L, -1L);
    S(SYS_lseek, fd, -5L, SEEK_END);
    S(SYS_lseek, fd, 0x123456789aL, 9);
    S(SYS_writev, fd, in, 2L);
    S(SYS_lseek, fd, 0L, SEEK_SET);
    S(SYS_readv, fd, out, 2L);
    S(SYS_preadv, fd, out, 2L, 0L, 0L);
    S(SYS_writev, fd, in, 0L);
    S(SYS_writev, fd, 8L, 2L);
    S(SYS_truncate, "made", 100L);
    S(SYS_ftruncate, fd, 50L);
    S(SYS_fallocate, fd, 0, -1L, 100L);
    S(SYS_fsync, fd);
    off_t offset = 0;
    S(SYS_sendfile, fd, fd, &offset, 4L);
    S(SYS_sendfile, fd, 99, NULL, 4L);
}

static void attributes(int fd)
{
    struct stat st;
    struct statx stx;
    struct timespec times[2] = {{1, 2}, {0, UTIME_OMIT}};
    struct timeval tv[2] = {{1, 2}, {3, 4}};
    struct utimbuf ub = {1, 2};

    S(SYS_fstat, fd, &st);
    S(SYS_stat, "/dev/null", &st);
    S(SYS_stat, "missing", &st);
    S(SYS_newfstatat, AT_FDCWD, "made", &st, AT_SYMLINK_NOFOLLOW);
    S(SYS_newfstatat, fd, "", &st, AT_EMPTY_PATH);
    S(SYS_fstat, fd, 8L);
    S(SYS_statx, AT_FDCWD, "missing", AT_STATX_DONT_SYNC, STATX_MODE, &stx);
    S(SYS_access, "made", R_OK | W_OK);
    S(SYS_faccessat, AT_FDCWD, "missing", F_OK);
    S(SYS_faccessat2, AT_FDCWD, "made", X_OK, AT_EACCESS);
    S(SYS_chmod, "made", 0600);
    S(SYS_fchmod, fd, 04755);
    S(SYS_fchmodat, AT_FDCWD, "made", 0644);
    S(SYS_chown, "made", -1, -1);
    S(SYS_fchownat, AT_FDCWD, "missing", 5, 6, AT_SYMLINK_NOFOLLOW);
    S(SYS_umask, 077);
    S(SYS_umask, 022);
    S(SYS_utimensat, AT_FDCWD, "made", times, 0);
    S(SYS_utimensat, fd, NULL, NULL, 0);
    S(SYS_utime, "made", &ub);
    S(SYS_utime, "missing", NULL);
    S(SYS_utimes, "made", tv);
}

static void names(void)
{
    S(SYS_readlink, "missing", buf, 100L);
    S(SYS_getcwd, buf, 1L);
    S(SYS_mkdir, "dir", 0755);
    S(SYS_mkdir, "dir", 0);
    S(SYS_rmdir, "dir");
    S(SYS_unlink, "missing");
    S(SYS_unlinkat, AT_FDCWD, "missing", AT_REMOVEDIR);
    S(SYS_rename, "missing", "b");
    S(SYS_renameat2, AT_FDCWD, "missing", AT_FDCWD, "b", 1);
    S(SYS_link, "missing", "b");
    S(SYS_symlink, "target", "link");
    S(SYS_readlink, "link", buf, 100L);
    S(SYS_readlinkat, AT_FDCWD, "link", buf, 2L);
    S(SYS_linkat, AT_FDCWD, "missing", AT_FDCWD, "b", AT_SYMLINK_FOLLOW);
    S(SYS_mknod, "fifo", S_IFIFO | 0644, 0);
    S(SYS_mknod, "missing/x", S_IFCHR | 0600, 0x103);
    S(SYS_chdir, "missing");
    struct open_how how = {.flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC,
                           .resolve = RESOLVE_NO_SYMLINKS};
    int dir = (int)syscall(SYS_openat2, AT_FDCWD, "few", &how, sizeof how);
    S(SYS_getdents64, dir, buf, sizeof buf);
    S(SYS_getdents64, dir, buf, sizeof buf);
    S(SYS_openat2, AT_FDCWD, "few", &how, 8L);
    S(SYS_open, "/dev/null", O_RDONLY);
    S(SYS_creat, "missing/x", 0666);
    S(SYS_openat, AT_FDCWD, 8L, O_RDONLY);
    S(SYS_open, "text", O_WRONLY | O_APPEND | O_NONBLOCK | O_SYNC);
}

static void descriptors(int fd)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 10};
    int pipes[2], one = 1;

    S(SYS_dup, fd);
    S(SYS_dup2, fd, 20);
    S(SYS_dup3, fd, 21, O_CLOEXEC);
    S(SYS_fcntl, fd, F_DUPFD, 30);
    S(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 30);
    S(SYS_fcntl, fd, F_GETFD);
    S(SYS_fcntl, 20, F_GETFD);
    S(SYS_fcntl, fd, F_SETFD, 0);
    S(SYS_fcntl, fd, F_GETFL);
    S(SYS_fcntl, fd, F_SETFL, O_RDWR | O_NONBLOCK);
    S(SYS_fcntl, -1, F_GETFL);
    S(SYS_fcntl, fd, F_SETLK, &lock);
    S(SYS_fcntl, fd, F_GETLK, &lock);
    S(SYS_fcntl, fd, F_SETLK, 8L);
    S(SYS_fcntl, fd, 999, 1L);
    S(SYS_flock, fd, 6);
    S(SYS_close_range, 20, 40, 0);
    S(SYS_pipe2, pipes, O_CLOEXEC);
    S(SYS_pipe2, 8L, 0);
    S(SYS_ioctl, pipes[0], FIONREAD, buf);
    S(SYS_ioctl, pipes[0], TCGETS, buf);
    S(SYS_ioctl, pipes[0], TIOCGWINSZ, buf);
    S(SYS_ioctl, pipes[0], 0x12345678, 7L);
    S(SYS_ioctl, pipes[0], FIOCLEX);
    S(SYS_ioctl, pipes[0], FIONBIO, &one);
    S(SYS_read, pipes[0], buf, 5L);
    struct pollfd fds[2] = {{pipes[0], POLLIN, 0}, {pipes[1], POLLOUT | POLLIN, 0}};
    struct timespec none = {0, 0};
    struct timeval no_time = {0, 0};
    fd_set in, out;
    FD_ZERO(&in);
    FD_ZERO(&out);
    FD_SET(pipes[0], &in);
    FD_SET(pipes[1], &out);
    S(SYS_poll, fds, 2, 0);
    S(SYS_poll, fds, 1, 0);
    S(SYS_ppoll, fds, 2, &none, NULL, 8L);
    S(SYS_select, 20, &in, &out, NULL, &no_time);
    FD_SET(pipes[0], &in);
    S(SYS_select, 20, &in, NULL, NULL, &no_time);
    S(SYS_pselect6, 0, NULL, NULL, NULL, &none, NULL);
    S(SYS_close, pipes[0]);
    S(SYS_close, pipes[0]);
}

int main(void)
{
    int fd =
        (int)syscall(SYS_openat, AT_FDCWD, "made", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    data(fd);
    attributes(fd);
    names();
    descriptors(fd);
    return 0;
}
