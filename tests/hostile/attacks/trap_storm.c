/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Nothing but exceptions, each handled and met again. */
#include "attack.h"

#include <setjmp.h>

static sigjmp_buf again;

static void on_trap(int sig)
{
    siglongjmp(again, sig);
}

int main(void)
{
    volatile unsigned turn = 0;
    signal(SIGILL, on_trap);
    signal(SIGTRAP, on_trap);
    signal(SIGFPE, on_trap);
    signal(SIGSEGV, on_trap);
    signal(SIGBUS, on_trap);
    sigsetjmp(again, 1);
    for (;;) {
        switch (turn++ % 7) {
        case 0:
            __asm__ volatile("ud2");
            break;
        case 1:
            __asm__ volatile("int3");
            break;
        case 2:
            __asm__ volatile("div %0" ::"r"(0ul) : "rax", "rdx");
            break;
        case 3:
            __asm__ volatile("hlt");
            break;
        case 4:
            __asm__ volatile("int $0x80" ::"a"(20) : "memory");
            break;
        case 5:
            __asm__ volatile("movq (%0), %%rax" ::"r"(0x8000000000000000ul) : "rax");
            break;
        default:
            __asm__ volatile("jmp *%0" ::"r"(0xfffffffff0000000ul));
        }
    }
}
