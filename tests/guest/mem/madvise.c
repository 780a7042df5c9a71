/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What does each advice of madvise(2) do, and what does it refuse? */
#include "fault.h"

#include <sys/wait.h>

#define ADV_COLD 20
#define ADV_PAGEOUT 21
#define ADV_POPULATE_READ 22
#define ADV_POPULATE_WRITE 23
#define ADV_DONTNEED_LOCKED 24

static void arguments(void)
{
    char *map = anon(4 * PAGE, PROT_READ | PROT_WRITE);
    EXPECT_ERRNO(EINVAL, madvise(map, PAGE, 5));
    EXPECT_ERRNO(EINVAL, madvise(map, PAGE, 7));
    EXPECT_ERRNO(EINVAL, madvise(map, PAGE, -1));
    EXPECT_ERRNO(EINVAL, madvise(map, PAGE, 26));
    EXPECT_ERRNO(EINVAL, madvise(map, 0, 99));
    EXPECT_ERRNO(EINVAL, madvise(map + 1, PAGE, MADV_DONTNEED));
    EXPECT_ERRNO(EINVAL, madvise(map + 1, 0, MADV_DONTNEED));
    EXPECT_ERRNO(EINVAL, madvise(map, -1UL, MADV_DONTNEED));
    EXPECT_ERRNO(EINVAL, madvise((void *)-PAGE, 2 * PAGE, MADV_DONTNEED));
    EXPECT_EQ(0, madvise(map, 0, MADV_DONTNEED));
    EXPECT_EQ(0, madvise((void *)0x10000, 0, MADV_DONTNEED));
    EXPECT_ERRNO(ENOMEM, madvise((void *)0x10000, PAGE, MADV_DONTNEED));
    static const int fine[] = {MADV_NORMAL,   MADV_RANDOM,     MADV_SEQUENTIAL, MADV_WILLNEED,
                               MADV_DONTFORK, MADV_DOFORK,     MADV_HUGEPAGE,   MADV_NOHUGEPAGE,
                               MADV_DONTDUMP, MADV_DODUMP,     MADV_WIPEONFORK, MADV_KEEPONFORK,
                               MADV_FREE,     ADV_COLD,        ADV_PAGEOUT,     ADV_DONTNEED_LOCKED,
                               MADV_DONTNEED, MADV_UNMERGEABLE};
    for (size_t i = 0; i < sizeof fine / sizeof *fine; i++)
        EXPECT_EQ(0, madvise(map, 4 * PAGE, fine[i]));
}

static void dontneed(void)
{
    char *map = anon(6 * PAGE, PROT_READ | PROT_WRITE);
    memset(map, 1, 6 * PAGE);
    CHECK(madvise(map + PAGE, PAGE + 1, MADV_DONTNEED)); /* rounded up */
    EXPECT_EQ(1, map[0]);
    EXPECT_EQ(0, map[PAGE]);
    EXPECT_EQ(0, map[2 * PAGE]);
    EXPECT_EQ(1, map[3 * PAGE]);
    /* Over a hole: done on both sides, and ENOMEM. */
    memset(map, 1, 6 * PAGE);
    CHECK(munmap(map + 2 * PAGE, PAGE));
    EXPECT_ERRNO(ENOMEM, madvise(map, 6 * PAGE, MADV_DONTNEED));
    EXPECT_EQ(0, map[0]);
    EXPECT_EQ(0, map[5 * PAGE]);
    /* Read-only memory can be discarded. */
    map[0] = 1;
    CHECK(mprotect(map, PAGE, PROT_READ));
    CHECK(madvise(map, PAGE, MADV_DONTNEED));
    EXPECT_EQ(0, map[0]);
    /* After MADV_FREE: the old contents or zeros; what is written stays. */
    char *lazy = anon(PAGE, PROT_READ | PROT_WRITE);
    lazy[0] = 3;
    CHECK(madvise(lazy, PAGE, MADV_FREE));
    EXPECT(lazy[0] == 3 || lazy[0] == 0);
    lazy[0] = 4;
    EXPECT_EQ(4, lazy[0]);
}

static void kinds(void)
{
    char *shared =
        CHECK(mmap_raw(0, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    memset(shared, 1, 4 * PAGE);
    CHECK(madvise(shared, PAGE, MADV_DONTNEED));
    EXPECT_EQ(1, shared[0]); /* shared memory keeps its contents */
    EXPECT_ERRNO(EINVAL, madvise(shared, PAGE, MADV_FREE));
    EXPECT_ERRNO(EINVAL, madvise(shared, PAGE, MADV_WIPEONFORK));
    CHECK(madvise(shared + PAGE, PAGE, MADV_REMOVE));
    EXPECT_EQ(1, shared[0]);
    EXPECT_EQ(0, shared[PAGE]);
    EXPECT_EQ(1, shared[2 * PAGE]);

    char *map = anon(4 * PAGE, PROT_READ | PROT_WRITE);
    EXPECT_ERRNO(EINVAL, madvise(map, PAGE, MADV_REMOVE));
    CHECK(mlock(map, PAGE));
    EXPECT_ERRNO(EINVAL, madvise(map, PAGE, MADV_DONTNEED));
    EXPECT_ERRNO(EINVAL, madvise(map, PAGE, MADV_FREE));
    EXPECT_ERRNO(EINVAL, madvise(map, PAGE, ADV_COLD));
    map[0] = 1;
    EXPECT_EQ(0, madvise(map, PAGE, ADV_DONTNEED_LOCKED));
    EXPECT_EQ(0, map[0]);
}

static void populate(void)
{
    char *map = anon(8 * PAGE, PROT_READ | PROT_WRITE);
    unsigned char in[8];
    CHECK(madvise(map, 4 * PAGE, ADV_POPULATE_WRITE));
    CHECK(madvise(map + 4 * PAGE, 2 * PAGE, ADV_POPULATE_READ));
    CHECK(mincore(map, 8 * PAGE, in));
    for (int i = 0; i < 8; i++)
        EXPECT_EQ(i < 6, in[i] & 1);
    CHECK(mprotect(map, PAGE, PROT_READ));
    EXPECT_EQ(0, madvise(map, PAGE, ADV_POPULATE_READ));
    EXPECT_ERRNO(EINVAL, madvise(map, PAGE, ADV_POPULATE_WRITE));
    CHECK(mprotect(map, PAGE, PROT_NONE));
    EXPECT_ERRNO(EINVAL, madvise(map, PAGE, ADV_POPULATE_READ));
    CHECK(munmap(map + 2 * PAGE, PAGE));
    EXPECT_ERRNO(ENOMEM, madvise(map + PAGE, 2 * PAGE, ADV_POPULATE_READ));

    char *all = CHECK(mmap_raw(0, 4 * PAGE, PROT_READ | PROT_WRITE,
                               MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0));
    CHECK(mincore(all, 4 * PAGE, in));
    for (int i = 0; i < 4; i++)
        EXPECT_EQ(1, in[i] & 1);
}

static void guards(void)
{
    char *map = anon(4 * PAGE, PROT_READ | PROT_WRITE);
    memset(map, 1, 4 * PAGE);
    CHECK(madvise(map + PAGE, 2 * PAGE, 102)); /* MADV_GUARD_INSTALL */
    EXPECT_EQ(1, map[0]);
    EXPECT_EQ(MAPERR, touch(map + PAGE, TOUCH_READ));
    EXPECT_EQ(MAPERR, touch_store(map + 2 * PAGE, 1));
    EXPECT_EQ(1, map[3 * PAGE]);
    CHECK(madvise(map, 4 * PAGE, MADV_DONTNEED));
    EXPECT_EQ(MAPERR, touch(map + PAGE, TOUCH_READ)); /* they stay */
    EXPECT_EQ(0, map[0]);
    EXPECT_ERRNO(EFAULT, madvise(map, 4 * PAGE, ADV_POPULATE_WRITE));
    EXPECT_ERRNO(EFAULT, pipe((int *)(map + PAGE)));
    CHECK(madvise(map, 4 * PAGE, 103)); /* MADV_GUARD_REMOVE */
    EXPECT_EQ(0, map[PAGE]);
    map[2 * PAGE] = 7;
    EXPECT_EQ(7, map[2 * PAGE]);
}

int main(void)
{
    fault_catch();
    arguments();
    dontneed();
    kinds();
    populate();
    guards();
    return 0;
}
