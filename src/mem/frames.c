/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sparse arrays of frames: a radix tree with 64 slots a node. Invariant: no node but the root is
 * empty, and the root is none when the array is.
 */
#include "mem/frames.h"

#include "abi/errno.h"

#define BITS 6
#define SLOTS (1u << BITS)
#define HEIGHT_MAX 11 /* 64 bits of index */

struct frame_node {
    struct frame_node *parent;
    uint32_t used; /* slots in use */
    uint32_t slot; /* in the parent */
    union {
        struct frame_node *below[SLOTS];
        frame_t frames[SLOTS]; /* lowest level */
    };
};

static unsigned slot_at(uint64_t index, unsigned level)
{
    return (unsigned)(index >> (BITS * level)) & (SLOTS - 1);
}

/* Does a tree of `height` levels reach `index`? */
static bool covers(unsigned height, uint64_t index)
{
    return height >= HEIGHT_MAX || index >> (BITS * height) == 0;
}

void frames_init(struct frame_array *array, struct arena *arena)
{
    *array = (struct frame_array){.arena = arena};
}

/* Levels 0 (frames) and up: a lowest node is smaller. */
static struct frame_node *create_node(struct frame_array *array, unsigned level)
{
    size_t slots = level ? sizeof(struct frame_node *) : sizeof(frame_t);
    return arena_alloc(array->arena, offsetof(struct frame_node, below) + SLOTS * slots);
}

frame_t frames_get(const struct frame_array *array, uint64_t index)
{
    struct frame_node *node = array->root;
    if (!node || !covers(array->height, index))
        return FRAME_NONE;
    for (unsigned level = array->height - 1; level > 0; level--) {
        node = node->below[slot_at(index, level)];
        if (!node)
            return FRAME_NONE;
    }
    return node->frames[slot_at(index, 0)];
}

/* Free `node` and those above it that are empty. */
static void prune(struct frame_array *array, struct frame_node *node)
{
    while (node && node->used == 0) {
        struct frame_node *parent = node->parent;
        if (parent) {
            parent->below[node->slot] = NULL;
            parent->used--;
        } else {
            array->root = NULL;
            array->height = 0;
        }
        arena_free(array->arena, node);
        node = parent;
    }
}

/* Put levels on top until `index` is covered. */
static long grow(struct frame_array *array, uint64_t index)
{
    while (!array->root || !covers(array->height, index)) {
        unsigned height = array->height + 1;
        while (!array->root && !covers(height, index))
            height++;
        struct frame_node *node = create_node(array, height - 1);
        if (!node)
            return -LX_ENOMEM;
        if (array->root) {
            node->below[0] = array->root;
            node->used = 1;
            array->root->parent = node;
            array->root->slot = 0;
        }
        array->root = node;
        array->height = height;
    }
    return 0;
}

long frames_set(struct frame_array *array, uint64_t index, frame_t frame)
{
    if (grow(array, index))
        return -LX_ENOMEM;
    struct frame_node *node = array->root;
    for (unsigned level = array->height - 1; level > 0; level--) {
        struct frame_node **link = &node->below[slot_at(index, level)];
        if (!*link) {
            struct frame_node *below = create_node(array, level - 1);
            if (!below) {
                prune(array, node);
                return -LX_ENOMEM;
            }
            below->parent = node;
            below->slot = slot_at(index, level);
            node->used++;
            *link = below;
        }
        node = *link;
    }
    node->frames[slot_at(index, 0)] = frame;
    node->used++;
    array->count++;
    return 0;
}

/* The lowest node that holds the first frame from *index on; *index moves there. */
static struct frame_node *find(const struct frame_array *array, uint64_t *index)
{
    while (array->root && covers(array->height, *index)) {
        struct frame_node *node = array->root;
        unsigned level = array->height - 1;
        for (;; level--) {
            unsigned slot = slot_at(*index, level);
            if (level == 0 && node->frames[slot])
                return node;
            if (level == 0 || !node->below[slot])
                break;
            node = node->below[slot];
        }
        uint64_t step = (uint64_t)1 << (BITS * level);
        uint64_t next = (*index & ~(step - 1)) + step;
        if (next < *index)
            return NULL;
        *index = next;
    }
    return NULL;
}

frame_t frames_next(const struct frame_array *array, uint64_t *index, uint64_t last)
{
    struct frame_node *node = find(array, index);
    return node && *index <= last ? node->frames[slot_at(*index, 0)] : FRAME_NONE;
}

frame_t frames_take(struct frame_array *array, uint64_t *index, uint64_t last)
{
    struct frame_node *node = find(array, index);
    if (!node || *index > last)
        return FRAME_NONE;
    unsigned slot = slot_at(*index, 0);
    frame_t frame = node->frames[slot];
    node->frames[slot] = FRAME_NONE;
    node->used--;
    array->count--;
    prune(array, node);
    return frame;
}

void frames_drop(struct frame_array *array, struct ram *ram, uint64_t first, uint64_t last)
{
    uint64_t index = first;
    frame_t frame;
    while ((frame = frames_take(array, &index, last)) != FRAME_NONE)
        ram_put(ram, frame);
}
