/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What do rt_sigaction and rt_sigprocmask keep, and what do they refuse in which order? */
#include "guest_test.h"
#include <signal.h>
#include <sys/syscall.h>

struct kernel_action {
    unsigned long handler, flags, restorer, mask;
};

static long action(int sig, const void *act, void *old, size_t size)
{
    return syscall(SYS_rt_sigaction, sig, act, old, size);
}

static long mask(int how, const void *set, void *old, size_t size)
{
    return syscall(SYS_rt_sigprocmask, how, set, old, size);
}

int main(void)
{
    struct kernel_action act = {0x1234000, 0xffffffff, 0x5678000, ~0UL}, old;
    unsigned long set = ~0UL, got;

    EXPECT_EQ(0, action(SIGUSR1, &act, &old, 8));
    EXPECT_EQ(0, old.handler);
    EXPECT_EQ(0, action(SIGUSR1, NULL, &old, 8));
    EXPECT_EQ(0x1234000, old.handler);
    EXPECT_EQ(0x5678000, old.restorer);
    EXPECT_EQ(~(1UL << 8 | 1UL << 18), old.mask); /* KILL and STOP cannot be blocked */
    EXPECT_EQ(0xdc000807,
              old.flags & ~0x20000000); /* those that exist are kept, SA_UNSUPPORTED is cleared */
    EXPECT_EQ(0, old.flags & 0x400);

    act.handler = 0;
    EXPECT_EQ(0, action(SIGUSR1, &act, NULL, 8));
    EXPECT_ERRNO(EINVAL, action(SIGUSR1, &act, NULL, 4));
    EXPECT_ERRNO(EINVAL, action(SIGUSR1, (void *)8, NULL, 16));
    EXPECT_ERRNO(EFAULT, action(99, (void *)8, NULL, 8));
    EXPECT_ERRNO(EINVAL, action(0, &act, NULL, 8));
    EXPECT_ERRNO(EINVAL, action(65, &act, NULL, 8));
    EXPECT_ERRNO(EINVAL, action(-1, NULL, NULL, 8));
    EXPECT_ERRNO(EINVAL, action(SIGKILL, &act, NULL, 8));
    EXPECT_ERRNO(EINVAL, action(SIGSTOP, &act, NULL, 8));
    EXPECT_EQ(0, action(SIGKILL, NULL, &old, 8));
    EXPECT_EQ(0, action(64, &act, NULL, 8));
    EXPECT_ERRNO(EFAULT, action(SIGUSR2, NULL, (void *)8, 8));

    EXPECT_EQ(0, mask(SIG_SETMASK, &set, &got, 8));
    EXPECT_EQ(0, got);
    EXPECT_EQ(0, mask(SIG_BLOCK, NULL, &got, 8));
    EXPECT_EQ(~(1UL << 8 | 1UL << 18), got);
    set = 1;
    EXPECT_EQ(0, mask(SIG_UNBLOCK, &set, NULL, 8));
    EXPECT_EQ(0, mask(99, NULL, &got, 8)); /* how is not looked at without a set */
    EXPECT_EQ(~(1UL << 8 | 1UL << 18 | 1), got);
    EXPECT_ERRNO(EINVAL, mask(3, &set, &got, 8));
    EXPECT_ERRNO(EINVAL, mask(SIG_BLOCK, &set, &got, 16));
    EXPECT_ERRNO(EFAULT, mask(3, (void *)8, &got, 8));
    EXPECT_ERRNO(EFAULT, mask(SIG_BLOCK, NULL, (void *)8, 8));
    set = 0;
    EXPECT_EQ(0, mask(SIG_SETMASK, &set, NULL, 8));

    EXPECT_EQ(0, syscall(SYS_rt_sigpending, &got, 8));
    EXPECT_EQ(0, got);
    EXPECT_ERRNO(EINVAL, syscall(SYS_rt_sigpending, &got, 9));
    EXPECT_ERRNO(EFAULT, syscall(SYS_rt_sigpending, (void *)8, 8));
    return 0;
}
