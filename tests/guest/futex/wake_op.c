/* SPDX-License-Identifier: GPL-2.0-or-later */
/* FUTEX_WAKE_OP: what does each operation write, and when does each comparison wake the second
 * word's waiters? */
#include "futex_test.h"

static uint32_t word, other;

static long wake_op(uint32_t encoded)
{
    return futex(&word, FUTEX_WAKE_OP, 1, (void *)1, &other, encoded);
}

static void operations(void)
{
    const struct {
        uint32_t op;
        int32_t arg;
        uint32_t before, after;
    } cases[] = {
        {FUTEX_OP_SET, 0x7ff, 9, 0x7ff},
        {FUTEX_OP_SET, -1, 9, 0xffffffff},
        {FUTEX_OP_SET, -2048, 9, 0xfffff800},
        {FUTEX_OP_ADD, 5, 0xfffffffe, 3},
        {FUTEX_OP_ADD, -1, 0x80000000, 0x7fffffff},
        {FUTEX_OP_OR, 6, 9, 15},
        {FUTEX_OP_ANDN, 1, 9, 8},
        {FUTEX_OP_ANDN, -1, 9, 0},
        {FUTEX_OP_XOR, 8, 9, 1},
        {FUTEX_OP_SET | 8, 31, 0, 0x80000000},
        {FUTEX_OP_SET | 8, 0, 0, 1},
        {FUTEX_OP_OR | 8, 4, 1, 17},
        /* A shift beyond the word is cut to it. */
        {FUTEX_OP_SET | 8, 33, 0, 2},
        {FUTEX_OP_SET | 8, -1, 0, 0x80000000},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        other = cases[i].before;
        EXPECT_EQ(0, wake_op(FUTEX_OP(cases[i].op, cases[i].arg, FUTEX_OP_CMP_EQ, 0)));
        EXPECT_EQ(cases[i].after, other);
    }
    other = 9;
    for (uint32_t op = 5; op < 8; op++)
        EXPECT_ERRNO(ENOSYS, wake_op(FUTEX_OP(op, 1, FUTEX_OP_CMP_EQ, 0)));
    EXPECT_EQ(9, other);
    /* An unknown comparison is found when the word is changed already. */
    EXPECT_ERRNO(ENOSYS, wake_op(FUTEX_OP(FUTEX_OP_SET, 1, 6, 0)));
    EXPECT_EQ(1, other);
}

static void comparisons(void)
{
    const struct {
        uint32_t cmp, old;
        int32_t arg;
        int meets;
    } cases[] = {
        {FUTEX_OP_CMP_EQ, 5, 5, 1},
        {FUTEX_OP_CMP_EQ, 4, 5, 0},
        {FUTEX_OP_CMP_NE, 4, 5, 1},
        {FUTEX_OP_CMP_NE, 5, 5, 0},
        {FUTEX_OP_CMP_LT, (uint32_t)-1, 0, 1},
        {FUTEX_OP_CMP_LT, 0, 0, 0},
        {FUTEX_OP_CMP_LE, 0, 0, 1},
        {FUTEX_OP_CMP_LE, 1, 0, 0},
        {FUTEX_OP_CMP_GT, 1, 0, 1},
        {FUTEX_OP_CMP_GT, 0x80000000, 0, 0},
        {FUTEX_OP_CMP_GE, 0, 0, 1},
        {FUTEX_OP_CMP_GE, (uint32_t)-2, -1, 0},
        {FUTEX_OP_CMP_GE, (uint32_t)-1, -1, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        other = cases[i].old;
        struct job first = {.addr = &word, .op = FUTEX_WAIT, .val = word};
        struct job second = {.addr = &other, .op = FUTEX_WAIT, .val = other};
        job_start(&first);
        job_start(&second);
        EXPECT_EQ(1 + cases[i].meets,
                  wake_op(FUTEX_OP(FUTEX_OP_ADD, 0, cases[i].cmp, cases[i].arg)));
        if (!cases[i].meets)
            EXPECT_EQ(1, futex(&other, FUTEX_WAKE, 1, NULL, NULL, 0));
        job_end(&first, 0, 0);
        job_end(&second, 0, 0);
    }
}

int main(void)
{
    operations();
    comparisons();
    return 0;
}
