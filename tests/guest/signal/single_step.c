/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * With TF set, after which instructions does SIGTRAP come: each, the one after popf, a system call,
 * one that writes TF, a repeated string instruction? And what do pushf and the frame show?
 */
#include "guest_test.h"
#include <signal.h>
#include <sys/syscall.h>
#include <ucontext.h>

#define TF 0x100

static uintptr_t steps[64];
static int count, codes, rflags_tf;

static void on_trap(int sig, siginfo_t *info, void *context)
{
    ucontext_t *uc = context;
    (void)sig;
    if (count < 64)
        steps[count++] = (uintptr_t)uc->uc_mcontext.gregs[REG_RIP];
    codes += info->si_code == TRAP_TRACE && info->si_addr == (void *)uc->uc_mcontext.gregs[REG_RIP];
    rflags_tf += (uc->uc_mcontext.gregs[REG_EFL] & TF) != 0;
}

/* Everything between two labels, TF being set by the popf before `from` and cleared by that before
 * `to`. */
#define STEPPED(name, body)                                                                        \
    extern char name##_points[];                                                                   \
    void name(void);                                                                               \
    asm(#name ": push %rbx\n pushf\n orl $0x100, (%rsp)\n popf\n" #name "_points:\n" body          \
              "pushf\n andl $~0x100, (%rsp)\n popf\n nop\n pop %rbx\n ret\n")

STEPPED(plain, "nop\n nop\n mov $1, %eax\n");
STEPPED(call, "mov $39, %eax\n syscall\n nop\n");
STEPPED(jumps,
        "jmp 1f\n nop\n 1: xor %eax, %eax\n jz 2f\n nop\n 2: call 3f\n jmp 4f\n 3: ret\n 4:");
STEPPED(strings, "lea buffer(%rip), %rdi\n mov $3, %ecx\n xor %eax, %eax\n rep stosb\n nop\n");
STEPPED(seen, "pushf\n pop %rbx\n mov %rbx, flags_seen(%rip)\n");
STEPPED(trap, "int3\n nop\n");
char buffer[16];
uint64_t flags_seen;

/* The steps were these offsets from the first stepped instruction. */
static void expect_steps(const char *name, void (*run)(void), char *from, int n, const int *want)
{
    memset(steps, 0, sizeof steps);
    count = codes = rflags_tf = 0;
    run();
    int bad = count != n;
    for (int i = 0; i < n && !bad; i++)
        bad = steps[i] != (uintptr_t)from + (uintptr_t)want[i];
    if (bad) {
        fprintf(stderr, "%s: %d steps, not %d:", name, count, n);
        for (int i = 0; i < count; i++)
            fprintf(stderr, " %ld", (long)(steps[i] - (uintptr_t)from));
        fprintf(stderr, "\n");
        _exit(1);
    }
}
#define EXPECT_STEPS(name, ...)                                                                    \
    expect_steps(#name, name, name##_points, sizeof((int[]){__VA_ARGS__}) / sizeof(int),           \
                 (int[]){__VA_ARGS__})

int main(void)
{
    struct sigaction action = {.sa_sigaction = on_trap, .sa_flags = SA_SIGINFO};
    CHECK(sigaction(SIGTRAP, &action, NULL));
    /* nop, nop, mov, pushf, andl, popf; after the popf that clears TF one more trap comes. */
    EXPECT_STEPS(plain, 1, 2, 7, 8, 15, 16);
    EXPECT_EQ(6, codes);
    EXPECT_EQ(5, rflags_tf);             /* TF is clear in the last one's frame */
    EXPECT_STEPS(call, 5, 8, 9, 16, 17); /* none between syscall and the instruction after it */
    EXPECT_STEPS(jumps, 3, 5, 8, 15, 13, 16, 17, 24, 25);
    EXPECT_STEPS(strings, 7, 12, 14, 14, 14, 16, 17, 18, 25, 26);
    EXPECT_STEPS(seen, 1, 2, 9, 10, 17, 18);
    EXPECT_EQ(TF, flags_seen & TF);
    EXPECT_STEPS(trap, 1, 2, 3, 10, 11);
    EXPECT_EQ(4, codes);
    return 0;
}
