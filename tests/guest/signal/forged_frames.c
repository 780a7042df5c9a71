/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What does rt_sigreturn(2) do with frames that nobody pushed? Each is a true one with some fields
 * forged; what has to happen is predicted from the frame. The argument is how many are tried.
 */
#include "guest_test.h"

#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>

#define FLAGS_RESTORED 0x50dd5u
#define TF 0x100u
#define RF 0x10000u

struct context {
    uint64_t uc_flags, uc_link;
    uint64_t stack_sp;
    uint32_t stack_flags, pad;
    uint64_t stack_size;
    uint64_t r8, r9, r10, r11, r12, r13, r14, r15, di, si, bp, bx, dx, ax, cx, sp, ip, flags;
    uint16_t cs, gs, fs, ss;
    uint64_t err, trapno, oldmask, cr2, fpstate, reserved[8];
    uint64_t sigmask;
};
_Static_assert(sizeof(struct context) == 304, "struct ucontext's size");

struct fx {
    uint16_t cw, sw, tw, op;
    uint64_t ip, dp;
    uint32_t mxcsr, mxcsr_mask;
    uint8_t st[128], xmm[256], rest[96];
} __attribute__((aligned(16)));

/* What a run ended with. */
struct outcome {
    int signal, code; /* signal 0: the context was entered */
    uint64_t addr, trapno, err;
    struct context seen; /* of the signal */
};

static struct context template, forged, *place;
static char *template_fp; /* FXSAVE image and what the host has behind it */
static size_t fp_size;
static struct fx *fp;
static char *pages; /* read-write, hole, read-only */
static uint32_t mxcsr_bits;
static uint64_t old_trapno, old_err;
static struct outcome got;
/* Registers as the landing finds them. */
uint64_t landed[18], saved_sp;
struct fx landed_fx;

void run(void *frame_sp);
void landing(void);
void recover(void);
extern char after_sigreturn[];
asm("run: push %rbx\n push %rbp\n push %r12\n push %r13\n push %r14\n push %r15\n"
    "mov %rsp, saved_sp\n mov %rdi, %rsp\n mov $15, %eax\n syscall\n after_sigreturn: ud2\n"
    "landing: mov %rax, landed\n mov %rbx, landed+8\n mov %rcx, landed+16\n"
    "mov %rdx, landed+24\n mov %rsi, landed+32\n mov %rdi, landed+40\n mov %rbp, landed+48\n"
    "mov %rsp, landed+56\n mov %r8, landed+64\n mov %r9, landed+72\n mov %r10, landed+80\n"
    "mov %r11, landed+88\n mov %r12, landed+96\n mov %r13, landed+104\n mov %r14, landed+112\n"
    "mov %r15, landed+120\n mov saved_sp, %rsp\n pushf\n pop landed+128\n"
    "push $0x202\n popf\n fxsave64 landed_fx\n"
    "recover: fninit\n push $0x1f80\n ldmxcsr (%rsp)\n pop %rax\n"
    "pop %r15\n pop %r14\n pop %r13\n pop %r12\n pop %rbp\n pop %rbx\n ret\n");

static void on_fault(int sig, siginfo_t *info, void *context)
{
    struct context *uc = context;
    got.signal = sig;
    got.code = info->si_code;
    got.addr = (uintptr_t)info->si_addr;
    got.trapno = uc->trapno;
    got.err = uc->err;
    got.seen = *uc;
    uc->ip = (uintptr_t)recover;
    uc->sp = saved_sp;
    uc->cs = 0x33;
    uc->ss = 0x2b;
    uc->flags = 0x202;
    uc->sigmask = 0;
}

static void take_template(int sig, siginfo_t *info, void *context)
{
    (void)sig, (void)info;
    template = *(struct context *)context;
    struct fx *image = (struct fx *)template.fpstate;
    uint32_t magic, size;
    memcpy(&magic, image->rest + 48, 4);
    memcpy(&size, image->rest + 52, 4);
    fp_size = magic == 0x46505853 ? size : 512;
    template_fp = malloc(fp_size);
    memcpy(template_fp, image, fp_size);
    mxcsr_bits = image->mxcsr_mask ? image->mxcsr_mask : 0xffbf;
}

static uint64_t state = 0x9e3779b97f4a7c15;
static uint64_t any(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state * 0x2545f4914f6cdd1d;
}
static uint64_t below(uint64_t n)
{
    return (any() >> 33) % n;
}

static uint64_t any_address(void)
{
    static const uint64_t edges[] = {0,
                                     8,
                                     0x7ffffffff000,
                                     0x7fffffffffff,
                                     0x800000000000,
                                     0xffff7fffffffffff,
                                     0xffff800000000000,
                                     0xffffffffffffffff};
    switch (below(6)) {
    case 0:
        return any();
    case 1:
        return any() >> 17; /* the user's half */
    case 2:
        return edges[below(8)];
    case 3:
        return (uintptr_t)pages + below(3 * 4096);
    default:
        return (uintptr_t)landing;
    }
}

static uint16_t any_selector(void)
{
    static const uint16_t some[] = {0,    3,    8,    0x10, 0x18, 0x20, 0x28, 0x2b, 0x2f,  0x30,
                                    0x33, 0x37, 0x40, 0x50, 0x63, 0x6b, 0x7b, 0x83, 0xfff8};
    uint16_t s = below(4) ? some[below(sizeof some / sizeof *some)] : (uint16_t)any();
    return (s | 3) == 0x23 ? 0x33 : s; /* 32-bit code is another matter */
}

static void forge_fp(void)
{
    switch (below(8)) {
    case 0:
        forged.fpstate = 0;
        break;
    case 1:
        forged.fpstate = (uintptr_t)fp + 1 + below(15);
        break;
    case 2:
        forged.fpstate = (uintptr_t)pages + 4096;
        break;
    case 3:
        forged.fpstate = any() | 1ull << 62;
        break;
    case 4:
        fp->mxcsr = (uint32_t)any();
        break;
    case 5:
        fp->mxcsr = (uint32_t)any() & 0xffff;
        break;
    case 6:
        fp->cw = (uint16_t)any();
        fp->sw = (uint16_t)any();
        fp->tw = (uint16_t)any() & 0xff;
        break;
    default:
        for (unsigned i = 0; i < sizeof fp->xmm; i += 8) {
            uint64_t word = any();
            memcpy(fp->xmm + i, &word, 8);
        }
    }
}

/* A signal that is blocked and forced kills. */
#define UNFORCED (~(1ull << 10 | 1ull << 6 | 1ull << 7 | 1ull << 4 | 1ull << 3))

static void forge_one(void)
{
    uint64_t *registers = &forged.r8;
    switch (below(13)) {
    case 0:
        forged.ip = any_address();
        break;
    case 1:
        forged.sp = any_address();
        break;
    case 2:
        forged.flags = any();
        break;
    case 3:
        forged.flags ^= 1ull << below(32);
        break;
    case 4:
        forged.cs = any_selector();
        break;
    case 5:
        forged.ss = any_selector();
        break;
    case 6:
        forged.uc_flags = below(2) ? any() : below(8);
        break;
    case 7:
        forged.sigmask = any() & UNFORCED;
        break;
    case 8: /* neither is taken: the stack stays what it is */
        if (below(2))
            forged.stack_flags = 4 + (uint32_t)below(1000);
        else
            forged.stack_size = below(2048);
        break;
    case 9:
        registers[below(15)] = any();
        break;
    case 10:
        forged.fs = (uint16_t)any();
        forged.gs = (uint16_t)any();
        forged.err = any();
        forged.trapno = any();
        forged.oldmask = any();
        forged.cr2 = any();
        forged.reserved[below(8)] = any();
        break;
    default:
        forge_fp();
    }
}

static int is_canonical(uint64_t addr)
{
    return (uint64_t)((int64_t)(addr << 16) >> 16) == addr;
}

static int fp_is_good(void)
{
    return forged.fpstate == 0 || (forged.fpstate == (uintptr_t)fp && !(fp->mxcsr & ~mxcsr_bits));
}

/* The selectors as the way back sees them, and the error code of its refusal, or -1. */
static int refused_selector(uint16_t *cs, uint16_t *ss)
{
    *cs = forged.cs | 3;
    *ss = forged.ss | 3;
    if (!(forged.uc_flags & 4) && *cs == 0x33)
        *ss = 0x2b;
    if (*cs == 0x33 && *ss == 0x2b)
        return -1;
    /* With a stack of the LDT the way back is another one, which loses the code. */
    if (*ss & 4)
        return 0;
    return *cs != 0x33 ? *cs & 0xfffc : *ss & 0xfffc;
}

static void mismatch(const char *what, uint64_t want, uint64_t have)
{
    fprintf(stderr,
            "%s is %#lx, not %#lx: ip %#lx sp %#lx cs %#x ss %#x flags %#lx uc_flags %#lx fpstate "
            "%#lx mxcsr %#x; signal %d code %d addr %#lx trap %lu err %#lx\n",
            what, have, want, forged.ip, forged.sp, forged.cs, forged.ss, forged.flags,
            forged.uc_flags, forged.fpstate, fp->mxcsr, got.signal, got.code, got.addr, got.trapno,
            got.err);
    _exit(1);
}
#define SAME(want, have)                                                                           \
    do {                                                                                           \
        if ((uint64_t)(want) != (uint64_t)(have))                                                  \
            mismatch(#have, (uint64_t)(want), (uint64_t)(have));                                   \
    } while (0)

/* The signal's context is the forged one. */
static void check_seen(uint16_t cs, uint16_t ss, uint64_t ip, uint64_t rf)
{
    SAME(ip, got.seen.ip);
    SAME(forged.sp, got.seen.sp);
    SAME(cs, got.seen.cs);
    SAME(ss, got.seen.ss);
    SAME(cs == 0x33 ? 6 : 2, got.seen.uc_flags & 6);
    SAME(forged.flags & FLAGS_RESTORED & ~RF, got.seen.flags & FLAGS_RESTORED & ~rf);
    SAME(0x202, got.seen.flags & ~(uint64_t)FLAGS_RESTORED);
    SAME(0, memcmp(&forged.r8, &got.seen.r8, 15 * 8));
    SAME(forged.sigmask & ~(1ull << 8 | 1ull << 18), got.seen.sigmask);
}

static void check_fault(int code, uint64_t addr, uint64_t trapno, uint64_t err)
{
    SAME(SIGSEGV, got.signal);
    SAME(code, got.code);
    SAME(addr, got.addr);
    SAME(trapno, got.trapno);
    SAME(err, got.err);
    old_trapno = trapno;
    old_err = err;
}

static void check_landed(void)
{
    SAME(0, got.signal);
    uint64_t want[] = {forged.ax,  forged.bx,  forged.cx,  forged.dx, forged.si,  forged.di,
                       forged.bp,  forged.sp,  forged.r8,  forged.r9, forged.r10, forged.r11,
                       forged.r12, forged.r13, forged.r14, forged.r15};
    for (unsigned i = 0; i < 16; i++)
        SAME(want[i], landed[i]);
    SAME((forged.flags & FLAGS_RESTORED & ~RF) | 0x202, landed[16]);
    uint64_t mask = 0, none = 0;
    CHECK(syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, &mask, 8));
    SAME(forged.sigmask & ~(1ull << 8 | 1ull << 18), mask);
    struct fx fresh = {.cw = 0x37f, .mxcsr = 0x1f80};
    const struct fx *want_fx = forged.fpstate ? fp : &fresh;
    SAME(want_fx->mxcsr, landed_fx.mxcsr);
    SAME(want_fx->cw & 0xf3f, landed_fx.cw & 0xf3f);
    SAME(want_fx->sw & 0x7f7f, landed_fx.sw & 0x7f7f);
    SAME(want_fx->tw & 0xff, landed_fx.tw & 0xff);
    SAME(0, memcmp(want_fx->xmm, landed_fx.xmm, sizeof fresh.xmm));
}

static void check(void)
{
    uint16_t cs, ss;
    int refused = refused_selector(&cs, &ss);
    uint64_t ip = forged.ip;
    if (!fp_is_good()) {
        forged.ax = 0; /* the call's result */
        check_seen(cs, ss, ip, RF);
        check_fault(SI_KERNEL, 0, old_trapno, old_err);
    } else if (refused >= 0) {
        check_seen(cs, ss, ip, RF);
        if (!is_canonical(ip) && got.err == 0) /* it is the CPU's business what it looks at first */
            refused = 0;
        check_fault(SI_KERNEL, 0, 13, (uint64_t)refused);
    } else if (!is_canonical(ip)) {
        check_seen(cs, ss, ip, RF);
        check_fault(SI_KERNEL, 0, 13, 0);
    } else if (ip != (uintptr_t)landing) {
        check_seen(cs, ss, ip, RF);
        int mapped = ip - (uintptr_t)pages < 4096 || ip - (uintptr_t)pages - 8192 < 4096;
        check_fault(mapped ? SEGV_ACCERR : SEGV_MAPERR, ip, 14,
                    mapped || ip >= 0x7ffffffff000 ? 0x15 : 0x14);
    } else if (forged.flags & TF) {
        SAME(SIGTRAP, got.signal);
        SAME(TRAP_TRACE, got.code);
        check_seen(cs, ss, got.addr, RF);
        old_trapno = 1;
        old_err = got.err;
    } else {
        check_landed();
    }
}

/* A frame that is not there at all: nothing of it holds. */
static void check_no_frame(uint64_t sp)
{
    got.signal = 0;
    run((void *)sp);
    SAME(SIGSEGV, got.signal);
    SAME(SI_KERNEL, got.code);
    SAME((uintptr_t)after_sigreturn, got.seen.ip);
    SAME(sp, got.seen.sp);
    SAME(0, got.seen.sigmask);
    SAME(0, got.seen.ax);
}

static void try_one(void)
{
    forged = template;
    forged.ip = (uintptr_t)landing;
    forged.sp = (uintptr_t)pages + 2048;
    forged.fpstate = (uintptr_t)fp;
    forged.flags = 0x202;
    forged.sigmask = 0;
    memcpy(fp, template_fp, sizeof *fp);
    for (uint64_t n = below(4); n > 0; n--)
        forge_one();
    *place = forged;
    got.signal = 0;
    run(place);
    check();
}

int main(int argc, char **argv)
{
    long frames = argc > 1 ? atol(argv[1]) : 20000;
    static char altstack[65536];
    struct sigaction action = {.sa_sigaction = take_template, .sa_flags = SA_SIGINFO};
    CHECK(sigaction(SIGUSR1, &action, NULL));
    CHECK(sigaltstack(&(stack_t){.ss_sp = altstack, .ss_size = sizeof altstack}, NULL));
    CHECK(raise(SIGUSR1));
    action.sa_sigaction = on_fault;
    action.sa_flags |= SA_ONSTACK;
    static const int faults[] = {SIGSEGV, SIGBUS, SIGTRAP, SIGFPE, SIGILL};
    for (unsigned i = 0; i < 5; i++)
        CHECK(sigaction(faults[i], &action, NULL));

    pages = CHECK(mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    memset(pages, 0, 3 * 4096);
    CHECK(munmap(pages + 4096, 4096));
    CHECK(mprotect(pages + 8192, 4096, PROT_READ));
    char *memory = CHECK(aligned_alloc(64, (fp_size + 127) & ~63ul));
    memcpy(memory, template_fp, fp_size);
    fp = (struct fx *)memory;
    /* As if the return address were popped: the frame begins 8 before. */
    static char room[sizeof(struct context) + 256];
    for (long i = 0; i < frames; i++) {
        place = (struct context *)(room + 8 + below(8)); /* any alignment */
        try_one();
    }
    check_no_frame(0);
    check_no_frame((uintptr_t)pages + 4096 + 8);
    check_no_frame((uintptr_t)pages + 4096 - 64);
    check_no_frame(0x7ffffffff000);
    check_no_frame(0x8000000000000000);
    check_no_frame(0xfffffffffffffff0);
    return 0;
}
