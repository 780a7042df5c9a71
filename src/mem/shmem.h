/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_MEM_SHMEM_H
#define LSTAR_MEM_SHMEM_H
/*
 * Shared anonymous memory: an object of pages that are zero until they are touched.
 */
#include "mem/object.h"

/*
 * `pages` pages, none of them touched. On success *out has one reference, the caller's, to be given
 * up by ops->put(). Errors: -LX_ENOMEM.
 */
MUST_CHECK long shmem_create(struct arena *arena, struct ram *ram, uint64_t pages,
                             struct vm_object **out);

#endif
