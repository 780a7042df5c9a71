/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does close_range(2) close what it names, and nothing else? */
#include "file_test.h"

static int range(unsigned first, unsigned last, unsigned flags)
{
    return (int)syscall(SYS_close_range, first, last, flags);
}

int main(void)
{
    int null = CHECK(open("/dev/null", O_RDWR));
    for (int fd = 10; fd < 20; fd++)
        CHECK(dup2(null, fd));
    EXPECT_ERRNO(EINVAL, range(12, 11, 0));
    EXPECT_ERRNO(EINVAL, range(12, 13, 1));
    CHECK(range(12, 14, 0));
    EXPECT_ERRNO(EBADF, close(12));
    EXPECT_ERRNO(EBADF, close(14));
    EXPECT_EQ(0, fcntl(15, F_GETFD));
    CHECK(range(15, 17, 4));
    EXPECT_EQ(FD_CLOEXEC, fcntl(15, F_GETFD));
    EXPECT_EQ(0, fcntl(18, F_GETFD));
    CHECK(range(18, ~0u, 2));
    EXPECT_ERRNO(EBADF, fcntl(19, F_GETFD));
    EXPECT_EQ(12, CHECK(fcntl(null, F_DUPFD, 11)));
    CHECK(range(1u << 30, ~0u, 0));
    return 0;
}
