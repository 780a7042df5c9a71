/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does getrandom(2) fill what was asked for, and how does it treat bad flags and bad buffers? */
#include "guest_test.h"
#include <sys/mman.h>
#include <sys/syscall.h>

int main(void)
{
    static unsigned char a[10000], b[10000];

    EXPECT_EQ(10000, syscall(SYS_getrandom, a, 10000L, 0));
    EXPECT_EQ(10000, syscall(SYS_getrandom, b, 10000L, 1));
    EXPECT(memcmp(a, b, sizeof a) != 0);
    EXPECT_EQ(0, syscall(SYS_getrandom, a, 0L, 0));
    EXPECT_EQ(1, syscall(SYS_getrandom, a, 1L, 4));
    EXPECT_ERRNO(EINVAL, syscall(SYS_getrandom, a, 1L, 8));
    EXPECT_ERRNO(EINVAL, syscall(SYS_getrandom, 8L, 1L, 6));
    EXPECT_ERRNO(EFAULT, syscall(SYS_getrandom, 8L, 1L, 0));

    /* Up to a page that is not there. */
    char *two = CHECK(mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    CHECK(munmap(two + 4096, 4096));
    EXPECT_EQ(96, syscall(SYS_getrandom, two + 4000, 1000L, 0));
    EXPECT_ERRNO(EFAULT, syscall(SYS_getrandom, two + 4096, 1000L, 0));

    /* What the device is given is read. */
    int fd = CHECK(open("/dev/urandom", O_RDWR));
    EXPECT_EQ(4, write(fd, a, 4));
    EXPECT_EQ(96, write(fd, two + 4000, 1000));
    EXPECT_ERRNO(EFAULT, write(fd, two + 4096, 4));
    return 0;
}
