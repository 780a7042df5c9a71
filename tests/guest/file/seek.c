/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where does lseek(2) go, and where not? */
#include "file_test.h"

int main(void)
{
    scratch_enter();
    make_file("f", "0123456789");
    int fd = CHECK(open("f", O_RDWR));
    EXPECT_EQ(10, lseek(fd, 0, SEEK_END));
    EXPECT_EQ(4, lseek(fd, -6, SEEK_CUR));
    EXPECT_EQ(100, lseek(fd, 100, SEEK_SET));
    EXPECT_ERRNO(EINVAL, lseek(fd, -1, SEEK_SET));
    EXPECT_ERRNO(EINVAL, lseek(fd, -11, SEEK_END));
    EXPECT_ERRNO(EINVAL, lseek(fd, 0, 5));
    EXPECT_ERRNO(EINVAL, lseek(fd, 0, -1));
    EXPECT_EQ(100, lseek(fd, 0, SEEK_CUR));
    char c;
    EXPECT_EQ(0, read(fd, &c, 1));
    EXPECT_EQ(1, write(fd, "x", 1));
    EXPECT_EQ(101, stat_of("f").st_size);
    EXPECT_EQ(1, pread(fd, &c, 1, 50));
    EXPECT_EQ(0, c);

    EXPECT_EQ(0, lseek(fd, 0, SEEK_DATA));
    EXPECT_EQ(101, lseek(fd, 0, SEEK_HOLE));
    EXPECT_ERRNO(ENXIO, lseek(fd, 101, SEEK_DATA));
    EXPECT_ERRNO(ENXIO, lseek(fd, 101, SEEK_HOLE));
    EXPECT_ERRNO(ENXIO, lseek(fd, -1, SEEK_DATA));

    int ends[2];
    CHECK(pipe(ends));
    EXPECT_ERRNO(ESPIPE, lseek(ends[0], 0, SEEK_SET));
    EXPECT_ERRNO(EINVAL, lseek(ends[0], 0, 9));
    EXPECT_ERRNO(ESPIPE, pread(ends[0], &c, 1, 0));
    EXPECT_ERRNO(ESPIPE, pwrite(ends[1], &c, 1, 0));
    EXPECT_ERRNO(EBADF, lseek(1000, 0, SEEK_SET));
    EXPECT_ERRNO(EINVAL, pread(1000, &c, 1, -1));

    int null = CHECK(open("/dev/zero", O_RDWR));
    EXPECT_EQ(1, pread(null, &c, 1, 1000));
    EXPECT_EQ(1, pwrite(null, &c, 1, 1000));
    int dir = CHECK(open(".", O_RDONLY));
    EXPECT_EQ(0, lseek(dir, 0, SEEK_SET));
    EXPECT_ERRNO(EISDIR, read(dir, &c, 1));
    EXPECT_ERRNO(EBADF, write(dir, &c, 1));

    /* Where the last byte would be past all offsets. */
    const off_t last = INT64_MAX - 1;
    char three[3];
    EXPECT_ERRNO(EINVAL, pread(null, three, 3, last));
    EXPECT_ERRNO(EINVAL, pwrite(null, three, 3, last));
    EXPECT_EQ(1, pread(null, three, 1, last));
    EXPECT_ERRNO(EINVAL, pread(dir, three, 3, last));
    int memory = CHECK(open("/dev/shm", O_TMPFILE | O_RDWR, 0600));
    EXPECT_ERRNO(EINVAL, pread(memory, three, 3, last));
    EXPECT_ERRNO(EINVAL, pwrite(memory, three, 3, last));
    EXPECT_EQ(last, lseek(memory, last, SEEK_SET));
    EXPECT_ERRNO(EINVAL, read(memory, three, 3));
    EXPECT_ERRNO(EINVAL, write(memory, three, 3));
    return 0;
}
