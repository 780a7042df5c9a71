/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is left of the counter after a read into a bad address? Nothing. */
#include "guest_test.h"
#include <sys/eventfd.h>

int main(void)
{
    int fd = CHECK(eventfd(3, EFD_NONBLOCK));
    EXPECT_ERRNO(EFAULT, read(fd, (void *)8, 8));

    uint64_t count;
    EXPECT_ERRNO(EAGAIN, read(fd, &count, 8));
    count = UINT64_MAX;
    EXPECT_ERRNO(EINVAL, write(fd, &count, 8));
    count = UINT64_MAX - 1;
    EXPECT_EQ(8, write(fd, &count, 8));
    count = 1;
    EXPECT_ERRNO(EAGAIN, write(fd, &count, 8));
    EXPECT_ERRNO(EINVAL, read(fd, &count, 7));
    EXPECT_ERRNO(EINVAL, eventfd(0, 2));
    int sem = CHECK(eventfd(2, EFD_SEMAPHORE | EFD_NONBLOCK));
    EXPECT_EQ(8, read(sem, &count, 8));
    EXPECT_EQ(1, count);
    EXPECT_EQ(8, read(sem, &count, 8));
    EXPECT_ERRNO(EAGAIN, read(sem, &count, 8));
    return 0;
}
