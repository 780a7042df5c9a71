/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which signal, code and address does a bad access give, by protection and by what is mapped? */
#include "fault.h"

int main(void)
{
    fault_catch();
    EXPECT_EQ(MAPERR, touch((void *)0, TOUCH_READ));
    EXPECT_EQ(MAPERR, touch((void *)8, TOUCH_READ));
    EXPECT_EQ(MAPERR, touch((void *)0x123, TOUCH_EXEC));
    EXPECT_EQ(MAPERR, touch((void *)0x7fffffffe000, TOUCH_READ) | 0);

    char *map = anon(3 * PAGE, PROT_READ | PROT_WRITE);
    EXPECT_EQ(0, touch(map + PAGE, TOUCH_WRITE));
    EXPECT_EQ(ACCERR, touch(map + PAGE, TOUCH_EXEC));
    CHECK(mprotect(map + PAGE, PAGE, PROT_READ));
    EXPECT_EQ(0, touch(map + PAGE, TOUCH_READ));
    EXPECT_EQ(ACCERR, touch(map + PAGE + 5, TOUCH_WRITE));
    EXPECT_EQ(ACCERR, touch_store(map + 2 * PAGE - 1, 1));
    EXPECT_EQ(0, touch(map + 2 * PAGE, TOUCH_WRITE));
    CHECK(mprotect(map + PAGE, PAGE, PROT_NONE));
    EXPECT_EQ(ACCERR, touch(map + PAGE + 7, TOUCH_READ));
    CHECK(mprotect(map + PAGE, PAGE, PROT_WRITE));
    EXPECT_EQ(0, touch(map + PAGE, TOUCH_READ));
    CHECK(munmap(map + PAGE, PAGE));
    EXPECT_EQ(MAPERR, touch(map + PAGE + 9, TOUCH_READ));
    EXPECT_EQ(0, touch(map, TOUCH_WRITE));
    EXPECT_EQ(0, touch(map + 2 * PAGE, TOUCH_WRITE));

    /* Never touched before: the same codes. */
    map = anon(2 * PAGE, PROT_NONE);
    EXPECT_EQ(ACCERR, touch(map, TOUCH_READ));
    EXPECT_EQ(ACCERR, touch_store(map + 1, 1));
    CHECK(mprotect(map, PAGE, PROT_READ));
    EXPECT_EQ(0, touch(map, TOUCH_READ));
    EXPECT_EQ(ACCERR, touch_store(map + 1, 1));
    CHECK(mprotect(map, 2 * PAGE, PROT_READ | PROT_WRITE));
    EXPECT_EQ(0, touch_store(map + 1, 1));
    EXPECT_EQ(1, map[1]);

    /* An access over the edge faults at the first byte that is not there. */
    map = anon(2 * PAGE, PROT_READ | PROT_WRITE);
    CHECK(munmap(map + PAGE, PAGE));
    if (sigsetjmp(fault_return, 1) == 0) {
        *(volatile uint64_t *)(map + PAGE - 4) = -1UL;
        FAIL("a store over the edge went through");
    }
    EXPECT_EQ((uintptr_t)map + PAGE, fault_info.si_addr);
    EXPECT_EQ(0, *(int *)(map + PAGE - 4)); /* nothing of it was done */

    /* Code runs where PROT_EXEC is given, and only there. */
    static const unsigned char ret[] = {0xc3};
    map = anon(PAGE, PROT_READ | PROT_WRITE);
    memcpy(map, ret, sizeof ret);
    EXPECT_EQ(ACCERR, touch(map, TOUCH_EXEC));
    CHECK(mprotect(map, PAGE, PROT_READ | PROT_EXEC));
    EXPECT_EQ(0, touch(map, TOUCH_EXEC));
    EXPECT_EQ(ACCERR, touch_store(map, 1));
    CHECK(mprotect(map, PAGE, PROT_READ));
    EXPECT_EQ(ACCERR, touch(map, TOUCH_EXEC));
    return 0;
}
