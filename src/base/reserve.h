/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_BASE_RESERVE_H
#define LSTAR_BASE_RESERVE_H
/*
 * Address space of the host: where the arena, the machine's RAM and their snapshots stand. The one place below src/host that
 * asks the host for memory by the page.
 */
#include "base/compiler.h"

/* `size` zeroed bytes, page-aligned, that cost nothing until they are touched; NULL when the host has no address space. */
MUST_CHECK void *reserve_create(size_t size);
void reserve_destroy(void *memory, size_t size);

#endif
