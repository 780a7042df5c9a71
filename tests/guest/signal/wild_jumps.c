/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where is a program seen to be that calls, jumps or returns to an address that none can have? */
#include "fault_test.h"

#include <stdbool.h>

static volatile uint64_t target;

/* Each form keeps the stack pointer it begins with in rbx, and has a label at the instruction. */
#define FORM(name, prepare, instruction)                                                           \
    extern char name##_at[];                                                                       \
    static void name(void)                                                                         \
    {                                                                                              \
        asm volatile(prepare "mov %%rsp, %%rbx\n " #name "_at: " instruction ::"a"(target)         \
                     : "rbx", "r9", "memory");                                                     \
    }
FORM(jump_register, "", "jmp *%%rax")
FORM(jump_memory, "push %%rax\n", "jmp *(%%rsp)")
FORM(call_register, "", "call *%%rax")
FORM(call_high, "mov %%rax, %%r9\n", "call *%%r9")
FORM(call_memory, "push %%rax\n", "call *(%%rsp)")
FORM(return_plain, "push %%rax\n", "ret")
FORM(return_prefixed, "push %%rax\n", "repz ret")
FORM(return_popping, "push %%rax\n", "ret $48")

static const struct {
    const char *name;
    void (*run)(void);
    char *at;
} forms[] = {
    {"jmp register", jump_register, jump_register_at},
    {"jmp memory", jump_memory, jump_memory_at},
    {"call register", call_register, call_register_at},
    {"call r9", call_high, call_high_at},
    {"call memory", call_memory, call_memory_at},
    {"ret", return_plain, return_plain_at},
    {"repz ret", return_prefixed, return_prefixed_at},
    {"ret 48", return_popping, return_popping_at},
};

static void check(unsigned i)
{
    if (!fault_of(forms[i].run))
        FAIL("%s to %#lx: no fault", forms[i].name, (unsigned long)target);
    bool canonical = (uint64_t)((int64_t)(target << 16) >> 16) == target;
    uint64_t rip = REG(&fault_uc, RIP), want = canonical ? target : (uintptr_t)forms[i].at;
    if (rip != want)
        FAIL("%s to %#lx: at %#lx, not %#lx", forms[i].name, (unsigned long)target,
             (unsigned long)rip, (unsigned long)want);
    EXPECT_EQ(SIGSEGV, fault_info.si_signo);
    EXPECT_EQ(canonical ? SEGV_MAPERR : SI_KERNEL, fault_info.si_code);
    EXPECT_EQ(canonical ? 14 : 13, REG(&fault_uc, TRAPNO));
    EXPECT_EQ(canonical ? target : 0, (uintptr_t)fault_info.si_addr);
    if (!canonical)
        EXPECT_EQ(REG(&fault_uc, RBX), REG(&fault_uc, RSP));
}

int main(void)
{
    static const uint64_t targets[] = {
        0x8000000000000000, 0x4141414141414141, 0x0000800000000000, 0xffff7fffffffffff,
        0xdead000000000000, 0xffff800000000000, 0x00007fffffffffff, 0xffffffffff700000,
    };
    fault_setup();
    for (int round = 0; round < 3; round++)
        for (unsigned t = 0; t < sizeof targets / sizeof *targets; t++)
            for (unsigned i = 0; i < sizeof forms / sizeof *forms; i++) {
                target = targets[t];
                check(i);
            }
    return 0;
}
