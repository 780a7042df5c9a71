/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which registers does a system call change? rax, rcx (the return address) and r11 (the flags), no
 * other. */
#include "guest_test.h"
#include "raw_call.h"

static const unsigned long marks[] = {0x1111, 0x2222, 0x3333, 0x4444, 0x5555, 0x6666, 0x7777};

/* The flags that r11 shows, with carry or direction set before. */
static unsigned long flags_after(unsigned long set)
{
    unsigned long r11;
    __asm__ volatile(
        "pushf\n\torq %1, (%%rsp)\n\tpopf\n\tmov $39, %%eax\n\tsyscall\n\tcld\n\tmov %%r11, %0"
        : "=r"(r11)
        : "r"(set)
        : "rax", "rcx", "r11", "memory", "cc");
    return r11;
}

int main(void)
{
    struct raw_result r = raw_call(39, 0, 0, 0);
    EXPECT_EQ(getpid(), r.rax);
    EXPECT_EQ(r.after, r.rcx);
    EXPECT(r.r11 & 2);     /* the bit that is always set */
    EXPECT(r.r11 & 0x200); /* interrupts are on in user mode */

    EXPECT(flags_after(1) & 1);         /* carry */
    EXPECT(flags_after(0x400) & 0x400); /* direction */
    EXPECT(!(flags_after(0) & 0x400));

    unsigned long got[7];
    __asm__ volatile("mov %1, %%rax\n\t"
                     "mov (%%rax), %%rdi\n\tmov 8(%%rax), %%rsi\n\tmov 16(%%rax), %%rdx\n\t"
                     "mov 24(%%rax), %%r10\n\tmov 32(%%rax), %%r8\n\tmov 40(%%rax), %%r9\n\t"
                     "mov 48(%%rax), %%r12\n\tmov %0, %%r13\n\tmov $39, %%eax\n\tsyscall\n\t"
                     "mov %%rdi, (%%r13)\n\tmov %%rsi, 8(%%r13)\n\tmov %%rdx, 16(%%r13)\n\t"
                     "mov %%r10, 24(%%r13)\n\tmov %%r8, 32(%%r13)\n\tmov %%r9, 40(%%r13)\n\t"
                     "mov %%r12, 48(%%r13)"
                     :
                     : "r"(got), "r"(marks)
                     : "rax", "rcx", "r11", "rdi", "rsi", "rdx", "r10", "r8", "r9", "r12", "r13",
                       "memory");
    EXPECT(memcmp(marks, got, sizeof got) == 0);
    return 0;
}
