/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What does sigaltstack(2) accept, and what does it say of a stack that is in use? */
#include "guest_test.h"
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <ucontext.h>

static char memory[65536];
static int flags_inside = -1, error_inside;

/* A frame shows the flags as they were set last: by nobody, then by SS_DISABLE; execve(2) leaves
 * them. */
static int flags_in_frame = -1;

static void look(int sig, siginfo_t *info, void *context)
{
    (void)sig, (void)info;
    flags_in_frame = ((ucontext_t *)context)->uc_stack.ss_flags;
}

static int shown_in_frame(void)
{
    struct sigaction action = {.sa_sigaction = look, .sa_flags = SA_SIGINFO};
    CHECK(sigaction(SIGUSR2, &action, NULL));
    CHECK(raise(SIGUSR2));
    return flags_in_frame;
}

static void *shown_in_thread(void *unused)
{
    (void)unused;
    EXPECT_EQ(SS_DISABLE, shown_in_frame());
    return NULL;
}

static void frames(char **argv)
{
    stack_t stack = {.ss_sp = memory, .ss_size = sizeof memory};
    pthread_t thread;
    EXPECT_EQ(0, syscall(SYS_sigaltstack, &stack, NULL));
    EXPECT_EQ(0, shown_in_frame());
    stack.ss_flags = SS_DISABLE;
    EXPECT_EQ(0, syscall(SYS_sigaltstack, &stack, NULL));
    EXPECT_EQ(SS_DISABLE, shown_in_frame());
    EXPECT_EQ(0, pthread_create(&thread, NULL, shown_in_thread, NULL));
    EXPECT_EQ(0, pthread_join(thread, NULL));
    for (int flags = 0; flags <= SS_DISABLE; flags += SS_DISABLE) {
        int status;
        pid_t child = CHECK(fork());
        if (child == 0) {
            stack.ss_flags = flags;
            EXPECT_EQ(0, syscall(SYS_sigaltstack, &stack, NULL));
            CHECK(execl("/proc/self/exe", argv[0], flags ? "2" : "0", NULL));
        }
        EXPECT_EQ(child, waitpid(child, &status, 0));
        EXPECT_EQ(0, status);
    }
}

static void handler(int sig)
{
    stack_t stack = {.ss_sp = memory, .ss_size = sizeof memory}, old;
    (void)sig;
    syscall(SYS_sigaltstack, NULL, &old);
    flags_inside = old.ss_flags;
    error_inside = syscall(SYS_sigaltstack, &stack, NULL) == -1 ? errno : 0;
}

int main(int argc, char **argv)
{
    stack_t stack = {.ss_sp = memory, .ss_size = sizeof memory}, old;
    if (argc > 1) {
        EXPECT_EQ(argv[1][0] - '0', shown_in_frame());
        return 0;
    }

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
    frames(argv);
    return 0;
}
