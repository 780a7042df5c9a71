/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_MEM_UACCESS_H
#define LSTAR_MEM_UACCESS_H
/*
 * Copies between the kernel and guest memory: the only way to guest bytes. Pages are faulted in as
 * the guest's own access would. Copy once, validate the copy, use the copy. All return 0 or
 * -LX_EFAULT.
 */
#include "mem/mm.h"

MUST_CHECK long user_read(struct mm *mm, void *to, gva_t from, size_t size);
MUST_CHECK long user_write(struct mm *mm, gva_t to, const void *from, size_t size);
MUST_CHECK long user_clear(struct mm *mm, gva_t to, size_t size);
/* Scalars and structs by name: user_get(mm, &copy, addr); user_put(mm, addr, &value). */
#define user_get(mm, value, from) user_read((mm), (value), (from), sizeof *(value))
#define user_put(mm, to, value) user_write((mm), (to), (value), sizeof *(value))

/*
 * A struct of the guest that may be older (shorter: the rest is zero) or newer than ours: `size`
 * bytes at `from` to `room` bytes. -LX_E2BIG: what we do not know is not zero.
 */
MUST_CHECK long user_get_struct(struct mm *mm, void *to, size_t room, gva_t from, size_t size);

/*
 * A NUL-terminated string of at most `room` bytes with its NUL. Returns its length, -LX_EFAULT, or
 * -LX_ENAMETOOLONG when no NUL is among the first `room` bytes.
 */
MUST_CHECK long user_string(struct mm *mm, char *to, gva_t from, size_t room);

/* As many bytes as are accessible: the number copied, 0 ≤ n ≤ size. For partial reads and writes,
 * and for tracing. */
size_t user_read_some(struct mm *mm, void *to, gva_t from, size_t size);
/* `from` NULL: zeros. */
size_t user_write_some(struct mm *mm, gva_t to, const void *from, size_t size);

/*
 * The guest's bytes from `addr` to the end of its page as host memory, or NULL. Valid until the
 * guest runs again, the address space changes or a snapshot is taken. The bytes may be shared with
 * another process: read each once.
 */
void *user_window(struct mm *mm, gva_t addr, enum cpu_access access);

#endif
