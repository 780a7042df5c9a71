/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What does process_madvise(2) do to one's own process, and what does it refuse? */
#include "fault.h"

#include <sys/uio.h>

static long advise(int fd, const struct iovec *ranges, size_t count, int advice, unsigned flags)
{
    return syscall(440, fd, ranges, count, advice, flags);
}

int main(void)
{
    char *map = anon(4 * PAGE, PROT_READ | PROT_WRITE);
    struct iovec ranges[] = {{map, PAGE}, {map + 2 * PAGE, 2 * PAGE}};
    int fd = (int)CHECK(syscall(434, getpid(), 0)); /* pidfd_open */
    EXPECT_EQ(3 * PAGE, advise(fd, ranges, 2, 20 /* MADV_COLD */, 0));
    EXPECT_EQ(3 * PAGE, advise(fd, ranges, 2, MADV_WILLNEED, 0));
    EXPECT_EQ(0, advise(fd, ranges, 0, MADV_WILLNEED, 0));
    EXPECT_ERRNO(EINVAL, advise(fd, ranges, 2, 20, 1));
    EXPECT_ERRNO(EINVAL, advise(fd, ranges, 2, 99, 0));
    EXPECT_ERRNO(EBADF, advise(-1, ranges, 2, 20, 0));
    EXPECT_ERRNO(EBADF, advise(0, ranges, 2, 20, 0));
    EXPECT_ERRNO(EFAULT, advise(fd, (void *)8, 2, 20, 0));
    EXPECT_ERRNO(EINVAL, advise(fd, ranges, 1025, 20, 0));
    struct iovec odd = {map + 1, PAGE}, hole = {(void *)0x10000, PAGE};
    EXPECT_ERRNO(EINVAL, advise(fd, &odd, 1, 20, 0));
    EXPECT_ERRNO(ENOMEM, advise(fd, &hole, 1, 20, 0));
    ranges[1] = hole;
    EXPECT_EQ(PAGE, advise(fd, ranges, 2, 20, 0)); /* as far as it came */
    return 0;
}
