/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What does a read or write of a bad address leave done? */
#include "file_test.h"

#include <sys/mman.h>

int main(void)
{
    scratch_enter();
    char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    EXPECT(page != MAP_FAILED);
    CHECK(munmap(page + 4096, 4096));
    make_file("f", "0123456789");
    int fd = CHECK(open("f", O_RDWR));
    EXPECT_ERRNO(EFAULT, read(fd, (void *)8, 4));
    EXPECT_ERRNO(EFAULT, read(fd, (void *)-8, 4));
    EXPECT_ERRNO(EFAULT, write(fd, (void *)8, 4));
    EXPECT_EQ(0, lseek(fd, 0, SEEK_CUR));
    EXPECT_EQ(0, read(fd, (void *)8, 0));
    EXPECT_EQ(0, write(fd, (void *)8, 0));

    /* Half of the buffer is there. */
    EXPECT_EQ(4, read(fd, page + 4092, 10));
    EXPECT_EQ(4, lseek(fd, 0, SEEK_CUR));
    EXPECT(!memcmp(page + 4092, "0123", 4));
    /* At the end the address is not looked at, unless it is the kernel's. */
    EXPECT_EQ(10, lseek(fd, 0, SEEK_END));
    EXPECT_EQ(0, read(fd, (void *)8, 4));
    EXPECT_ERRNO(EFAULT, read(fd, (void *)-8, 4));
    EXPECT_ERRNO(EBADF, read(1000, (void *)-8, 4));
    EXPECT_ERRNO(EBADF, read(-1, page, 4));
    int wo = CHECK(open("f", O_WRONLY));
    EXPECT_ERRNO(EBADF, read(wo, (void *)-8, 4));
    EXPECT_ERRNO(EFAULT, pwrite(wo, (void *)-8, 4, 0));
    EXPECT_ERRNO(EINVAL, pwrite(wo, (void *)-8, 4, -1));

    int zero = CHECK(open("/dev/zero", O_RDONLY));
    EXPECT_ERRNO(EFAULT, read(zero, (void *)8, 4));
    EXPECT_EQ(4, read(zero, page + 4092, 10));
    int full = CHECK(open("/dev/full", O_RDWR));
    EXPECT_ERRNO(ENOSPC, write(full, page, 1));
    EXPECT_EQ(1, read(full, page, 1));
    int null = CHECK(open("/dev/null", O_RDWR));
    EXPECT_EQ(5, write(null, (void *)8, 5));
    EXPECT_EQ(0, read(null, (void *)8, 5));
    return 0;
}
