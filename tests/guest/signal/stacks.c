/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What becomes of a program whose stack cannot take a signal's frame, with and without an alternate
 * stack, of one that faults in its handler, and of one that faults with the signal blocked?
 */
#include "guest_test.h"
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <ucontext.h>

static char altstack[65536] __attribute__((aligned(64)));
static char *hole;
static volatile int depth;

static void use_altstack(void *at, size_t size, int flags)
{
    stack_t stack = {.ss_sp = at, .ss_size = size, .ss_flags = flags};
    if (syscall(SYS_sigaltstack, &stack, NULL))
        _exit(99);
}

static void handle(int sig, void (*handler)(int, siginfo_t *, void *), int flags)
{
    struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | flags};
    if (sigaction(sig, &action, NULL))
        _exit(98);
}

static int on_altstack(const void *at)
{
    return (const char *)at >= altstack && (const char *)at < altstack + sizeof altstack;
}

static void leave(int sig, siginfo_t *info, void *context)
{
    (void)sig, (void)info, (void)context;
    _exit(7);
}

/* Status 7 on the alternate stack, 8 elsewhere. */
static void leave_by_stack(int sig, siginfo_t *info, void *context)
{
    (void)sig, (void)info;
    _exit(on_altstack(&context) ? 7 : 8);
}

__attribute__((noinline)) static int overflow(int n)
{
    volatile char room[4096];
    room[0] = (char)n;
    return n < 1 << 30 ? overflow(n + 1) + room[0] : 0;
}

static void overflow_without(void)
{
    handle(SIGSEGV, leave, 0);
    overflow(0);
}

static void overflow_with(void)
{
    use_altstack(altstack, sizeof altstack, 0);
    handle(SIGSEGV, leave_by_stack, SA_ONSTACK);
    overflow(0);
}

static void check_overflow(int sig, siginfo_t *info, void *context)
{
    uint64_t sp = (uint64_t)((ucontext_t *)context)->uc_mcontext.gregs[REG_RSP];
    uint64_t at = (uintptr_t)info->si_addr;
    int good =
        sig == SIGSEGV && info->si_code == SEGV_MAPERR && at < sp + 4096 * 2 && at + 4096 * 4 > sp;
    _exit(good ? 7 : 8);
}

static void overflow_address(void)
{
    use_altstack(altstack, sizeof altstack, 0);
    handle(SIGSEGV, check_overflow, SA_ONSTACK);
    overflow(0);
}

/* The handler of another signal cannot be entered: SIGSEGV, whose own handler can. */
static void bad_stack_other(void)
{
    use_altstack(altstack, sizeof altstack, 0);
    handle(SIGSEGV, leave_by_stack, SA_ONSTACK);
    handle(SIGUSR1, leave, 0);
    asm volatile("mov %0, %%rsp; mov $39, %%eax; syscall; mov %%eax, %%edi; mov $10, %%esi; mov "
                 "$62, %%eax; syscall; ud2" ::"r"(hole + 2048));
}

static void bad_stack_noncanonical(void)
{
    use_altstack(altstack, sizeof altstack, 0);
    handle(SIGSEGV, leave_by_stack, SA_ONSTACK);
    handle(SIGILL, leave, 0);
    asm volatile("mov %0, %%rsp; ud2" ::"r"(0x8000000000000000));
}

static void bad_stack_without(void)
{
    handle(SIGSEGV, leave, 0);
    asm volatile("mov %0, %%rsp; ud2" ::"r"(0x8000000000000000));
}

/* A push through a bad stack pointer. */
static void push_noncanonical(void)
{
    use_altstack(altstack, sizeof altstack, 0);
    handle(SIGBUS, leave_by_stack, SA_ONSTACK);
    asm volatile("mov %0, %%rsp; push %%rax" ::"r"(0x8000000000000000));
}

/* Through the base pointer, which is of the stack too; r13, of the same encoding, is not. */
static void load_noncanonical(void)
{
    use_altstack(altstack, sizeof altstack, 0);
    handle(SIGBUS, leave_by_stack, SA_ONSTACK);
    asm volatile("mov %0, %%rbp; mov 16(%%rbp), %%rax" ::"r"(0x8000000000000000));
}

static void load_noncanonical_r13(void)
{
    use_altstack(altstack, sizeof altstack, 0);
    handle(SIGSEGV, leave_by_stack, SA_ONSTACK);
    asm volatile("mov %0, %%r13; mov 16(%%r13), %%rax" ::"r"(0x8000000000000000));
}

static void push_hole(void)
{
    use_altstack(altstack, sizeof altstack, 0);
    handle(SIGSEGV, leave_by_stack, SA_ONSTACK);
    asm volatile("mov %0, %%rsp; push %%rax" ::"r"(hole + 8));
}

static void call_hole(void)
{
    use_altstack(altstack, sizeof altstack, 0);
    handle(SIGSEGV, leave_by_stack, SA_ONSTACK);
    asm volatile("mov %0, %%rsp; call 1f; 1:" ::"r"(hole + 8));
}

static void small_altstack(void)
{
    use_altstack(hole - 4096, 2048 > getpagesize() ? 2048 : 4096, 0);
    handle(SIGSEGV, leave, SA_ONSTACK);
    mprotect(hole - 4096, 4096, PROT_READ);
    *(volatile int *)8 = 1;
}

/* An alternate stack that is not there: SIGSEGV of the delivery, which has no handler then. */
static void altstack_in_hole(void)
{
    use_altstack(hole, 65536, 0);
    handle(SIGUSR1, leave, SA_ONSTACK);
    raise(SIGUSR1);
}

static void fault_in_handler(int sig, siginfo_t *info, void *context)
{
    (void)sig, (void)info, (void)context;
    if (++depth == 3)
        _exit(7);
    *(volatile int *)8 = 1;
}

static void fault_in_fault(void)
{
    handle(SIGSEGV, fault_in_handler, 0);
    *(volatile int *)8 = 1;
}

static void fault_in_fault_nodefer(void)
{
    handle(SIGSEGV, fault_in_handler, SA_NODEFER);
    *(volatile int *)8 = 1;
}

static void divide_in_handler(int sig, siginfo_t *info, void *context)
{
    (void)sig, (void)info, (void)context;
    asm volatile("xor %%edx, %%edx; xor %%ecx, %%ecx; div %%ecx" ::: "rax", "rcx", "rdx");
}

/* Another kind of fault in the handler has its own handler. */
static void other_fault_in_fault(void)
{
    handle(SIGSEGV, divide_in_handler, 0);
    handle(SIGFPE, leave, 0);
    *(volatile int *)8 = 1;
}

static void fault_blocked(void)
{
    sigset_t set;
    handle(SIGSEGV, leave, 0);
    sigemptyset(&set);
    sigaddset(&set, SIGSEGV);
    sigprocmask(SIG_BLOCK, &set, NULL);
    *(volatile int *)8 = 1;
}

static void fault_ignored(void)
{
    signal(SIGSEGV, SIG_IGN);
    *(volatile int *)8 = 1;
}

static void fpe_ignored(void)
{
    signal(SIGFPE, SIG_IGN);
    divide_in_handler(0, NULL, NULL);
}

/* Sent, not faulted: blocked and ignored hold. */
static void sent_blocked(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGSEGV);
    sigprocmask(SIG_BLOCK, &set, NULL);
    raise(SIGSEGV);
    sigpending(&set);
    _exit(sigismember(&set, SIGSEGV) ? 7 : 8);
}

static void sent_ignored(void)
{
    signal(SIGSEGV, SIG_IGN);
    raise(SIGSEGV);
    _exit(7);
}

static void reset_handler(int sig, siginfo_t *info, void *context)
{
    (void)sig, (void)info, (void)context;
    if (++depth > 1)
        _exit(8);
}

/* RESETHAND: the second time it is the default. */
static void once(void)
{
    handle(SIGSEGV, reset_handler, SA_RESETHAND);
    *(volatile int *)8 = 1;
}

/* The handler is not executable. */
static void handler_in_data(void)
{
    handle(SIGUSR1, (void (*)(int, siginfo_t *, void *))(uintptr_t)altstack, 0);
    handle(SIGSEGV, leave, 0);
    raise(SIGUSR1);
}

static void handler_noncanonical(void)
{
    handle(SIGUSR1, (void (*)(int, siginfo_t *, void *))0x8000000000000000, 0);
    raise(SIGUSR1);
}

static void handler_of_segv_nowhere(void)
{
    handle(SIGSEGV, (void (*)(int, siginfo_t *, void *))(uintptr_t)hole, 0);
    *(volatile int *)8 = 1;
}

/* Without SA_RESTORER there is no way back: the kernel refuses to deliver. */
static void no_restorer(void)
{
    struct {
        void (*handler)(int, siginfo_t *, void *);
        unsigned long flags;
        void *restorer;
        uint64_t mask;
    } action = {leave, SA_SIGINFO, NULL, 0};
    if (syscall(SYS_rt_sigaction, SIGUSR1, &action, NULL, 8))
        _exit(97);
    syscall(SYS_kill, getpid(), SIGUSR1);
    _exit(9);
}

/* Nested on the alternate stack: the second frame goes below the first. */
static uintptr_t first_frame;
static void nested(int sig, siginfo_t *info, void *context)
{
    (void)info;
    if (sig == SIGUSR1) {
        first_frame = (uintptr_t)context;
        raise(SIGUSR2);
        _exit(9);
    }
    _exit(on_altstack(context) && (uintptr_t)context < first_frame ? 7 : 8);
}

static void nested_on_altstack(void)
{
    use_altstack(altstack, sizeof altstack, 0);
    handle(SIGUSR1, nested, SA_ONSTACK);
    handle(SIGUSR2, nested, SA_ONSTACK);
    raise(SIGUSR1);
}

/* With AUTODISARM the stack is off in every handler, and on again after it. */
static void disarmed(int sig, siginfo_t *info, void *context)
{
    ucontext_t *uc = context;
    stack_t now;
    (void)info;
    syscall(SYS_sigaltstack, NULL, &now);
    if (now.ss_flags != SS_DISABLE || now.ss_size || on_altstack(context) != (sig == SIGUSR1))
        _exit(8);
    if (uc->uc_stack.ss_sp != altstack || uc->uc_stack.ss_size != sizeof altstack ||
        (unsigned)uc->uc_stack.ss_flags != 0x80000000)
        _exit(6);
    use_altstack(altstack, sizeof altstack, SS_DISABLE);
    depth++;
}

static void autodisarm(void)
{
    stack_t now;
    use_altstack(altstack, sizeof altstack, (int)0x80000000);
    handle(SIGUSR1, disarmed, SA_ONSTACK);
    handle(SIGUSR2, disarmed, 0);
    raise(SIGUSR1);
    raise(SIGUSR2);
    syscall(SYS_sigaltstack, NULL, &now);
    _exit(depth == 2 && now.ss_sp == altstack && now.ss_flags == (int)0x80000000 ? 7 : 5);
}

/* The frame would leave the alternate stack that is in use. */
static void run_down(int sig, siginfo_t *info, void *context)
{
    (void)sig, (void)info, (void)context;
    depth++;
    raise(SIGUSR1);
    _exit(9);
}

static void altstack_full(void)
{
    use_altstack(altstack, sizeof altstack, 0);
    handle(SIGUSR1, run_down, SA_ONSTACK | SA_NODEFER);
    raise(SIGUSR1);
}

static const struct {
    const char *name;
    void (*run)(void);
    int exit, signal;
} cases[] = {
    {"the stack overflows", overflow_without, 0, SIGSEGV},
    {"the stack overflows, alternate stack", overflow_with, 7, 0},
    {"where it overflows", overflow_address, 7, 0},
    {"no stack for another's handler", bad_stack_other, 7, 0},
    {"non-canonical stack for another's handler", bad_stack_noncanonical, 7, 0},
    {"non-canonical stack for the only handler", bad_stack_without, 0, SIGILL},
    {"push at a non-canonical stack pointer", push_noncanonical, 7, 0},
    {"load at a non-canonical base pointer", load_noncanonical, 7, 0},
    {"load at a non-canonical r13", load_noncanonical_r13, 7, 0},
    {"push to a hole", push_hole, 7, 0},
    {"call to a hole", call_hole, 7, 0},
    {"an alternate stack that is read-only", small_altstack, 0, SIGSEGV},
    {"an alternate stack in a hole", altstack_in_hole, 0, SIGSEGV},
    {"a fault in its handler", fault_in_fault, 0, SIGSEGV},
    {"faults in their handler, SA_NODEFER", fault_in_fault_nodefer, 7, 0},
    {"another fault in a handler", other_fault_in_fault, 7, 0},
    {"a fault while it is blocked", fault_blocked, 0, SIGSEGV},
    {"a fault while it is ignored", fault_ignored, 0, SIGSEGV},
    {"a division by zero while it is ignored", fpe_ignored, 0, SIGFPE},
    {"SIGSEGV sent while it is blocked", sent_blocked, 7, 0},
    {"SIGSEGV sent while it is ignored", sent_ignored, 7, 0},
    {"the same fault twice, SA_RESETHAND", once, 0, SIGSEGV},
    {"a handler that is not executable", handler_in_data, 7, 0},
    {"a handler at a non-canonical address", handler_noncanonical, 0, SIGSEGV},
    {"SIGSEGV's handler is not there", handler_of_segv_nowhere, 0, SIGSEGV},
    {"no restorer", no_restorer, 0, SIGSEGV},
    {"handlers nested on the alternate stack", nested_on_altstack, 7, 0},
    {"SS_AUTODISARM", autodisarm, 7, 0},
    {"the alternate stack is full", altstack_full, 0, SIGSEGV},
};

int main(void)
{
    int bad = 0, status;
    hole = (char *)CHECK(
               mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)) +
           4096;
    CHECK(munmap(hole, 4096));
    CHECK(setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0}));
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        pid_t pid = CHECK(fork());
        if (pid == 0) {
            cases[i].run();
            _exit(96);
        }
        EXPECT_EQ(pid, waitpid(pid, &status, 0));
        int want = cases[i].signal ? cases[i].signal : cases[i].exit << 8;
        if (status != want) {
            fprintf(stderr, "%s: status %#x, not %#x\n", cases[i].name, status, want);
            bad = 1;
        }
    }
    return bad;
}
