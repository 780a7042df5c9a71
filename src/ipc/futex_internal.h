/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_IPC_FUTEX_INTERNAL_H
#define LSTAR_IPC_FUTEX_INTERNAL_H
/* What futex.c and futex_pi.c share. */
#include "ipc/futex.h"

#define FUTEX_WAITERS UINT32_C(0x80000000)
#define FUTEX_OWNER_DIED UINT32_C(0x40000000)
#define FUTEX_TID_MASK UINT32_C(0x3fffffff)

/*
 * The key of a word. `access`: what will be done with it; words that are only waited for or woken
 * may be read-only where they are shared. -LX_EINVAL: not aligned; -LX_EFAULT.
 */
MUST_CHECK long futex_key_get(struct mm *mm, gva_t addr, bool shared, enum cpu_access access,
                              struct futex_key *key);
static inline bool futex_key_equal(const struct futex_key *a, const struct futex_key *b)
{
    return a->space == b->space && a->offset == b->offset;
}
struct list *futex_bucket(struct futex_table *table, const struct futex_key *key);
void futex_waiter_init(struct futex_waiter *waiter);
/* Behind those of its priority. */
void futex_waiter_queue(struct futex_table *table, struct futex_waiter *waiter);
/* Out of its bucket, and its task awake. */
void futex_waiter_wake(struct futex_table *table, struct futex_waiter *waiter);
/* Under another key from now on. */
void futex_waiter_move(struct futex_table *table, struct futex_waiter *waiter,
                       const struct futex_key *to);

#endif
