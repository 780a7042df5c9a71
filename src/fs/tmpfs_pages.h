/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_FS_TMPFS_PAGES_H
#define LSTAR_FS_TMPFS_PAGES_H
/*
 * A sparse file's frames by page index: a tree of 64 branches a level, as high as its largest index
 * needs.
 */
#include "base/arena.h"
#include "mem/ram.h"

#define TMPFS_PAGES_END UINT64_MAX

struct tmpfs_node;

struct tmpfs_pages {
    void *root;         /* struct tmpfs_leaf at height 1, struct tmpfs_node above; NULL: empty */
    unsigned height;    /* levels */
    uint64_t count;     /* frames */
    uint64_t unwritten; /* of them: made ahead of their data */
};

/* FRAME_NONE: a hole. */
frame_t tmpfs_pages_get(const struct tmpfs_pages *pages, uint64_t index);
/* Where there is none yet. The reference is the tree's then. -LX_ENOMEM. */
MUST_CHECK long tmpfs_pages_set(struct tmpfs_pages *pages, struct arena *arena, uint64_t index,
                                frame_t frame);
/* Give back the frames of [first, last]. */
void tmpfs_pages_drop(struct tmpfs_pages *pages, struct arena *arena, struct ram *ram,
                      uint64_t first, uint64_t last);
/* The first index >= `from` with a frame (`present`) or without; TMPFS_PAGES_END: none. */
uint64_t tmpfs_pages_find(const struct tmpfs_pages *pages, uint64_t from, bool present);
/* The same of data: frames that are not unwritten. */
uint64_t tmpfs_pages_find_data(const struct tmpfs_pages *pages, uint64_t from, bool data);
/* The frame there is one made ahead of its data, or no longer so. */
void tmpfs_pages_mark(struct tmpfs_pages *pages, uint64_t index, bool unwritten);

#endif
