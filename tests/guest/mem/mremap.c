/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What does mremap(2) move, grow and shrink, and which errors does it give? */
#include "fault.h"

#define MAY MREMAP_MAYMOVE
#define FIX (MREMAP_MAYMOVE | MREMAP_FIXED)
#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP 4
#endif

static void *remap(const void *old, size_t old_size, size_t new_size, unsigned long flags,
                   const void *new)
{
    return (void *)syscall(SYS_mremap, old, old_size, new_size, flags, new);
}

/* `pages` pages with nothing behind them; page i holds i + 1. */
static char *filled(size_t pages)
{
    char *map = anon((pages + 16) * PAGE, PROT_READ | PROT_WRITE);
    CHECK(munmap(map + pages * PAGE, 16 * PAGE));
    for (size_t i = 0; i < pages; i++)
        map[i * PAGE] = (char)(i + 1);
    return map;
}

static void errors(void)
{
    char *map = filled(4), *to = anon(8 * PAGE, PROT_NONE);
    EXPECT_ERRNO(EINVAL, remap(map, PAGE, PAGE, 8, NULL));
    EXPECT_ERRNO(EINVAL, remap(map, PAGE, PAGE, 1UL << 40, NULL));
    EXPECT_ERRNO(EINVAL, remap(map + 1, PAGE, PAGE, 0, NULL));
    EXPECT_ERRNO(EINVAL, remap(map, PAGE, 0, 0, NULL));
    EXPECT_ERRNO(EINVAL, remap(map, PAGE, 1UL << 48, MAY, NULL));
    EXPECT_ERRNO(EINVAL, remap(map, PAGE, PAGE, MREMAP_FIXED, to));
    EXPECT_ERRNO(EINVAL, remap(map, PAGE, PAGE, MREMAP_DONTUNMAP, NULL));
    EXPECT_ERRNO(EINVAL, remap(map, PAGE, 2 * PAGE, MAY | MREMAP_DONTUNMAP, NULL));
    EXPECT_ERRNO(EINVAL, remap(map, PAGE, PAGE, FIX, to + 1));
    EXPECT_ERRNO(EINVAL, remap(map, PAGE, PAGE, FIX, (void *)0x7ffffffff000));
    EXPECT_ERRNO(EINVAL, remap(map, 4 * PAGE, 4 * PAGE, FIX, map + PAGE)); /* overlap */
    EXPECT_ERRNO(EINVAL, remap(map + PAGE, PAGE, 2 * PAGE, FIX, map));
    EXPECT_ERRNO(EFAULT, remap((void *)0x10000, PAGE, 2 * PAGE, MAY, NULL));
    EXPECT_ERRNO(EFAULT, remap((void *)0x10000, PAGE, PAGE, 0, NULL));
    EXPECT_ERRNO(EFAULT, remap(map, 5 * PAGE, 6 * PAGE, MAY, NULL));
    EXPECT_ERRNO(EFAULT, remap((void *)-PAGE, PAGE, PAGE, 0, NULL));
    EXPECT_ERRNO(EINVAL, remap(map, 0, PAGE, MAY, NULL)); /* only shared memory is duplicated */
    CHECK(mmap_raw((uintptr_t)map + 4 * PAGE, PAGE, PROT_NONE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
    EXPECT_ERRNO(ENOMEM, remap(map, 4 * PAGE, 5 * PAGE, 0, NULL));
    EXPECT_EQ((uintptr_t)map, remap(map, 4 * PAGE, 4 * PAGE, 0, NULL));
    EXPECT_EQ((uintptr_t)map, remap(map, 3 * PAGE + 1, 4 * PAGE - 1, 0, NULL));
}

static void grow_and_shrink(void)
{
    char *map = filled(4);
    EXPECT_EQ((uintptr_t)map, remap(map, 4 * PAGE, 8 * PAGE, 0, NULL));
    EXPECT_EQ(4, map[3 * PAGE]);
    EXPECT_EQ(0, map[7 * PAGE]);
    map[7 * PAGE] = 8;
    EXPECT_EQ((uintptr_t)map, remap(map, 8 * PAGE, 2 * PAGE, 0, NULL));
    EXPECT_EQ(2, map[PAGE]);
    EXPECT_EQ(MAPERR, touch(map + 2 * PAGE, TOUCH_READ));
    EXPECT_EQ((uintptr_t)map, remap(map, 2 * PAGE, 8 * PAGE, 0, NULL));
    EXPECT_EQ(0, map[7 * PAGE]);

    /* It moves when there is no room. */
    CHECK(mmap_raw((uintptr_t)map + 8 * PAGE, PAGE, PROT_NONE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
    char *moved = CHECK(remap(map, 8 * PAGE, 2000 * PAGE, MAY, NULL));
    EXPECT(moved != map);
    EXPECT_EQ(1, moved[0]);
    EXPECT_EQ(2, moved[PAGE]);
    EXPECT_EQ(0, moved[1999 * PAGE]);
    EXPECT_EQ(MAPERR, touch(map, TOUCH_READ));

    /* The middle of a mapping moves alone. */
    map = filled(4);
    moved = CHECK(remap(map + PAGE, PAGE, 3 * PAGE, MAY, NULL));
    EXPECT_EQ(2, moved[0]);
    EXPECT_EQ(0, moved[2 * PAGE]);
    EXPECT_EQ(1, map[0]);
    EXPECT_EQ(3, map[2 * PAGE]);
    EXPECT_EQ(MAPERR, touch(map + PAGE, TOUCH_READ));
}

static void fixed(void)
{
    char *map = filled(4), *to = filled(8);
    EXPECT_EQ((uintptr_t)to + PAGE, remap(map, 4 * PAGE, 2 * PAGE, FIX, to + PAGE));
    EXPECT_EQ(1, to[0]);
    EXPECT_EQ(1, to[PAGE]);
    EXPECT_EQ(2, to[2 * PAGE]);
    EXPECT_EQ(4, to[3 * PAGE]);
    EXPECT_EQ(MAPERR, touch(map, TOUCH_READ));
    EXPECT_EQ(MAPERR, touch(map + 3 * PAGE, TOUCH_READ));

    /* Read-only stays read-only. */
    map = filled(600);
    CHECK(mprotect(map, 600 * PAGE, PROT_READ));
    to = anon(600 * PAGE, PROT_NONE);
    EXPECT_EQ((uintptr_t)to, remap(map, 600 * PAGE, 600 * PAGE, FIX, to));
    EXPECT_EQ(ACCERR, touch_store(to + 300 * PAGE, 1));
    EXPECT_EQ((char)301, to[300 * PAGE]);
}

/* Since Linux 6.17 a move of equal size may go over several mappings. */
static void several(void)
{
    char *map = filled(4), *to = anon(4 * PAGE, PROT_NONE);
    CHECK(mprotect(map + PAGE, PAGE, PROT_READ));
    EXPECT_ERRNO(EFAULT, remap(map, 4 * PAGE, 5 * PAGE, FIX, anon(5 * PAGE, PROT_NONE)));
    EXPECT_EQ((uintptr_t)to, remap(map, 4 * PAGE, 4 * PAGE, FIX, to));
    for (int i = 0; i < 4; i++)
        EXPECT_EQ(i + 1, to[i * PAGE]);
    EXPECT_EQ(ACCERR, touch_store(to + PAGE, 1));
    EXPECT_EQ(0, touch_store(to + 2 * PAGE, 1));
    EXPECT_EQ(MAPERR, touch(map + PAGE, TOUCH_READ));
}

static void dontunmap(void)
{
    char *map = filled(4);
    char *moved = CHECK(remap(map, 4 * PAGE, 4 * PAGE, MAY | MREMAP_DONTUNMAP, NULL));
    EXPECT(moved != map);
    EXPECT_EQ(3, moved[2 * PAGE]);
    EXPECT_EQ(0, map[2 * PAGE]); /* still mapped, empty */
    map[0] = 9;
    EXPECT_EQ(1, moved[0]);
}

static void shared(void)
{
    char *map =
        CHECK(mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    map[PAGE] = 5;
    /* Old size 0: a second mapping of the same memory. */
    char *twin = CHECK(remap(map, 0, 4 * PAGE, MAY, NULL));
    EXPECT_EQ(5, twin[PAGE]);
    twin[2 * PAGE] = 6;
    EXPECT_EQ(6, map[2 * PAGE]);
    EXPECT_ERRNO(ENOMEM, remap(map, 0, 4 * PAGE, 0, NULL));
    /* Grown beyond what it was made for: SIGBUS there. */
    char *grown = CHECK(remap(twin, 4 * PAGE, 6 * PAGE, MAY, NULL));
    EXPECT_EQ(6, grown[2 * PAGE]);
    EXPECT_EQ(ADRERR, touch(grown + 4 * PAGE, TOUCH_READ));
}

/* An old length that reaches beyond all addresses, or to many mappings that are none of its
 * business: the former is refused. */
static void far_too_long(void)
{
    char *map = anon(4 * PAGE, PROT_READ | PROT_WRITE), *to = anon(PAGE, PROT_READ | PROT_WRITE);
    size_t lengths[] = {1UL << 47, 1UL << 63, -2 * PAGE, (1UL << 47) - (size_t)map};
    for (unsigned i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        EXPECT_ERRNO(EINVAL, remap(map, lengths[i], PAGE, MAY, NULL));
        EXPECT_ERRNO(EINVAL, remap(map, lengths[i], PAGE, MAY | MREMAP_FIXED, to));
    }
    map[3 * PAGE] = 1;
}

int main(void)
{
    fault_catch();
    errors();
    far_too_long();
    grow_and_shrink();
    fixed();
    several();
    dontunmap();
    shared();
    return 0;
}
