/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Do threads share memory, take turns on a mutex, and join? */
#include "guest_test.h"
#include <pthread.h>

#define THREADS 16
#define ROUNDS 2000

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t turn = PTHREAD_COND_INITIALIZER;
static long counter;
static int next;

static void *count(void *arg)
{
    for (int i = 0; i < ROUNDS; i++) {
        pthread_mutex_lock(&lock);
        counter++;
        pthread_mutex_unlock(&lock);
    }
    pthread_mutex_lock(&lock);
    while (next != (int)(intptr_t)arg)
        pthread_cond_wait(&turn, &lock);
    next++;
    pthread_cond_broadcast(&turn);
    pthread_mutex_unlock(&lock);
    return (char *)arg + 1;
}

int main(void)
{
    pthread_t threads[THREADS];
    for (intptr_t i = 0; i < THREADS; i++)
        EXPECT_EQ(0, pthread_create(&threads[i], NULL, count, (void *)i));
    for (intptr_t i = 0; i < THREADS; i++) {
        void *result;
        EXPECT_EQ(0, pthread_join(threads[i], &result));
        EXPECT_EQ(i + 1, (intptr_t)result);
    }
    EXPECT_EQ(THREADS * ROUNDS, counter);
    EXPECT_EQ(THREADS, next);
    return 0;
}
