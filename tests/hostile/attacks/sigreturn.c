/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Frames made up at random, handed to rt_sigreturn(2). */
#include "attack.h"

#include <ucontext.h>

static uint64_t state;

static uint64_t next(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static void forge(void)
{
    static _Alignas(64) unsigned char frame[2048];
    state = (uint64_t)getpid() * 0x9e3779b97f4a7c15ull + 1;
    for (size_t i = 0; i < sizeof frame; i += 8) {
        uint64_t word = next();
        memcpy(frame + i, &word, 8);
    }
    ucontext_t *context = (ucontext_t *)(void *)frame;
    if (next() % 4)
        context->uc_mcontext.fpregs = (void *)(frame + 1024 + (next() % 4 ? 0 : next() % 64));
    if (next() % 2)
        context->uc_mcontext.gregs[REG_RIP] = (greg_t)(uintptr_t)forge;
    if (next() % 2)
        context->uc_mcontext.gregs[REG_RSP] = (greg_t)(uintptr_t)frame;
    if (next() % 2)
        context->uc_mcontext.gregs[REG_CSGSFS] = 0x2b000000000033;
    __asm__ volatile("mov %0, %%rsp\n\tmov $15, %%eax\n\tsyscall" ::"r"(frame) : "memory");
}

int main(void)
{
    repeat_in_children(forge);
}
