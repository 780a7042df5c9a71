/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Futexes that are locks (futex(2), "Priority-inheritance futexes") and robust lists. The word
 * holds the owner's number and two bits; lockers queue in the word's bucket, real-time ones first,
 * and the lock is handed to the first. On a machine with one CPU and time slices, inheritance
 * itself is the order of handing over. Invariant: all who wait for one lock know the same owner.
 */
#include <string.h>

#include "abi/errno.h"
#include "ipc/futex.h"
#include "ipc/futex_internal.h"
#include "mem/uaccess.h"

#define ROBUST_LIST_MAX 2048

/* The first of those who wait for a lock: they are queued by priority. NULL: none. */
static struct futex_waiter *first_locker(struct futex_table *table, const struct futex_key *key)
{
    struct futex_waiter *waiter;
    list_for_each (waiter, futex_bucket(table, key), link)
        if (waiter->pi && futex_key_equal(&waiter->key, key))
            return waiter;
    return NULL;
}

/* Does somebody wait for the word who does not want it as a lock? */
static bool has_other_waiter(struct futex_table *table, const struct futex_key *key)
{
    struct futex_waiter *waiter;
    list_for_each (waiter, futex_bucket(table, key), link)
        if (!waiter->pi && futex_key_equal(&waiter->key, key))
            return true;
    return false;
}

/*
 * Try to become the owner of a word: 0 taken, 1 held by another, or an error. `owner`: who that is;
 * `more`: others will queue for it.
 */
static long try_take(struct futex_table *table, struct mm *mm, const struct futex_key *key,
                     gva_t addr, uint32_t tid, bool more, uint32_t *owner)
{
    uint32_t word;
    long err = user_get(mm, &word, addr);
    if (err)
        return err;
    *owner = word & FUTEX_TID_MASK;
    if (*owner == tid)
        return -LX_EDEADLK;
    const struct futex_waiter *first = first_locker(table, key);
    if (first ? first->owner != *owner : has_other_waiter(table, key))
        return -LX_EINVAL; /* the word does not say what the kernel knows */
    if (*owner == 0) {
        uint32_t mine = tid | (word & FUTEX_OWNER_DIED) | (more ? FUTEX_WAITERS : 0);
        return user_put(mm, addr, &mine);
    }
    /* Linux: the bit is set before the owner is looked for (guest/futex/pi). */
    if (!(word & FUTEX_WAITERS)) {
        word |= FUTEX_WAITERS;
        err = user_put(mm, addr, &word);
        if (err)
            return err;
    }
    return first || table->task_lives(table->opaque, *owner) ? 1 : -LX_ESRCH;
}

long futex_lock_pi(struct futex_table *table, struct mm *mm, struct futex_wait *wait, gva_t addr,
                   bool shared, uint32_t tid, bool try_only)
{
    struct futex_key key;
    uint32_t owner;
    long err = futex_key_get(mm, addr, shared, CPU_WRITE, &key);
    if (!err)
        err = try_take(table, mm, &key, addr, tid, false, &owner);
    if (err <= 0)
        return err;
    if (try_only)
        return -LX_EAGAIN;
    struct futex_waiter *waiter = &wait->one;
    wait->many = NULL;
    futex_waiter_init(waiter);
    waiter->key = key;
    waiter->pi = true;
    waiter->tid = tid;
    waiter->owner = owner;
    waiter->priority = wait->priority;
    waiter->mm = mm;
    waiter->addr = addr;
    futex_waiter_queue(table, waiter);
    wait->count = 1;
    err = futex_wait_sleep(table, wait);
    if (err)
        futex_wait_end(table, wait);
    return err ? err : 1;
}

/* Give the lock to the first who waits for it. `flags`: FUTEX_OWNER_DIED, or 0. */
static long hand_over(struct futex_table *table, struct futex_waiter *next, uint32_t flags)
{
    /* Linux: the bit stays, whether others wait or not (guest/futex/pi). */
    uint32_t word = next->tid | FUTEX_WAITERS | flags;
    long err = user_put(next->mm, next->addr, &word);
    struct futex_waiter *waiter;
    list_for_each (waiter, futex_bucket(table, &next->key), link)
        if (waiter->pi && futex_key_equal(&waiter->key, &next->key))
            waiter->owner = next->tid;
    futex_waiter_wake(table, next);
    return err;
}

long futex_unlock_pi(struct futex_table *table, struct mm *mm, gva_t addr, bool shared,
                     uint32_t tid)
{
    uint32_t word;
    long err = user_get(mm, &word, addr);
    if (err)
        return err;
    if ((word & FUTEX_TID_MASK) != tid)
        return -LX_EPERM;
    struct futex_key key;
    err = futex_key_get(mm, addr, shared, CPU_WRITE, &key);
    if (err)
        return err;
    struct futex_waiter *next = first_locker(table, &key);
    if (next ? next->owner != tid : has_other_waiter(table, &key))
        return -LX_EINVAL;
    if (next)
        return hand_over(table, next, 0);
    uint32_t zero = 0;
    return user_put(mm, addr, &zero);
}

long futex_wait_requeue_pi_begin(struct futex_table *table, struct mm *mm, struct futex_wait *wait,
                                 const struct futex_word *word, gva_t to, uint32_t tid)
{
    struct futex_key key;
    if (word->addr == to)
        return -LX_EINVAL;
    long err = futex_key_get(mm, to, word->shared, CPU_WRITE, &key);
    if (!err)
        err = futex_wait_begin(table, mm, wait, word, 1);
    if (err)
        return err;
    struct futex_waiter *waiter = &wait->one;
    waiter->requeue = key;
    waiter->requeue_addr = to;
    waiter->requeue_pi = true;
    waiter->tid = tid;
    waiter->mm = mm;
    return 0;
}

/* Move one condition waiter to the lock: it takes a free one at once. */
static long requeue_one(struct futex_table *table, struct futex_waiter *waiter, bool more)
{
    uint32_t owner;
    long taken = try_take(table, waiter->mm, &waiter->requeue, waiter->requeue_addr, waiter->tid,
                          more, &owner);
    if (taken < 0)
        return taken;
    waiter->requeued = true;
    if (taken == 0) {
        futex_waiter_wake(table, waiter);
        return 0;
    }
    waiter->pi = true;
    waiter->owner = owner;
    waiter->addr = waiter->requeue_addr;
    futex_waiter_move(table, waiter, &waiter->requeue);
    return 0;
}

long futex_cmp_requeue_pi(struct futex_table *table, struct mm *mm, gva_t addr, bool shared,
                          gva_t to, bool to_shared, int move, uint32_t expected)
{
    struct futex_key from_key, to_key;
    if (addr == to || move < 0)
        return -LX_EINVAL;
    long err = futex_key_get(mm, addr, shared, CPU_READ, &from_key);
    if (!err)
        err = futex_key_get(mm, to, to_shared, CPU_WRITE, &to_key);
    uint32_t now;
    if (!err)
        err = user_get(mm, &now, addr);
    if (err)
        return err;
    if (now != expected)
        return -LX_EAGAIN;
    if (futex_key_equal(&from_key, &to_key))
        return -LX_EINVAL;

    /* One is woken or queued, and `move` more. */
    int done = 0;
    struct futex_waiter *waiter, *next;
    list_for_each_safe (waiter, next, futex_bucket(table, &from_key), link) {
        if (done > move)
            break;
        if (!futex_key_equal(&waiter->key, &from_key))
            continue;
        if (!waiter->requeue_pi || !futex_key_equal(&waiter->requeue, &to_key))
            return done ? done : -LX_EINVAL;
        err = requeue_one(table, waiter, move > 0);
        if (err)
            return done ? done : err;
        done++;
    }
    return done;
}

/* The word of a robust mutex whose owner ends. False: it cannot be read or written. */
static bool owner_died(struct futex_table *table, struct mm *mm, uint32_t tid, gva_t addr, bool pi,
                       bool pending)
{
    uint32_t word;
    if ((addr & 3) || user_get(mm, &word, addr))
        return false;
    /* Unlocked already, but nobody was woken yet: the thread died in between. */
    if (pending && !pi && !(word & FUTEX_TID_MASK)) {
        futex_wake_address(table, mm, addr);
        return true;
    }
    if ((word & FUTEX_TID_MASK) != tid)
        return true;
    uint32_t died = (word & FUTEX_WAITERS) | FUTEX_OWNER_DIED;
    if (user_put(mm, addr, &died))
        return false;
    if (!pi && (word & FUTEX_WAITERS)) /* who waits for a lock is seen to by futex_exit_pi() */
        futex_wake_address(table, mm, addr);
    return true;
}

void futex_exit_robust(struct futex_table *table, struct mm *mm, uint32_t tid, gva_t head)
{
    struct {
        uint64_t next;  /* first entry; bit 0: a PI lock */
        int64_t offset; /* from an entry to its word */
        uint64_t pending;
    } list;
    if (user_get(mm, &list, head))
        return;
    uint64_t pending = list.pending & ~UINT64_C(1);
    uint64_t entry = list.next;
    for (unsigned n = 0; n < ROBUST_LIST_MAX && (entry & ~UINT64_C(1)) != head; n++) {
        uint64_t at = entry & ~UINT64_C(1);
        uint64_t next;
        bool more = user_get(mm, &next, at) == 0;
        if (at != pending &&
            !owner_died(table, mm, tid, at + (uint64_t)list.offset, entry & 1, false))
            return;
        if (!more)
            return;
        entry = next;
    }
    if (pending)
        owner_died(table, mm, tid, pending + (uint64_t)list.offset, list.pending & 1, true);
}

/* One bucket's first waiter for a lock of `tid`. NULL: none. */
static struct futex_waiter *heir(struct list *bucket, uint32_t tid)
{
    struct futex_waiter *waiter;
    list_for_each (waiter, bucket, link)
        if (waiter->pi && waiter->owner == tid)
            return waiter;
    return NULL;
}

void futex_exit_pi(struct futex_table *table, uint32_t tid)
{
    for (unsigned i = 0; i < FUTEX_BUCKETS; i++) {
        struct futex_waiter *next;
        while ((next = heir(&table->buckets[i], tid)) != NULL) {
            long err = hand_over(table, next, FUTEX_OWNER_DIED);
            (void)err; /* the word went away: so did the lock */
        }
    }
}
