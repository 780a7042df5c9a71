/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_BASE_ARENA_LAYOUT_H
#define LSTAR_BASE_ARENA_LAYOUT_H
/*
 * How an arena lies in its reservation, for the files that make it up (arena.c, arena_pages.c,
 * arena_snapshot.c):
 *
 *     struct arena | struct page_info of every page | the pages
 *
 * Pages [0, top) are in use or in free runs; those above are nobody's. A used run and a slab are
 * marked at their first page; a free run at its first and last page, so that neighbours can be
 * joined.
 */
#include "base/arena.h"
#include "base/poison.h"

#define PAGE_NONE UINT32_MAX
#define ARENA_CLASSES 22
#define ARENA_EXACT_BINS 32
#define ARENA_BINS (ARENA_EXACT_BINS + 32)
#define ARENA_QUARANTINE 256

enum page_kind {
    PAGE_INNER, /* not the first of a run; whatever its other fields say is stale */
    PAGE_FREE,  /* first and last page of a free run */
    PAGE_RUN,   /* first page of a used run */
    PAGE_SLAB,  /* one page of objects of one size class */
};

struct page_info {
    uint32_t next;       /* free run: in its bin; slab with room: in its class */
    uint32_t prev;       /* the same, backwards */
    uint32_t length;     /* pages of the run; 1 for a slab */
    uint8_t kind;        /* enum page_kind */
    uint8_t size_class;  /* slab */
    uint16_t live;       /* slab: objects in use */
    uint16_t free_first; /* slab: a free object's number + 1, which holds the next one's; 0: none */
    uint16_t carved;     /* slab: objects that were ever in use; the rest is untouched */
};

struct arena {
    size_t reserved;               /* bytes of the reservation */
    struct page_info *info;        /* by page */
    char *pages;                   /* page 0 */
    uint32_t page_count;           /* the limit */
    uint32_t top;                  /* pages below have been in use */
    uint32_t highest;              /* the most that top ever was; not set back by a restore */
    size_t used;                   /* bytes handed out, by size class */
    size_t peak;                   /* most of them */
    uint64_t attempts;             /* allocations tried */
    uint64_t fail_attempt;         /* the attempt that fails; 0: none */
    uint32_t slabs[ARENA_CLASSES]; /* slabs with room, by class; PAGE_NONE: none */
    uint32_t bins[ARENA_BINS];     /* free runs, by length; PAGE_NONE: none */
#if POISON_ENABLED
    void *
        quarantine[ARENA_QUARANTINE]; /* freed last: not reused yet, so that a late use is caught */
    uint32_t quarantine_next;
#endif
};

static inline char *arena_page(const struct arena *arena, uint32_t page)
{
    return arena->pages + ((size_t)page << PAGE_SHIFT);
}

/* A run of `count` pages, marked PAGE_RUN, or PAGE_NONE. Its bytes are whatever they were. */
uint32_t arena_take_pages(struct arena *arena, uint32_t count);
/* Give a run (or an empty slab) back. */
void arena_give_pages(struct arena *arena, uint32_t page);

#endif
