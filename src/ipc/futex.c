/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * futex(2) without priority inheritance. Waiters of all words with the same hash stand in one
 * bucket, in order of arrival, which is the order of waking. A waiter leaves its bucket when it is
 * woken; its task then finds `woken` set.
 *
 * Invariant: waiter->link is in the bucket of waiter->key, or in no list.
 */
#include "ipc/futex.h"

#include <string.h>

#include "abi/errno.h"
#include "ipc/futex_internal.h"
#include "mem/uaccess.h"

void futex_table_init(struct futex_table *table, struct arena *arena, struct sched *sched)
{
    table->arena = arena;
    table->sched = sched;
    for (unsigned i = 0; i < FUTEX_BUCKETS; i++)
        list_init(&table->buckets[i]);
}

/* A shared word: what is mapped there decides, so the page must be there, and be its own if it can.
 */
static long shared_key(struct mm *mm, gva_t addr, enum cpu_access access, struct futex_key *key)
{
    frame_t frame;
    long err = mm_frame(mm, addr, CPU_WRITE, &frame);
    bool writable = !err;
    if (err && access == CPU_READ)
        err = mm_frame(mm, addr, CPU_READ, &frame);
    if (err)
        return err;
    /* Linux: memory that was never written has no page to wait on (guest/futex/errors). */
    if (frame == RAM_ZERO_FRAME)
        return -LX_EFAULT;
    const struct vma *vma = mm_find(mm, addr);
    if (vma && vma->object && ((vma->flags & VMA_SHARED) || !writable))
        *key =
            (struct futex_key){vma->object, (vma->page_offset << PAGE_SHIFT) + (addr - vma->start)};
    else
        *key = (struct futex_key){mm, addr | 1};
    return 0;
}

long futex_key_get(struct mm *mm, gva_t addr, bool shared, enum cpu_access access,
                   struct futex_key *key)
{
    if (addr & 3)
        return -LX_EINVAL;
    if (addr >= TASK_SIZE)
        return -LX_EFAULT;
    if (shared)
        return shared_key(mm, addr, access, key);
    *key = (struct futex_key){mm, addr};
    return 0;
}

struct list *futex_bucket(struct futex_table *table, const struct futex_key *key)
{
    uint64_t hash = ((uint64_t)(uintptr_t)key->space >> 4) * UINT64_C(0x9e3779b97f4a7c15);
    hash = (hash ^ (key->offset >> 2)) * UINT64_C(0x9e3779b97f4a7c15);
    return &table->buckets[hash >> 56];
}

void futex_waiter_init(struct futex_waiter *waiter)
{
    memset(waiter, 0, sizeof *waiter);
    list_init(&waiter->link);
    wait_queue_init(&waiter->queue);
}

void futex_waiter_queue(struct futex_table *table, struct futex_waiter *waiter)
{
    struct list *bucket = futex_bucket(table, &waiter->key);
    struct futex_waiter *other;
    if (waiter->priority > 0) {
        list_for_each (other, bucket, link) {
            if (other->priority < waiter->priority) {
                list_push_back(&other->link, &waiter->link); /* before it */
                return;
            }
        }
    }
    list_push_back(bucket, &waiter->link);
}

void futex_waiter_wake(struct futex_table *table, struct futex_waiter *waiter)
{
    list_remove(&waiter->link);
    waiter->woken = true;
    wait_queue_wake_all(table->sched, &waiter->queue, 0);
}

void futex_waiter_move(struct futex_table *table, struct futex_waiter *waiter,
                       const struct futex_key *to)
{
    list_remove(&waiter->link);
    waiter->key = *to;
    futex_waiter_queue(table, waiter);
}

static struct futex_waiter *waiter_at(struct futex_wait *wait, unsigned i)
{
    return wait->many ? &wait->many[i] : &wait->one;
}

/* Does the word hold what is expected? 0, -LX_EAGAIN, or the key's errors. */
static long check_word(struct mm *mm, const struct futex_word *word, struct futex_key *key)
{
    if (word->bitset == 0)
        return -LX_EINVAL;
    long err = futex_key_get(mm, word->addr, word->shared, CPU_READ, key);
    if (err)
        return err;
    uint32_t now;
    err = user_get(mm, &now, word->addr);
    if (err)
        return err;
    return now == word->value ? 0 : -LX_EAGAIN;
}

long futex_wait_begin(struct futex_table *table, struct mm *mm, struct futex_wait *wait,
                      const struct futex_word *words, unsigned count)
{
    wait->many = NULL;
    wait->count = 0;
    if (count > 1) {
        wait->many = arena_alloc(table->arena, count * sizeof *wait->many);
        if (!wait->many)
            return -LX_ENOMEM;
    }
    for (unsigned i = 0; i < count; i++) {
        struct futex_waiter *waiter = waiter_at(wait, i);
        futex_waiter_init(waiter);
        waiter->bitset = words[i].bitset;
        waiter->priority = wait->priority;
        long err = check_word(mm, &words[i], &waiter->key);
        if (err) {
            futex_wait_end(table, wait);
            return err;
        }
        futex_waiter_queue(table, waiter);
        wait->count = i + 1;
    }
    long err = futex_wait_sleep(table, wait);
    if (err)
        futex_wait_end(table, wait);
    return err;
}

long futex_wait_sleep(struct futex_table *table, struct futex_wait *wait)
{
    for (unsigned i = 0; i < wait->count; i++) {
        long err = wait_on(table->sched, &waiter_at(wait, i)->queue, 0, false);
        if (err)
            return err;
    }
    return 0;
}

int futex_wait_result(const struct futex_wait *wait)
{
    /* Linux: of several the last (guest/futex/waitv). */
    for (int i = (int)wait->count - 1; i >= 0; i--)
        if (wait->many ? wait->many[i].woken : wait->one.woken)
            return i;
    return -1;
}

void futex_wait_end(struct futex_table *table, struct futex_wait *wait)
{
    for (unsigned i = 0; i < wait->count; i++) {
        struct futex_waiter *waiter = waiter_at(wait, i);
        list_remove(&waiter->link);
        wait_queue_fini(table->sched, &waiter->queue);
    }
    arena_free(table->arena, wait->many);
    wait->many = NULL;
    wait->count = 0;
}

static int wake_key(struct futex_table *table, const struct futex_key *key, uint32_t bitset,
                    int count)
{
    int woken = 0;
    struct futex_waiter *waiter, *next;
    list_for_each_safe (waiter, next, futex_bucket(table, key), link) {
        if (woken >= count)
            break;
        if (!futex_key_equal(&waiter->key, key) || !(waiter->bitset & bitset))
            continue;
        futex_waiter_wake(table, waiter);
        woken++;
    }
    return woken;
}

/* Is somebody queued there for a lock? Plain wakes and moves of such a word are an error. */
static bool has_pi_waiter(struct futex_table *table, const struct futex_key *key)
{
    struct futex_waiter *waiter;
    list_for_each (waiter, futex_bucket(table, key), link)
        if (futex_key_equal(&waiter->key, key) && (waiter->pi || waiter->requeue_pi))
            return true;
    return false;
}

long futex_wake(struct futex_table *table, struct mm *mm, gva_t addr, bool shared, uint32_t bitset,
                int count)
{
    struct futex_key key;
    if (bitset == 0)
        return -LX_EINVAL;
    long err = futex_key_get(mm, addr, shared, CPU_READ, &key);
    if (err)
        return err;
    if (has_pi_waiter(table, &key))
        return -LX_EINVAL;
    /* Linux: a count of 0 or less wakes one (guest/futex/wake_count). */
    return wake_key(table, &key, bitset, count > 0 ? count : 1);
}

long futex_check(struct mm *mm, gva_t addr, bool shared)
{
    struct futex_key key;
    return futex_key_get(mm, addr, shared, CPU_READ, &key);
}

void futex_wake_address(struct futex_table *table, struct mm *mm, gva_t addr)
{
    struct futex_key key;
    if (!futex_key_get(mm, addr, true, CPU_READ, &key))
        wake_key(table, &key, FUTEX_BITSET_ANY, 1);
}

long futex_requeue(struct futex_table *table, struct mm *mm, gva_t addr, bool shared, gva_t to,
                   bool to_shared, int wake, int move, const uint32_t *expected)
{
    if (wake < 0 || move < 0)
        return -LX_EINVAL;
    struct futex_key from_key, to_key;
    long err = futex_key_get(mm, addr, shared, CPU_READ, &from_key);
    if (!err)
        err = futex_key_get(mm, to, to_shared, CPU_READ, &to_key);
    if (err)
        return err;
    if (expected) {
        uint32_t now;
        err = user_get(mm, &now, addr);
        if (err)
            return err;
        if (now != *expected)
            return -LX_EAGAIN;
    }
    if (has_pi_waiter(table, &from_key))
        return -LX_EINVAL;

    int done = wake_key(table, &from_key, FUTEX_BITSET_ANY, wake);
    bool same = futex_key_equal(&from_key, &to_key);
    int moved = 0;
    struct futex_waiter *waiter, *next;
    list_for_each_safe (waiter, next, futex_bucket(table, &from_key), link) {
        if (moved >= move)
            break;
        if (!futex_key_equal(&waiter->key, &from_key))
            continue;
        if (!same) /* who stays is counted all the same */
            futex_waiter_move(table, waiter, &to_key);
        moved++;
    }
    return done + moved;
}

/* FUTEX_WAKE_OP's operation on a word. -LX_ENOSYS: no such operation. */
static long apply(uint32_t op, uint32_t arg, uint32_t old, uint32_t *result)
{
    switch (op) {
    case 0:
        *result = arg;
        return 0;
    case 1:
        *result = old + arg;
        return 0;
    case 2:
        *result = old | arg;
        return 0;
    case 3:
        *result = old & ~arg;
        return 0;
    case 4:
        *result = old ^ arg;
        return 0;
    default:
        return -LX_ENOSYS;
    }
}

static long compare(uint32_t cmp, int32_t old, int32_t arg)
{
    switch (cmp) {
    case 0:
        return old == arg;
    case 1:
        return old != arg;
    case 2:
        return old < arg;
    case 3:
        return old <= arg;
    case 4:
        return old > arg;
    case 5:
        return old >= arg;
    default:
        return -LX_ENOSYS;
    }
}

/* Sign extension of the 12-bit fields of `op`. */
static int32_t field12(uint32_t value)
{
    return (int32_t)(value << 20) >> 20;
}

long futex_wake_op(struct futex_table *table, struct mm *mm, gva_t addr, bool shared, gva_t addr2,
                   int wake, int wake2, uint32_t op)
{
    struct futex_key key, key2;
    long err = futex_key_get(mm, addr, shared, CPU_READ, &key);
    if (!err)
        err = futex_key_get(mm, addr2, shared, CPU_WRITE, &key2);
    if (err)
        return err;
    uint32_t argument = (uint32_t)field12(op >> 12 & 0xfff);
    if (op >> 28 & 8)
        argument = UINT32_C(1) << (argument & 31);
    uint32_t old, new;
    err = user_get(mm, &old, addr2);
    if (!err)
        err = apply(op >> 28 & 7, argument, old, &new);
    if (!err)
        err = user_put(mm, addr2, &new);
    if (err)
        return err;
    long meets = compare(op >> 24 & 15, (int32_t)old, field12(op & 0xfff));
    if (meets < 0)
        return meets;
    if (has_pi_waiter(table, &key) || (meets && has_pi_waiter(table, &key2)))
        return -LX_EINVAL;
    int woken = wake_key(table, &key, FUTEX_BITSET_ANY, wake > 0 ? wake : 1);
    if (meets)
        woken += wake_key(table, &key2, FUTEX_BITSET_ANY, wake2 > 0 ? wake2 : 1);
    return woken;
}
