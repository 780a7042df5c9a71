/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The page tree of a tmpfs file. Leaves hold frame numbers, the levels above pointers; empty nodes
 * are freed. The height only grows until the tree is empty: at most nine levels, so its walks
 * recurse no deeper than that.
 */
#include "fs/tmpfs_pages.h"

#include "abi/errno.h"

#define BITS 6u
#define BRANCHES (1u << BITS)

struct tmpfs_leaf {
    unsigned used;
    uint64_t unwritten; /* a bit for each of the frames */
    frame_t frames[BRANCHES];
};

struct tmpfs_node {
    unsigned used;
    void *below[BRANCHES];
};

/* Pages below one branch of a node at `level` (1: a leaf, whose branch is a page). */
static uint64_t span(unsigned level)
{
    unsigned shift = (level - 1) * BITS;
    return shift < 64 ? UINT64_C(1) << shift : UINT64_MAX;
}

static unsigned branch(uint64_t index, unsigned level)
{
    unsigned shift = (level - 1) * BITS;
    return shift < 64 ? (unsigned)(index >> shift) & (BRANCHES - 1) : 0;
}

static bool covers(const struct tmpfs_pages *pages, uint64_t index)
{
    unsigned shift = pages->height * BITS;
    return shift >= 64 || index >> shift == 0;
}

frame_t tmpfs_pages_get(const struct tmpfs_pages *pages, uint64_t index)
{
    if (!pages->root || !covers(pages, index))
        return FRAME_NONE;
    const void *at = pages->root;
    for (unsigned level = pages->height; level > 1; level--) {
        at = ((const struct tmpfs_node *)at)->below[branch(index, level)];
        if (!at)
            return FRAME_NONE;
    }
    return ((const struct tmpfs_leaf *)at)->frames[branch(index, 1)];
}

static void *create_level(struct arena *arena, unsigned level)
{
    return arena_alloc(arena, level > 1 ? sizeof(struct tmpfs_node) : sizeof(struct tmpfs_leaf));
}

/* High enough for `index`. */
static long grow_to(struct tmpfs_pages *pages, struct arena *arena, uint64_t index)
{
    if (!pages->root) {
        pages->height = 1;
        while (!covers(pages, index))
            pages->height++;
        pages->root = create_level(arena, pages->height);
        return pages->root ? 0 : -LX_ENOMEM;
    }
    while (!covers(pages, index)) {
        struct tmpfs_node *top = create_level(arena, pages->height + 1);
        if (!top)
            return -LX_ENOMEM;
        top->below[0] = pages->root;
        top->used = 1;
        pages->root = top;
        pages->height++;
    }
    return 0;
}

/* Free what became empty on the way to `index`. */
static void trim(struct tmpfs_pages *pages, struct arena *arena, uint64_t index)
{
    for (;;) {
        void *at = pages->root;
        struct tmpfs_node *parent = NULL;
        unsigned level = pages->height;
        if (!at || !covers(pages, index))
            return;
        for (; level > 1; level--) {
            struct tmpfs_node *node = at;
            if (node->used == 0)
                break;
            void *below = node->below[branch(index, level)];
            if (!below)
                return;
            parent = node;
            at = below;
        }
        if (level == 1 && ((struct tmpfs_leaf *)at)->used > 0)
            return;
        arena_free(arena, at);
        if (!parent) {
            pages->root = NULL;
            return;
        }
        parent->below[branch(index, level + 1)] = NULL;
        parent->used--;
    }
}

long tmpfs_pages_set(struct tmpfs_pages *pages, struct arena *arena, uint64_t index, frame_t frame)
{
    long err = grow_to(pages, arena, index);
    if (err)
        return err;
    void *at = pages->root;
    for (unsigned level = pages->height; level > 1; level--) {
        struct tmpfs_node *node = at;
        void **below = &node->below[branch(index, level)];
        if (!*below) {
            *below = create_level(arena, level - 1);
            if (!*below) {
                trim(pages, arena, index);
                return -LX_ENOMEM;
            }
            node->used++;
        }
        at = *below;
    }
    struct tmpfs_leaf *leaf = at;
    leaf->frames[branch(index, 1)] = frame;
    leaf->used++;
    pages->count++;
    return 0;
}

/* Frames of a leaf in [first, last], both relative to it. */
static void drop_in_leaf(struct tmpfs_pages *pages, struct tmpfs_leaf *leaf, struct ram *ram,
                         unsigned first, unsigned last)
{
    for (unsigned i = first; i <= last; i++) {
        if (leaf->frames[i] == FRAME_NONE)
            continue;
        ram_put(ram, leaf->frames[i]);
        leaf->frames[i] = FRAME_NONE;
        pages->unwritten -= leaf->unwritten >> i & 1;
        leaf->unwritten &= ~(UINT64_C(1) << i);
        leaf->used--;
        pages->count--;
    }
}

void tmpfs_pages_drop(struct tmpfs_pages *pages, struct arena *arena, struct ram *ram,
                      uint64_t first, uint64_t last)
{
    for (;;) {
        uint64_t index = tmpfs_pages_find(pages, first, true);
        if (index == TMPFS_PAGES_END || index > last)
            return;
        void *at = pages->root;
        for (unsigned level = pages->height; level > 1; level--)
            at = ((struct tmpfs_node *)at)->below[branch(index, level)];
        uint64_t leaf_last = index | (BRANCHES - 1);
        uint64_t end = MIN(leaf_last, last);
        drop_in_leaf(pages, at, ram, branch(index, 1), branch(end, 1));
        trim(pages, arena, index);
        if (end == UINT64_MAX)
            return;
        first = end + 1;
    }
}

void tmpfs_pages_mark(struct tmpfs_pages *pages, uint64_t index, bool unwritten)
{
    if ((!unwritten && pages->unwritten == 0) || tmpfs_pages_get(pages, index) == FRAME_NONE)
        return;
    void *at = pages->root;
    for (unsigned level = pages->height; level > 1; level--)
        at = ((struct tmpfs_node *)at)->below[branch(index, level)];
    struct tmpfs_leaf *leaf = at;
    uint64_t bit = UINT64_C(1) << branch(index, 1);
    if (!(leaf->unwritten & bit) == !unwritten)
        return;
    leaf->unwritten ^= bit;
    pages->unwritten += unwritten ? 1 : UINT64_MAX;
}

/* `data`: an unwritten frame is none. */
static uint64_t find(const struct tmpfs_pages *pages, uint64_t from, bool present, bool data)
{
    uint64_t index = from;
    while (pages->root && covers(pages, index)) {
        const void *at = pages->root;
        unsigned level = pages->height;
        while (level > 1 && at) {
            at = ((const struct tmpfs_node *)at)->below[branch(index, level)];
            level--;
        }
        if (!at) { /* a hole as wide as the branch that is missing */
            if (!present)
                return index;
            uint64_t wide = span(level + 1);
            uint64_t next = (index | (wide - 1)) + 1;
            if (next <= index)
                return TMPFS_PAGES_END;
            index = next;
            continue;
        }
        const struct tmpfs_leaf *leaf = at;
        for (unsigned i = branch(index, 1); i < BRANCHES; i++, index++)
            if ((leaf->frames[i] != FRAME_NONE && !(data && leaf->unwritten >> i & 1)) == present)
                return index;
        if (index == 0) /* behind the largest there is none */
            return TMPFS_PAGES_END;
    }
    return present ? TMPFS_PAGES_END : index;
}

uint64_t tmpfs_pages_find(const struct tmpfs_pages *pages, uint64_t from, bool present)
{
    return find(pages, from, present, false);
}

uint64_t tmpfs_pages_find_data(const struct tmpfs_pages *pages, uint64_t from, bool data)
{
    return find(pages, from, data, true);
}
