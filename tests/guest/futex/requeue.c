/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Requeued waiters: how many are woken, how many moved, and in which order are they woken after? */
#include "futex_test.h"

static uint32_t from, to;

static long requeue(int wake, int move)
{
    return futex(&from, FUTEX_CMP_REQUEUE, (uint32_t)wake, (void *)(long)move, &to, 0);
}

static long wake(uint32_t *word, int count)
{
    return futex(word, FUTEX_WAKE, (uint32_t)count, NULL, NULL, 0);
}

int main(void)
{
    struct job jobs[6];
    for (int i = 0; i < 6; i++) {
        jobs[i] = (struct job){.addr = &from, .op = FUTEX_WAIT_BITSET, .val3 = 1u << i};
        job_start(&jobs[i]);
    }
    EXPECT_EQ(0, requeue(0, 0));
    /* To where they are: they stay, and are counted. */
    EXPECT_EQ(4, futex(&from, FUTEX_REQUEUE, 0, (void *)4L, &from, 0));
    EXPECT_EQ(3, requeue(1, 2));
    job_end(&jobs[0], 0, 0);
    EXPECT_EQ(0, futex(&to, FUTEX_WAKE_BITSET, 10, NULL, NULL, ~6u));
    /* Their bitsets go with them. */
    EXPECT_EQ(1, futex(&to, FUTEX_WAKE_BITSET, 10, NULL, NULL, 4));
    job_end(&jobs[2], 0, 0);
    EXPECT_EQ(1, wake(&to, 10));
    job_end(&jobs[1], 0, 0);
    EXPECT_EQ(3, requeue(3, 100));
    for (int i = 3; i < 6; i++)
        job_end(&jobs[i], 0, 0);
    EXPECT_EQ(0, wake(&to, 100));
    EXPECT_EQ(0, wake(&from, 100));
    return 0;
}
