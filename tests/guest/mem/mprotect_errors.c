/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which errors does mprotect(2) give, and how far does it go before one? */
#include "fault.h"

static long protect(const void *addr, size_t length, unsigned long prot)
{
    return syscall(SYS_mprotect, addr, length, prot);
}

int main(void)
{
    fault_catch();
    char *map = anon(6 * PAGE, PROT_READ | PROT_WRITE);
    EXPECT_ERRNO(EINVAL, protect(map + 1, PAGE, PROT_READ));
    EXPECT_ERRNO(EINVAL, protect(map + 1, 0, PROT_READ));
    EXPECT_EQ(0, protect(map, 0, PROT_READ));
    EXPECT_EQ(0, protect((void *)0x10000, 0, 0x7777));
    EXPECT_ERRNO(ENOMEM, protect(map, -1UL, PROT_READ));
    EXPECT_ERRNO(ENOMEM, protect(map, -PAGE, 0x40));
    EXPECT_ERRNO(EINVAL, protect(map, PAGE, 0x40));
    EXPECT_ERRNO(EINVAL, protect(map, PAGE, 1UL << 40));
    EXPECT_EQ(0, protect(map, PAGE, PROT_READ | PROT_WRITE | 8 /* PROT_SEM */));
    EXPECT_ERRNO(EINVAL, protect(map, PAGE, PROT_READ | PROT_GROWSDOWN | PROT_GROWSUP));
    EXPECT_ERRNO(EINVAL, protect(map, PAGE, PROT_READ | PROT_GROWSDOWN));
    EXPECT_ERRNO(EINVAL, protect(map, PAGE, PROT_READ | PROT_GROWSUP));
    EXPECT_ERRNO(ENOMEM, protect((void *)0x10000, PAGE, PROT_READ));
    EXPECT_ERRNO(ENOMEM, protect((void *)-PAGE, PAGE / 2, PROT_READ));

    /* A hole ends it; what comes before has changed. */
    CHECK(munmap(map + 2 * PAGE, PAGE));
    EXPECT_ERRNO(ENOMEM, protect(map, 6 * PAGE, PROT_READ));
    EXPECT_EQ(ACCERR, touch_store(map + PAGE, 1));
    EXPECT_EQ(0, touch_store(map + 3 * PAGE, 1));
    EXPECT_ERRNO(ENOMEM, protect(map + 2 * PAGE, 2 * PAGE, PROT_NONE));
    EXPECT_EQ(0, touch(map + 3 * PAGE, TOUCH_READ));

    /* Length is rounded up. */
    CHECK(protect(map + 3 * PAGE, PAGE + 1, PROT_READ));
    EXPECT_EQ(ACCERR, touch_store(map + 4 * PAGE, 1));
    EXPECT_EQ(0, touch_store(map + 5 * PAGE, 1));

    /* Contents survive every protection, over many pages, in whole and in parts. */
    size_t pages = 2000;
    unsigned *words = (unsigned *)anon(pages * PAGE, PROT_READ | PROT_WRITE);
    for (size_t i = 0; i < pages; i++)
        words[i * PAGE / 4] = (unsigned)i * 7 + 1;
    CHECK(mprotect(words, pages * PAGE, PROT_NONE));
    EXPECT_EQ(ACCERR, touch(words + 700 * PAGE / 4, TOUCH_READ));
    CHECK(mprotect(words, pages * PAGE, PROT_READ));
    for (size_t i = 0; i < pages; i++)
        EXPECT_EQ(i * 7 + 1, words[i * PAGE / 4]);
    EXPECT_EQ(ACCERR, touch_store(words + 700 * PAGE / 4, 1));
    CHECK(mprotect(words + 600 * PAGE / 4, 300 * PAGE, PROT_READ | PROT_WRITE));
    EXPECT_EQ(ACCERR, touch_store(words + 599 * PAGE / 4, 1));
    EXPECT_EQ(ACCERR, touch_store(words + 900 * PAGE / 4, 1));
    for (size_t i = 600; i < 900; i++)
        words[i * PAGE / 4]++;
    CHECK(mprotect(words, pages * PAGE, PROT_READ | PROT_WRITE));
    for (size_t i = 0; i < pages; i++)
        EXPECT_EQ(i * 7 + 1 + (i >= 600 && i < 900), words[i * PAGE / 4]);
    return 0;
}
