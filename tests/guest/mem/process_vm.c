/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What do process_vm_readv(2) and writev move within one's own process, where do they stop? */
#include "fault.h"

#include <sys/uio.h>

static long vm_read(const struct iovec *local, unsigned long n, const struct iovec *remote,
                    unsigned long m, unsigned long flags)
{
    return syscall(SYS_process_vm_readv, getpid(), local, n, remote, m, flags);
}

static long vm_write(const struct iovec *local, unsigned long n, const struct iovec *remote,
                     unsigned long m, unsigned long flags)
{
    return syscall(SYS_process_vm_writev, getpid(), local, n, remote, m, flags);
}

int main(void)
{
    char from[100], to[100] = {0};
    for (int i = 0; i < 100; i++)
        from[i] = (char)i;
    struct iovec local[] = {{to, 10}, {to + 20, 30}}, remote[] = {{from, 25}, {from + 50, 15}};
    EXPECT_EQ(40, vm_read(local, 2, remote, 2, 0));
    for (int i = 0; i < 10; i++)
        EXPECT_EQ(i, to[i]);
    for (int i = 0; i < 15; i++)
        EXPECT_EQ(i + 10, to[20 + i]);
    for (int i = 0; i < 15; i++)
        EXPECT_EQ(i + 50, to[35 + i]);
    /* The shorter side decides. */
    EXPECT_EQ(10, vm_read(local, 1, remote, 2, 0));
    EXPECT_EQ(15, vm_write(local, 2, remote + 1, 1, 0));
    EXPECT_EQ(to[0], from[50]);

    EXPECT_ERRNO(EINVAL, vm_read(local, 2, remote, 2, 1));
    EXPECT_ERRNO(EINVAL, vm_read(local, 1025, remote, 2, 0));
    EXPECT_ERRNO(EINVAL, vm_read(local, 2, remote, 1025, 0));
    EXPECT_ERRNO(EFAULT, vm_read((void *)8, 2, remote, 2, 0));
    EXPECT_ERRNO(EFAULT, vm_read(local, 2, (void *)8, 2, 0));
    EXPECT_EQ(0, vm_read(local, 0, (void *)8, 2, 0)); /* nothing to do: the rest is not looked at */
    EXPECT_EQ(0, vm_read(local, 2, remote, 0, 0));
    EXPECT_ERRNO(ESRCH, syscall(SYS_process_vm_readv, 0x3fffffff, local, 2, remote, 2, 0));
    struct iovec negative = {to, -1UL};
    EXPECT_ERRNO(EINVAL, vm_read(&negative, 1, remote, 2, 0));
    EXPECT_ERRNO(EINVAL, vm_read(local, 2, &negative, 1, 0));

    /* Up to where the remote side ends; nothing at all is EFAULT. */
    char *map = anon(2 * PAGE, PROT_READ | PROT_WRITE),
         *big = anon(2 * PAGE, PROT_READ | PROT_WRITE);
    CHECK(munmap(map + PAGE, PAGE));
    map[PAGE - 1] = 5;
    struct iovec edge = {map + PAGE - 8, 16}, into = {big, 2 * PAGE}, bad = {map + PAGE, 8};
    EXPECT_EQ(8, vm_read(&into, 1, &edge, 1, 0));
    EXPECT_EQ(5, big[7]);
    EXPECT_EQ(8, vm_write(&into, 1, &edge, 1, 0));
    EXPECT_ERRNO(EFAULT, vm_read(&into, 1, &bad, 1, 0));
    struct iovec two[] = {{map, 8}, {map + PAGE, 8}};
    EXPECT_EQ(8, vm_read(&into, 1, two, 2, 0));
    /* Protection holds. */
    CHECK(mprotect(map, PAGE, PROT_READ));
    EXPECT_ERRNO(EFAULT, vm_write(&into, 1, two, 1, 0));
    /* Of the mapping, not of the processor: what is only written or executed cannot be read. */
    for (unsigned i = 0; i < 2; i++) {
        CHECK(mprotect(map, PAGE, i ? PROT_WRITE : PROT_EXEC));
        EXPECT_ERRNO(EFAULT, vm_read(&into, 1, two, 1, 0));
    }
    EXPECT_EQ(8, vm_write(&into, 1, two, 1, 0));
    /* A stack does not grow so. */
    char *stack = anon(64 * PAGE, PROT_READ | PROT_WRITE);
    CHECK(munmap(stack, 64 * PAGE));
    EXPECT_EQ(stack + 63 * PAGE,
              mmap(stack + 63 * PAGE, PAGE, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN | MAP_FIXED_NOREPLACE, -1, 0));
    struct iovec below = {stack + 62 * PAGE, 8};
    EXPECT_ERRNO(EFAULT, vm_read(&into, 1, &below, 1, 0));
    stack[62 * PAGE] = 1;
    EXPECT_EQ(8, vm_read(&into, 1, &below, 1, 0));
    return 0;
}
