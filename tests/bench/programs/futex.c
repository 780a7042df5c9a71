/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two threads hand one word to and fro, each waiting on it with futex(2): argv[1] round trips. */
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "bench.h"

static _Atomic uint32_t turn; /* even: the first thread's; odd: the second's */

/* Wait until `turn` is `mine`, then pass it on. */
static void take_turn(uint32_t mine)
{
    for (uint32_t now; (now = atomic_load(&turn)) != mine;)
        syscall(SYS_futex, &turn, FUTEX_WAIT_PRIVATE, now, NULL, NULL, 0);
    atomic_store(&turn, mine + 1);
    syscall(SYS_futex, &turn, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static void *second(void *rounds)
{
    for (uint32_t r = 0; r < *(uint32_t *)rounds; r++)
        take_turn(2 * r + 1);
    return NULL;
}

int main(int argc, char **argv)
{
    uint32_t rounds = (uint32_t)bench_rounds(argc, argv, 10000);
    pthread_t thread;

    if (pthread_create(&thread, NULL, second, &rounds))
        bench_fail("pthread_create");
    for (uint32_t r = 0; r < rounds; r++)
        take_turn(2 * r);
    pthread_join(thread, NULL);
    return bench_done(turn);
}
