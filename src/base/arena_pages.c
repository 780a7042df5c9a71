/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The arena's pages: runs of them, taken from bins of free runs by length, else from the untouched
 * end. Invariant: no two free runs are neighbours, and none touches the end. So what a snapshot
 * copies stays small.
 */
#include "base/arena_layout.h"

static unsigned bin_of(uint32_t length)
{
    if (length <= ARENA_EXACT_BINS)
        return length - 1;
    return ARENA_EXACT_BINS - 5 + (31 - (unsigned)__builtin_clz(length));
}

static void unlink_free(struct arena *arena, uint32_t page)
{
    struct page_info *info = &arena->info[page];
    if (info->prev == PAGE_NONE)
        arena->bins[bin_of(info->length)] = info->next;
    else
        arena->info[info->prev].next = info->next;
    if (info->next != PAGE_NONE)
        arena->info[info->next].prev = info->prev;
}

static void link_free(struct arena *arena, uint32_t page, uint32_t length)
{
    uint32_t *bin = &arena->bins[bin_of(length)];
    struct page_info *last = &arena->info[page + length - 1];
    last->kind = PAGE_FREE;
    last->length = length;
    struct page_info *info = &arena->info[page];
    info->kind = PAGE_FREE;
    info->length = length;
    info->prev = PAGE_NONE;
    info->next = *bin;
    if (*bin != PAGE_NONE)
        arena->info[*bin].prev = page;
    *bin = page;
}

/* The first free run of at least `count` pages in the smallest bin that has one. */
static uint32_t find_free(struct arena *arena, uint32_t count)
{
    for (unsigned bin = bin_of(count); bin < ARENA_BINS; bin++)
        for (uint32_t page = arena->bins[bin]; page != PAGE_NONE; page = arena->info[page].next)
            if (arena->info[page].length >= count)
                return page;
    return PAGE_NONE;
}

uint32_t arena_take_pages(struct arena *arena, uint32_t count)
{
    uint32_t page = find_free(arena, count);
    if (page != PAGE_NONE) {
        uint32_t length = arena->info[page].length;
        unlink_free(arena, page);
        if (length > count)
            link_free(arena, page + count, length - count);
    } else {
        if (arena->page_count - arena->top < count)
            return PAGE_NONE;
        page = arena->top;
        arena->top += count;
        arena->highest = MAX(arena->highest, arena->top);
    }
    if (count > 1)
        arena->info[page + count - 1].kind = PAGE_INNER;
    arena->info[page] = (struct page_info){.kind = PAGE_RUN, .length = count};
    return page;
}

void arena_give_pages(struct arena *arena, uint32_t page)
{
    uint32_t length = arena->info[page].length;
    arena->info[page].kind = PAGE_INNER;
    if (page > 0 && arena->info[page - 1].kind == PAGE_FREE) {
        uint32_t before = arena->info[page - 1].length;
        arena->info[page - 1].kind = PAGE_INNER;
        page -= before;
        length += before;
        unlink_free(arena, page);
    }
    uint32_t after = page + length;
    if (after < arena->top && arena->info[after].kind == PAGE_FREE) {
        unlink_free(arena, after);
        arena->info[after].kind = PAGE_INNER;
        length += arena->info[after].length;
    }
    if (page + length == arena->top) {
        arena->top = page;
        return;
    }
    link_free(arena, page, length);
}
