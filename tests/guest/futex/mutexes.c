/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Robust and priority-inheriting mutexes: what does the next owner learn when one dies? */
#include "guest_test.h"
#include <pthread.h>
#include <time.h>

static pthread_mutex_t robust, pi, robust_pi;

static void *die_with(void *arg)
{
    EXPECT_EQ(0, pthread_mutex_lock(arg));
    return NULL;
}

static void make(pthread_mutex_t *mutex, int protocol, int robustness)
{
    pthread_mutexattr_t attr;
    pthread_mutexattr_init(&attr);
    pthread_mutexattr_setprotocol(&attr, protocol);
    pthread_mutexattr_setrobust(&attr, robustness);
    EXPECT_EQ(0, pthread_mutex_init(mutex, &attr));
}

static void check_robust(pthread_mutex_t *mutex)
{
    pthread_t thread;
    EXPECT_EQ(0, pthread_create(&thread, NULL, die_with, mutex));
    pthread_join(thread, NULL);
    EXPECT_EQ(EOWNERDEAD, pthread_mutex_lock(mutex));
    EXPECT_EQ(0, pthread_mutex_consistent(mutex));
    EXPECT_EQ(0, pthread_mutex_unlock(mutex));
    EXPECT_EQ(0, pthread_mutex_lock(mutex));
    EXPECT_EQ(0, pthread_mutex_unlock(mutex));
}

static long counter;

static void *count(void *arg)
{
    for (int i = 0; i < 1000; i++) {
        pthread_mutex_lock(arg);
        counter++;
        pthread_mutex_unlock(arg);
    }
    return NULL;
}

static void *try_timed(void *arg)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    EXPECT_EQ(ETIMEDOUT, pthread_mutex_timedlock(arg, &until));
    return NULL;
}

int main(void)
{
    make(&robust, PTHREAD_PRIO_NONE, PTHREAD_MUTEX_ROBUST);
    make(&pi, PTHREAD_PRIO_INHERIT, PTHREAD_MUTEX_STALLED);
    make(&robust_pi, PTHREAD_PRIO_INHERIT, PTHREAD_MUTEX_ROBUST);
    check_robust(&robust);
    check_robust(&robust_pi);

    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        EXPECT_EQ(0, pthread_create(&threads[i], NULL, count, &pi));
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    EXPECT_EQ(4000, counter);

    EXPECT_EQ(0, pthread_mutex_lock(&pi));
    EXPECT_EQ(0, pthread_create(&threads[0], NULL, try_timed, &pi));
    pthread_join(threads[0], NULL);
    EXPECT_EQ(0, pthread_mutex_unlock(&pi));
    return 0;
}
