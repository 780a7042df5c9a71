/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which errors does msync(2) give? */
#include "fault.h"

int main(void)
{
    char *map = anon(4 * PAGE, PROT_READ | PROT_WRITE);
    EXPECT_ERRNO(EINVAL, msync(map, PAGE, 8));
    EXPECT_ERRNO(EINVAL, msync(map, PAGE, MS_SYNC | MS_ASYNC));
    EXPECT_ERRNO(EINVAL, msync(map + 1, PAGE, MS_SYNC));
    EXPECT_EQ(0, msync(map, PAGE, 0));
    EXPECT_EQ(0, msync(map, PAGE, MS_ASYNC));
    EXPECT_EQ(0, msync(map, PAGE, MS_SYNC));
    EXPECT_EQ(0, msync(map, PAGE, MS_SYNC | MS_INVALIDATE));
    EXPECT_EQ(0, msync(map, 0, MS_SYNC));
    EXPECT_EQ(0, msync((void *)0x10000, 0, MS_SYNC));
    EXPECT_ERRNO(ENOMEM, msync((void *)0x10000, PAGE, MS_SYNC));
    EXPECT_ERRNO(ENOMEM, msync(map, -2 * PAGE, MS_SYNC));
    CHECK(munmap(map + PAGE, PAGE));
    EXPECT_ERRNO(ENOMEM, msync(map, 4 * PAGE, MS_ASYNC));
    CHECK(mlock(map, PAGE));
    EXPECT_ERRNO(EBUSY, msync(map, PAGE, MS_INVALIDATE));
    EXPECT_ERRNO(EBUSY, msync(map, 4 * PAGE, MS_INVALIDATE));
    EXPECT_EQ(0, msync(map, PAGE, MS_SYNC));
    return 0;
}
