/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reservations of host address space: anonymous, zeroed on first touch, without a claim on the
 * host's swap.
 */
#include "base/reserve.h"

#include <sys/mman.h>

void *reserve_create(size_t size)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

void reserve_destroy(void *memory, size_t size)
{
    if (memory)
        munmap(memory, size);
}

void reserve_prefer_large_pages(void *memory, size_t size)
{
#ifdef MADV_HUGEPAGE
    (void)madvise(memory, size, MADV_HUGEPAGE);
#else
    (void)memory;
    (void)size;
#endif
}
