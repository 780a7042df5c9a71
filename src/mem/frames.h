/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_MEM_FRAMES_H
#define LSTAR_MEM_FRAMES_H
/*
 * A sparse array of frames by page index: the contents of a shared mapping or of a file in memory.
 * Costs what is in it, not the highest index.
 */
#include "mem/ram.h"

struct frame_node;

struct frame_array {
    struct arena *arena;
    struct frame_node *root; /* NULL: empty */
    unsigned height;         /* levels of nodes */
    uint64_t count;          /* frames in it */
};

void frames_init(struct frame_array *array, struct arena *arena);
/* The frame at `index`, or FRAME_NONE. */
frame_t frames_get(const struct frame_array *array, uint64_t index);
/* Put `frame` where none is; the array takes over the caller's reference. -LX_ENOMEM: it stays the
 * caller's. */
MUST_CHECK long frames_set(struct frame_array *array, uint64_t index, frame_t frame);
/* Take out the first frame with an index in [*index, last], and say where it was; FRAME_NONE: none.
 * Its reference is the caller's. */
frame_t frames_take(struct frame_array *array, uint64_t *index, uint64_t last);
/* The first frame in [*index, last] and where it is, or FRAME_NONE. */
frame_t frames_next(const struct frame_array *array, uint64_t *index, uint64_t last);
/* Drop every frame in [first, last]. */
void frames_drop(struct frame_array *array, struct ram *ram, uint64_t first, uint64_t last);

#endif
