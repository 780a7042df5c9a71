/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What becomes of each wait for a futex when a signal's handler has run, with SA_RESTART and
 * without? */
#include "futex_test.h"

static uint32_t word, lock;
static int handled;

static void on_signal(int signal)
{
    (void)signal;
    __atomic_add_fetch(&handled, 1, __ATOMIC_SEQ_CST);
}

static void signal_to(struct job *job, int signal)
{
    int before = __atomic_load_n(&handled, __ATOMIC_SEQ_CST);
    EXPECT_EQ(0, pthread_kill(job->thread, signal));
    while (__atomic_load_n(&handled, __ATOMIC_SEQ_CST) == before)
        sched_yield();
}

static void ends(struct job job, int signal)
{
    job_start(&job);
    signal_to(&job, signal);
    job_end(&job, -1, EINTR);
}

static void goes_on(struct job job, int signal)
{
    job_start(&job);
    signal_to(&job, signal);
    until_asleep(job.tid);
    EXPECT_EQ(1, futex(&word, FUTEX_WAKE, 1, NULL, NULL, 0));
    job_end(&job, 0, 0);
}

int main(void)
{
    struct timespec relative = {1000, 0}, absolute;
    struct sigaction action = {.sa_handler = on_signal};
    CHECK(clock_gettime(CLOCK_MONOTONIC, &absolute));
    absolute.tv_sec += 1000;
    CHECK(sigaction(SIGUSR1, &action, NULL));
    action.sa_flags = SA_RESTART;
    CHECK(sigaction(SIGUSR2, &action, NULL));

    struct job plain = {.addr = &word, .op = FUTEX_WAIT};
    struct job timed = {.addr = &word, .op = FUTEX_WAIT, .timeout = &relative};
    struct job bitset = {.addr = &word, .op = FUTEX_WAIT_BITSET, .val3 = 1};
    struct job until = {.addr = &word, .op = FUTEX_WAIT_BITSET, .val3 = 1, .timeout = &absolute};
    ends(plain, SIGUSR1);
    ends(timed, SIGUSR1);
    ends(bitset, SIGUSR1);
    ends(until, SIGUSR1);
    goes_on(plain, SIGUSR2);
    goes_on(bitset, SIGUSR2);
    /* A time makes it a wait that only restart_syscall(2) can go on with, and after a handler there
     * is none. */
    ends(timed, SIGUSR2);
    ends(until, SIGUSR2);

    /* Locks are waited for whatever comes. */
    lock = (uint32_t)syscall(SYS_gettid);
    for (int signal = 0; signal < 2; signal++) {
        struct job locker = {.addr = &lock, .op = FUTEX_LOCK_PI};
        job_start(&locker);
        signal_to(&locker, signal ? SIGUSR2 : SIGUSR1);
        until_asleep(locker.tid);
        EXPECT_EQ(0, futex(&lock, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0));
        job_end(&locker, 0, 0);
        lock = (uint32_t)syscall(SYS_gettid);
    }
    return 0;
}
