/* SPDX-License-Identifier: GPL-2.0-or-later */
/* No room for a signal's frame: is it SIGSEGV, who handles it, and when does it kill? */
#include "guest_test.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

static char altstack[65536];

static void on_segv(int sig, siginfo_t *info, void *context)
{
    (void)sig, (void)context;
    _exit(info->si_code == SI_KERNEL && !info->si_addr ? 9 : 1);
}

static void on_usr1(int sig)
{
    (void)sig;
    _exit(2);
}

/* SIGUSR1 to oneself with a stack pointer that leads nowhere. */
static void signal_without_stack(void)
{
    long pid = getpid();
    asm volatile("mov %%rsp, %%rbx\n mov $4096, %%esp\n syscall\n mov %%rbx, %%rsp\n"
                 :
                 : "a"(62L), "D"(pid), "S"((long)SIGUSR1)
                 : "rbx", "rcx", "r11", "memory");
    _exit(3);
}

static int end_of(int flags)
{
    int status;
    pid_t child = CHECK(fork());
    if (child == 0) {
        stack_t stack = {.ss_sp = altstack, .ss_size = sizeof altstack};
        struct sigaction action = {.sa_sigaction = on_segv, .sa_flags = flags | SA_SIGINFO};
        sigaltstack(&stack, NULL);
        sigaction(SIGSEGV, &action, NULL);
        signal(SIGUSR1, on_usr1);
        signal_without_stack();
    }
    EXPECT_EQ(child, waitpid(child, &status, 0));
    return status & 0x7f ? status & 0x7f : -WEXITSTATUS(status);
}

int main(void)
{
    EXPECT_EQ(-9, end_of(SA_ONSTACK));
    EXPECT_EQ(SIGSEGV, end_of(0)); /* its own frame has no room either */
    return 0;
}
