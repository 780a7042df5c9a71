/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What does fallocate(2) make of a file (/dev/shm: a tmpfs on both sides)? */
#include "file_test.h"

#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

int main(void)
{
    int fd = CHECK(open("/dev/shm/lstar-fallocate", O_CREAT | O_RDWR | O_TRUNC, 0600));
    CHECK(unlink("/dev/shm/lstar-fallocate"));
    struct stat st;
    CHECK(fallocate(fd, 0, 0, 10000));
    CHECK(fstat(fd, &st));
    EXPECT_EQ(10000, st.st_size);
    EXPECT_EQ(24, st.st_blocks);
    CHECK(fallocate(fd, FALLOC_FL_KEEP_SIZE, 12288, 100));
    CHECK(fstat(fd, &st));
    EXPECT_EQ(10000, st.st_size);
    EXPECT_EQ(32, st.st_blocks);

    char bytes[10000];
    memset(bytes, 'x', sizeof bytes);
    EXPECT_EQ(10000, pwrite(fd, bytes, 10000, 0));
    CHECK(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 100, 8092));
    EXPECT_EQ(10000, pread(fd, bytes, 10000, 0));
    EXPECT_EQ('x', bytes[99]);
    EXPECT_EQ(0, bytes[100]);
    EXPECT_EQ(0, bytes[8191]);
    EXPECT_EQ('x', bytes[8192]);
    CHECK(fstat(fd, &st));
    EXPECT_EQ(24, st.st_blocks);

    EXPECT_ERRNO(EOPNOTSUPP, fallocate(fd, FALLOC_FL_PUNCH_HOLE, 0, 1));
    EXPECT_ERRNO(EOPNOTSUPP, fallocate(fd, FALLOC_FL_COLLAPSE_RANGE, 0, 4096));
    EXPECT_ERRNO(EOPNOTSUPP, fallocate(fd, FALLOC_FL_ZERO_RANGE, 0, 4096));
    EXPECT_ERRNO(EOPNOTSUPP, fallocate(fd, 0x1000, 0, 1));
    EXPECT_ERRNO(EINVAL, fallocate(fd, 0x1000, 0, 0));
    EXPECT_ERRNO(EINVAL, fallocate(fd, 0, -1, 1));
    EXPECT_ERRNO(EFBIG, fallocate(fd, 0, INT64_MAX, 1));
    EXPECT_ERRNO(EBADF, fallocate(1000, 0, 0, 0));
    int ends[2];
    CHECK(pipe(ends));
    EXPECT_ERRNO(ESPIPE, fallocate(ends[1], 0, 0, 1));
    EXPECT_ERRNO(EBADF, fallocate(ends[0], 0, 0, 1));
    EXPECT_ERRNO(ENODEV, fallocate(CHECK(open("/dev/null", O_RDWR)), 0, 0, 1));

    /* A size that is set again takes away what was allocated beyond it; what a file takes up; its
     * flags. */
    int memory = CHECK(memfd_create("m", 0));
    EXPECT_EQ(5, write(memory, "12345", 5));
    CHECK(fallocate(memory, FALLOC_FL_KEEP_SIZE, 8192, 8192));
    int64_t taken;
    CHECK(ioctl(memory, 0x5460, &taken)); /* FIOQSIZE */
    EXPECT_EQ(3 * 4096, taken);
    CHECK(ftruncate(memory, 5));
    CHECK(ioctl(memory, 0x5460, &taken));
    EXPECT_EQ(4096, taken);
    int flags = -1;
    CHECK(ioctl(memory, FS_IOC_GETFLAGS, &flags));
    EXPECT_EQ(0, flags);
    CHECK(ioctl(memory, FS_IOC_SETFLAGS, &flags));
    EXPECT_ERRNO(ENOTTY, ioctl(ends[0], FS_IOC_GETFLAGS, &flags));
    return 0;
}
