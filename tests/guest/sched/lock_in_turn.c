/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Does a thread get a lock that others give back and take again at once, each giving its turn away
 * while it holds it?
 */
#include <pthread.h>
#include <sched.h>

#include "../guest_test.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int over;

static void *hog(void *unused)
{
    while (!__atomic_load_n(&over, __ATOMIC_RELAXED)) {
        pthread_mutex_lock(&lock);
        sched_yield();
        pthread_mutex_unlock(&lock);
    }
    return unused;
}

int main(void)
{
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        EXPECT_EQ(0, pthread_create(&threads[i], NULL, hog, NULL));
    for (int i = 0; i < 10; i++) {
        sched_yield();
        EXPECT_EQ(0, pthread_mutex_lock(&lock));
        pthread_mutex_unlock(&lock);
    }
    __atomic_store_n(&over, 1, __ATOMIC_RELAXED);
    for (int i = 0; i < 4; i++)
        EXPECT_EQ(0, pthread_join(threads[i], NULL));
    return 0;
}
