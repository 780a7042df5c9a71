/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files without a name (eventfd, timerfd, signalfd, epoll): what do the calls of ordinary files say
 * to them? */
#include "guest_test.h"
#include <linux/fs.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/timerfd.h>

static void try_all(int fd, const char *name)
{
    char bytes[8] = {0}, path[32], link[64] = {0};
    int n = 1;
    EXPECT_EQ(0, lseek(fd, 5, SEEK_SET)); /* of no effect */
    EXPECT_EQ(0, lseek(fd, 0, SEEK_CUR));
    EXPECT_ERRNO(EINVAL, lseek(fd, 0, 7));
    EXPECT_ERRNO(ESPIPE, pread(fd, bytes, 8, 0));
    EXPECT_ERRNO(ESPIPE, pwrite(fd, bytes, 8, 0));
    EXPECT_ERRNO(EINVAL, read(fd, bytes, 4)); /* too short for any of them */
    EXPECT_ERRNO(EINVAL, write(fd, bytes, 4));
    struct stat st;
    CHECK(fstat(fd, &st));
    EXPECT_EQ(0600, st.st_mode);
    EXPECT_EQ(1, st.st_nlink);
    EXPECT_EQ(0, st.st_size);
    EXPECT_ERRNO(EOPNOTSUPP, fchmod(fd, 0644));
    EXPECT_ERRNO(EINVAL, ftruncate(fd, 0));
    EXPECT_ERRNO(EINVAL, fsync(fd));
    EXPECT_ERRNO(ENODEV, fallocate(fd, 0, 0, 1));
    EXPECT_EQ(0, ioctl(fd, FIGETBSZ, &n));
    EXPECT_EQ(4096, n);
    EXPECT(ioctl(fd, FIONREAD, &n) == -1 && (errno == ENOTTY || errno == EINVAL));
    EXPECT_EQ(O_RDWR | O_NONBLOCK, CHECK(fcntl(fd, F_GETFL)));
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    CHECK(readlink(path, link, sizeof link - 1));
    EXPECT(!strcmp(link, name));
    EXPECT_ERRNO(ENXIO, open(path, O_RDWR));
    CHECK(close(fd));
}

int main(void)
{
    sigset_t none;
    sigemptyset(&none);
    try_all(CHECK(eventfd(0, EFD_NONBLOCK)), "anon_inode:[eventfd]");
    try_all(CHECK(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK)), "anon_inode:[timerfd]");
    try_all(CHECK(signalfd(-1, &none, SFD_NONBLOCK)), "anon_inode:[signalfd]");
    int ep = CHECK(epoll_create1(0)), on = 1;
    CHECK(ioctl(ep, FIONBIO, &on));
    try_all(ep, "anon_inode:[eventpoll]");
    return 0;
}
