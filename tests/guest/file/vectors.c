/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Do readv(2), writev(2) and their kin take what an array of buffers can be? */
#include "file_test.h"

int main(void)
{
    scratch_enter();
    int fd = CHECK(open("f", O_CREAT | O_RDWR, 0600));
    char a[4] = "abc", b[4] = "def", c[8];
    struct iovec out[4] = {{a, 3}, {NULL, 0}, {b, 3}, {a, 1}};
    EXPECT_EQ(7, writev(fd, out, 4));
    expect_file("f", "abcdefa");
    struct iovec in[2] = {{c, 2}, {c + 2, 5}};
    EXPECT_EQ(7, preadv(fd, in, 2, 0));
    EXPECT(!memcmp(c, "abcdefa", 7));
    EXPECT_EQ(6, preadv(fd, in, 2, 1));
    EXPECT_EQ(0, readv(fd, in, 2));
    EXPECT_EQ(4, pwritev(fd, out + 2, 2, 100));
    EXPECT_EQ(104, lseek(fd, 0, SEEK_END));
    EXPECT_EQ(104, lseek(fd, 0, SEEK_CUR));

    EXPECT_EQ(0, readv(fd, NULL, 0));
    EXPECT_EQ(0, writev(fd, NULL, 0));
    EXPECT_ERRNO(EINVAL, readv(fd, in, 1025));
    EXPECT_ERRNO(EINVAL, readv(fd, in, -1));
    EXPECT_ERRNO(EFAULT, readv(fd, (void *)8, 1));
    EXPECT_ERRNO(EBADF, readv(1000, (void *)8, 1));
    EXPECT_ERRNO(EINVAL, preadv(fd, in, 1, -5));
    struct iovec bad[2] = {{c, 2}, {c, (size_t)-1}};
    EXPECT_ERRNO(EINVAL, readv(fd, bad, 2));
    struct iovec far[2] = {{c, 2}, {(void *)-4096, 2}};
    EXPECT_ERRNO(EFAULT, pwritev(fd, far, 2, 0));
    /* The first buffer is written although the second is not there. */
    struct iovec half[2] = {{b, 3}, {(void *)8, 2}};
    EXPECT_EQ(3, pwritev(fd, half, 2, 0));

    /* Not open for it: said before the vector is looked at. */
    int reads = CHECK(open("f", O_RDONLY)), writes = CHECK(open("f", O_WRONLY));
    EXPECT_ERRNO(EBADF, writev(reads, (void *)8, 1));
    EXPECT_ERRNO(EBADF, writev(reads, bad, 2));
    EXPECT_ERRNO(EBADF, readv(writes, out, -1));

    int ends[2];
    CHECK(pipe(ends));
    EXPECT_ERRNO(ESPIPE, preadv(ends[0], in, 2, 0));
    EXPECT_EQ(7, writev(ends[1], out, 4));
    EXPECT_EQ(7, readv(ends[0], in, 2));
    EXPECT(!memcmp(c, "abcdefa", 7));
    return 0;
}
