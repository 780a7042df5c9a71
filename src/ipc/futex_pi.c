/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Futexes that are locks (futex(2), "Priority-inheritance futexes") and robust lists. The word holds the owner's number and two bits;
 * lockers queue in the word's bucket, and the lock is handed to the most favoured, first come first served among equals. On a machine
 * with one CPU and time slices, inheritance itself is the order of handing over.
 */
#include <string.h>

#include "abi/errno.h"
#include "ipc/futex.h"
#include "ipc/futex_internal.h"
#include "mem/uaccess.h"

#define ROBUST_LIST_MAX 2048

static struct futex_waiter *best_waiter(struct futex_table *table, const struct futex_key *key)
{
    struct futex_waiter *waiter, *best = NULL;
    list_for_each(waiter, futex_bucket(table, key), link)
        if (waiter->pi && futex_key_equal(&waiter->key, key) && (!best || waiter->nice < best->nice))
            best = waiter;
    return best;
}

static unsigned count_waiters(struct futex_table *table, const struct futex_key *key)
{
    unsigned count = 0;
    struct futex_waiter *waiter;
    list_for_each(waiter, futex_bucket(table, key), link)
        count += waiter->pi && futex_key_equal(&waiter->key, key);
    return count;
}

/* Try to become the owner of a word: 0 taken, 1 held by another, or an error. */
static long try_take(struct futex_table *table, struct mm *mm, const struct futex_key *key, gva_t addr,
                     uint32_t tid)
{
    uint32_t word;
    long err = user_get(mm, &word, addr);
    if (err)
        return err;
    uint32_t owner = word & FUTEX_TID_MASK;
    if (owner == tid)
        return -LX_EDEADLK;
    bool queued = count_waiters(table, key) > 0;
    if (owner == 0 && !queued) {
        uint32_t mine = tid | (word & FUTEX_OWNER_DIED);
        return user_put(mm, addr, &mine);
    }
    if (owner != 0 && !table->task_lives(table->opaque, owner))
        return -LX_ESRCH;
    if (!(word & FUTEX_WAITERS)) {
        word |= FUTEX_WAITERS;
        err = user_put(mm, addr, &word);
    }
    return err ? err : 1;
}

static long queue_locker(struct futex_table *table, struct mm *mm, struct futex_wait *wait,
                         const struct futex_key *key, gva_t addr, uint32_t tid, int nice)
{
    struct futex_waiter *waiter = &wait->one;
    wait->many = NULL;
    futex_waiter_init(waiter);
    waiter->key = *key;
    waiter->pi = true;
    waiter->tid = tid;
    waiter->nice = nice;
    waiter->mm = mm;
    waiter->addr = addr;
    futex_waiter_queue(table, waiter);
    wait->count = 1;
    long err = futex_wait_sleep(table, wait);
    if (err)
        futex_wait_end(table, wait);
    return err ? err : 1;
}

long futex_lock_pi(struct futex_table *table, struct mm *mm, struct futex_wait *wait, gva_t addr,
                   bool shared, uint32_t tid, int nice, bool try_only)
{
    struct futex_key key;
    long err = futex_key_get(mm, addr, shared, &key);
    if (!err)
        err = try_take(table, mm, &key, addr, tid);
    if (err <= 0)
        return err;
    if (try_only)
        return -LX_EAGAIN;
    return queue_locker(table, mm, wait, &key, addr, tid, nice);
}

/* Give the word to the best waiter. `died`: the owner ended. */
static long hand_over(struct futex_table *table, struct futex_waiter *next, struct mm *mm, gva_t addr,
                      bool died)
{
    uint32_t word = next->tid | (died ? FUTEX_OWNER_DIED : 0);
    if (count_waiters(table, &next->key) > 1)
        word |= FUTEX_WAITERS;
    long err = user_put(mm, addr, &word);
    if (!err)
        futex_waiter_wake(table, next);
    return err;
}

long futex_unlock_pi(struct futex_table *table, struct mm *mm, gva_t addr, bool shared, uint32_t tid)
{
    uint32_t word;
    long err = user_get(mm, &word, addr);
    if (err)
        return err;
    if ((word & FUTEX_TID_MASK) != tid)
        return -LX_EPERM;
    struct futex_key key;
    err = futex_key_get(mm, addr, shared, &key);
    if (err)
        return err;
    struct futex_waiter *next = best_waiter(table, &key);
    if (next)
        return hand_over(table, next, mm, addr, false);
    uint32_t zero = 0;
    return user_put(mm, addr, &zero);
}

void futex_lock_pi_abort(struct futex_table *table, struct futex_wait *wait)
{
    struct futex_waiter waiter = wait->one;
    bool queued = wait->count && !waiter.woken;
    futex_wait_end(table, wait);
    uint32_t word;
    if (!queued || !waiter.pi || count_waiters(table, &waiter.key) ||
        user_get(waiter.mm, &word, waiter.addr))
        return;
    word &= ~FUTEX_WAITERS;
    long err = user_put(waiter.mm, waiter.addr, &word);
    (void)err; /* the word went away: so did its waiters */
}

long futex_wait_requeue_pi_begin(struct futex_table *table, struct mm *mm, struct futex_wait *wait,
                                 const struct futex_word *word, gva_t to, uint32_t tid, int nice)
{
    struct futex_key key;
    if (word->addr == to)
        return -LX_EINVAL;
    long err = futex_key_get(mm, to, word->shared, &key);
    if (!err)
        err = futex_wait_begin(table, mm, wait, word, 1);
    if (err)
        return err;
    struct futex_waiter *waiter = &wait->one;
    waiter->requeue = key;
    waiter->requeue_addr = to;
    waiter->requeue_pi = true;
    waiter->tid = tid;
    waiter->nice = nice;
    waiter->mm = mm;
    return 0;
}

/* Move one condition waiter to the lock: it takes a free one at once. */
static long requeue_one(struct futex_table *table, struct futex_waiter *waiter, struct mm *mm)
{
    long taken = try_take(table, mm, &waiter->requeue, waiter->requeue_addr, waiter->tid);
    if (taken < 0)
        return taken;
    waiter->requeued = true;
    if (taken == 0) {
        futex_waiter_wake(table, waiter);
        return 0;
    }
    waiter->pi = true;
    waiter->addr = waiter->requeue_addr;
    futex_waiter_move(table, waiter, &waiter->requeue);
    return 0;
}

long futex_cmp_requeue_pi(struct futex_table *table, struct mm *mm, gva_t addr, bool shared, gva_t to,
                          bool to_shared, int move, uint32_t expected)
{
    struct futex_key from_key, to_key;
    if (addr == to)
        return -LX_EINVAL;
    long err = futex_key_get(mm, addr, shared, &from_key);
    if (!err)
        err = futex_key_get(mm, to, to_shared, &to_key);
    uint32_t now;
    if (!err)
        err = user_get(mm, &now, addr);
    if (err)
        return err;
    if (now != expected)
        return -LX_EAGAIN;

    /* One is woken or queued, and `move` more. */
    int done = 0;
    struct futex_waiter *waiter, *next;
    list_for_each_safe(waiter, next, futex_bucket(table, &from_key), link) {
        if (done > move)
            break;
        if (!futex_key_equal(&waiter->key, &from_key))
            continue;
        if (!waiter->requeue_pi || !futex_key_equal(&waiter->requeue, &to_key))
            return done ? done : -LX_EINVAL;
        err = requeue_one(table, waiter, mm);
        if (err)
            return done ? done : err;
        done++;
    }
    return done;
}

/* The word of a robust mutex whose owner ends. */
static void owner_died(struct futex_table *table, struct mm *mm, uint32_t tid, gva_t addr, bool pi,
                       bool pending)
{
    uint32_t word;
    struct futex_key key;
    if ((addr & 3) || user_get(mm, &word, addr) || futex_key_get(mm, addr, true, &key))
        return;
    /* Unlocked already, but nobody was woken yet: the thread died in between. */
    if (pending && !pi && word == 0) {
        futex_wake_address(table, mm, addr);
        return;
    }
    if ((word & FUTEX_TID_MASK) != tid)
        return;
    struct futex_waiter *next = best_waiter(table, &key);
    if (pi && next) {
        long err = hand_over(table, next, mm, addr, true);
        (void)err;
        return;
    }
    uint32_t died = (word & FUTEX_WAITERS) | FUTEX_OWNER_DIED;
    if (!user_put(mm, addr, &died) && !pi && (word & FUTEX_WAITERS)) {
        struct futex_key plain;
        futex_wake_address(table, mm, addr);
        if (!futex_key_get(mm, addr, false, &plain) && !futex_key_equal(&plain, &key)) {
            long err = futex_wake(table, mm, addr, false, FUTEX_BITSET_ANY, 1);
            (void)err;
        }
    }
}

void futex_exit_robust(struct futex_table *table, struct mm *mm, uint32_t tid, gva_t head)
{
    struct {
        uint64_t next;   /* first entry; bit 0: a PI lock */
        int64_t offset;  /* from an entry to its word */
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
        if (at != pending)
            owner_died(table, mm, tid, at + (uint64_t)list.offset, entry & 1, false);
        if (!more)
            break;
        entry = next;
    }
    if (pending)
        owner_died(table, mm, tid, pending + (uint64_t)list.offset, list.pending & 1, true);
}
