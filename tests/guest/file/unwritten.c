/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pages that fallocate(2) made are holes for lseek(2) until they are written, touched through a
 * mapping, or allocated once more.
 */
#include "guest_test.h"

#include <sys/mman.h>
#include <sys/stat.h>

static void expect_data(int fd, off_t from, off_t begin, off_t end)
{
    EXPECT_EQ(begin, lseek(fd, from, SEEK_DATA));
    EXPECT_EQ(end, lseek(fd, begin, SEEK_HOLE));
}

int main(void)
{
    char text[8192];
    int fd = CHECK(memfd_create("file", 0));
    CHECK(fallocate(fd, 0, 0, 20000));
    EXPECT_ERRNO(ENXIO, lseek(fd, 0, SEEK_DATA));
    EXPECT_EQ(0, lseek(fd, 0, SEEK_HOLE));
    struct stat st;
    CHECK(fstat(fd, &st));
    EXPECT_EQ(40, st.st_blocks);

    EXPECT_EQ(10, pwrite(fd, "0123456789", 10, 5000));
    expect_data(fd, 0, 4096, 8192);
    EXPECT_EQ(100, pread(fd, text, 100, 9000)); /* to read is not to make */
    EXPECT_ERRNO(ENXIO, lseek(fd, 8192, SEEK_DATA));
    CHECK(fallocate(fd, FALLOC_FL_KEEP_SIZE, 16384, 30000));
    expect_data(fd, 8192, 16384, 20000);

    char *map = mmap(NULL, 20480, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    EXPECT(map != MAP_FAILED);
    EXPECT_EQ(0, *(volatile char *)map);
    expect_data(fd, 0, 0, 8192);
    *(volatile char *)(map + 12288) = 0;
    expect_data(fd, 8192, 12288, 20000);
    CHECK(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 4096, 4096));
    expect_data(fd, 0, 0, 4096);
    EXPECT_EQ(12288, lseek(fd, 4096, SEEK_DATA));
    CHECK(munmap(map, 20480));

    CHECK(ftruncate(fd, 0));
    CHECK(fallocate(fd, 0, 0, 300 * 4096));
    EXPECT_EQ(1, pwrite(fd, "x", 1, 200 * 4096));
    expect_data(fd, 0, 200 * 4096, 201 * 4096);
    CHECK(ftruncate(fd, 100 * 4096));
    CHECK(ftruncate(fd, 300 * 4096));
    EXPECT_EQ(8192, pwrite(fd, text, 8192, 250 * 4096));
    expect_data(fd, 0, 250 * 4096, 252 * 4096);
    return 0;
}
