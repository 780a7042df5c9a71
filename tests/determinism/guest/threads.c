/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sixteen threads that run into each other: who comes when is written down. The output is what the
 * schedule was.
 */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { THREADS = 16, ROUNDS = 60 };
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t turn = PTHREAD_COND_INITIALIZER;
static char order[THREADS * ROUNDS + 2];
static unsigned count;
static volatile unsigned racy;

static void *thread(void *which)
{
    unsigned number = (unsigned)(long)which;
    int ends[2];
    if (pipe(ends))
        return NULL;
    for (unsigned i = 0; i < ROUNDS; i++) {
        char byte = (char)i;
        for (unsigned k = 0; k < 500 * (number % 5) + 10; k++)
            racy = racy + 1;
        pthread_mutex_lock(&mutex);
        order[count++] = "0123456789abcdef"[number];
        if (i % 7 == number % 7)
            pthread_cond_broadcast(&turn);
        else if (i % 11 == 0 && count < THREADS * (ROUNDS - 20))
            pthread_cond_wait(&turn, &mutex);
        pthread_mutex_unlock(&mutex);
        if (write(ends[1], &byte, 1) != 1 || read(ends[0], &byte, 1) != 1)
            return NULL;
        if (i % 13 == 0)
            sched_yield();
        if (i % 17 == 0)
            usleep(number * 10);
    }
    pthread_cond_broadcast(&turn);
    return NULL;
}

int main(void)
{
    pthread_t threads[THREADS];
    for (long i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, thread, (void *)i);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    order[count] = '\n';
    return write(1, order, count + 1) == (ssize_t)(count + 1) ? (int)(racy % 100) : 101;
}
