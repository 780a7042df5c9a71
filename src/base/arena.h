/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_BASE_ARENA_H
#define LSTAR_BASE_ARENA_H
/*
 * The kernel's allocator: everything that a guest can cause to exist lives in one fixed range of
 * addresses. Freed memory is reused; a snapshot is a copy of the used pages, set back in place with
 * every pointer valid.
 */
#include "base/compiler.h"

struct arena;

/* Reserve an arena that may hold `limit` bytes. -LX_ENOMEM when the host has no address space. */
MUST_CHECK long arena_create(size_t limit, struct arena **out);
void arena_destroy(struct arena *arena);

/* Zeroed memory, 16-byte aligned (page-aligned from PAGE_SIZE up), or NULL: at the limit, or an
 * injected failure. */
MUST_CHECK void *arena_alloc(struct arena *arena, size_t size);
/* `memory` of arena_alloc(), or NULL. */
void arena_free(struct arena *arena, void *memory);
/* As realloc(3): NULL leaves `memory` as it was. New bytes are zero. */
MUST_CHECK void *arena_realloc(struct arena *arena, void *memory, size_t size);
/* A copy of a string, or NULL. */
MUST_CHECK char *arena_strdup(struct arena *arena, const char *string);

/* Bytes handed out and not yet freed (by size class), and the most there ever were. */
size_t arena_used(const struct arena *arena);
size_t arena_peak(const struct arena *arena);

/* For tests: let the n-th allocation from now on fail (1 = the next); 0 = none. */
void arena_fail_at(struct arena *arena, uint64_t n);
/* Allocations tried since arena_create(): what arena_fail_at() counts. */
uint64_t arena_attempts(const struct arena *arena);

/* A copy of the arena's used pages, outside of it. -LX_ENOMEM. */
struct arena_snapshot;
MUST_CHECK long arena_snapshot(struct arena *arena, struct arena_snapshot **out);
void arena_restore(struct arena *arena, const struct arena_snapshot *snapshot);
void arena_snapshot_free(struct arena_snapshot *snapshot);

#endif
