/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a program changes what it was doing: coroutines by ucontext (where the C library has them),
 * jumps out of handlers, handlers that change their own context.
 */
#include "thread.h"

#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <ucontext.h>

#ifdef __GLIBC__
#define ROUTINES 10
static ucontext_t scheduler, routines[ROUTINES];
static int ended[ROUTINES];

static void routine(int number, int high, int low)
{
    double local = number;
    for (int i = 0; i < 50 + number; i++) {
        local = local * 1.01 + i;
        swapcontext(&routines[number], &scheduler);
    }
    ended[number] = 1;
    printf("routine %d ends: %d %d %.6g\n", number, high, low, local);
} /* uc_link leads to the scheduler */

static void make_routine(ucontext_t *context, ucontext_t *link)
{
    getcontext(context);
    context->uc_stack.ss_sp = malloc(65536);
    context->uc_stack.ss_size = 65536;
    context->uc_link = link;
}

static long swaps;

static void pinger(void)
{
    for (;;) {
        swaps++;
        swapcontext(&routines[0], &scheduler);
    }
}

static void coroutines(void)
{
    for (int i = 0; i < ROUTINES; i++) {
        make_routine(&routines[i], &scheduler);
        makecontext(&routines[i], (void (*)(void))routine, 3, i, i * 2, -i);
    }
    for (int alive = ROUTINES; alive;) {
        alive = 0;
        for (int i = 0; i < ROUTINES; i++) {
            if (!ended[i])
                swapcontext(&scheduler, &routines[i]);
            alive += !ended[i];
        }
    }
    make_routine(&routines[0], NULL);
    makecontext(&routines[0], pinger, 0);
    for (int i = 0; i < 5000; i++)
        swapcontext(&scheduler, &routines[0]);
    VALUE(swaps);

    /* The signal mask is part of a context. */
    volatile int passes = 0;
    ucontext_t again;
    getcontext(&again);
    sigset_t set;
    sigprocmask(SIG_BLOCK, NULL, &set);
    printf("pass %d, blocked %d\n", passes, sigismember(&set, SIGUSR1));
    if (passes++ < 2) {
        sigaddset(&set, SIGUSR1);
        sigprocmask(SIG_BLOCK, &set, NULL);
        setcontext(&again);
    }
}
#else
static void coroutines(void)
{
}
#endif

/* --- jumps --- */

static sigjmp_buf place;
static char alternate[65536];
static volatile int hits, zero, counts[64];

static void jump(int signal)
{
    char here;
    hits += &here >= alternate && &here < alternate + sizeof alternate;
    siglongjmp(place, signal);
}

static void handle(int signal, void (*handler)(int))
{
    struct sigaction action = {.sa_flags = SA_ONSTACK};
    action.sa_handler = handler;
    sigaction(signal, &action, NULL);
}

static void provoke(int which)
{
    switch (which) {
    case 0:
        *(volatile int *)(8L + zero) = 1;
        break;
    case 1:
        zero = 1 / zero;
        break;
    case 2:
        __asm__ volatile("ud2");
        break;
    case 3:
        __asm__ volatile("int3");
        break;
    default:
        raise(SIGUSR1);
    }
}

static void jumps(void)
{
    static const int signals[] = {SIGSEGV, SIGFPE, SIGILL, SIGTRAP, SIGUSR1};
    stack_t stack = {.ss_sp = alternate, .ss_size = sizeof alternate};
    sigaltstack(&stack, NULL);
    for (int i = 0; i < 5; i++)
        handle(signals[i], jump);
    for (volatile int i = 0; i < 1000; i++) {
        int signal = sigsetjmp(place, 1);
        if (signal) {
            counts[signal]++;
            continue;
        }
        provoke(i % 5);
        printf("not reached\n");
    }
    for (int i = 0; i < 5; i++)
        printf("signal %d: %d\n", signals[i], counts[signals[i]]);
    VALUE(hits);
    stack_t now;
    sigset_t set;
    sigaltstack(NULL, &now);
    sigprocmask(SIG_BLOCK, NULL, &set);
    VALUE(now.ss_flags);
    VALUE(sigismember(&set, SIGUSR1));
}

/* A stack overflow that is survived again and again. */
__attribute__((noinline)) static int dive(int n)
{
    volatile char frame[2000];
    frame[n % 2000] = 1;
    return n < 0 ? 0 : dive(n + 1) + frame[n % 2000];
}

static void *overflow(void *own)
{
    stack_t stack = {.ss_sp = own, .ss_size = sizeof alternate};
    sigaltstack(&stack, NULL);
    volatile int survived = 0;
    for (volatile int i = 0; i < 20; i++) {
        if (sigsetjmp(place, 1) == 0)
            dive(0);
        survived++;
    }
    printf("survived %d\n", survived);
    return NULL;
}

static void overflows(void)
{
    handle(SIGSEGV, jump);
    finish(start(overflow, malloc(sizeof alternate)));
}

/* --- handlers that change their context --- */

/* kill(pid, signal) with known registers: r12 and r15, xmm7 and the carry flag afterwards. */
void send(long pid, long signal, uint64_t seen[4]);
__asm__(
    ".text\n.globl send\nsend:\n push %r12\n push %r15\n push %rdx\n"
    " xor %r12, %r12\n xor %r15, %r15\n pxor %xmm7, %xmm7\n mov $62, %eax\n clc\n syscall\n"
    " setc %al\n pop %rdx\n mov %r12, (%rdx)\n mov %r15, 8(%rdx)\n movq %xmm7, 16(%rdx)\n"
    " movzbl %al, %eax\n mov %rax, 24(%rdx)\n pop %r15\n pop %r12\n ret\n"
    /* 700 / rdi */
    ".globl divide\ndivide:\n xor %edx, %edx\n mov $700, %eax\n mov %rdi, %rcx\n div %rcx\n ret\n"
    /* the long at rdi */
    ".globl load\nload:\n mov (%rdi), %rax\n ret\n"
    ".globl trap\ntrap:\n ud2\n mov $1, %eax\n ret\n");
long divide(long by);
long load(const long *from);
long trap(void);
static long elsewhere = 4711;
static volatile long steps;

#define REG(name) ((ucontext_t *)context)->uc_mcontext.gregs[REG_##name]

static void change(int signal, siginfo_t *info, void *context)
{
    (void)info;
    switch (signal) {
    case SIGILL:
        REG(RIP) += 2; /* past ud2 */
        break;
    case SIGFPE:
        REG(RCX) = 7; /* the division is made again */
        break;
    case SIGSEGV:
        REG(RDI) = (greg_t)&elsewhere;
        break;
    case SIGTRAP:
        steps++;
        break;
    default:
        REG(R12) = 0x1234;
        REG(R15) = -1;
        REG(EFL) |= 1;
        *(uint64_t *)((char *)((ucontext_t *)context)->uc_mcontext.fpregs + 160 + 7 * 16) =
            0xabcdef;
        sigaddset(&((ucontext_t *)context)->uc_sigmask, SIGUSR2);
    }
}

static void changes(void)
{
    static const int signals[] = {SIGILL, SIGFPE, SIGSEGV, SIGTRAP, SIGUSR1};
    struct sigaction action = {.sa_flags = SA_SIGINFO};
    action.sa_sigaction = change;
    for (int i = 0; i < 5; i++)
        sigaction(signals[i], &action, NULL);
    VALUE(trap());
    VALUE(divide(0));
    VALUE(load((const long *)16));
    uint64_t seen[4];
    send(getpid(), SIGUSR1, seen);
    for (int i = 0; i < 4; i++)
        printf("seen %#lx\n", seen[i]);
    sigset_t set;
    sigprocmask(SIG_BLOCK, NULL, &set);
    VALUE(sigismember(&set, SIGUSR2));
    /* Single steps: the trap flag set and cleared by the program itself. */
    __asm__ volatile(
        "pushf; orl $0x100, (%%rsp); popf; nop; nop; nop; pushf; andl $~0x100, (%%rsp); popf" ::
            : "memory", "cc");
    VALUE(steps);
}

int main(int argc, char **argv)
{
    static const struct part parts[] = {{"coroutines", coroutines},
                                        {"jumps", jumps},
                                        {"overflows", overflows},
                                        {"changes", changes}};
    return run_parts(parts, sizeof parts / sizeof *parts, argc, argv);
}
