/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What does futex refuse, and with which error first? */
#include "futex_test.h"

static uint32_t word, other;

static void operations(void)
{
    EXPECT_ERRNO(ENOSYS, futex(&word, FUTEX_FD, 1, NULL, NULL, 0));
    EXPECT_ERRNO(ENOSYS, futex(&word, 14, 1, NULL, NULL, 0));
    EXPECT_ERRNO(ENOSYS, futex(&word, 512 | FUTEX_WAKE, 1, NULL, NULL, 0));
    /* Only some take the other clock. */
    const int without[] = {
        FUTEX_WAIT,    FUTEX_WAKE,      FUTEX_REQUEUE,    FUTEX_CMP_REQUEUE, FUTEX_WAKE_OP,
        FUTEX_LOCK_PI, FUTEX_UNLOCK_PI, FUTEX_TRYLOCK_PI, FUTEX_WAKE_BITSET, FUTEX_CMP_REQUEUE_PI};
    for (size_t i = 0; i < sizeof without / sizeof *without; i++)
        EXPECT_ERRNO(ENOSYS, futex(&word, without[i] | FUTEX_CLOCK_REALTIME, 1, NULL, NULL, 0));
    EXPECT_ERRNO(EINVAL, futex(&word, FUTEX_WAKE_BITSET, 1, NULL, NULL, 0));
    EXPECT_ERRNO(EINVAL, futex(&word, FUTEX_WAIT_BITSET, 1, NULL, NULL, 0));
    EXPECT_ERRNO(EINVAL, futex(&word, FUTEX_REQUEUE, -1, (void *)1, &other, 0));
    EXPECT_ERRNO(EINVAL, futex(&word, FUTEX_REQUEUE, 1, (void *)-1L, &other, 0));
    EXPECT_ERRNO(EAGAIN, futex(&word, FUTEX_CMP_REQUEUE, 1, (void *)1, &other, word + 1));
    EXPECT_ERRNO(EINVAL, futex(&word, FUTEX_CMP_REQUEUE_PI, 2, (void *)1, &other, word));
    EXPECT_ERRNO(EINVAL, futex(&word, FUTEX_CMP_REQUEUE_PI, 1, (void *)1, &word, word));
    EXPECT_ERRNO(EAGAIN, futex(&word, FUTEX_CMP_REQUEUE_PI, 1, (void *)1, &other, word + 1));
    EXPECT_EQ(0, futex(&word, FUTEX_CMP_REQUEUE_PI, 1, (void *)1, &other, word));
    EXPECT_ERRNO(EINVAL, futex(&word, FUTEX_WAIT_REQUEUE_PI, word, NULL, &word, 0));
    EXPECT_ERRNO(EAGAIN, futex(&word, FUTEX_WAIT_REQUEUE_PI, word + 1, NULL, &other, 0));
    EXPECT_ERRNO(EFAULT, futex(&word, FUTEX_WAIT_REQUEUE_PI, word, NULL, (void *)8, 0));
    EXPECT_ERRNO(EINVAL, futex(&word, FUTEX_WAIT_REQUEUE_PI, word, NULL, (char *)&other + 1, 0));
}

static void times(void)
{
    struct timespec negative = {-1, 0}, long_nsec = {0, 1000000000}, negative_nsec = {0, -1},
                    far = {INT64_MAX, 0};
    EXPECT_ERRNO(EINVAL, futex(&word, FUTEX_WAIT, word, &negative, NULL, 0));
    EXPECT_ERRNO(EINVAL, futex(&word, FUTEX_WAIT, word, &long_nsec, NULL, 0));
    EXPECT_ERRNO(EINVAL, futex(&word, FUTEX_WAIT, word, &negative_nsec, NULL, 0));
    EXPECT_ERRNO(EINVAL, futex(&word, FUTEX_LOCK_PI, word, &long_nsec, NULL, 0));
    EXPECT_ERRNO(EAGAIN, futex(&word, FUTEX_WAIT, word + 1, &far, NULL, 0));
    EXPECT_ERRNO(EFAULT, futex(&word, FUTEX_WAIT, word + 1, (void *)8, NULL, 0));
    EXPECT_ERRNO(EFAULT, futex(&word, FUTEX_LOCK_PI, 0, (void *)8, NULL, 0));
    EXPECT_ERRNO(EINVAL, futex((char *)&word + 1, FUTEX_WAIT, word, NULL, NULL, 0));
    EXPECT_ERRNO(EINVAL, futex((char *)&word + 1, FUTEX_WAIT, word, &long_nsec, NULL, 0));
    /* Absolute ones that are over, on both clocks. */
    struct timespec past = {1, 0}, zero = {0, 0};
    EXPECT_ERRNO(ETIMEDOUT, futex(&word, FUTEX_WAIT, word, &zero, NULL, 0));
    EXPECT_ERRNO(ETIMEDOUT, futex(&word, FUTEX_WAIT_BITSET, word, &zero, NULL, 1));
    EXPECT_ERRNO(ETIMEDOUT,
                 futex(&word, FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, word, &past, NULL, 1));
    EXPECT_ERRNO(ETIMEDOUT, futex(&word, FUTEX_WAIT_REQUEUE_PI, word, &zero, &other, 0));
    /* Where it is not a time it is not looked at. */
    EXPECT_EQ(0, futex(&word, FUTEX_WAKE, 1, (void *)8, NULL, 0));
}

static void addresses(void)
{
    char *limit = (char *)0x800000000000;
    EXPECT_ERRNO(EFAULT, futex(limit, FUTEX_WAKE, 1, NULL, NULL, 0));
    EXPECT_ERRNO(EINVAL, futex(limit + 1, FUTEX_WAKE, 1, NULL, NULL, 0));
    EXPECT_ERRNO(EFAULT, futex((void *)8, FUTEX_WAKE, 1, NULL, NULL, 0));
    EXPECT_EQ(0, futex((void *)8, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0));
    EXPECT_ERRNO(EFAULT, futex((void *)8, FUTEX_WAIT_PRIVATE, 1, NULL, NULL, 0));
    EXPECT_ERRNO(EFAULT, futex((void *)8, FUTEX_UNLOCK_PI, 1, NULL, NULL, 0));
    EXPECT_ERRNO(EFAULT, futex((void *)9, FUTEX_UNLOCK_PI, 1, NULL, NULL, 0));
    EXPECT_ERRNO(EPERM, futex((char *)&word + 1, FUTEX_UNLOCK_PI, 1, NULL, NULL, 0));
    EXPECT_ERRNO(EFAULT, futex(&word, FUTEX_WAKE_OP, 1, (void *)1, (void *)8, 0));
    EXPECT_ERRNO(EINVAL, futex(&word, FUTEX_WAKE_OP, 1, (void *)1, (char *)&other + 2, 0));

    void *none = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    EXPECT_ERRNO(EFAULT, futex(none, FUTEX_WAKE, 1, NULL, NULL, 0));
    EXPECT_EQ(0, futex(none, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0));
    EXPECT_ERRNO(EFAULT, futex(none, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0));

    /* Private memory that was never written and cannot be: nobody can be found there. */
    void *fixed = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    EXPECT_ERRNO(EFAULT, futex(fixed, FUTEX_WAKE, 1, NULL, NULL, 0));
    EXPECT_ERRNO(EFAULT, futex(fixed, FUTEX_WAIT, 1, NULL, NULL, 0));
    EXPECT_EQ(0, futex(fixed, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0));
    EXPECT_ERRNO(EAGAIN, futex(fixed, FUTEX_WAIT_PRIVATE, 1, NULL, NULL, 0));
    EXPECT_ERRNO(EFAULT, futex(fixed, FUTEX_LOCK_PI_PRIVATE, 1, NULL, NULL, 0));
    EXPECT_ERRNO(EFAULT, futex(&word, FUTEX_CMP_REQUEUE, 1, (void *)1, fixed, word));
    EXPECT_EQ(0, futex(&word, FUTEX_CMP_REQUEUE_PRIVATE, 1, (void *)1, fixed, word));
    EXPECT_ERRNO(EFAULT, futex(&word, FUTEX_WAKE_OP_PRIVATE, 1, (void *)1, fixed, 0));

    /* Shared memory may be read-only to be waited on. */
    void *shared = mmap(NULL, 4096, PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    EXPECT_EQ(0, futex(shared, FUTEX_WAKE, 1, NULL, NULL, 0));
    EXPECT_ERRNO(EAGAIN, futex(shared, FUTEX_WAIT, 1, NULL, NULL, 0));
    EXPECT_ERRNO(EFAULT, futex(shared, FUTEX_LOCK_PI, 1, NULL, NULL, 0));
    EXPECT_ERRNO(EFAULT, futex(&word, FUTEX_WAKE_OP, 1, (void *)1, shared, 0));
}

/* A time that is none is found before a clock that the operation does not know. */
static void clocks(void)
{
    struct timespec none = {0, 1000000000};
    EXPECT_ERRNO(EINVAL, futex(&word, FUTEX_WAIT | FUTEX_CLOCK_REALTIME, 5, &none, NULL, 0));
    EXPECT_ERRNO(EFAULT, futex(&word, FUTEX_LOCK_PI | FUTEX_CLOCK_REALTIME, 5, (void *)8, NULL, 0));
    EXPECT_ERRNO(ENOSYS, futex(&word, FUTEX_WAIT | FUTEX_CLOCK_REALTIME, 5, NULL, NULL, 0));
    EXPECT_ERRNO(ENOSYS, futex(&word, FUTEX_WAKE | FUTEX_CLOCK_REALTIME, 5, &none, NULL, 0));
}

int main(void)
{
    word = 5;
    clocks();
    operations();
    times();
    addresses();
    return 0;
}
