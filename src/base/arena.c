/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's allocator. Up to half a page an object comes from a slab, a page of objects of one
 * size class; above, from a run of pages. All bookkeeping stands in the reservation itself, so that
 * a snapshot of the used part is complete.
 *
 * Memory is zeroed when it is handed out, up to the end of its class: growing in place shows zeros,
 * as arena_realloc() promises. In sanitizer builds an object has a poisoned tail of at least TAIL
 * bytes, free memory is poisoned, and what was freed last is not reused for a while.
 */
#include "base/arena.h"

#include <string.h>

#include "abi/errno.h"
#include "base/arena_layout.h"
#include "base/reserve.h"

#define SLAB_MAX 2048
#define TAIL (POISON_ENABLED ? (size_t)16 : (size_t)0)

static const uint16_t class_sizes[ARENA_CLASSES] = {
    16,  32,  48,  64,  80,  96,  112, 128, 160,  192,  224,
    256, 320, 384, 448, 512, 576, 672, 816, 1024, 1360, 2048,
};

static unsigned class_of(size_t size)
{
    if (size <= 128)
        return (unsigned)((size + 15) / 16) - 1;
    unsigned size_class = 8;
    while (class_sizes[size_class] < size)
        size_class++;
    return size_class;
}

long arena_create(size_t limit, struct arena **out)
{
    size_t count = limit >> PAGE_SHIFT;
    if (count == 0 || count >= PAGE_NONE)
        return -LX_ENOMEM;
    size_t head = PAGE_ALIGN_UP(sizeof(struct arena) + count * sizeof(struct page_info));
    size_t reserved = head + (count << PAGE_SHIFT);
    struct arena *arena = reserve_create(reserved);
    if (!arena)
        return -LX_ENOMEM;

    arena->reserved = reserved;
    arena->info = (struct page_info *)(arena + 1);
    arena->pages = (char *)arena + head;
    arena->page_count = (uint32_t)count;
    for (unsigned i = 0; i < ARENA_CLASSES; i++)
        arena->slabs[i] = PAGE_NONE;
    for (unsigned i = 0; i < ARENA_BINS; i++)
        arena->bins[i] = PAGE_NONE;
    *out = arena;
    return 0;
}

void arena_destroy(struct arena *arena)
{
    if (!arena)
        return;
    unpoison(arena->pages, (size_t)arena->highest << PAGE_SHIFT);
    reserve_destroy(arena, arena->reserved);
}

static void slab_unlink(struct arena *arena, uint32_t page)
{
    struct page_info *info = &arena->info[page];
    if (info->prev == PAGE_NONE)
        arena->slabs[info->size_class] = info->next;
    else
        arena->info[info->prev].next = info->next;
    if (info->next != PAGE_NONE)
        arena->info[info->next].prev = info->prev;
}

static void slab_link(struct arena *arena, uint32_t page)
{
    struct page_info *info = &arena->info[page];
    uint32_t *list = &arena->slabs[info->size_class];
    info->prev = PAGE_NONE;
    info->next = *list;
    if (*list != PAGE_NONE)
        arena->info[*list].prev = page;
    *list = page;
}

static void *slab_alloc(struct arena *arena, unsigned size_class)
{
    uint32_t page = arena->slabs[size_class];
    struct page_info *info;
    if (page == PAGE_NONE) {
        page = arena_take_pages(arena, 1);
        if (page == PAGE_NONE)
            return NULL;
        info = &arena->info[page];
        info->kind = PAGE_SLAB;
        info->size_class = (uint8_t)size_class;
        slab_link(arena, page);
        poison(arena_page(arena, page), PAGE_SIZE);
    }
    info = &arena->info[page];

    unsigned size = class_sizes[size_class];
    char *object;
    if (info->free_first) {
        object = arena_page(arena, page) + (info->free_first - 1u) * size;
        unpoison(object, size);
        memcpy(&info->free_first, object, sizeof info->free_first);
    } else {
        object = arena_page(arena, page) + info->carved++ * size;
        unpoison(object, size);
    }
    info->live++;
    if (!info->free_first && (info->carved + 1u) * size > PAGE_SIZE)
        slab_unlink(arena, page);
    memset(object, 0, size);
    return object;
}

static void slab_free(struct arena *arena, uint32_t page, char *object)
{
    struct page_info *info = &arena->info[page];
    unsigned size = class_sizes[info->size_class];
    bool was_full = !info->free_first && (info->carved + 1u) * size > PAGE_SIZE;

    unpoison(object, size);
    memcpy(object, &info->free_first, sizeof info->free_first);
    info->free_first = (uint16_t)((size_t)(object - arena_page(arena, page)) / size + 1);
    poison(object, size);
    info->live--;
    if (was_full)
        slab_link(arena, page);
    if (info->live == 0 && (info->prev != PAGE_NONE || info->next != PAGE_NONE)) {
        /* The last slab of a class stays: one object made and freed in turn costs nothing. */
        slab_unlink(arena, page);
        arena_give_pages(arena, page);
    }
}

static void *run_alloc(struct arena *arena, size_t size)
{
    size_t count = PAGE_ALIGN_UP(size) >> PAGE_SHIFT;
    if (count == 0 || count > arena->page_count)
        return NULL;
    uint32_t page = arena_take_pages(arena, (uint32_t)count);
    if (page == PAGE_NONE)
        return NULL;
    char *memory = arena_page(arena, page);
    unpoison(memory, count << PAGE_SHIFT);
    memset(memory, 0, count << PAGE_SHIFT);
    return memory;
}

static uint32_t page_of(const struct arena *arena, const void *memory)
{
    return (uint32_t)((size_t)((const char *)memory - arena->pages) >> PAGE_SHIFT);
}

/* Bytes that `memory` occupies. */
static size_t room_of(const struct arena *arena, const void *memory)
{
    const struct page_info *info = &arena->info[page_of(arena, memory)];
    if (info->kind == PAGE_SLAB)
        return class_sizes[info->size_class];
    return (size_t)info->length << PAGE_SHIFT;
}

static void release(struct arena *arena, void *memory)
{
    uint32_t page = page_of(arena, memory);
    if (arena->info[page].kind == PAGE_SLAB)
        slab_free(arena, page, memory);
    else
        arena_give_pages(arena, page);
}

static void *take(struct arena *arena, size_t size)
{
    return size <= SLAB_MAX ? slab_alloc(arena, class_of(size)) : run_alloc(arena, size);
}

#if POISON_ENABLED
/* Let go of the oldest freed memory and keep `memory` in its place (NULL: of all). */
static void quarantine(struct arena *arena, void *memory)
{
    if (memory) {
        void **slot = &arena->quarantine[arena->quarantine_next++ % ARENA_QUARANTINE];
        void *oldest = *slot;
        *slot = memory;
        if (oldest)
            release(arena, oldest);
        return;
    }
    for (unsigned i = 0; i < ARENA_QUARANTINE; i++) {
        if (arena->quarantine[i])
            release(arena, arena->quarantine[i]);
        arena->quarantine[i] = NULL;
    }
}
#endif

void *arena_alloc(struct arena *arena, size_t size)
{
    if (++arena->attempts == arena->fail_attempt || size > arena->reserved)
        return NULL;
    size = MAX(size, (size_t)1);
    char *memory = take(arena, size + TAIL);
#if POISON_ENABLED
    if (!memory) {
        quarantine(arena, NULL);
        memory = take(arena, size + TAIL);
    }
#endif
    if (!memory)
        return NULL;
    size_t room = room_of(arena, memory);
    if (TAIL)
        poison(memory + size, room - size);
    arena->used += room;
    arena->peak = MAX(arena->peak, arena->used);
    return memory;
}

void arena_free(struct arena *arena, void *memory)
{
    if (!memory)
        return;
    size_t room = room_of(arena, memory);
    arena->used -= room;
#if POISON_ENABLED
    if (__asan_address_is_poisoned(memory))
        *(volatile char *)memory = 0; /* freed twice: let the sanitizer say so, here */
    poison(memory, room);
    quarantine(arena, memory);
#else
    release(arena, memory);
#endif
}

void *arena_realloc(struct arena *arena, void *memory, size_t size)
{
    if (!memory)
        return arena_alloc(arena, size);
    size_t room = room_of(arena, memory);
    bool fits = !POISON_ENABLED && size <= room && (size > room / 2 || room <= 16);
    if (fits) {
        if (++arena->attempts == arena->fail_attempt)
            return NULL;
        memset((char *)memory + size, 0, room - size);
        return memory;
    }
    char *moved = arena_alloc(arena, size);
    if (!moved)
        return NULL;
    unpoison(memory, room);
    memcpy(moved, memory, MIN(room, size));
    arena_free(arena, memory);
    return moved;
}

char *arena_strdup(struct arena *arena, const char *string)
{
    size_t size = strlen(string) + 1;
    char *copy = arena_alloc(arena, size);
    if (copy)
        memcpy(copy, string, size);
    return copy;
}

size_t arena_used(const struct arena *arena)
{
    return arena->used;
}

size_t arena_peak(const struct arena *arena)
{
    return arena->peak;
}

void arena_fail_at(struct arena *arena, uint64_t n)
{
    arena->fail_attempt = n ? arena->attempts + n : 0;
}

uint64_t arena_attempts(const struct arena *arena)
{
    return arena->attempts;
}
