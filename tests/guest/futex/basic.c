/* SPDX-License-Identifier: GPL-2.0-or-later */
/* futex: which arguments are refused, when does it time out, who is woken and moved? */
#include "guest_test.h"
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

static long futex(uint32_t *addr, int op, uint32_t val, const void *timeout, uint32_t *addr2,
                  uint32_t val3)
{
    return syscall(SYS_futex, addr, op, val, timeout, addr2, val3);
}

static uint32_t word, word2;
static volatile int asleep, awake;

static void *waiter(void *arg)
{
    (void)arg;
    __atomic_add_fetch(&asleep, 1, __ATOMIC_SEQ_CST);
    long r;
    do
        r = futex(&word, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
    while (r == -1 && errno == EINTR);
    EXPECT_EQ(0, r);
    __atomic_add_fetch(&awake, 1, __ATOMIC_SEQ_CST);
    return NULL;
}

int main(void)
{
    struct timespec soon = {0, 1000000}, bad = {0, 1000000000};
    EXPECT_ERRNO(EAGAIN, futex(&word, FUTEX_WAIT, 1, NULL, NULL, 0));
    EXPECT_ERRNO(ETIMEDOUT, futex(&word, FUTEX_WAIT, 0, &soon, NULL, 0));
    EXPECT_ERRNO(EINVAL, futex(&word, FUTEX_WAIT, 0, &bad, NULL, 0));
    EXPECT_ERRNO(EINVAL, futex((uint32_t *)((char *)&word + 1), FUTEX_WAIT, 0, NULL, NULL, 0));
    EXPECT_ERRNO(EFAULT, futex((uint32_t *)8, FUTEX_WAIT, 0, NULL, NULL, 0));
    EXPECT_ERRNO(EINVAL, futex(&word, FUTEX_WAIT_BITSET, 0, NULL, NULL, 0));
    EXPECT_ERRNO(ENOSYS, futex(&word, 99, 0, NULL, NULL, 0));
    EXPECT_ERRNO(ENOSYS, futex(&word, FUTEX_WAKE | FUTEX_CLOCK_REALTIME, 0, NULL, NULL, 0));
    EXPECT_EQ(0, futex(&word, FUTEX_WAKE, 1, NULL, NULL, 0));

    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        EXPECT_EQ(0, pthread_create(&threads[i], NULL, waiter, NULL));
    /* All are queued once a requeue of none finds four: move them to a second word and wake them
     * there. */
    int moved = 0;
    while (moved < 4) {
        long n = futex(&word, FUTEX_CMP_REQUEUE_PRIVATE, 0, (void *)(long)INT_MAX, &word2, 0);
        moved += (int)CHECK(n);
        sched_yield();
    }
    EXPECT_EQ(0, futex(&word, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0));
    EXPECT_EQ(1, futex(&word2, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0));
    EXPECT_EQ(3, futex(&word2, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0));
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    EXPECT_EQ(4, awake);

    /* Shared between processes: keyed by the object. */
    uint32_t *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    EXPECT(shared != MAP_FAILED);
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        while (*(volatile uint32_t *)shared == 0)
            futex(shared, FUTEX_WAIT, 0, NULL, NULL, 0);
        _exit(0);
    }
    *shared = 1;
    CHECK(futex(shared, FUTEX_WAKE, 1, NULL, NULL, 0));
    int status;
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    EXPECT_EQ(0, status);

    /* WAKE_OP changes the second word and compares what was there. */
    word2 = 5;
    EXPECT_EQ(0, futex(&word, FUTEX_WAKE_OP, 1, (void *)1, &word2,
                       FUTEX_OP(FUTEX_OP_ADD, 3, FUTEX_OP_CMP_EQ, 5)));
    EXPECT_EQ(8, word2);
    return 0;
}
