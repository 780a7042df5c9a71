/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A copy of an arena's used part: the bookkeeping, then every used run in the order of pages. What
 * was free at the snapshot keeps whatever it has. In sanitizer builds the marks of poisoned memory
 * are part of the state and copied with it.
 */
#include <string.h>

#include "abi/errno.h"
#include "base/arena.h"
#include "base/arena_layout.h"
#include "base/reserve.h"

struct arena_snapshot {
    size_t size;    /* bytes of the reservation that holds this */
    size_t head;    /* bytes of bookkeeping copied */
    uint32_t pages; /* used pages copied */
    char bytes[] __attribute__((
        aligned(16))); /* bookkeeping, pages, and then their marks in sanitizer builds */
};

#if POISON_ENABLED
#define MARKS_PER_PAGE ((size_t)(PAGE_SIZE / 8))

static char *marks_of(const void *memory)
{
    size_t scale, offset;
    __asan_get_shadow_mapping(&scale, &offset);
    return (char *)(((uintptr_t)memory >> scale) + offset);
}

/* memcpy() that may touch poisoned memory and the marks themselves. */
__attribute__((no_sanitize("address"))) static void copy(void *to, const void *from, size_t size)
{
    volatile uint64_t *t = to;
    const volatile uint64_t *f = from;
    for (size_t i = 0; i < size / 8; i++)
        t[i] = f[i];
}
#else
#define MARKS_PER_PAGE ((size_t)0)

static void copy(void *to, const void *from, size_t size)
{
    memcpy(to, from, size);
}
#endif

static size_t head_size(const struct arena *arena)
{
    return sizeof *arena + (arena->top * sizeof(struct page_info) + 7) / 8 * 8;
}

/* Is the run at `page` in use? *length: its pages. */
static bool run_used(const struct page_info *info, uint32_t page, uint32_t *length)
{
    *length = info[page].length;
    return info[page].kind != PAGE_FREE;
}

long arena_snapshot(struct arena *arena, struct arena_snapshot **out)
{
    uint32_t used = 0, length;
    for (uint32_t page = 0; page < arena->top; page += length)
        if (run_used(arena->info, page, &length))
            used += length;

    size_t head = head_size(arena);
    size_t size = sizeof(struct arena_snapshot) + head + used * (PAGE_SIZE + MARKS_PER_PAGE);
    struct arena_snapshot *snapshot = reserve_create(size);
    if (!snapshot)
        return -LX_ENOMEM;
    *snapshot = (struct arena_snapshot){.size = size, .head = head, .pages = used};

    copy(snapshot->bytes, arena, head);
    char *to = snapshot->bytes + head;
    for (uint32_t page = 0; page < arena->top; page += length) {
        if (!run_used(arena->info, page, &length))
            continue;
        copy(to, arena_page(arena, page), (size_t)length << PAGE_SHIFT);
        to += (size_t)length << PAGE_SHIFT;
#if POISON_ENABLED
        copy(to, marks_of(arena_page(arena, page)), length * MARKS_PER_PAGE);
        to += length * MARKS_PER_PAGE;
#endif
    }
    *out = snapshot;
    return 0;
}

void arena_restore(struct arena *arena, const struct arena_snapshot *snapshot)
{
    uint32_t highest = arena->highest;
    copy(arena, snapshot->bytes, snapshot->head);
    arena->highest = highest;
    const char *from = snapshot->bytes + snapshot->head;
    uint32_t length;
    for (uint32_t page = 0; page < arena->top; page += length) {
        if (!run_used(arena->info, page, &length))
            continue;
        copy(arena_page(arena, page), from, (size_t)length << PAGE_SHIFT);
        from += (size_t)length << PAGE_SHIFT;
#if POISON_ENABLED
        copy(marks_of(arena_page(arena, page)), from, length * MARKS_PER_PAGE);
        from += length * MARKS_PER_PAGE;
#endif
    }
}

void arena_snapshot_free(struct arena_snapshot *snapshot)
{
    if (snapshot)
        reserve_destroy(snapshot, snapshot->size);
}
