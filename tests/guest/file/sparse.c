/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Are holes of a sparse file kept as holes, and found? (/dev/shm: a tmpfs on both sides) */
#include "file_test.h"

int main(void)
{
    int fd = CHECK(open("/dev/shm/lstar-sparse", O_CREAT | O_RDWR | O_TRUNC, 0600));
    CHECK(unlink("/dev/shm/lstar-sparse"));
    EXPECT_EQ(1, pwrite(fd, "a", 1, (off_t)1 << 40));
    EXPECT_EQ(1, pwrite(fd, "b", 1, 5 * 4096));
    struct stat st;
    CHECK(fstat(fd, &st));
    EXPECT_EQ(((off_t)1 << 40) + 1, st.st_size);
    EXPECT_EQ(16, st.st_blocks);
    EXPECT_EQ(5 * 4096, lseek(fd, 0, SEEK_DATA));
    EXPECT_EQ(5 * 4096 + 7, lseek(fd, 5 * 4096 + 7, SEEK_DATA));
    EXPECT_EQ(6 * 4096, lseek(fd, 5 * 4096 + 7, SEEK_HOLE));
    EXPECT_EQ(100, lseek(fd, 100, SEEK_HOLE));
    EXPECT_EQ((off_t)1 << 40, lseek(fd, 6 * 4096, SEEK_DATA));
    EXPECT_EQ(((off_t)1 << 40) + 1, lseek(fd, (off_t)1 << 40, SEEK_HOLE));

    CHECK(ftruncate(fd, 4096 * 5 + 1));
    CHECK(fstat(fd, &st));
    EXPECT_EQ(8, st.st_blocks);
    /* What was cut off is zero when the file grows again. */
    EXPECT_EQ(4, pwrite(fd, "bcde", 4, 4096 * 5));
    CHECK(ftruncate(fd, 4096 * 5 + 2));
    CHECK(ftruncate(fd, 4096 * 6));
    char bytes[4];
    EXPECT_EQ(4, pread(fd, bytes, 4, 4096 * 5));
    EXPECT(!memcmp(bytes, "bc\0", 4));
    CHECK(ftruncate(fd, 0));
    CHECK(fstat(fd, &st));
    EXPECT_EQ(0, st.st_blocks);
    EXPECT_ERRNO(EINVAL, ftruncate(fd, -1));
    EXPECT_ERRNO(ENXIO, lseek(fd, 0, SEEK_DATA));
    return 0;
}
