/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Robust lists: which words does the end of a thread mark and wake, and when does it stop looking?
 */
#include "futex_test.h"
#include <stddef.h>

#define ENTRIES 3000

struct lock {
    struct lock *next;
    uint32_t word;
};

static struct head {
    struct lock *first;
    long offset;
    struct lock *pending;
} head = {.offset = offsetof(struct lock, word)};

static struct lock locks[ENTRIES];

/* A thread of our own, without libc's list: it takes `head` as its own and ends. */
static int clear_word;

static int ending(void *arg)
{
    uint32_t tid = (uint32_t)syscall(SYS_gettid);
    int count = *(int *)arg;
    for (int i = 0; i < count; i++)
        locks[i].word = tid | (locks[i].word & (FUTEX_WAITERS | FUTEX_OWNER_DIED));
    if (head.pending && head.pending->word)
        head.pending->word = tid;
    syscall(SYS_set_robust_list, &head, sizeof head);
    syscall(SYS_exit, 0);
    return 0;
}

static void end_thread(int count)
{
    static char stack[65536] __attribute__((aligned(16)));
    const int flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD |
                      CLONE_SYSVSEM | CLONE_CHILD_CLEARTID | CLONE_PARENT_SETTID;
    clear_word = 1;
    CHECK(clone(ending, stack + sizeof stack, flags, &count, &clear_word, NULL, &clear_word));
    int tid;
    while ((tid = __atomic_load_n(&clear_word, __ATOMIC_SEQ_CST)) != 0)
        futex(&clear_word, FUTEX_WAIT, (uint32_t)tid, NULL, NULL, 0);
}

/* locks[0] to locks[count - 1] in a ring with the head. */
static void make_list(int count)
{
    memset(locks, 0, sizeof locks);
    for (int i = 0; i < count; i++)
        locks[i].next = i + 1 < count ? &locks[i + 1] : (struct lock *)&head;
    head.first = count ? &locks[0] : (struct lock *)&head;
    head.pending = NULL;
}

static void expect_died(int from, int to, int died)
{
    for (int i = from; i < to; i++)
        EXPECT_EQ(died, (locks[i].word & (FUTEX_OWNER_DIED | FUTEX_TID_MASK)) == FUTEX_OWNER_DIED);
}

int main(void)
{
    make_list(3);
    locks[1].word = FUTEX_WAITERS;
    end_thread(3);
    EXPECT_EQ(FUTEX_OWNER_DIED, locks[0].word);
    EXPECT_EQ(FUTEX_OWNER_DIED | FUTEX_WAITERS, locks[1].word);
    EXPECT_EQ(FUTEX_OWNER_DIED, locks[2].word);

    /* Another's lock is left as it is. */
    make_list(3);
    end_thread(2);
    expect_died(0, 2, 1);
    EXPECT_EQ(0, locks[2].word);

    /* The lock that was being taken is on no list yet. */
    make_list(1);
    locks[2].word = 1;
    head.pending = &locks[2];
    end_thread(1);
    EXPECT_EQ(FUTEX_OWNER_DIED, locks[2].word);

    /* One waiter is woken where the bit says that there are some, and for what was unlocked just
     * now. */
    make_list(2);
    struct job marked = {.addr = &locks[0].word, .op = FUTEX_WAIT, .val = FUTEX_WAITERS};
    struct job unlocked = {.addr = &locks[5].word, .op = FUTEX_WAIT};
    struct job other = {.addr = &locks[1].word, .op = FUTEX_WAIT};
    locks[0].word = FUTEX_WAITERS;
    head.pending = &locks[5];
    job_start(&marked);
    job_start(&unlocked);
    job_start(&other);
    end_thread(2);
    job_end(&marked, 0, 0);
    job_end(&unlocked, 0, 0);
    EXPECT_EQ(1, futex(&locks[1].word, FUTEX_WAKE, 10, NULL, NULL, 0));
    job_end(&other, 0, 0);

    /* A list that goes round without the head, and one that is too long: it ends all the same. */
    make_list(2);
    locks[1].next = &locks[0];
    end_thread(2);
    expect_died(0, 2, 1);
    make_list(ENTRIES);
    end_thread(ENTRIES);
    expect_died(0, 2048, 1);
    expect_died(2048, ENTRIES, 0);

    /* An entry or a word that cannot be reached ends the walk, and the pending lock is not looked
     * at. */
    make_list(3);
    locks[1].next = (struct lock *)8;
    head.pending = &locks[2];
    locks[2].word = 1;
    end_thread(2);
    expect_died(0, 1, 1);
    EXPECT(!(locks[2].word & FUTEX_OWNER_DIED));
    make_list(3);
    head.offset = offsetof(struct lock, word) + 1; /* misaligned */
    end_thread(3);
    expect_died(0, 3, 0);
    head.offset = offsetof(struct lock, word);
    make_list(3);
    head.first = (struct lock *)-16L;
    end_thread(3);
    expect_died(0, 3, 0);

    /* The two calls. */
    void *got;
    size_t length;
    EXPECT_ERRNO(EINVAL, syscall(SYS_set_robust_list, &head, sizeof head - 1));
    EXPECT_ERRNO(EINVAL, syscall(SYS_set_robust_list, &head, 0));
    EXPECT_EQ(0, syscall(SYS_set_robust_list, (void *)8L, sizeof head)); /* nobody looks yet */
    EXPECT_EQ(0, syscall(SYS_get_robust_list, 0, &got, &length));
    EXPECT_EQ(8, (long)got);
    EXPECT_EQ(sizeof head, length);
    EXPECT_EQ(0, syscall(SYS_get_robust_list, getpid(), &got, &length));
    EXPECT_ERRNO(ESRCH, syscall(SYS_get_robust_list, 999999, &got, &length));
    EXPECT_ERRNO(ESRCH, syscall(SYS_get_robust_list, -1, &got, &length));
    EXPECT_ERRNO(EFAULT, syscall(SYS_get_robust_list, 0, NULL, &length));
    EXPECT_ERRNO(EFAULT, syscall(SYS_get_robust_list, 0, &got, NULL));
    return 0;
}
