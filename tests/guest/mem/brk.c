/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How does the heap grow and shrink, and what stops it? */
#include "fault.h"

#include <sys/resource.h>

static uintptr_t raw_brk(uintptr_t addr)
{
    return (uintptr_t)syscall(SYS_brk, addr);
}

int main(void)
{
    fault_catch();
    uintptr_t start = raw_brk(0);
    EXPECT(start);
    EXPECT_EQ(start, raw_brk(1)); /* below the heap: nothing changes */
    uintptr_t page = (start + PAGE - 1) / PAGE * PAGE;
    EXPECT_EQ(page + 3 * PAGE + 17, raw_brk(page + 3 * PAGE + 17));
    EXPECT_EQ(page + 3 * PAGE + 17, raw_brk(0));
    volatile char *heap = (char *)page;
    heap[3 * PAGE] = 1;
    heap[4 * PAGE - 1] = 2;
    EXPECT_EQ(MAPERR, touch(heap + 4 * PAGE, TOUCH_READ));
    EXPECT_EQ(page + PAGE, raw_brk(page + PAGE));
    EXPECT_EQ(MAPERR, touch(heap + 3 * PAGE, TOUCH_READ));
    EXPECT_EQ(page + 4 * PAGE, raw_brk(page + 4 * PAGE));
    EXPECT_EQ(0, heap[3 * PAGE]); /* zero again */

    /* Something in the way, one page of distance included. */
    CHECK(
        mmap_raw(page + 8 * PAGE, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
    EXPECT_EQ(page + 4 * PAGE, raw_brk(page + 10 * PAGE));
    EXPECT_EQ(page + 4 * PAGE, raw_brk(page + 8 * PAGE));
    EXPECT_EQ(page + 7 * PAGE, raw_brk(page + 7 * PAGE));
    EXPECT_EQ(page + 7 * PAGE, raw_brk(-PAGE));
    EXPECT_EQ(page + 7 * PAGE, raw_brk(1UL << 47));

    /* A hole in the heap is no reason. */
    CHECK(munmap((void *)(page + PAGE), PAGE));
    EXPECT_EQ(page, raw_brk(page));
    CHECK(munmap((void *)(page + 8 * PAGE), PAGE));

    struct rlimit limit = {.rlim_cur = 1UL << 20, .rlim_max = RLIM_INFINITY};
    CHECK(setrlimit(RLIMIT_DATA, &limit));
    EXPECT_EQ(page, raw_brk(page + (2UL << 20)));
    EXPECT_ERRNO(
        ENOMEM, mmap_raw(0, 2UL << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    CHECK(mmap_raw(0, 2UL << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    CHECK(mmap_raw(0, 2UL << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));

    /* None at all: of the heap only, as long as the hard limit allows the rest. */
    limit.rlim_cur = 0;
    CHECK(setrlimit(RLIMIT_DATA, &limit));
    EXPECT_EQ(page, raw_brk(page + 2 * PAGE));
    CHECK(mmap_raw(0, 2UL << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    limit.rlim_max = 4096;
    CHECK(setrlimit(RLIMIT_DATA, &limit));
    EXPECT_ERRNO(
        ENOMEM, mmap_raw(0, 2UL << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    return 0;
}
