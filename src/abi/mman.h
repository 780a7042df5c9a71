/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_ABI_MMAN_H
#define LSTAR_ABI_MMAN_H
/*
 * Memory mapping constants of Linux x86-64 (mmap(2), madvise(2), mremap(2), msync(2), mlockall(2)):
 * lists, from which come the constants and the names.
 */
#include <stdint.h>

#define LX_PROT_LIST(X)                                                                            \
    X(PROT_READ, 0x1)                                                                              \
    X(PROT_WRITE, 0x2)                                                                             \
    X(PROT_EXEC, 0x4)                                                                              \
    X(PROT_SEM, 0x8)                                                                               \
    X(PROT_GROWSDOWN, 0x01000000)                                                                  \
    X(PROT_GROWSUP, 0x02000000)

/* The kinds of mapping: the low four bits of mmap's flags, a number and not bits. */
#define LX_MAP_TYPE_LIST(X)                                                                        \
    X(MAP_SHARED, 0x01)                                                                            \
    X(MAP_PRIVATE, 0x02)                                                                           \
    X(MAP_SHARED_VALIDATE, 0x03)                                                                   \
    X(MAP_DROPPABLE, 0x08)

#define LX_MAP_LIST(X)                                                                             \
    X(MAP_FIXED, 0x10)                                                                             \
    X(MAP_ANONYMOUS, 0x20)                                                                         \
    X(MAP_32BIT, 0x40)                                                                             \
    X(MAP_ABOVE4G, 0x80)                                                                           \
    X(MAP_GROWSDOWN, 0x00100)                                                                      \
    X(MAP_DENYWRITE, 0x00800)                                                                      \
    X(MAP_EXECUTABLE, 0x01000)                                                                     \
    X(MAP_LOCKED, 0x02000)                                                                         \
    X(MAP_NORESERVE, 0x04000)                                                                      \
    X(MAP_POPULATE, 0x08000)                                                                       \
    X(MAP_NONBLOCK, 0x10000)                                                                       \
    X(MAP_STACK, 0x20000)                                                                          \
    X(MAP_HUGETLB, 0x40000)                                                                        \
    X(MAP_SYNC, 0x80000)                                                                           \
    X(MAP_FIXED_NOREPLACE, 0x100000)

#define LX_MADV_LIST(X)                                                                            \
    X(MADV_NORMAL, 0)                                                                              \
    X(MADV_RANDOM, 1)                                                                              \
    X(MADV_SEQUENTIAL, 2)                                                                          \
    X(MADV_WILLNEED, 3)                                                                            \
    X(MADV_DONTNEED, 4)                                                                            \
    X(MADV_FREE, 8)                                                                                \
    X(MADV_REMOVE, 9)                                                                              \
    X(MADV_DONTFORK, 10)                                                                           \
    X(MADV_DOFORK, 11)                                                                             \
    X(MADV_MERGEABLE, 12)                                                                          \
    X(MADV_UNMERGEABLE, 13)                                                                        \
    X(MADV_HUGEPAGE, 14)                                                                           \
    X(MADV_NOHUGEPAGE, 15)                                                                         \
    X(MADV_DONTDUMP, 16)                                                                           \
    X(MADV_DODUMP, 17)                                                                             \
    X(MADV_WIPEONFORK, 18)                                                                         \
    X(MADV_KEEPONFORK, 19)                                                                         \
    X(MADV_COLD, 20)                                                                               \
    X(MADV_PAGEOUT, 21)                                                                            \
    X(MADV_POPULATE_READ, 22)                                                                      \
    X(MADV_POPULATE_WRITE, 23)                                                                     \
    X(MADV_DONTNEED_LOCKED, 24)                                                                    \
    X(MADV_COLLAPSE, 25)                                                                           \
    X(MADV_HWPOISON, 100)                                                                          \
    X(MADV_SOFT_OFFLINE, 101)                                                                      \
    X(MADV_GUARD_INSTALL, 102)                                                                     \
    X(MADV_GUARD_REMOVE, 103)

#define LX_MREMAP_LIST(X)                                                                          \
    X(MREMAP_MAYMOVE, 1)                                                                           \
    X(MREMAP_FIXED, 2)                                                                             \
    X(MREMAP_DONTUNMAP, 4)

#define LX_MS_LIST(X)                                                                              \
    X(MS_ASYNC, 1)                                                                                 \
    X(MS_INVALIDATE, 2)                                                                            \
    X(MS_SYNC, 4)

#define LX_MCL_LIST(X)                                                                             \
    X(MCL_CURRENT, 1)                                                                              \
    X(MCL_FUTURE, 2)                                                                               \
    X(MCL_ONFAULT, 4)

enum lx_mman {
#define X(name, value) LX_##name = value,
    LX_PROT_LIST(X) LX_MAP_TYPE_LIST(X) LX_MAP_LIST(X) LX_MADV_LIST(X) LX_MREMAP_LIST(X)
        LX_MS_LIST(X) LX_MCL_LIST(X)
#undef X
            LX_PROT_NONE = 0,
    LX_MAP_TYPE = 0x0f,
    LX_MLOCK_ONFAULT = 1,
};

#endif
