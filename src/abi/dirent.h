/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_ABI_DIRENT_H
#define LSTAR_ABI_DIRENT_H
/*
 * getdents(2), getdents64(2): the head of an entry; the name follows, NUL-terminated, the whole
 * padded to 8 bytes.
 */
#include <stddef.h>
#include <stdint.h>

#define LX_DT_UNKNOWN 0u
#define LX_DT_FIFO 1u
#define LX_DT_CHR 2u
#define LX_DT_DIR 4u
#define LX_DT_BLK 6u
#define LX_DT_REG 8u
#define LX_DT_LNK 10u
#define LX_DT_SOCK 12u

struct lx_dirent64 {
    uint64_t d_ino;
    int64_t d_off;
    uint16_t d_reclen;
    uint8_t d_type;
    char d_name[]; /* at offset 19 */
};
_Static_assert(offsetof(struct lx_dirent64, d_name) == 19, "struct linux_dirent64");

/* The old one: the type is the record's last byte. */
struct lx_dirent {
    uint64_t d_ino;
    uint64_t d_off;
    uint16_t d_reclen;
    char d_name[]; /* at offset 18 */
};
_Static_assert(offsetof(struct lx_dirent, d_name) == 18, "struct linux_dirent");

#endif
