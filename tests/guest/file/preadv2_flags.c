/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which flags do preadv2(2) and pwritev2(2) know? */
#include "file_test.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>

int main(void)
{
    scratch_enter();
    int fd = CHECK(open("f", O_CREAT | O_RDWR, 0600));
    char a[4] = "abc";
    struct iovec v = {a, 3};
    char bytes[8];
    EXPECT_EQ(3, pwritev2(fd, &v, 1, 0, RWF_DSYNC));
    EXPECT_EQ(3, pwritev2(fd, &v, 1, 0, RWF_SYNC));
    EXPECT_EQ(3, pwritev2(fd, &v, 1, 0, RWF_APPEND));
    expect_file("f", "abcabc");
    /* -1: the file's position */
    EXPECT_EQ(0, lseek(fd, 0, SEEK_CUR));
    EXPECT_EQ(3, preadv2(fd, &v, 1, -1, 0));
    EXPECT_EQ(3, lseek(fd, 0, SEEK_CUR));
    EXPECT_EQ(3, preadv2(fd, &v, 1, 0, RWF_HIPRI));
    EXPECT_ERRNO(EINVAL, preadv2(fd, &v, 1, -2, 0));
    EXPECT_ERRNO(EOPNOTSUPP, preadv2(fd, &v, 1, 0, 0x40000000));
    v.iov_len = 0;
    EXPECT_EQ(0, preadv2(fd, &v, 1, 0, 0x40000000));
    v.iov_len = 3;

    int app = CHECK(open("f", O_RDWR | O_APPEND));
    EXPECT_EQ(3, pwrite(app, "xyz", 3, 0)); /* pwrite(2), BUGS: it appends */
    expect_file("f", "abcabcxyz");

    /* Whether the file is open for it is asked before the rest. */
    EXPECT_ERRNO(EBADF, pwritev2(CHECK(open("f", O_RDONLY)), &v, 1, 0, 0x40000000));
    EXPECT_ERRNO(EBADF, preadv2(CHECK(open("f", O_WRONLY)), &v, 1, 0, 0x40000000));
    int dir = CHECK(open(".", O_RDONLY));
    EXPECT_ERRNO(EISDIR, preadv2(dir, &v, 1, 0, RWF_HIPRI));
    EXPECT_ERRNO(EOPNOTSUPP, preadv2(dir, &v, 1, 0, RWF_NOWAIT));

    int ends[2];
    CHECK(pipe(ends));
    EXPECT_ERRNO(EAGAIN, preadv2(ends[0], &v, 1, -1, RWF_NOWAIT));
    EXPECT_EQ(3, pwritev2(ends[1], &v, 1, -1, 0));
    EXPECT_EQ(3, preadv2(ends[0], &v, 1, -1, RWF_NOWAIT));
    CHECK(mkfifo("fifo", 0600));
    EXPECT_ERRNO(EOPNOTSUPP, preadv2(CHECK(open("fifo", O_RDWR)), &v, 1, -1, RWF_NOWAIT));
    v = (struct iovec){bytes, sizeof bytes};
    EXPECT_ERRNO(EAGAIN, preadv2(CHECK(eventfd(0, 0)), &v, 1, -1, RWF_NOWAIT));
    /* What can be read at all is asked before the vector. */
    EXPECT_ERRNO(EINVAL, readv(CHECK(epoll_create1(0)), (void *)8, 1));
    return 0;
}
