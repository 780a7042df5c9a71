/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where does mmap(2) put a mapping: hints, MAP_32BIT, top down, the highest gap that fits? */
#include "fault.h"

#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)

int main(void)
{
    /* A free hint is taken, rounded down; one in use is not. */
    char *room = anon(64 * PAGE, PROT_NONE);
    CHECK(munmap(room, 64 * PAGE));
    uintptr_t at = (uintptr_t)room;
    EXPECT_EQ(at + 8 * PAGE, mmap_raw(at + 8 * PAGE + 17, PAGE, PROT_READ, ANON, -1, 0));
    uintptr_t other = (uintptr_t)CHECK(mmap_raw(at + 8 * PAGE, PAGE, PROT_READ, ANON, -1, 0));
    EXPECT(other != at + 8 * PAGE);
    EXPECT(other % PAGE == 0);
    /* One that overlaps its end is not. */
    other = (uintptr_t)CHECK(mmap_raw(at + 7 * PAGE, 2 * PAGE, PROT_READ, ANON, -1, 0));
    EXPECT(other != at + 7 * PAGE);
    /* Hints outside of user space are ignored. */
    EXPECT(CHECK(mmap_raw(-PAGE, PAGE, PROT_READ, ANON, -1, 0)));
    EXPECT(CHECK(mmap_raw(1UL << 47, PAGE, PROT_READ, ANON, -1, 0)));
    /* Length is rounded up. */
    char *odd = CHECK(mmap_raw(0, PAGE + 1, PROT_READ, ANON, -1, 0));
    EXPECT_EQ(0, odd[2 * PAGE - 1]);

    /* Top down: one after the other, without gaps, each below the last. */
    char *first = anon(3 * PAGE, PROT_READ), *second = anon(3 * PAGE, PROT_NONE);
    char *third = anon(3 * PAGE, PROT_READ);
    EXPECT(second < first && third < second);
    /* A hole is filled by what fits, from its top; the highest hole first. */
    CHECK(munmap(first, 3 * PAGE));
    CHECK(munmap(third, 3 * PAGE));
    EXPECT_EQ((uintptr_t)first + 2 * PAGE, anon(PAGE, PROT_READ));
    EXPECT_EQ((uintptr_t)first, anon(2 * PAGE, PROT_READ));
    CHECK(munmap(first, 3 * PAGE));
    EXPECT_EQ((uintptr_t)first, anon(3 * PAGE, PROT_READ));

    for (int i = 0; i < 8; i++) {
        uintptr_t low =
            (uintptr_t)CHECK(mmap_raw(0, PAGE, PROT_READ | PROT_WRITE, ANON | MAP_32BIT, -1, 0));
        EXPECT(low >= 0x40000000 && low < 0x80000000);
        *(char *)low = 1;
    }
    EXPECT_ERRNO(ENOMEM, mmap_raw(0, 1UL << 31, PROT_NONE, ANON | MAP_32BIT, -1, 0));
    EXPECT_EQ(0x12345000, mmap_raw(0x12345000, PAGE, PROT_NONE, ANON | MAP_32BIT, -1, 0));
    return 0;
}
