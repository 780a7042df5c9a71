/* SPDX-License-Identifier: GPL-2.0-or-later */
/* futex_waitv, futex_wait, futex_wake, futex_requeue: what do they refuse, which index is told, who
 * is woken? */
#include "futex_test.h"

static uint32_t words[130];

struct waiter {
    uint64_t val, addr;
    uint32_t flags, reserved;
};
static struct waiter list[130];

static const struct timespec past = {1, 0};

static long waitv(unsigned count)
{
    return syscall(NR_FUTEX_WAITV, list, count, 0, &past, CLOCK_MONOTONIC);
}

static void fill(void)
{
    for (int i = 0; i < 130; i++)
        list[i] = (struct waiter){words[i], (uintptr_t)&words[i], SIZE_U32 | PRIVATE, 0};
}

static void many(void)
{
    fill();
    EXPECT_ERRNO(ETIMEDOUT, waitv(1));
    EXPECT_ERRNO(ETIMEDOUT, waitv(128));
    EXPECT_ERRNO(EINVAL, waitv(129));
    EXPECT_ERRNO(EINVAL, waitv(0));
    EXPECT_ERRNO(EINVAL, syscall(NR_FUTEX_WAITV, NULL, 1, 0, NULL, 0));
    EXPECT_ERRNO(EFAULT, syscall(NR_FUTEX_WAITV, (void *)8, 1, 0, NULL, 0));
    EXPECT_ERRNO(EINVAL, syscall(NR_FUTEX_WAITV, list, 1, 1, NULL, 0));
    EXPECT_ERRNO(EINVAL, syscall(NR_FUTEX_WAITV, list, 1, 0, &past, CLOCK_BOOTTIME));
    EXPECT_ERRNO(EFAULT, syscall(NR_FUTEX_WAITV, list, 1, 0, (void *)8, CLOCK_MONOTONIC));
    EXPECT_ERRNO(EINVAL, syscall(NR_FUTEX_WAITV, list, 1, 0, &(struct timespec){0, 1000000000},
                                 CLOCK_MONOTONIC));
    EXPECT_ERRNO(ETIMEDOUT, syscall(NR_FUTEX_WAITV, list, 1, 0, &past, CLOCK_REALTIME));
    list[1].val++;
    EXPECT_ERRNO(EAGAIN, waitv(2));
    EXPECT_ERRNO(ETIMEDOUT, waitv(1));
    list[1].val += 1ul << 32;
    EXPECT_ERRNO(EINVAL, waitv(2));
    fill();
    list[1].reserved = 1;
    EXPECT_ERRNO(EINVAL, waitv(2));
    fill();
    for (uint32_t flags = 0; flags < 4; flags++) {
        list[1].flags = flags;
        if (flags != SIZE_U32)
            EXPECT_ERRNO(EINVAL, waitv(2));
    }
    list[1].flags = SIZE_U32 | 256;
    EXPECT_ERRNO(EINVAL, waitv(2));
    fill();
    list[1].addr++;
    EXPECT_ERRNO(EINVAL, waitv(2));
    list[1].addr = 8;
    EXPECT_ERRNO(EFAULT, waitv(2));
}

static long woken;
static int tid;

static void *wait_for_any(void *arg)
{
    __atomic_store_n(&tid, (int)syscall(SYS_gettid), __ATOMIC_SEQ_CST);
    woken = syscall(NR_FUTEX_WAITV, list, (long)arg, 0, NULL, 0);
    return NULL;
}

static void which(void)
{
    fill();
    list[2].flags = SIZE_U32; /* shared */
    for (int i = 0; i < 3; i++) {
        pthread_t thread;
        tid = 0;
        EXPECT_EQ(0, pthread_create(&thread, NULL, wait_for_any, (void *)3L));
        while (!__atomic_load_n(&tid, __ATOMIC_SEQ_CST))
            sched_yield();
        until_asleep(tid);
        EXPECT_EQ(0, futex(&words[2], FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0));
        EXPECT_EQ(1, futex(&words[i], i == 2 ? FUTEX_WAKE : FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0));
        EXPECT_EQ(0, pthread_join(thread, NULL));
        EXPECT_EQ(i, woken);
        /* It waits for none of them any more. */
        for (int k = 0; k < 3; k++)
            EXPECT_EQ(0, futex(&words[k], FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0));
    }
    /* The same word twice. */
    list[1] = list[0];
    pthread_t thread;
    tid = 0;
    EXPECT_EQ(0, pthread_create(&thread, NULL, wait_for_any, (void *)2L));
    while (!__atomic_load_n(&tid, __ATOMIC_SEQ_CST))
        sched_yield();
    until_asleep(tid);
    EXPECT_EQ(2, futex(&words[0], FUTEX_WAKE_PRIVATE, 2, NULL, NULL, 0));
    EXPECT_EQ(0, pthread_join(thread, NULL));
    EXPECT_EQ(1, woken);
}

static void one(void)
{
    uint32_t *w = &words[0];
    EXPECT_EQ(0, syscall(NR_FUTEX_WAKE, w, 1ul, 1, SIZE_U32));
    EXPECT_EQ(0, syscall(NR_FUTEX_WAKE, w, 1ul, 0, SIZE_U32));
    EXPECT_ERRNO(EINVAL, syscall(NR_FUTEX_WAKE, w, 0ul, 0, SIZE_U32));
    EXPECT_ERRNO(EFAULT, syscall(NR_FUTEX_WAKE, 8L, 1ul, 0, SIZE_U32));
    EXPECT_ERRNO(EINVAL, syscall(NR_FUTEX_WAKE, 9L, 1ul, 0, SIZE_U32));
    EXPECT_ERRNO(EINVAL, syscall(NR_FUTEX_WAKE, w, 1ul << 32, 1, SIZE_U32));
    for (unsigned flags = 0; flags < 4; flags++)
        if (flags != SIZE_U32)
            EXPECT_ERRNO(EINVAL, syscall(NR_FUTEX_WAKE, w, 1ul, 1, flags));
    EXPECT_ERRNO(EINVAL, syscall(NR_FUTEX_WAKE, w, 1ul, 1, SIZE_U32 | 64));

    EXPECT_ERRNO(EAGAIN, syscall(NR_FUTEX_WAIT, w, *w + 1ul, 1ul, SIZE_U32, NULL, 0));
    EXPECT_ERRNO(EAGAIN, syscall(NR_FUTEX_WAIT, w, *w + 1ul, 1ul, SIZE_U32, NULL, 77));
    EXPECT_ERRNO(EINVAL, syscall(NR_FUTEX_WAIT, w, 1ul << 32, 1ul, SIZE_U32, NULL, 0));
    EXPECT_ERRNO(EINVAL, syscall(NR_FUTEX_WAIT, w, 0ul, 1ul << 32, SIZE_U32, NULL, 0));
    EXPECT_ERRNO(EINVAL, syscall(NR_FUTEX_WAIT, w, (unsigned long)*w, 0ul, SIZE_U32, NULL, 0));
    EXPECT_ERRNO(
        EINVAL, syscall(NR_FUTEX_WAIT, w, (unsigned long)*w, 1ul, SIZE_U32, &past, CLOCK_BOOTTIME));
    EXPECT_ERRNO(ETIMEDOUT, syscall(NR_FUTEX_WAIT, w, (unsigned long)*w, 1ul, SIZE_U32, &past,
                                    CLOCK_MONOTONIC));
    EXPECT_ERRNO(ETIMEDOUT, syscall(NR_FUTEX_WAIT, w, (unsigned long)*w, 1ul, SIZE_U32, &past,
                                    CLOCK_REALTIME));
}

static void moved(void)
{
    struct job jobs[3];
    fill();
    for (int i = 0; i < 3; i++) {
        jobs[i] = (struct job){.addr = &words[0], .op = FUTEX_WAIT_PRIVATE};
        job_start(&jobs[i]);
    }
    EXPECT_ERRNO(EINVAL, syscall(NR_FUTEX_REQUEUE, list, 1, 1, 1));
    EXPECT_ERRNO(EINVAL, syscall(NR_FUTEX_REQUEUE, NULL, 0, 1, 1));
    EXPECT_ERRNO(EINVAL, syscall(NR_FUTEX_REQUEUE, list, 0, -1, 1));
    EXPECT_ERRNO(EFAULT, syscall(NR_FUTEX_REQUEUE, 8L, 0, 1, 1));
    list[1].flags ^= PRIVATE; /* of another kind than the first */
    EXPECT_ERRNO(EINVAL, syscall(NR_FUTEX_REQUEUE, list, 0, 1, 1));
    list[1].flags ^= PRIVATE;
    list[0].val++;
    EXPECT_ERRNO(EAGAIN, syscall(NR_FUTEX_REQUEUE, list, 0, 1, 1));
    list[0].val--;
    EXPECT_EQ(2, syscall(NR_FUTEX_REQUEUE, list, 0, 1, 1));
    job_end(&jobs[0], 0, 0);
    EXPECT_EQ(1, syscall(NR_FUTEX_WAKE, &words[1], ~0u, 10, SIZE_U32 | PRIVATE));
    EXPECT_EQ(1, syscall(NR_FUTEX_WAKE, &words[0], ~0u, 10, SIZE_U32 | PRIVATE));
    job_end(&jobs[1], 0, 0);
    job_end(&jobs[2], 0, 0);
}

int main(void)
{
    for (int i = 0; i < 130; i++)
        words[i] = (uint32_t)i * 3;
    words[0] = 0;
    many();
    which();
    one();
    moved();
    return 0;
}
