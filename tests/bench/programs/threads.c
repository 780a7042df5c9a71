/* SPDX-License-Identifier: GPL-2.0-or-later */
/* 1,000 threads made and joined, argv[1] times. */
#include <pthread.h>
#include <stdatomic.h>
#include "bench.h"

enum { THREADS = 1000 };

static _Atomic uint64_t sum;

static void *add(void *number)
{
    atomic_fetch_add(&sum, (uint64_t)(uintptr_t)number);
    return NULL;
}

int main(int argc, char **argv)
{
    long rounds = bench_rounds(argc, argv, 1);
    static pthread_t threads[THREADS];

    for (long r = 0; r < rounds; r++) {
        for (uintptr_t i = 0; i < THREADS; i++)
            if (pthread_create(&threads[i], NULL, add, (void *)i))
                bench_fail("pthread_create");
        for (int i = 0; i < THREADS; i++)
            pthread_join(threads[i], NULL);
    }
    return bench_done(sum);
}
