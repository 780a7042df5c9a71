/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Linux's places (tests/guest/exec/layout): the stack at the top of user space, up to 16 GiB below
 * it by chance; mappings below the room that the stack may need, and up to 1 TiB lower by chance;
 * position-independent programs at two thirds; the heap behind the program, up to 1 GiB further by
 * chance.
 */
#include "loader/layout.h"

#define STACK_RANDOM_PAGES UINT64_C(0x3fffff)
#define MMAP_RANDOM_PAGES UINT64_C(0xfffffff)
#define BRK_RANDOM_PAGES UINT64_C(0x3ffff)
#define STACK_GUARD_GAP (UINT64_C(256) << PAGE_SHIFT)
#define STACK_GAP_MIN (UINT64_C(128) << 20)
#define STACK_GAP_MAX (TASK_SIZE / 6 * 5)

static uint64_t pages(const struct layout_random *random, uint32_t value, uint64_t mask)
{
    return random->enabled ? (value & mask) << PAGE_SHIFT : 0;
}

gva_t layout_stack_top(const struct layout_random *random)
{
    return TASK_SIZE - pages(random, random->stack, STACK_RANDOM_PAGES);
}

gva_t layout_mmap_top(const struct layout_random *random, uint64_t stack_limit)
{
    uint64_t gap = stack_limit;
    uint64_t pad = STACK_GUARD_GAP + pages(random, UINT32_MAX, STACK_RANDOM_PAGES);
    if (gap + pad > gap)
        gap += pad;
    gap = MIN(MAX(gap, STACK_GAP_MIN), STACK_GAP_MAX);
    return PAGE_ALIGN_UP(TASK_SIZE - gap - pages(random, random->mmap, MMAP_RANDOM_PAGES));
}

gva_t layout_image_base(const struct layout_random *random, uint64_t alignment)
{
    gva_t base = LAYOUT_IMAGE_BASE + pages(random, random->image, MMAP_RANDOM_PAGES);
    return alignment ? base & ~(alignment - 1) : base;
}

gva_t layout_brk(const struct layout_random *random, gva_t end, bool moved)
{
    gva_t brk = PAGE_ALIGN_UP(end);
    if (!random->enabled)
        return brk;
    if (!moved)
        brk += PAGE_SIZE; /* a gap between the program and its heap */
    return brk + pages(random, random->brk, BRK_RANDOM_PAGES);
}
