/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_IPC_FUTEX_H
#define LSTAR_IPC_FUTEX_H
/*
 * futex(2): waiting for a word of guest memory. A waiter is queued under its word's key until it is
 * woken, requeued or gives up; a call that is made again after a wait finds its own waiter and
 * looks at what happened to it.
 */
#include "mem/mm.h"
#include "sched/sched.h"

#define FUTEX_BUCKETS 256
#define FUTEX_WAITV_MAX 128
#define FUTEX_BITSET_ANY UINT32_MAX

/*
 * Which word: private ones by address space and address, shared ones by object and offset. Memory
 * that nobody can share has two keys: who said PRIVATE and who did not never meet (bit 0 of the
 * offset).
 */
struct futex_key {
    const void *space; /* struct mm, or struct vm_object */
    uint64_t offset;   /* address, or byte of the object */
};

struct futex_waiter {
    struct list link; /* in its bucket; itself when not queued */
    struct futex_key key;
    uint32_t bitset;
    bool woken;               /* taken out by a wake (or was given the lock) */
    bool pi;                  /* waits for a lock (LOCK_PI): a wake gives it away */
    int priority;             /* real-time ones go first, the highest before the others; 0: none */
    uint32_t tid;             /* pi: whose */
    uint32_t owner;           /* pi: who holds the lock */
    struct futex_key requeue; /* WAIT_REQUEUE_PI: where it may be moved to */
    gva_t requeue_addr;
    bool requeue_pi;
    bool requeued; /* has been moved to `requeue` */
    struct mm *mm; /* pi: to write the new owner */
    gva_t addr;
    struct wait_queue queue; /* its task sleeps here */
};

/* What a task waits for: one waiter, or those of futex_waitv(2). */
struct futex_wait {
    struct futex_waiter one;
    struct futex_waiter *many; /* in the arena; NULL: only `one` */
    unsigned count;            /* waiters queued; 0: none */
    int priority;              /* of those to be queued */
};

struct futex_table {
    struct arena *arena;
    struct sched *sched;
    struct list buckets[FUTEX_BUCKETS];
    /* Does a task with this number live? For PI: -LX_ESRCH. Set by the process room. */
    bool (*task_lives)(void *opaque, uint32_t tid);
    void *opaque;
};

void futex_table_init(struct futex_table *table, struct arena *arena, struct sched *sched);

/* One word to wait for. */
struct futex_word {
    gva_t addr;
    uint32_t value;
    uint32_t bitset;
    bool shared; /* the caller did not say PRIVATE */
};

/*
 * Queue the task on `count` words if each still holds its value. 0: queued, the caller sets its
 * deadline and returns BLOCKED. -LX_EAGAIN: a word differs. -LX_EINVAL (unaligned, bitset 0),
 * -LX_EFAULT, -LX_ENOMEM.
 */
MUST_CHECK long futex_wait_begin(struct futex_table *table, struct mm *mm, struct futex_wait *wait,
                                 const struct futex_word *words, unsigned count);
/* Sleep again on all words not yet woken. The caller returns BLOCKED. */
MUST_CHECK long futex_wait_sleep(struct futex_table *table, struct futex_wait *wait);
/* The index of a word that was woken, or -1. */
int futex_wait_result(const struct futex_wait *wait);
/* Take what is still queued out. Nothing when nothing is. */
void futex_wait_end(struct futex_table *table, struct futex_wait *wait);

/* Wake at most `count` waiters whose bitset meets `bitset`. How many, -LX_EINVAL, -LX_EFAULT. */
MUST_CHECK long futex_wake(struct futex_table *table, struct mm *mm, gva_t addr, bool shared,
                           uint32_t bitset, int count);
/* Errors of a wake of nobody. */
MUST_CHECK long futex_check(struct mm *mm, gva_t addr, bool shared);
/* Wake one waiter of a word that has been cleared: exit's CLEARTID. */
void futex_wake_address(struct futex_table *table, struct mm *mm, gva_t addr);
/* FUTEX_REQUEUE, FUTEX_CMP_REQUEUE (`expected` not NULL): woken and moved. */
MUST_CHECK long futex_requeue(struct futex_table *table, struct mm *mm, gva_t addr, bool shared,
                              gva_t to, bool to_shared, int wake, int move,
                              const uint32_t *expected);
/* FUTEX_WAKE_OP: `op` as encoded by the guest. */
MUST_CHECK long futex_wake_op(struct futex_table *table, struct mm *mm, gva_t addr, bool shared,
                              gva_t addr2, int wake, int wake2, uint32_t op);

/* --- priority inheritance (futex_pi.c) --- */
/* Take the lock or queue for it: 0 taken; 1 queued; -LX_EDEADLK, -LX_ESRCH, -LX_EAGAIN (trylock:
 * held), -LX_EPERM … */
MUST_CHECK long futex_lock_pi(struct futex_table *table, struct mm *mm, struct futex_wait *wait,
                              gva_t addr, bool shared, uint32_t tid, bool try_only);
MUST_CHECK long futex_unlock_pi(struct futex_table *table, struct mm *mm, gva_t addr, bool shared,
                                uint32_t tid);
/* FUTEX_WAIT_REQUEUE_PI's beginning; then futex_wait_sleep(). */
MUST_CHECK long futex_wait_requeue_pi_begin(struct futex_table *table, struct mm *mm,
                                            struct futex_wait *wait, const struct futex_word *word,
                                            gva_t to, uint32_t tid);
MUST_CHECK long futex_cmp_requeue_pi(struct futex_table *table, struct mm *mm, gva_t addr,
                                     bool shared, gva_t to, bool to_shared, int move,
                                     uint32_t expected);

/* A thread ends: its robust list (set_robust_list(2)), hostile or circular as it may be. */
void futex_exit_robust(struct futex_table *table, struct mm *mm, uint32_t tid, gva_t head);
/* And the locks that others wait for: they go on to them, marked. */
void futex_exit_pi(struct futex_table *table, uint32_t tid);

#endif
