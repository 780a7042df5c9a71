/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Are memory policies kept, inherited, told and refused, though there is one node only? */
#include "guest_test.h"

#include <linux/mempolicy.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define PAGE 4096L
#define BITS 1024

static unsigned long mask[BITS / 64];

static long set(int mode, const void *nodes, unsigned long count)
{
    return syscall(SYS_set_mempolicy, mode, nodes, count);
}

static long get(int *mode, unsigned long *nodes, const void *at, unsigned long flags)
{
    return syscall(SYS_get_mempolicy, mode, nodes, nodes ? BITS : 0, at, flags);
}

static long bind_range(void *at, unsigned long size, int mode, unsigned flags)
{
    return syscall(SYS_mbind, at, size, mode, mask, BITS, flags);
}

static void expect_policy(const void *at, int mode, unsigned long nodes)
{
    int got = -1;
    unsigned long told[BITS / 64];
    memset(told, 0xff, sizeof told);
    CHECK(get(&got, told, at, at ? MPOL_F_ADDR : 0));
    EXPECT_EQ(mode, got);
    EXPECT_EQ(nodes, told[0]);
    EXPECT_EQ(0, told[1]);
}

static void set_refused(void)
{
    mask[0] = 1;
    EXPECT_ERRNO(EINVAL, set(77, mask, BITS));
    EXPECT_ERRNO(EINVAL, set(MPOL_DEFAULT, mask, BITS));
    EXPECT_ERRNO(EINVAL, set(MPOL_LOCAL, mask, BITS));
    EXPECT_ERRNO(EINVAL, set(MPOL_BIND, mask, 0));
    EXPECT_ERRNO(EINVAL, set(MPOL_BIND, mask, 1)); /* one less than it says */
    EXPECT_ERRNO(EINVAL, set(MPOL_BIND, NULL, BITS));
    EXPECT_ERRNO(EINVAL, set(MPOL_BIND, mask, PAGE * 8 + 2));
    EXPECT_ERRNO(EFAULT, set(MPOL_BIND, (void *)8, BITS));
    EXPECT_ERRNO(EINVAL, set(MPOL_BIND | MPOL_F_STATIC_NODES | MPOL_F_RELATIVE_NODES, mask, BITS));
    EXPECT_ERRNO(EINVAL, set(MPOL_INTERLEAVE | MPOL_F_NUMA_BALANCING, mask, BITS));
    EXPECT_ERRNO(EINVAL, set(MPOL_PREFERRED | MPOL_F_STATIC_NODES, NULL, 0));
    mask[BITS / 64 - 1] = 1ul << 62; /* a node that is not there */
    mask[0] = 0;
    EXPECT_ERRNO(EINVAL, set(MPOL_INTERLEAVE, mask, BITS));
    mask[BITS / 64 - 1] = 0;
    EXPECT_ERRNO(EINVAL, set(MPOL_INTERLEAVE, mask, BITS));
    mask[0] = 1;
    expect_policy(NULL, MPOL_DEFAULT, 0);
}

static void *in_thread(void *unused)
{
    (void)unused;
    expect_policy(NULL, MPOL_BIND, 1); /* the creator's */
    CHECK(set(MPOL_DEFAULT, NULL, 0));
    return NULL;
}

static void of_threads(void)
{
    CHECK(set(MPOL_BIND, mask, BITS));
    expect_policy(NULL, MPOL_BIND, 1);
    pthread_t thread;
    EXPECT_EQ(0, pthread_create(&thread, NULL, in_thread, NULL));
    EXPECT_EQ(0, pthread_join(thread, NULL));
    expect_policy(NULL, MPOL_BIND, 1);
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        expect_policy(NULL, MPOL_BIND, 1);
        _exit(0);
    }
    int status;
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    EXPECT_EQ(0, status);
    EXPECT_ERRNO(EINVAL, get(&status, NULL, NULL, MPOL_F_NODE)); /* it takes no turns */
    CHECK(set(MPOL_INTERLEAVE | MPOL_F_STATIC_NODES, mask, BITS));
    expect_policy(NULL, MPOL_INTERLEAVE | MPOL_F_STATIC_NODES, 1);
    CHECK(get(&status, NULL, NULL, MPOL_F_NODE));
    EXPECT_EQ(0, status);
    CHECK(set(MPOL_PREFERRED, NULL, 0));
    expect_policy(NULL, MPOL_LOCAL, 0);
    CHECK(set(MPOL_DEFAULT, NULL, 0));
}

static void asked(char *page)
{
    int mode = -1;
    CHECK(get(NULL, NULL, NULL, 0));
    EXPECT_ERRNO(EINVAL, get(&mode, NULL, page, 0));
    EXPECT_ERRNO(EINVAL, get(&mode, NULL, NULL, 8));
    EXPECT_ERRNO(EINVAL, get(&mode, mask, NULL, MPOL_F_MEMS_ALLOWED | MPOL_F_ADDR));
    EXPECT_ERRNO(EFAULT, get(&mode, NULL, (void *)8, MPOL_F_ADDR));
    EXPECT_ERRNO(EFAULT, get((void *)8, NULL, NULL, 0));
    EXPECT_ERRNO(EINVAL, syscall(SYS_get_mempolicy, &mode, mask, 0, NULL, 0));
    unsigned long allowed[BITS / 64] = {0};
    CHECK(get(&mode, allowed, NULL, MPOL_F_MEMS_ALLOWED));
    EXPECT(allowed[0] & 1);
    EXPECT_EQ(0, mode);
    mode = -1;
    CHECK(get(&mode, NULL, page, MPOL_F_ADDR | MPOL_F_NODE));
    EXPECT_EQ(0, mode);
}

static void of_ranges(void)
{
    char *p = mmap(NULL, 6 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    EXPECT(p != MAP_FAILED);
    asked(p);
    EXPECT_ERRNO(EINVAL, bind_range(p + 1, PAGE, MPOL_BIND, 0));
    EXPECT_ERRNO(EINVAL, bind_range(p, PAGE, MPOL_BIND, 8));
    EXPECT_ERRNO(EINVAL, bind_range(p, -PAGE, MPOL_BIND, 0));
    EXPECT_ERRNO(EINVAL, bind_range(p, PAGE, 99, 0));
    EXPECT_EQ(0, bind_range(p, 0, MPOL_DEFAULT, 0)); /* of nothing, anything */
    CHECK(bind_range(p + PAGE, 2 * PAGE, MPOL_BIND, MPOL_MF_STRICT));
    CHECK(bind_range(p + 2 * PAGE, 1, MPOL_INTERLEAVE, MPOL_MF_MOVE));
    expect_policy(p, MPOL_DEFAULT, 0);
    expect_policy(p + PAGE, MPOL_BIND, 1);
    expect_policy(p + 2 * PAGE + 100, MPOL_INTERLEAVE, 1);
    expect_policy(p + 3 * PAGE, MPOL_DEFAULT, 0);

    CHECK(munmap(p + 4 * PAGE, PAGE));
    EXPECT_ERRNO(EFAULT, bind_range(p + 3 * PAGE, 3 * PAGE, MPOL_BIND, 0));
    EXPECT_ERRNO(EFAULT, bind_range(p + 4 * PAGE, PAGE, MPOL_BIND, 0));
    expect_policy(p + 3 * PAGE, MPOL_DEFAULT, 0);
    CHECK(syscall(SYS_mbind, p, 6 * PAGE, MPOL_DEFAULT, NULL, 0, 0)); /* that may have holes */
    expect_policy(p + PAGE, MPOL_DEFAULT, 0);
    expect_policy(p + 2 * PAGE, MPOL_DEFAULT, 0);
}

int main(void)
{
    set_refused();
    of_threads();
    of_ranges();
    return 0;
}
