/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How many does FUTEX_WAKE wake when it is told 0, or less? */
#include "guest_test.h"

#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>

static uint32_t word;
static int woken;

static long wake(int count)
{
    return syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0);
}

static void *sleeper(void *unused)
{
    (void)unused;
    while (syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0) == -1 && errno == EINTR)
        continue;
    __atomic_add_fetch(&woken, 1, __ATOMIC_SEQ_CST);
    return NULL;
}

/* Wakes with `count` until one call finds a sleeper. */
static long wake_until(int count)
{
    long n;
    while ((n = CHECK(wake(count))) == 0)
        sched_yield();
    return n;
}

int main(void)
{
    pthread_t threads[3];
    EXPECT_EQ(0, wake(0));
    EXPECT_EQ(0, wake(-1));
    for (int i = 0; i < 3; i++)
        EXPECT_EQ(0, pthread_create(&threads[i], NULL, sleeper, NULL));
    EXPECT_EQ(1, wake_until(0));
    EXPECT_EQ(1, wake_until(-1));
    EXPECT_EQ(1, wake_until(1));
    for (int i = 0; i < 3; i++)
        EXPECT_EQ(0, pthread_join(threads[i], NULL));
    EXPECT_EQ(3, woken);
    return 0;
}
