/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Is a signal's frame laid out as Linux lays it out, field by field? What depends on XSAVE is left
 * out: UC_FP_XSTATE, and the software-reserved bytes at the end of the FXSAVE image.
 */
#include "fault_test.h"

#include <stddef.h>
#include <sys/syscall.h>

struct frame {
    uint64_t restorer;
    uint64_t uc_flags, uc_link;
    stack_t stack;
    uint64_t r8, r9, r10, r11, r12, r13, r14, r15, di, si, bp, bx, dx, ax, cx, sp, ip, flags;
    uint16_t cs, gs, fs, ss;
    uint64_t err, trapno, oldmask, cr2, fpstate, reserved[8];
    uint64_t sigmask;
    siginfo_t info;
};
_Static_assert(offsetof(struct frame, info) == 8 + 304, "siginfo behind the ucontext");

/* What the naked handler found. */
uint64_t entry_rdi, entry_rsi, entry_rdx, entry_rax, entry_rsp, entry_flags, sent_rsp;
static struct frame seen;
static struct _libc_fpstate seen_fp;
static uint16_t seen_cw;
static uint32_t seen_mxcsr;
__attribute__((used)) static void look(struct frame *frame)
{
    seen = *frame;
    seen_fp = *(struct _libc_fpstate *)frame->fpstate;
    asm volatile("fnstcw %0; stmxcsr %1" : "=m"(seen_cw), "=m"(seen_mxcsr));
}

void handler(void);
asm("handler:\n"
    "mov %rdi, entry_rdi\n mov %rsi, entry_rsi\n mov %rdx, entry_rdx\n mov %rax, entry_rax\n"
    "mov %rsp, entry_rsp\n pushf\n pop entry_flags\n"
    "mov %rsp, %rdi\n sub $8, %rsp\n call look\n add $8, %rsp\n ret\n");

void restorer(void);
asm("restorer: mov $15, %eax\n syscall\n");

struct kernel_action {
    void (*handler)(void);
    unsigned long flags;
    void (*restorer)(void);
    uint64_t mask;
};

static uint64_t in[16];
uint64_t after[16];
void send_with_registers(uint64_t pid, uint64_t *values);
/* tgkill(pid, pid, SIGUSR1) with known registers and flags; rdi, rsi, rdx, rax carry the call. */
asm("send_with_registers:\n"
    "push %rbx\n push %rbp\n push %r12\n push %r13\n push %r14\n push %r15\n"
    "mov %rsi, %rcx\n mov %rdi, %rsi\n mov $10, %edx\n"
    "mov (%rcx), %rbx\n mov 8(%rcx), %rbp\n mov 16(%rcx), %r8\n mov 24(%rcx), %r9\n mov 32(%rcx), "
    "%r10\n"
    "mov 40(%rcx), %r12\n mov 48(%rcx), %r13\n mov 56(%rcx), %r14\n mov 64(%rcx), %r15\n"
    "mov $234, %eax\n mov %rsp, sent_rsp\n stc\n std\n syscall\n"
    "sent: cld\n"
    "mov %rbx, after\n mov %rbp, after+8\n mov %r8, after+16\n mov %r9, after+24\n mov %r10, "
    "after+32\n"
    "mov %r12, after+40\n mov %r13, after+48\n mov %r14, after+56\n mov %r15, after+64\n"
    "mov %rax, after+72\n mov %rdi, after+80\n mov %rsi, after+88\n mov %rdx, after+96\n"
    "mov %rsp, after+104\n"
    "pop %r15\n pop %r14\n pop %r13\n pop %r12\n pop %rbp\n pop %rbx\n ret\n");
extern char sent[];

static void check_frame(void)
{
    EXPECT_EQ(SIGUSR1, entry_rdi);
    EXPECT_EQ(entry_rsp + offsetof(struct frame, info), entry_rsi);
    EXPECT_EQ(entry_rsp + offsetof(struct frame, uc_flags), entry_rdx);
    EXPECT_EQ(0, entry_rax);
    EXPECT_EQ(8, entry_rsp % 16);
    /* DF, TF and RF are clear for the handler; CF is as it was. */
    EXPECT_EQ(1, entry_flags & 0x10501);
    EXPECT_EQ((uintptr_t)restorer, seen.restorer);
    EXPECT_EQ(6, seen.uc_flags & ~1ul);
    EXPECT_EQ(0, seen.uc_link);
    /* As the last one to set it left it, which may have been another program: execve(2) keeps it.
     */
    EXPECT_EQ(0, seen.stack.ss_flags & ~SS_DISABLE);
    EXPECT_EQ(0, (uintptr_t)seen.stack.ss_sp);
    EXPECT_EQ(0, seen.stack.ss_size);
    uint64_t got[] = {seen.bx,  seen.bp,  seen.r8,  seen.r9, seen.r10,
                      seen.r12, seen.r13, seen.r14, seen.r15};
    for (unsigned i = 0; i < 9; i++)
        EXPECT_EQ(in[i], got[i]);
    EXPECT_EQ(0, seen.ax);
    EXPECT_EQ(getpid(), seen.di);
    EXPECT_EQ(getpid(), seen.si);
    EXPECT_EQ(10, seen.dx);
    EXPECT_EQ((uintptr_t)sent, seen.ip);
    EXPECT_EQ((uintptr_t)sent, seen.cx);
    EXPECT_EQ(seen.flags, seen.r11);
    EXPECT_EQ(0x601, seen.flags & 0x601);
    EXPECT_EQ(sent_rsp, seen.sp);
    EXPECT_EQ(0x33, seen.cs);
    EXPECT_EQ(0, seen.gs);
    EXPECT_EQ(0, seen.fs);
    EXPECT_EQ(0x2b, seen.ss);
    for (unsigned i = 0; i < 8; i++)
        EXPECT_EQ(0, seen.reserved[i]);
}

static void check_place(void)
{
    EXPECT_EQ(0, seen.fpstate % 64);
    EXPECT(seen.fpstate > entry_rsp + sizeof(struct frame) - sizeof(siginfo_t) + 127);
    EXPECT(seen.fpstate + 512 <= seen.sp - 128);
}

static void check_fpu(void)
{
    EXPECT_EQ(0x27f, seen_fp.cwd);
    EXPECT_EQ(0x5f80, seen_fp.mxcsr);
    /* The handler starts with fresh control words. */
    EXPECT_EQ(0x37f, seen_cw);
    EXPECT_EQ(0x1f80, seen_mxcsr);
    uint16_t cw;
    uint32_t mxcsr;
    asm volatile("fnstcw %0; stmxcsr %1" : "=m"(cw), "=m"(mxcsr));
    EXPECT_EQ(0x27f, cw);
    EXPECT_EQ(0x5f80, mxcsr);
}

static void check_after(void)
{
    for (unsigned i = 0; i < 9; i++)
        EXPECT_EQ(in[i], after[i]);
    EXPECT_EQ(0, after[9]);
    EXPECT_EQ(getpid(), after[10]);
    EXPECT_EQ(getpid(), after[11]);
    EXPECT_EQ(10, after[12]);
    EXPECT_EQ(sent_rsp, after[13]);
}

int main(void)
{
    struct kernel_action action = {handler, SA_SIGINFO | 0x04000000, restorer, 0};
    CHECK(syscall(SYS_rt_sigaction, SIGUSR1, &action, NULL, 8));
    sigset_t mask;
    sigemptyset(&mask);
    sigaddset(&mask, SIGHUP);
    sigaddset(&mask, SIGRTMAX);
    CHECK(sigprocmask(SIG_SETMASK, &mask, NULL));
    for (unsigned i = 0; i < 9; i++)
        in[i] = 0x1111111111111111u * (i + 1);
    uint16_t cw = 0x27f;
    uint32_t mxcsr = 0x5f80;
    asm volatile("fldcw %0; ldmxcsr %1" ::"m"(cw), "m"(mxcsr));
    send_with_registers((uint64_t)getpid(), in);

    check_fpu();
    check_frame();
    check_place();
    check_after();
    EXPECT_EQ(1 | 1ull << 63, seen.sigmask);
    EXPECT_EQ(1 | 1ull << 63, seen.oldmask);
    EXPECT_EQ(SIGUSR1, seen.info.si_signo);
    EXPECT_EQ(SI_TKILL, seen.info.si_code);
    EXPECT_EQ(0, seen.info.si_errno);
    EXPECT_EQ(getpid(), seen.info.si_pid);
    EXPECT_EQ(getuid(), seen.info.si_uid);
    /* No fault so far. */
    EXPECT_EQ(0, seen.err);
    EXPECT_EQ(0, seen.trapno);
    EXPECT_EQ(0, seen.cr2);
    return 0;
}
