/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What does munmap(2) take away, and what does it refuse? */
#include "fault.h"

int main(void)
{
    fault_catch();
    char *map = anon(8 * PAGE, PROT_READ | PROT_WRITE);
    EXPECT_ERRNO(EINVAL, munmap(map + 1, PAGE));
    EXPECT_ERRNO(EINVAL, munmap(map, 0));
    EXPECT_ERRNO(EINVAL, munmap(map, -1UL));
    EXPECT_ERRNO(EINVAL, munmap((void *)0x7ffffffff000, PAGE));
    EXPECT_ERRNO(EINVAL, munmap((void *)-PAGE, PAGE));
    EXPECT_EQ(0, munmap((void *)0x10000, PAGE)); /* nothing there: no error */

    memset(map, 1, 8 * PAGE);
    CHECK(munmap(map + 2 * PAGE, 1)); /* rounded up */
    EXPECT_EQ(MAPERR, touch(map + 3 * PAGE - 1, TOUCH_READ));
    EXPECT_EQ(1, map[3 * PAGE]);
    CHECK(munmap(map + PAGE, 4 * PAGE)); /* over the hole */
    EXPECT_EQ(1, map[PAGE - 1]);
    EXPECT_EQ(MAPERR, touch(map + PAGE, TOUCH_READ));
    EXPECT_EQ(MAPERR, touch(map + 5 * PAGE - 1, TOUCH_READ));
    EXPECT_EQ(1, map[5 * PAGE]);

    /* What is mapped there again is zero. */
    EXPECT_EQ((uintptr_t)map + PAGE, mmap_raw((uintptr_t)map + PAGE, 4 * PAGE, PROT_READ,
                                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
    for (size_t i = PAGE; i < 5 * PAGE; i++)
        EXPECT_EQ(0, map[i]);
    /* MAP_FIXED replaces. */
    CHECK(mmap_raw((uintptr_t)map, 8 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
                   0));
    EXPECT_EQ(0, map[0]);
    EXPECT_EQ(0, map[8 * PAGE - 1]);
    CHECK(munmap(map, 8 * PAGE));
    EXPECT_EQ(MAPERR, touch(map, TOUCH_READ));
    return 0;
}
