/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which si_code has each floating-point exception that is not masked, in the SSE and in the x87
 * unit, and what do the status words in the frame hold? */
#include "fault_test.h"

/* Bits of MXCSR and of the x87 words. */
enum { IE = 1, DE = 2, ZE = 4, OE = 8, UE = 16, PE = 32, ALL = 63 };

static float one = 1, zero, huge = 3e38f, tiny = 1e-38f, three = 3, minus = -1, denormal = 1e-40f;
static double d_huge = 1e308, d_tiny = 1e-308, d_one = 1, d_three = 3, d_zero, d_minus = -1;
static uint32_t signalling = 0x7f800001;

static void unmask_sse(unsigned bits)
{
    uint32_t mxcsr = (ALL & ~bits) << 7;
    asm volatile("ldmxcsr %0" ::"m"(mxcsr));
}

static void unmask_x87(unsigned bits)
{
    uint16_t cw = (uint16_t)(0x340 & ~0x40) | (uint16_t)(ALL & ~bits);
    asm volatile("fninit; fldcw %0" ::"m"(cw));
}

/* The operation that faults, on two floats. */
#define SSE(op, a, b) asm volatile("movss %0, %%xmm0; " #op " %1, %%xmm0" ::"m"(a), "m"(b) : "xmm0")
#define SSE2(op, a, b)                                                                             \
    asm volatile("movsd %0, %%xmm0; " #op " %1, %%xmm0" ::"m"(a), "m"(b) : "xmm0")
/* x87: the exception comes at the next waiting instruction. */
#define X87(op, a, b) asm volatile("flds %0; " #op " %1; fwait" ::"m"(a), "m"(b))

static void divss(void)
{
    unmask_sse(ZE);
    SSE(divss, one, zero);
}
static void divps(void)
{
    unmask_sse(ZE);
    asm volatile("movups %0, %%xmm0; xorps %%xmm1, %%xmm1; divps %%xmm1, %%xmm0" ::"m"(
                     *(char(*)[16]) "\0\0\x80\x3f\0\0\x80\x3f\0\0\x80\x3f\0\0\x80\x3f")
                 : "xmm0", "xmm1");
}
static void mulss(void)
{
    unmask_sse(OE);
    SSE(mulss, huge, huge);
}
static void mulss_inexact(void)
{
    unmask_sse(OE | PE);
    SSE(mulss, huge, huge);
}
static void mulss_tiny(void)
{
    unmask_sse(UE);
    SSE(mulss, tiny, tiny);
}
static void divss_inexact(void)
{
    unmask_sse(PE);
    SSE(divss, one, three);
}
static void sqrtss(void)
{
    unmask_sse(IE);
    SSE(sqrtss, one, minus);
}
static void zero_by_zero(void)
{
    unmask_sse(ALL);
    SSE(divss, zero, zero);
}
static void addss_denormal(void)
{
    unmask_sse(DE);
    SSE(addss, one, denormal);
}
static void addss_snan(void)
{
    unmask_sse(IE);
    SSE(addss, one, signalling);
}
static void divsd(void)
{
    unmask_sse(ZE);
    SSE2(divsd, d_one, d_zero);
}
static void mulsd(void)
{
    unmask_sse(OE);
    SSE2(mulsd, d_huge, d_huge);
}
static void mulsd_tiny(void)
{
    unmask_sse(UE);
    SSE2(mulsd, d_tiny, d_tiny);
}
static void divsd_inexact(void)
{
    unmask_sse(PE);
    SSE2(divsd, d_one, d_three);
}
static void sqrtsd(void)
{
    unmask_sse(IE);
    SSE2(sqrtsd, d_one, d_minus);
}
static void cvttss(void)
{
    unmask_sse(IE);
    asm volatile("cvttss2si %0, %%eax" ::"m"(huge) : "rax");
}
static void cvtsd2ss(void)
{
    unmask_sse(OE);
    asm volatile("cvtsd2ss %0, %%xmm0" ::"m"(d_huge) : "xmm0");
}
static void cvtsi(void)
{
    unmask_sse(PE);
    asm volatile("mov $0x1000001, %%eax; cvtsi2ss %%eax, %%xmm0" ::: "rax", "xmm0");
}
static void comiss(void)
{
    unmask_sse(IE);
    SSE(comiss, one, signalling);
}
static void minss(void)
{
    unmask_sse(IE);
    SSE(minss, one, signalling);
}
static void fdivs(void)
{
    unmask_x87(ZE);
    X87(fdivs, one, zero);
}
static void fmuls(void)
{
    unmask_x87(OE);
    asm volatile("fldl %0; fmull %0; fstps %1; fwait" ::"m"(d_huge), "m"(one));
}
static void fstps(void)
{
    unmask_x87(UE);
    asm volatile("fldl %0; fstps %1; fwait" ::"m"(d_tiny), "m"(one));
}
static void fdiv_inexact(void)
{
    unmask_x87(PE);
    X87(fdivs, one, three);
}
static void fsqrt(void)
{
    unmask_x87(IE);
    asm volatile("flds %0; fsqrt; fwait" ::"m"(minus));
}
static void fld_denormal(void)
{
    unmask_x87(DE);
    asm volatile("flds %0; fwait" ::"m"(denormal));
}
static void stack_fault(void)
{
    unmask_x87(IE);
    asm volatile("fstp %st(0); fwait");
}
static void late(void)
{
    unmask_x87(ALL);
    asm volatile("fldz; fld1; fdivp; nop; fld1");
}
/* Unmasking what is raised already: the exception comes with the next instruction. */
static void by_fldcw(void)
{
    uint16_t cw = 0x300;
    asm volatile("fninit; fldz; fld1; fdivp; fldcw %0; nop; fwait" ::"m"(cw));
}

static const struct {
    const char *name;
    void (*run)(void);
    int code;
    unsigned trapno, raised;
} cases[] = {
    {"1/0, divss", divss, FPE_FLTDIV, 19, ZE},
    {"1/0, divps", divps, FPE_FLTDIV, 19, ZE},
    {"overflow, mulss", mulss, FPE_FLTOVF, 19, OE},
    {"overflow and inexact, mulss", mulss_inexact, FPE_FLTOVF, 19, OE},
    {"underflow, mulss", mulss_tiny, FPE_FLTUND, 19, UE},
    {"inexact, divss", divss_inexact, FPE_FLTRES, 19, PE},
    {"square root of -1, sqrtss", sqrtss, FPE_FLTINV, 19, IE},
    {"0/0, divss", zero_by_zero, FPE_FLTINV, 19, IE},
    {"a denormal operand, addss", addss_denormal, FPE_FLTUND, 19, DE},
    {"a signalling NaN, addss", addss_snan, FPE_FLTINV, 19, IE},
    {"1/0, divsd", divsd, FPE_FLTDIV, 19, ZE},
    {"overflow, mulsd", mulsd, FPE_FLTOVF, 19, OE},
    {"underflow, mulsd", mulsd_tiny, FPE_FLTUND, 19, UE},
    {"inexact, divsd", divsd_inexact, FPE_FLTRES, 19, PE},
    {"square root of -1, sqrtsd", sqrtsd, FPE_FLTINV, 19, IE},
    {"an integer too big, cvttss2si", cvttss, FPE_FLTINV, 19, IE},
    {"a float too big, cvtsd2ss", cvtsd2ss, FPE_FLTOVF, 19, OE},
    {"inexact, cvtsi2ss", cvtsi, FPE_FLTRES, 19, PE},
    {"a signalling NaN, comiss", comiss, FPE_FLTINV, 19, IE},
    {"a signalling NaN, minss", minss, FPE_FLTINV, 19, IE},
    {"1/0, fdiv", fdivs, FPE_FLTDIV, 16, ZE},
    {"overflow, fst", fmuls, FPE_FLTOVF, 16, OE},
    {"underflow, fst", fstps, FPE_FLTUND, 16, UE},
    {"inexact, fdiv", fdiv_inexact, FPE_FLTRES, 16, PE},
    {"square root of -1, fsqrt", fsqrt, FPE_FLTINV, 16, IE},
    {"a denormal operand, fld", fld_denormal, FPE_FLTUND, 16, DE},
    {"an empty stack, fstp", stack_fault, FPE_FLTINV, 16, IE},
    {"1/0, at the next instruction", late, FPE_FLTDIV, 16, ZE},
    {"1/0, unmasked afterwards", by_fldcw, FPE_FLTDIV, 16, ZE},
};

int main(void)
{
    int bad = 0;
    fault_setup();
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        int faulted = fault_of(cases[i].run);
        /* What raised it is masked in the context of the handler, not here. */
        asm volatile("fninit");
        unmask_sse(0);
        unsigned flags = cases[i].trapno == 19 ? fault_fp.mxcsr : fault_fp.swd;
        if (!faulted || fault_info.si_signo != SIGFPE || fault_info.si_code != cases[i].code ||
            fault_info.si_addr != (void *)REG(&fault_uc, RIP) ||
            REG(&fault_uc, TRAPNO) != cases[i].trapno || REG(&fault_uc, ERR) != 0 ||
            (flags & cases[i].raised) != cases[i].raised) {
            fprintf(stderr, "%s: fault %d signal %d code %d trap %d flags %#x\n", cases[i].name,
                    faulted, fault_info.si_signo, fault_info.si_code, (int)REG(&fault_uc, TRAPNO),
                    flags & ALL);
            bad = 1;
        }
    }
    return bad;
}
