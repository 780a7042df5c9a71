/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_BASE_RESERVE_H
#define LSTAR_BASE_RESERVE_H
/*
 * Address space of the host: where the arena, the machine's RAM and their snapshots stand. The one
 * place below src/host that asks the host for memory by the page.
 */
#include "base/compiler.h"

/* `size` zeroed bytes, page-aligned, that cost nothing until they are touched; NULL when the host
 * has no address space. */
MUST_CHECK void *reserve_create(size_t size);
void reserve_destroy(void *memory, size_t size);
/*
 * Much of [memory, memory + size) will be used, front to back: let the host take large pages for it
 * where it can (2 MiB: a host fault for 512 frames, and fewer TLB misses).
 */
void reserve_prefer_large_pages(void *memory, size_t size);

#endif
