/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How far down do stacks grow: to the limit, and not into the guard gap above another mapping? */
#include "fault.h"

#include <sys/resource.h>

int main(void)
{
    fault_catch();
    /* The process's own stack. */
    struct rlimit limit;
    CHECK(getrlimit(RLIMIT_STACK, &limit));
    limit.rlim_cur = 1UL << 20;
    CHECK(setrlimit(RLIMIT_STACK, &limit));
    volatile char *here = __builtin_frame_address(0);
    EXPECT_EQ(0, touch_store(here - (512UL << 10), 1)); /* no need to go step by step */
    EXPECT_EQ(MAPERR, touch_store(here - (2UL << 20), 1));
    EXPECT_EQ(0, touch_store(here - (768UL << 10), 1));
    limit.rlim_cur = 4UL << 20;
    CHECK(setrlimit(RLIMIT_STACK, &limit));

    /* MAP_GROWSDOWN with 300 free pages below, then a mapping: Linux keeps 256 of them free. */
    char *room = anon(512 * PAGE, PROT_NONE);
    CHECK(munmap(room, 512 * PAGE));
    uintptr_t at = (uintptr_t)room;
    char *low =
        CHECK(mmap_raw(at, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
    char *stack = CHECK(mmap_raw(at + 301 * PAGE, 2 * PAGE, PROT_READ | PROT_WRITE,
                                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_GROWSDOWN, -1, 0));
    EXPECT_EQ(0, touch_store(stack - 1, 1));
    EXPECT_EQ(0, touch_store(stack - 20 * PAGE, 2));
    EXPECT_EQ(0, *(stack - 10 * PAGE));
    EXPECT_EQ(MAPERR, touch_store(low + 256 * PAGE, 1));
    EXPECT_EQ(0, touch_store(low + 257 * PAGE, 1));
    EXPECT_EQ(MAPERR, touch_store(low + 257 * PAGE - 1, 1));
    /* A mapping that nobody may touch needs no distance. */
    CHECK(mprotect(low, PAGE, PROT_NONE));
    EXPECT_EQ(0, touch_store(low + 256 * PAGE, 1));
    EXPECT_EQ(0, touch_store(low + PAGE, 1));
    EXPECT_EQ(ACCERR, touch_store(low, 1));

    /* The kernel's own access lets it grow too. */
    stack = CHECK(mmap_raw(at + 400 * PAGE, PAGE, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_GROWSDOWN, -1, 0));
    int *pair = (int *)(stack - PAGE);
    CHECK(pipe(pair));
    EXPECT(pair[0] > 2 && pair[1] > 2);

    /* mprotect with PROT_GROWSDOWN reaches down to the start of the mapping. */
    EXPECT_EQ(0, touch_store(stack - 3 * PAGE, 1));
    CHECK(mprotect(stack, PAGE, PROT_READ | PROT_GROWSDOWN));
    EXPECT_EQ(ACCERR, touch_store(stack - 3 * PAGE, 1));
    return 0;
}
