/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The host's side of the comparison: a trampoline loads every register from a struct cpu_state (r15
 * points to it meanwhile), jumps to a page that holds the instruction and a jump back, and stores
 * every register again. A fault's handler leaves through the same way back.
 */
#include "native.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#define FX_OFFSET 176
_Static_assert(offsetof(struct cpu_state, fx) == FX_OFFSET, "as the assembly below has it");
_Static_assert(offsetof(struct cpu_state, rflags) == 136, "as the assembly below has it");

static uint8_t *page;      /* the instruction, then a jump to native_back */
static volatile int fault; /* the vector, from the handler */
void *native_page;         /* as `page`, for the assembly */
uint64_t native_stack;     /* our own stack pointer meanwhile */

void native_enter(struct cpu_state *state);
extern const uint8_t native_back[], native_abandon[];

__asm__(".text\n"
        ".globl native_enter, native_back, native_abandon\n"
        "native_enter:\n"
        "  push %rbx\n push %rbp\n push %r12\n push %r13\n push %r14\n push %r15\n"
        "  mov %rdi, %r15\n"
        "  mov %rsp, native_stack(%rip)\n"
        "  fxrstor64 176(%r15)\n"
        "  pushq 136(%r15)\n popfq\n"
        "  mov 0(%r15), %rax\n mov 8(%r15), %rcx\n mov 16(%r15), %rdx\n mov 24(%r15), %rbx\n"
        "  mov 32(%r15), %rsp\n mov 40(%r15), %rbp\n mov 48(%r15), %rsi\n mov 56(%r15), %rdi\n"
        "  mov 64(%r15), %r8\n mov 72(%r15), %r9\n mov 80(%r15), %r10\n mov 88(%r15), %r11\n"
        "  mov 96(%r15), %r12\n mov 104(%r15), %r13\n mov 112(%r15), %r14\n"
        "  jmp *native_page(%rip)\n"
        "native_back:\n"
        "  mov %rax, 0(%r15)\n mov %rcx, 8(%r15)\n mov %rdx, 16(%r15)\n mov %rbx, 24(%r15)\n"
        "  mov %rsp, 32(%r15)\n mov %rbp, 40(%r15)\n mov %rsi, 48(%r15)\n mov %rdi, 56(%r15)\n"
        "  mov %r8, 64(%r15)\n mov %r9, 72(%r15)\n mov %r10, 80(%r15)\n mov %r11, 88(%r15)\n"
        "  mov %r12, 96(%r15)\n mov %r13, 104(%r15)\n mov %r14, 112(%r15)\n"
        "  mov native_stack(%rip), %rsp\n"
        "  pushfq\n popq 136(%r15)\n"
        "  cld\n"
        "  fxsave64 176(%r15)\n"
        "native_abandon:\n"
        "  mov native_stack(%rip), %rsp\n"
        "  cld\n"
        "  fninit\n"
        "  movl $0x1f80, -8(%rsp)\n ldmxcsr -8(%rsp)\n"
        "  pop %r15\n pop %r14\n pop %r13\n pop %r12\n pop %rbp\n pop %rbx\n"
        "  ret\n");

static void on_fault(int signal, siginfo_t *info, void *context)
{
    ucontext_t *uc = context;
    const uint8_t *rip = (const uint8_t *)uc->uc_mcontext.gregs[REG_RIP];

    (void)info;
    if (rip < page || rip >= page + PAGE_SIZE) {
        abort();
    }
    fault = signal == SIGFPE ? 0 : signal == SIGILL ? 6 : 13;
    uc->uc_mcontext.gregs[REG_RIP] = (greg_t)(uintptr_t)native_abandon;
}

bool native_init(void)
{
    static const int signals[] = {SIGFPE, SIGILL, SIGSEGV, SIGBUS};
    struct sigaction action = {.sa_flags = SA_SIGINFO | SA_ONSTACK};
    static char signal_stack[1 << 16];
    stack_t stack = {.ss_sp = signal_stack, .ss_size = sizeof signal_stack};

    page = mmap(NULL, PAGE_SIZE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
                -1, 0);
    if (page == MAP_FAILED ||
        mmap((void *)AREA, AREA_SIZE, PROT_READ | PROT_WRITE,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) == MAP_FAILED) {
        return false;
    }
    native_page = page;
    sigaltstack(&stack, NULL);
    action.sa_sigaction = on_fault;
    for (unsigned i = 0; i < ARRAY_SIZE(signals); i++) {
        sigaction(signals[i], &action, NULL);
    }
    return true;
}

int native_run(const uint8_t *insn, size_t size, struct cpu_state *state)
{
    uint64_t back = (uint64_t)(uintptr_t)native_back;

    memcpy(page, insn, size);
    memcpy(page + size, "\xff\x25\x00\x00\x00\x00", 6); /* jmp [rip] */
    memcpy(page + size + 6, &back, 8);
    fault = -1;
    native_enter(state);
    return fault;
}
