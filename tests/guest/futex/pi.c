/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Locks with priority inheritance: what stands in the word, who is next, and what is refused? */
#include "futex_test.h"

static uint32_t lock;
static uint32_t self;

static void refused(void)
{
    struct timespec past = {1, 0};
    lock = 0;
    EXPECT_EQ(0, futex(&lock, FUTEX_LOCK_PI, 0, NULL, NULL, 0));
    EXPECT_EQ(self, lock);
    EXPECT_ERRNO(EDEADLK, futex(&lock, FUTEX_LOCK_PI, 0, NULL, NULL, 0));
    EXPECT_ERRNO(EDEADLK, futex(&lock, FUTEX_LOCK_PI2, 0, NULL, NULL, 0));
    EXPECT_ERRNO(EDEADLK, futex(&lock, FUTEX_TRYLOCK_PI, 0, NULL, NULL, 0));
    EXPECT_EQ(0, futex(&lock, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0));
    EXPECT_EQ(0, lock);
    EXPECT_ERRNO(EPERM, futex(&lock, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0));
    lock = 0x3ffffff0; /* nobody's number */
    EXPECT_ERRNO(ESRCH, futex(&lock, FUTEX_LOCK_PI, 0, NULL, NULL, 0));
    EXPECT_EQ(0x3ffffff0u | FUTEX_WAITERS, lock); /* set before the owner is looked for */
    EXPECT_ERRNO(ESRCH, futex(&lock, FUTEX_TRYLOCK_PI, 0, NULL, NULL, 0));
    lock = FUTEX_OWNER_DIED;
    EXPECT_EQ(0, futex(&lock, FUTEX_LOCK_PI, 0, NULL, NULL, 0));
    EXPECT_EQ(self | FUTEX_OWNER_DIED, lock);
    EXPECT_EQ(0, futex(&lock, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0));
    EXPECT_EQ(0, lock);
    lock = FUTEX_WAITERS; /* though there is none */
    EXPECT_EQ(0, futex(&lock, FUTEX_TRYLOCK_PI, 0, NULL, NULL, 0));
    EXPECT_EQ(self, lock);

    /* Held by us: another thread may not have it, and leaves its mark. */
    struct job timed = {.addr = &lock, .op = FUTEX_LOCK_PI, .timeout = &past};
    job_do(&timed, -1, ETIMEDOUT);
    EXPECT_EQ(self | FUTEX_WAITERS, lock);
    timed.op = FUTEX_LOCK_PI2;
    job_do(&timed, -1, ETIMEDOUT);
    struct job try_it = {.addr = &lock, .op = FUTEX_TRYLOCK_PI};
    lock = self;
    job_do(&try_it, -1, EAGAIN);
    EXPECT_EQ(self | FUTEX_WAITERS, lock);
    struct job unlock = {.addr = &lock, .op = FUTEX_UNLOCK_PI};
    job_do(&unlock, -1, EPERM);
    EXPECT_EQ(0, futex(&lock, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0));
    EXPECT_EQ(0, lock);
}

/* With somebody queued for the lock the word is no plain futex, and the other way round. */
static void mixed(void)
{
    static uint32_t other;
    struct timespec past = {1, 0}, soon = {0, 1000};
    lock = self;
    struct job locker = {.addr = &lock, .op = FUTEX_LOCK_PI};
    job_start(&locker);
    EXPECT_ERRNO(EINVAL, futex(&lock, FUTEX_WAKE, 1, NULL, NULL, 0));
    EXPECT_ERRNO(EINVAL, futex(&lock, FUTEX_CMP_REQUEUE, 1, (void *)1, &other, lock));
    EXPECT_ERRNO(EINVAL, futex(&lock, FUTEX_WAKE_OP, 1, (void *)1, &other, 0));
    EXPECT_ERRNO(EINVAL, futex(&lock, FUTEX_CMP_REQUEUE_PI, 1, (void *)1, &other, lock));
    EXPECT_ERRNO(ETIMEDOUT, futex(&lock, FUTEX_WAIT, lock, &soon, NULL, 0));
    EXPECT_EQ(0, futex(&lock, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0));
    job_end(&locker, 0, 0);
    EXPECT_EQ((uint32_t)locker.tid | FUTEX_WAITERS, lock);

    lock = 0;
    struct job waiter = {.addr = &lock, .op = FUTEX_WAIT};
    job_start(&waiter);
    EXPECT_ERRNO(EINVAL, futex(&lock, FUTEX_LOCK_PI, 0, &past, NULL, 0));
    lock = (uint32_t)waiter.tid;
    EXPECT_ERRNO(EINVAL, futex(&lock, FUTEX_LOCK_PI, 0, &past, NULL, 0));
    EXPECT_EQ(1, futex(&lock, FUTEX_WAKE, 1, NULL, NULL, 0));
    job_end(&waiter, 0, 0);
}

static struct job queued[4];
static int order[4], taken;

static void *take_and_pass_on(void *arg)
{
    struct job *job = arg;
    job_run(job);
    order[taken++] = (int)(job - queued); /* the lock is ours */
    EXPECT_EQ((uint32_t)job->tid, lock & FUTEX_TID_MASK);
    EXPECT_EQ(0, futex(&lock, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0));
    return NULL;
}

/* First come first served; real-time threads before the others, the highest first. */
static void in_order(const int fifo[4], const int expected[4])
{
    lock = self;
    taken = 0;
    for (int i = 0; i < 4; i++) {
        queued[i] = (struct job){.addr = &lock, .op = FUTEX_LOCK_PI, .fifo = fifo[i]};
        EXPECT_EQ(0, pthread_create(&queued[i].thread, NULL, take_and_pass_on, &queued[i]));
        while (!__atomic_load_n(&queued[i].tid, __ATOMIC_SEQ_CST))
            sched_yield();
        until_asleep(queued[i].tid);
    }
    EXPECT_EQ(self | FUTEX_WAITERS, lock);
    EXPECT_EQ(0, futex(&lock, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0));
    for (int i = 0; i < 4; i++)
        job_end(&queued[i], 0, 0);
    for (int i = 0; i < 4; i++)
        EXPECT_EQ(expected[i], order[i]);
    EXPECT_EQ(0, lock);
}

static void take_both(struct job *job)
{
    (void)job;
    static uint32_t its;
    EXPECT_EQ(0, futex(&its, FUTEX_LOCK_PI, 0, NULL, NULL, 0));
}

/* A thread that ends holding a lock: who waits for it gets it, marked, with a robust list or
 * without. */
static void *hold_and_end(void *arg)
{
    struct job *waiter = arg;
    EXPECT_EQ(0, futex(&lock, FUTEX_LOCK_PI, 0, NULL, NULL, 0));
    job_start(waiter);
    return NULL;
}

static void owner_ends(void)
{
    pthread_t thread;
    struct job waiter = {.addr = &lock, .op = FUTEX_LOCK_PI, .before = take_both};
    lock = 0;
    EXPECT_EQ(0, pthread_create(&thread, NULL, hold_and_end, &waiter));
    EXPECT_EQ(0, pthread_join(thread, NULL));
    job_end(&waiter, 0, 0);
    EXPECT_EQ((uint32_t)waiter.tid | FUTEX_WAITERS | FUTEX_OWNER_DIED, lock);
}

int main(void)
{
    self = (uint32_t)syscall(SYS_gettid);
    refused();
    mixed();
    in_order((int[]){0, 0, 0, 0}, (int[]){0, 1, 2, 3});
    struct sched_param param = {1};
    if (sched_setscheduler(0, SCHED_FIFO, &param) == 0) { /* a user may not */
        param.sched_priority = 0;
        CHECK(sched_setscheduler(0, SCHED_OTHER, &param));
        in_order((int[]){0, 3, 7, 3}, (int[]){2, 1, 3, 0});
    }
    owner_ends();
    return 0;
}
