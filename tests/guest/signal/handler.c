/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does a handler see what it should, run on its stack with its mask, and does everything come back
 * after it? */
#include "guest_test.h"
#include <signal.h>
#include <ucontext.h>

static volatile int calls, on_altstack;
static char altstack[65536];

static void handler(int sig, siginfo_t *info, void *context)
{
    ucontext_t *uc = context;
    char here;
    calls++;
    on_altstack = &here >= altstack && &here < altstack + sizeof altstack;
    EXPECT_EQ(SIGUSR1, sig);
    EXPECT_EQ(SIGUSR1, info->si_signo);
    EXPECT_EQ(SI_TKILL, info->si_code);
    EXPECT_EQ(getpid(), info->si_pid);
    sigset_t now;
    sigprocmask(SIG_BLOCK, NULL, &now);
    EXPECT(sigismember(&now, SIGUSR1) && sigismember(&now, SIGUSR2) && !sigismember(&now, SIGHUP));
    EXPECT(!sigismember(&uc->uc_sigmask, SIGUSR1));
    EXPECT(((uintptr_t)uc->uc_mcontext.fpregs & 63) == 0);
}

static void change_context(int sig, siginfo_t *info, void *context)
{
    ucontext_t *uc = context;
    (void)sig;
    (void)info;
    uc->uc_mcontext.gregs[REG_RIP] += 2; /* over the ud2 */
    uc->uc_mcontext.gregs[REG_RBX] = 0x1234;
    uc->uc_mcontext.fpregs->_xmm[7].element[0] = 77;
}

int main(void)
{
    struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};
    sigaddset(&action.sa_mask, SIGUSR2);
    CHECK(sigaction(SIGUSR1, &action, NULL));
    raise(SIGUSR1);
    EXPECT_EQ(1, calls);
    EXPECT_EQ(0, on_altstack);

    stack_t stack = {.ss_sp = altstack, .ss_size = sizeof altstack};
    CHECK(sigaltstack(&stack, NULL));
    action.sa_flags |= SA_ONSTACK;
    CHECK(sigaction(SIGUSR1, &action, NULL));
    raise(SIGUSR1);
    EXPECT_EQ(2, calls);
    EXPECT_EQ(1, on_altstack);

    sigset_t mask, old;
    sigprocmask(SIG_BLOCK, NULL, &mask);
    EXPECT(!sigismember(&mask, SIGUSR1) && !sigismember(&mask, SIGUSR2));

    /* Registers and the FPU come from the frame. */
    struct sigaction ill = {.sa_sigaction = change_context, .sa_flags = SA_SIGINFO};
    CHECK(sigaction(SIGILL, &ill, NULL));
    uint64_t rbx = 0;
    uint32_t lane = 0;
    __asm__ volatile("ud2\n\tmov %%rbx, %0\n\tmovd %%xmm7, %1"
                     : "=r"(rbx), "=r"(lane)
                     :
                     : "rbx", "xmm7");
    EXPECT_EQ(0x1234, rbx);
    EXPECT_EQ(77, lane);

    /* Blocked: pending, then delivered. */
    sigemptyset(&mask);
    sigaddset(&mask, SIGUSR1);
    sigprocmask(SIG_BLOCK, &mask, &old);
    raise(SIGUSR1);
    raise(SIGUSR1);
    EXPECT_EQ(2, calls);
    CHECK(sigpending(&mask));
    EXPECT(sigismember(&mask, SIGUSR1));
    sigprocmask(SIG_SETMASK, &old, NULL);
    EXPECT_EQ(3, calls);
    return 0;
}
