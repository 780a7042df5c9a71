/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What does mincore(2) say of pages that are untouched, read, written, shared, unmapped? */
#include "fault.h"

int main(void)
{
    unsigned char in[8] = {9, 9, 9, 9, 9, 9, 9, 9};
    char *map = anon(6 * PAGE, PROT_READ | PROT_WRITE);
    EXPECT_ERRNO(EINVAL, mincore(map + 1, PAGE, in));
    EXPECT_ERRNO(ENOMEM, mincore(map, -1UL, in));
    EXPECT_ERRNO(ENOMEM, mincore((void *)0x7ffffffff000, PAGE, in));
    EXPECT_ERRNO(EFAULT, mincore(map, PAGE, (void *)8));
    EXPECT_ERRNO(EFAULT, mincore(map, PAGE, (void *)-8));
    EXPECT_ERRNO(ENOMEM, mincore((void *)0x10000, PAGE, in));
    EXPECT_EQ(0, mincore((void *)0x10000, 0, in));
    EXPECT_EQ(9, in[0]);

    map[PAGE] = 1;
    volatile char read = map[3 * PAGE];
    (void)read;
    CHECK(mincore(map, 5 * PAGE + 1, in));
    static const unsigned char want[] = {0, 1, 0, 1, 0, 0};
    for (int i = 0; i < 6; i++)
        EXPECT_EQ(want[i], in[i] & 1);
    EXPECT_EQ(9, in[6]);
    /* Locked memory, and memory that was discarded. */
    CHECK(mlock(map, 2 * PAGE));
    CHECK(madvise(map + 3 * PAGE, PAGE, MADV_DONTNEED));
    CHECK(mincore(map, 4 * PAGE, in));
    EXPECT_EQ(1, in[0] & 1);
    EXPECT_EQ(0, in[3] & 1);
    CHECK(munmap(map + 4 * PAGE, PAGE));
    EXPECT_ERRNO(ENOMEM, mincore(map, 6 * PAGE, in));

    /* Shared memory is there when anybody touched it, by whichever mapping. */
    char *shared =
        CHECK(mmap_raw(0, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    char *twin = CHECK(mremap(shared, 0, 2 * PAGE, MREMAP_MAYMOVE));
    twin[PAGE] = 1;
    CHECK(mincore(shared, 2 * PAGE, in));
    EXPECT_EQ(0, in[0] & 1);
    EXPECT_EQ(1, in[1] & 1);
    return 0;
}
