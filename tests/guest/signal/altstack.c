/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What does sigaltstack(2) accept, and what does it say of a stack that is in use? */
#include "guest_test.h"
#include <signal.h>
#include <sys/syscall.h>

static char memory[65536];
static int flags_inside = -1, error_inside;

static void handler(int sig)
{
    stack_t stack = {.ss_sp = memory, .ss_size = sizeof memory}, old;
    (void)sig;
    syscall(SYS_sigaltstack, NULL, &old);
    flags_inside = old.ss_flags;
    error_inside = syscall(SYS_sigaltstack, &stack, NULL) == -1 ? errno : 0;
}

int main(void)
{
    stack_t stack = {.ss_sp = memory, .ss_size = sizeof memory}, old;

    EXPECT_EQ(0, syscall(SYS_sigaltstack, NULL, &old));
    EXPECT_EQ(SS_DISABLE, old.ss_flags);
    EXPECT_EQ(0, syscall(SYS_sigaltstack, &stack, &old));
    EXPECT_EQ(SS_DISABLE, old.ss_flags);
    EXPECT_EQ(0, syscall(SYS_sigaltstack, NULL, &old));
    EXPECT_EQ(0, old.ss_flags);
    EXPECT(old.ss_sp == memory);
    EXPECT_EQ(sizeof memory, old.ss_size);

    stack.ss_size = 2047;
    EXPECT_ERRNO(ENOMEM, syscall(SYS_sigaltstack, &stack, NULL));
    stack.ss_size = sizeof memory;
    stack.ss_flags = 4;
    EXPECT_ERRNO(EINVAL, syscall(SYS_sigaltstack, &stack, NULL));
    stack.ss_flags = SS_ONSTACK;
    EXPECT_EQ(0, syscall(SYS_sigaltstack, &stack, NULL));
    EXPECT_ERRNO(EFAULT, syscall(SYS_sigaltstack, 8L, NULL));
    EXPECT_ERRNO(EFAULT, syscall(SYS_sigaltstack, NULL, 8L));
    stack.ss_flags = (int)0x80000000; /* SS_AUTODISARM */
    EXPECT_EQ(0, syscall(SYS_sigaltstack, &stack, NULL));
    EXPECT_EQ(0, syscall(SYS_sigaltstack, NULL, &old));
    EXPECT_EQ((int)0x80000000, old.ss_flags);
    stack.ss_flags = 0;
    EXPECT_EQ(0, syscall(SYS_sigaltstack, &stack, NULL));

    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_ONSTACK};
    CHECK(sigaction(SIGUSR1, &action, NULL));
    CHECK(raise(SIGUSR1));
    EXPECT_EQ(SS_ONSTACK, flags_inside);
    EXPECT_EQ(EPERM, error_inside);

    stack.ss_flags = SS_DISABLE;
    EXPECT_EQ(0, syscall(SYS_sigaltstack, &stack, NULL));
    EXPECT_EQ(0, syscall(SYS_sigaltstack, NULL, &old));
    EXPECT_EQ(SS_DISABLE, old.ss_flags);
    EXPECT_EQ(0, old.ss_size);
    return 0;
}
