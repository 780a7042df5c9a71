/* SPDX-License-Identifier: GPL-2.0-or-later */
/* FUTEX_WAIT_REQUEUE_PI: who gets the lock when waiters are moved to it, and how do signals and
 * times end the wait? */
#include "futex_test.h"

static uint32_t condition, lock, self;
static int handled;

static void on_signal(int signal)
{
    (void)signal;
    __atomic_add_fetch(&handled, 1, __ATOMIC_SEQ_CST);
}

static void signal_to(struct job *job)
{
    int before = __atomic_load_n(&handled, __ATOMIC_SEQ_CST);
    EXPECT_EQ(0, pthread_kill(job->thread, SIGUSR1));
    while (__atomic_load_n(&handled, __ATOMIC_SEQ_CST) == before)
        sched_yield();
}

static long requeue(int more)
{
    return futex(&condition, FUTEX_CMP_REQUEUE_PI, 1, (void *)(long)more, &lock, condition);
}

static const struct job waiter = {.addr = &condition, .op = FUTEX_WAIT_REQUEUE_PI, .addr2 = &lock};

static void free_lock(void)
{
    struct job one = waiter, two = waiter;
    lock = 0;
    job_start(&one);
    EXPECT_ERRNO(EINVAL, futex(&condition, FUTEX_WAKE, 1, NULL, NULL, 0));
    EXPECT_ERRNO(EINVAL, futex(&condition, FUTEX_CMP_REQUEUE, 1, (void *)1, &lock, condition));
    static uint32_t other;
    EXPECT_ERRNO(EINVAL, futex(&condition, FUTEX_CMP_REQUEUE_PI, 1, (void *)1, &other, condition));
    EXPECT_EQ(1, requeue(0)); /* it takes the lock */
    job_end(&one, 0, 0);
    EXPECT_EQ((uint32_t)one.tid, lock);

    lock = 0;
    one = waiter;
    job_start(&one);
    job_start(&two);
    EXPECT_EQ(1, requeue(0));
    job_end(&one, 0, 0);
    lock = self;
    EXPECT_EQ(1, requeue(100)); /* the other queues behind us */
    EXPECT_EQ(self | FUTEX_WAITERS, lock);
    until_asleep(two.tid);
    EXPECT_EQ(0, futex(&lock, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0));
    job_end(&two, 0, 0);
    EXPECT_EQ((uint32_t)two.tid | FUTEX_WAITERS, lock);
}

static void held_lock(void)
{
    struct job jobs[3] = {waiter, waiter, waiter};
    lock = self;
    for (int i = 0; i < 3; i++)
        job_start(&jobs[i]);
    EXPECT_EQ(2, requeue(1)); /* one, and one more */
    EXPECT_EQ(1, requeue(1));
    EXPECT_EQ(0, requeue(1));
    EXPECT_EQ(0, futex(&lock, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0));
    /* Each owner ends without unlocking: the next gets it all the same. */
    for (int i = 0; i < 3; i++)
        job_end(&jobs[i], 0, 0);
    EXPECT_EQ((uint32_t)jobs[2].tid | FUTEX_WAITERS | FUTEX_OWNER_DIED, lock);
}

static void interrupted(void)
{
    struct job before = waiter, after = waiter;
    lock = self;
    job_start(&before);
    signal_to(&before); /* not moved yet: it goes on */
    until_asleep(before.tid);
    condition = 1;
    signal_to(&before); /* it would, but the word has changed */
    job_end(&before, -1, EAGAIN);
    condition = 0;

    job_start(&after);
    EXPECT_EQ(1, requeue(0));
    signal_to(&after);
    job_end(&after, -1, EAGAIN);
    EXPECT_EQ(0, futex(&lock, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0));
    EXPECT_EQ(0, lock);
}

/* The condition's waiter runs out of time while it waits for the lock. */
static void timed_out(void)
{
    struct timespec until;
    struct job job = waiter;
    lock = self;
    CHECK(clock_gettime(CLOCK_MONOTONIC, &until));
    until.tv_sec += 1;
    job.timeout = &until;
    job_start(&job);
    EXPECT_EQ(1, requeue(0));
    job_end(&job, -1, ETIMEDOUT);
    EXPECT_EQ(0, futex(&lock, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0));
}

int main(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    CHECK(sigaction(SIGUSR1, &action, NULL));
    self = (uint32_t)syscall(SYS_gettid);
    free_lock();
    held_lock();
    interrupted();
    timed_out();
    return 0;
}
