/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_BASE_POISON_H
#define LSTAR_BASE_POISON_H
/*
 * What an allocator of ours tells the address sanitizer; nothing in other builds.
 */
#include "base/compiler.h"

#if defined(__SANITIZE_ADDRESS__)
#define POISON_ENABLED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define POISON_ENABLED 1
#endif
#endif
#ifndef POISON_ENABLED
#define POISON_ENABLED 0
#endif

#if POISON_ENABLED
#include <sanitizer/asan_interface.h>

static inline void poison(const void *memory, size_t size)
{
    __asan_poison_memory_region(memory, size);
}

static inline void unpoison(const void *memory, size_t size)
{
    __asan_unpoison_memory_region(memory, size);
}
#else
static inline void poison(const void *memory UNUSED, size_t size UNUSED)
{
}

static inline void unpoison(const void *memory UNUSED, size_t size UNUSED)
{
}
#endif

#endif
