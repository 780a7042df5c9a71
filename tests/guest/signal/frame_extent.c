/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Does a frame hold what it says: with UC_FP_XSTATE the words behind the FXSAVE image and the
 * second magic number, without it neither; the red zone below it? And which of the alternate
 * stack's settings that a handler writes into its frame hold after it?
 */
#include "guest_test.h"

#include <signal.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <ucontext.h>

#define XSTATE_MAGIC1 0x46505853u
#define XSTATE_MAGIC2 0x46505845u
#define UC_FP_XSTATE 1u

/* The last 48 bytes of the FXSAVE image. */
struct sw_bytes {
    uint32_t magic1, extended_size;
    uint64_t features;
    uint32_t xstate_size, padding[7];
};

static char altstack[131072] __attribute__((aligned(64))), other[65536];
static uint64_t interrupted_sp, frame_at, image_at, frame_flags;
static struct sw_bytes sw;
static uint32_t second_magic;
static stack_t written, in_handler;

static void look(int sig, siginfo_t *info, void *context)
{
    ucontext_t *uc = context;
    const char *image = (const char *)uc->uc_mcontext.fpregs;
    (void)sig, (void)info;
    interrupted_sp = (uint64_t)uc->uc_mcontext.gregs[REG_RSP];
    frame_at = (uint64_t)(uintptr_t)context - 8;
    image_at = (uintptr_t)image;
    frame_flags = uc->uc_flags;
    memcpy(&sw, image + 464, sizeof sw);
    if (sw.magic1 == XSTATE_MAGIC1)
        memcpy(&second_magic, image + sw.xstate_size, 4);
}

static void change_stack(int sig, siginfo_t *info, void *context)
{
    (void)sig, (void)info;
    CHECK(syscall(SYS_sigaltstack, NULL, &in_handler));
    ((ucontext_t *)context)->uc_stack = written;
}

/* The stack after a handler that wrote `stack` into its frame. */
static stack_t after(stack_t stack, int on_it)
{
    struct sigaction action = {.sa_sigaction = change_stack, .sa_flags = SA_SIGINFO};
    stack_t start = {.ss_sp = altstack, .ss_size = sizeof altstack}, now;
    if (on_it)
        action.sa_flags |= SA_ONSTACK;
    CHECK(syscall(SYS_sigaltstack, &start, NULL));
    CHECK(sigaction(SIGUSR2, &action, NULL));
    written = stack;
    CHECK(raise(SIGUSR2));
    EXPECT_EQ(on_it ? SS_ONSTACK : 0, in_handler.ss_flags);
    CHECK(syscall(SYS_sigaltstack, NULL, &now));
    return now;
}

static void stacks(void)
{
    stack_t new = {.ss_sp = other, .ss_size = sizeof other}, off = {.ss_flags = SS_DISABLE};
    stack_t small = {.ss_sp = other, .ss_size = 100}, bad = {.ss_sp = other, .ss_flags = 77};
    EXPECT(after(new, 0).ss_sp == other);
    EXPECT_EQ(SS_DISABLE, after(off, 0).ss_flags);
    EXPECT(after(small, 0).ss_sp == altstack); /* errors do not matter */
    EXPECT(after(bad, 0).ss_sp == altstack);
    EXPECT(after(new, 1).ss_sp == altstack); /* it is in use when it would be set */
    EXPECT(after(off, 1).ss_sp == altstack);
}

/* A leaf's red zone: 128 bytes below the stack pointer are the program's. */
uint64_t zone_is_whole(long pid);
asm("zone_is_whole:\n"
    "mov $16, %ecx\n"
    "1: mov %rcx, %rax\n neg %rax\n mov %rcx, (%rsp,%rax,8)\n dec %ecx\n jnz 1b\n"
    "mov $10, %esi\n mov $62, %eax\n syscall\n" /* kill(pid, SIGUSR1) */
    "mov $16, %ecx\n"
    "2: mov %rcx, %rax\n neg %rax\n cmp %rcx, (%rsp,%rax,8)\n jne 3f\n dec %ecx\n jnz 2b\n"
    "mov $1, %eax\n ret\n"
    "3: xor %eax, %eax\n ret\n");

int main(void)
{
    struct sigaction action = {.sa_sigaction = look, .sa_flags = SA_SIGINFO};
    CHECK(sigaction(SIGUSR1, &action, NULL));
    EXPECT_EQ(1, zone_is_whole(getpid()));
    uint64_t size = frame_flags & UC_FP_XSTATE ? sw.extended_size : 512;
    EXPECT_EQ(0, image_at % 64);
    EXPECT_EQ(8, frame_at % 16);
    EXPECT(image_at + size <= interrupted_sp - 128);
    EXPECT(interrupted_sp - 128 - (image_at + size) < 64);
    EXPECT(image_at - (frame_at + 440) < 64);
    if (frame_flags & UC_FP_XSTATE) {
        EXPECT_EQ(XSTATE_MAGIC1, sw.magic1);
        EXPECT_EQ(XSTATE_MAGIC2, second_magic);
        EXPECT_EQ(sw.xstate_size + 4, sw.extended_size);
        EXPECT(sw.xstate_size >= 576);
        EXPECT_EQ(3, sw.features & 3);
        for (int i = 0; i < 7; i++)
            EXPECT_EQ(0, sw.padding[i]);
    } else {
        EXPECT(sw.magic1 != XSTATE_MAGIC1);
    }
    /* What AT_MINSIGSTKSZ promises is enough. */
    uint64_t least = getauxval(AT_MINSIGSTKSZ);
    if (least)
        EXPECT(least >= interrupted_sp - 128 - frame_at);
    stacks();
    return 0;
}
