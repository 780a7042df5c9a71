/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_ABI_PERSONALITY_H
#define LSTAR_ABI_PERSONALITY_H
/*
 * Bits of personality(2).
 */
#define LX_PERSONALITY_LIST(X)                                                                     \
    X(UNAME26, 0x0020000)                                                                          \
    X(ADDR_NO_RANDOMIZE, 0x0040000)                                                                \
    X(FDPIC_FUNCPTRS, 0x0080000)                                                                   \
    X(MMAP_PAGE_ZERO, 0x0100000)                                                                   \
    X(ADDR_COMPAT_LAYOUT, 0x0200000)                                                               \
    X(READ_IMPLIES_EXEC, 0x0400000)                                                                \
    X(ADDR_LIMIT_32BIT, 0x0800000)                                                                 \
    X(SHORT_INODE, 0x1000000)                                                                      \
    X(WHOLE_SECONDS, 0x2000000)                                                                    \
    X(STICKY_TIMEOUTS, 0x4000000)                                                                  \
    X(ADDR_LIMIT_3GB, 0x8000000)

enum lx_personality {
#define X(name, value) LX_##name = value,
    LX_PERSONALITY_LIST(X)
#undef X
};

#endif
