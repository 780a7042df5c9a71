/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Do very many mappings, protections and holes work, and where is the limit on their number? */
#include "fault.h"

#define SMALL 60000
#define LIMIT 65530

static char *maps[LIMIT + 10];

/* Neighbours differ, so that they are not one mapping. */
static void *small(int i)
{
    return mmap_raw(0, PAGE, i % 2 ? PROT_READ : PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

int main(void)
{
    for (int i = 0; i < SMALL; i++)
        maps[i] = CHECK(small(i));
    for (int i = 0; i < SMALL; i++)
        CHECK(munmap(maps[i * 7919L % SMALL], PAGE)); /* in another order */

    int count = 0;
    while ((maps[count] = small(count)) != MAP_FAILED)
        if (++count > LIMIT)
            FAIL("no limit");
    EXPECT_EQ(ENOMEM, errno);
    EXPECT(count > LIMIT - 100);
    /* At the limit nothing can be cut in two, but things can go. */
    CHECK(munmap(maps[--count], PAGE));
    CHECK(munmap(maps[--count], PAGE));
    char *three = anon(3 * PAGE, PROT_READ | PROT_EXEC);
    while (small(count++) != MAP_FAILED)
        ;
    EXPECT_ERRNO(ENOMEM, munmap(three + PAGE, PAGE));
    EXPECT_ERRNO(ENOMEM, mprotect(three + PAGE, PAGE, PROT_NONE));
    CHECK(munmap(three + 2 * PAGE, PAGE));
    for (int i = 0; i < 60000; i++)
        CHECK(munmap(maps[i], PAGE));

    size_t size = 80UL << 20;
    char *big = anon(size, PROT_READ | PROT_WRITE);
    for (size_t at = 0; at < size; at += PAGE)
        big[at] = 1;
    for (int i = 0; i < 300; i++)
        CHECK(mprotect(big, size, i % 2 ? PROT_READ | PROT_WRITE : PROT_READ));
    for (size_t at = 0; at < size; at += PAGE)
        EXPECT_EQ(1, big[at]);
    return 0;
}
