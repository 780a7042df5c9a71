/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What do dup(2), dup2(2), dup3(2) and F_DUPFD share and refuse? */
#include "file_test.h"

#include <sys/resource.h>

int main(void)
{
    scratch_enter();
    make_file("f", "0123456789");
    int fd = CHECK(open("f", O_RDWR | O_CLOEXEC));
    int other = CHECK(dup(fd));
    EXPECT_EQ(0, CHECK(fcntl(other, F_GETFD)));
    CHECK(lseek(fd, 5, SEEK_SET));
    EXPECT_EQ(5, lseek(other, 0, SEEK_CUR));
    CHECK(fcntl(fd, F_SETFL, O_APPEND));
    EXPECT(CHECK(fcntl(other, F_GETFL)) & O_APPEND);

    EXPECT_EQ(50, CHECK(dup2(fd, 50)));
    EXPECT_EQ(fd, CHECK(dup2(fd, fd)));
    EXPECT_EQ(FD_CLOEXEC, CHECK(fcntl(fd, F_GETFD)));
    EXPECT_EQ(51, CHECK(dup3(fd, 51, O_CLOEXEC)));
    EXPECT_EQ(FD_CLOEXEC, CHECK(fcntl(51, F_GETFD)));
    EXPECT_ERRNO(EINVAL, dup3(fd, fd, 0));
    EXPECT_ERRNO(EINVAL, dup3(1000, 1000, 0));
    EXPECT_ERRNO(EINVAL, dup3(fd, 52, O_NONBLOCK));
    EXPECT_ERRNO(EBADF, dup2(1000, 1000));
    EXPECT_ERRNO(EBADF, dup2(fd, -1));
    EXPECT_ERRNO(EBADF, dup2(1000, 3));
    EXPECT_ERRNO(EBADF, dup(-1));
    EXPECT_EQ(100, CHECK(fcntl(fd, F_DUPFD, 100)));
    EXPECT_EQ(101, CHECK(fcntl(fd, F_DUPFD_CLOEXEC, 100)));
    EXPECT_EQ(FD_CLOEXEC, CHECK(fcntl(101, F_GETFD)));
    EXPECT_EQ(1, CHECK(fcntl(fd, 1027, 101)));
    EXPECT_EQ(0, CHECK(fcntl(fd, 1027, 0)));

    struct rlimit limit = {60, 60};
    CHECK(setrlimit(RLIMIT_NOFILE, &limit));
    EXPECT_ERRNO(EINVAL, fcntl(fd, F_DUPFD, 60));
    EXPECT_ERRNO(EINVAL, fcntl(fd, F_DUPFD, -1));
    EXPECT_ERRNO(EBADF, dup2(fd, 60));
    CHECK(lseek(101, 0, SEEK_CUR)); /* what is open stays */
    for (int i = 0; i < 60; i++)
        dup(fd);
    EXPECT_ERRNO(EMFILE, dup(fd));
    EXPECT_ERRNO(EMFILE, open("f", O_RDONLY));
    EXPECT_ERRNO(EMFILE, open("none", O_RDONLY));
    EXPECT_ERRNO(EFAULT, open((void *)8, O_RDONLY));
    int ends[2];
    EXPECT_ERRNO(EMFILE, pipe(ends));
    CHECK(close(7));
    EXPECT_ERRNO(EMFILE, pipe(ends));
    EXPECT_EQ(7, CHECK(dup(fd)));
    return 0;
}
