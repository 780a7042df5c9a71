/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How much may be mapped that is never touched? */
#include "fault.h"

#define HUGE (64UL << 40) /* more than any machine has */
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)

int main(void)
{
    fault_catch();
    EXPECT_ERRNO(ENOMEM, mmap_raw(0, HUGE, PROT_READ | PROT_WRITE, ANON, -1, 0));
    EXPECT_ERRNO(ENOMEM,
                 mmap_raw(0, HUGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    char *map = CHECK(mmap_raw(0, HUGE, PROT_READ | PROT_WRITE, ANON | MAP_NORESERVE, -1, 0));
    for (unsigned long at = 0; at < HUGE; at += HUGE / 64)
        map[at] = 1;
    CHECK(mprotect(map, HUGE, PROT_READ));
    EXPECT_EQ(ACCERR, touch_store(map, 2));
    CHECK(mprotect(map, HUGE, PROT_READ | PROT_WRITE));
    for (unsigned long at = 0; at < HUGE; at += HUGE / 64)
        EXPECT_EQ(1, map[at]);
    CHECK(munmap(map, HUGE));

    map = CHECK(mmap_raw(0, HUGE, PROT_READ, ANON, -1, 0)); /* cannot be written: costs nothing */
    EXPECT_EQ(0, map[HUGE / 2]);
    EXPECT_ERRNO(ENOMEM, mprotect(map, HUGE, PROT_READ | PROT_WRITE));
    CHECK(mprotect(map + HUGE / 2, PAGE, PROT_READ | PROT_WRITE));
    map[HUGE / 2] = 1;
    CHECK(munmap(map, HUGE));
    map = CHECK(mmap_raw(0, HUGE, PROT_NONE, ANON, -1, 0));
    CHECK(munmap(map, HUGE));
    return 0;
}
