/* SPDX-License-Identifier: GPL-2.0-or-later */
/* While the AC flag is set, which accesses are SIGBUS with BUS_ADRALN, and is the flag still set in
the handler? */
#include "fault_test.h"

static char memory[64] __attribute__((aligned(64)));

/* `body` under AC, with rax pointing `offset` bytes into the memory. */
#define UNDER_AC(name, offset, body)                                                               \
    static void name(void)                                                                         \
    {                                                                                              \
        asm volatile("pushf; orl $0x40000, (%%rsp); popf;" body                                    \
                     "; pushf; andl $~0x40000, (%%rsp); popf" ::"a"(memory + (offset))             \
                     : "rcx", "rdx", "xmm0", "memory", "cc");                                      \
    }

UNDER_AC(load4, 1, "mov (%%rax), %%ecx")
UNDER_AC(load8, 4, "mov (%%rax), %%rcx")
UNDER_AC(load2, 1, "movzwl (%%rax), %%ecx")
UNDER_AC(store4, 2, "mov %%ecx, (%%rax)")
UNDER_AC(store8, 7, "mov %%rcx, (%%rax)")
UNDER_AC(add4, 1, "addl $1, (%%rax)")
UNDER_AC(movss, 1, "movss (%%rax), %%xmm0")
UNDER_AC(movsd, 4, "movsd (%%rax), %%xmm0")
UNDER_AC(flds, 2, "flds (%%rax); fstp %%st(0)")
UNDER_AC(byte, 3, "mov (%%rax), %%cl; mov %%cl, (%%rax)")
UNDER_AC(aligned, 8,
         "mov (%%rax), %%rcx; mov (%%rax), %%ecx; mov 2(%%rax), %%cx; mov %%rcx, (%%rax)")
UNDER_AC(aligned_sse, 16, "movaps (%%rax), %%xmm0; movss 4(%%rax), %%xmm0; movsd 8(%%rax), %%xmm0")

static const struct {
    const char *name;
    void (*run)(void);
    int faults;
} cases[] = {
    {"load of 4 bytes", load4, 1},
    {"load of 8 bytes", load8, 1},
    {"load of 2 bytes", load2, 1},
    {"store of 4 bytes", store4, 1},
    {"store of 8 bytes", store8, 1},
    {"read and write of 4 bytes", add4, 1},
    {"movss", movss, 1},
    {"movsd", movsd, 1},
    {"fld", flds, 1},
    {"a byte", byte, 0},
    {"aligned ones", aligned, 0},
    {"aligned ones of SSE", aligned_sse, 0},
};

int main(void)
{
    int bad = 0;
    fault_setup();
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        int faulted = fault_of(cases[i].run);
        if (faulted != cases[i].faults) {
            fprintf(stderr, "%s: fault %d\n", cases[i].name, faulted);
            bad = 1;
        }
        if (!faulted)
            continue;
        EXPECT_EQ(SIGBUS, fault_info.si_signo);
        EXPECT_EQ(BUS_ADRALN, fault_info.si_code);
        EXPECT_EQ(0, (uintptr_t)fault_info.si_addr);
        EXPECT_EQ(17, REG(&fault_uc, TRAPNO));
        EXPECT_EQ(0, REG(&fault_uc, ERR));
        EXPECT_EQ(0x40000, REG(&fault_uc, EFL) & 0x40000);
        uint64_t flags;
        asm volatile("pushf; pop %0; push %0; andl $~0x40000, (%%rsp); popf" : "=r"(flags)::"cc");
        EXPECT_EQ(0x40000, flags & 0x40000);
    }
    return bad;
}
