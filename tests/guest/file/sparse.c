/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Are holes of a sparse file kept as holes, and found? (/dev/shm: a tmpfs on both sides) */
#include "file_test.h"

#include <sys/mman.h>

/* Which of four pages are in memory, as mincore(2) has it. */
static unsigned in_memory(void *map)
{
    unsigned char pages[4];
    CHECK(mincore(map, sizeof pages * 4096, pages));
    return (pages[0] & 1u) | (pages[1] & 1u) << 1 | (pages[2] & 1u) << 2 | (pages[3] & 1u) << 3;
}

/* What is allocated in memory is a hole until somebody touches it. */
static void untouched(void)
{
    int fd = CHECK(memfd_create("sparse", 0));
    CHECK(fallocate(fd, 0, 0, 4 * 4096));
    struct stat st;
    CHECK(fstat(fd, &st));
    EXPECT_EQ(32, st.st_blocks);
    char *map = CHECK(mmap(NULL, 4 * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
    EXPECT_EQ(0, in_memory(map));
    EXPECT_ERRNO(ENXIO, lseek(fd, 0, SEEK_DATA));
    EXPECT_EQ(0, lseek(fd, 0, SEEK_HOLE));
    char bytes[4096];
    EXPECT_EQ(4096, pread(fd, bytes, 4096, 4096));
    EXPECT_EQ(0, bytes[0] | bytes[4095]);
    EXPECT_EQ(0, in_memory(map)); /* reading does not count */
    EXPECT_EQ(1, pwrite(fd, "x", 1, 2 * 4096));
    EXPECT_EQ(4, in_memory(map));
    EXPECT_EQ(2 * 4096, lseek(fd, 0, SEEK_DATA));
    EXPECT_EQ(3 * 4096, lseek(fd, 2 * 4096, SEEK_HOLE));
    EXPECT_EQ(0, *(volatile char *)map);
    EXPECT_EQ(5, in_memory(map));
    EXPECT_EQ(0, lseek(fd, 0, SEEK_DATA));
    EXPECT_EQ(4096, lseek(fd, 0, SEEK_HOLE));
    /* Allocated once more: that counts. Punched and allocated anew: it does not. */
    CHECK(fallocate(fd, 0, 4096, 4096));
    EXPECT_EQ(7, in_memory(map));
    CHECK(fallocate(fd, 0, 0, 4 * 4096));
    EXPECT_EQ(15, in_memory(map));
    CHECK(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096));
    CHECK(fallocate(fd, 0, 0, 4096));
    EXPECT_EQ(14, in_memory(map));
    CHECK(fstat(fd, &st));
    EXPECT_EQ(32, st.st_blocks);
    CHECK(munmap(map, 4 * 4096));
    CHECK(close(fd));
}

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
    untouched();
    return 0;
}
