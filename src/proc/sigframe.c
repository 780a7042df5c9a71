/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signal frames, bit for bit as Linux x86-64 builds them on a CPU without XSAVE: return address,
 * ucontext, siginfo, and above them the FXSAVE image, 64-byte aligned (arch/x86's ABI;
 * guest/signal/frame_layout compares with the host).
 */
#include "proc/sigframe.h"

#include <string.h>

#include "abi/errno.h"
#include "mem/uaccess.h"
#include "proc/signal.h"

/* struct sigcontext of the x86-64 ABI. */
struct lx_sigcontext {
    uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
    uint64_t di, si, bp, bx, dx, ax, cx, sp, ip;
    uint64_t flags;
    uint16_t cs, gs, fs, ss;
    uint64_t err;
    uint64_t trapno;
    uint64_t oldmask;
    uint64_t cr2;
    uint64_t fpstate; /* guest address of the FXSAVE image, or 0 */
    uint64_t reserved[8];
};
_Static_assert(sizeof(struct lx_sigcontext) == 256, "struct sigcontext's size");

struct lx_ucontext {
    uint64_t flags;
    uint64_t link;
    struct lx_stack stack;
    struct lx_sigcontext mcontext;
    uint64_t sigmask;
};
_Static_assert(sizeof(struct lx_ucontext) == 304, "struct ucontext's size");

struct lx_rt_sigframe {
    uint64_t pretcode; /* the restorer: the handler's return address */
    struct lx_ucontext uc;
    struct lx_siginfo info;
};
_Static_assert(sizeof(struct lx_rt_sigframe) == 440, "struct rt_sigframe's size");

#define LX_UC_SIGCONTEXT_SS 2
#define LX_UC_STRICT_RESTORE_SS 4
#define RED_ZONE 128
/* Selectors of 64-bit and 32-bit user code and of user data. */
#define USER_CS 0x33
#define USER32_CS 0x23
#define USER_DS 0x2b
/* The bits that MXCSR has. */
#define MXCSR_BITS 0xffffu

#define RFLAGS_TF UINT64_C(0x100)
#define RFLAGS_DF UINT64_C(0x400)
#define RFLAGS_RF UINT64_C(0x10000)
/* What rt_sigreturn takes from the frame: AC, OF, DF, TF, SF, ZF, AF, PF, CF, RF. */
#define RFLAGS_RESTORED UINT64_C(0x50dd5)

int altstack_state(const struct task *task, uint64_t sp)
{
    const struct lx_stack *stack = &task->altstack;
    if (stack->size == 0)
        return LX_SS_DISABLE;
    if ((uint32_t)stack->flags & LX_SS_AUTODISARM)
        return 0;
    return sp > stack->sp && sp - stack->sp <= stack->size ? LX_SS_ONSTACK : 0;
}

long altstack_set(struct task *task, const struct lx_stack *stack, uint64_t sp, uint64_t min_size)
{
    if (altstack_state(task, sp) == LX_SS_ONSTACK)
        return -LX_EPERM;
    uint32_t mode = (uint32_t)stack->flags & ~LX_SS_AUTODISARM;
    if (mode != LX_SS_DISABLE && mode != LX_SS_ONSTACK && mode != 0)
        return -LX_EINVAL;
    if (mode == LX_SS_DISABLE) {
        task->altstack = (struct lx_stack){.flags = stack->flags};
        return 0;
    }
    if (stack->size < min_size)
        return -LX_ENOMEM;
    task->altstack = (struct lx_stack){.sp = stack->sp, .flags = stack->flags, .size = stack->size};
    return 0;
}

static void fill_context(struct task *task, const struct cpu_state *cpu, uint64_t mask,
                         struct lx_sigcontext *context)
{
    const uint64_t *gpr = cpu->gpr;
    *context = (struct lx_sigcontext){
        .r8 = gpr[CPU_R8],
        .r9 = gpr[CPU_R9],
        .r10 = gpr[CPU_R10],
        .r11 = gpr[CPU_R11],
        .r12 = gpr[CPU_R12],
        .r13 = gpr[CPU_R13],
        .r14 = gpr[CPU_R14],
        .r15 = gpr[CPU_R15],
        .di = gpr[CPU_RDI],
        .si = gpr[CPU_RSI],
        .bp = gpr[CPU_RBP],
        .bx = gpr[CPU_RBX],
        .dx = gpr[CPU_RDX],
        .ax = gpr[CPU_RAX],
        .cx = gpr[CPU_RCX],
        .sp = gpr[CPU_RSP],
        .ip = cpu->rip,
        .flags = cpu->rflags,
        .cs = cpu->cs,
        .gs = cpu->gs,
        .fs = cpu->fs,
        .ss = cpu->ss,
        .err = task->trap_error,
        .trapno = task->trap_number,
        .oldmask = mask,
        .cr2 = task->trap_addr,
    };
}

/* Where the frame goes: below the red zone, or at the top of the alternate stack. 0: it would leave
 * that stack. */
static uint64_t place_frame(const struct task *task, const struct lx_ksigaction *action,
                            uint64_t sp, uint64_t *fpstate)
{
    bool on_altstack = altstack_state(task, sp) == LX_SS_ONSTACK;
    bool entering = false;
    sp -= RED_ZONE;
    if ((action->flags & LX_SA_ONSTACK) && altstack_state(task, sp + RED_ZONE) == 0) {
        sp = task->altstack.sp + task->altstack.size;
        entering = true;
    }
    *fpstate = (sp - sizeof(struct cpu_fxsave)) & ~UINT64_C(63);
    sp = ((*fpstate - sizeof(struct lx_rt_sigframe)) & ~UINT64_C(15)) - 8;

    if ((on_altstack || entering) &&
        (sp <= task->altstack.sp || sp - task->altstack.sp > task->altstack.size))
        return 0;
    return sp;
}

/* The FPU as a new program finds it. */
static void reset_fpu(struct cpu_state *cpu)
{
    memset(&cpu->fx, 0, sizeof cpu->fx);
    cpu->fx.fcw = 0x37f;
    cpu->fx.mxcsr = 0x1f80;
}

long sigframe_push(struct task *task, const struct lx_siginfo *info,
                   const struct lx_ksigaction *action, uint64_t mask)
{
    if (!(action->flags & LX_SA_RESTORER))
        return -LX_EFAULT;
    struct cpu_state cpu;
    cpu_get_state(task->kernel->cpu, &cpu);

    uint64_t fpstate;
    uint64_t sp = place_frame(task, action, cpu.gpr[CPU_RSP], &fpstate);
    if (!sp)
        return -LX_EFAULT;

    struct lx_rt_sigframe frame = {.pretcode = action->restorer};
    frame.uc.stack = task->altstack;
    frame.uc.sigmask = mask;
    if (task->iret_cs) {
        cpu.cs = task->iret_cs;
        cpu.ss = task->iret_ss;
    }
    /* Linux: 32-bit code may be ignorant of ss (guest/signal/forged_frames). */
    frame.uc.flags = LX_UC_SIGCONTEXT_SS | (cpu.cs == USER_CS ? LX_UC_STRICT_RESTORE_SS : 0);
    fill_context(task, &cpu, mask, &frame.uc.mcontext);
    frame.uc.mcontext.fpstate = fpstate;
    frame.info = *info;
    long err = user_write(task->mm, fpstate, &cpu.fx, sizeof cpu.fx);
    if (!err)
        err = user_write(task->mm, sp, &frame, sizeof frame);
    if (err)
        return err;

    if ((uint32_t)task->altstack.flags & LX_SS_AUTODISARM)
        task->altstack = (struct lx_stack){.flags = LX_SS_DISABLE};
    cpu.gpr[CPU_RDI] = (uint64_t)info->signo;
    cpu.gpr[CPU_RSI] = sp + offsetof(struct lx_rt_sigframe, info);
    cpu.gpr[CPU_RDX] = sp + offsetof(struct lx_rt_sigframe, uc);
    cpu.gpr[CPU_RAX] = 0;
    cpu.gpr[CPU_RSP] = sp;
    cpu.rip = action->handler;
    cpu.rflags &= ~(RFLAGS_TF | RFLAGS_DF | RFLAGS_RF);
    cpu.cs = USER_CS;
    cpu.ss = USER_DS;
    task->iret_cs = 0;
    reset_fpu(&cpu);
    cpu_set_state(task->kernel->cpu, &cpu);
    return 0;
}

/* The registers of a frame, what may not be forged left out. */
static void take_context(const struct lx_sigcontext *context, struct cpu_state *cpu)
{
    uint64_t *gpr = cpu->gpr;
    gpr[CPU_R8] = context->r8;
    gpr[CPU_R9] = context->r9;
    gpr[CPU_R10] = context->r10;
    gpr[CPU_R11] = context->r11;
    gpr[CPU_R12] = context->r12;
    gpr[CPU_R13] = context->r13;
    gpr[CPU_R14] = context->r14;
    gpr[CPU_R15] = context->r15;
    gpr[CPU_RDI] = context->di;
    gpr[CPU_RSI] = context->si;
    gpr[CPU_RBP] = context->bp;
    gpr[CPU_RBX] = context->bx;
    gpr[CPU_RDX] = context->dx;
    gpr[CPU_RAX] = context->ax;
    gpr[CPU_RCX] = context->cx;
    gpr[CPU_RSP] = context->sp;
    cpu->rip = context->ip;
    cpu->rflags = (cpu->rflags & ~RFLAGS_RESTORED) | (context->flags & RFLAGS_RESTORED);
}

/* The FPU's state of a frame: none means the initial one, which is also left when it is refused.
 * -LX_EFAULT. */
static long take_fpstate(struct task *task, uint64_t addr, struct cpu_state *cpu)
{
    struct cpu_fxsave fx;
    reset_fpu(cpu);
    if (addr == 0)
        return 0;
    /* What fxrstor takes: aligned, and no bit in MXCSR that this CPU has not. */
    if (user_get(task->mm, &fx, addr) || addr % 16 || fx.mxcsr & ~MXCSR_BITS)
        return -LX_EFAULT;
    cpu->fx = fx;
    return 0;
}

/*
 * Linux: any selectors are taken, and it is the way back to the guest (iret) that refuses those
 * that are not of user code and data; signals that are pending come first
 * (guest/signal/forged_frames).
 */
static void take_selectors(struct task *task, const struct lx_ucontext *uc, struct cpu_state *cpu)
{
    uint16_t cs = uc->mcontext.cs | 3, ss = uc->mcontext.ss | 3;
    /* Old frames do not hold ss. */
    if (!(uc->flags & LX_UC_STRICT_RESTORE_SS) && cs == USER_CS)
        ss = USER_DS;
    bool good = (cs == USER_CS || cs == USER32_CS) && ss == USER_DS;
    if (cs == USER32_CS && cpu->rip >> 32)
        good = false;
    cpu->cs = good ? cs : USER_CS;
    cpu->ss = USER_DS;
    task->iret_cs = good ? 0 : cs;
    task->iret_ss = good ? 0 : ss;
}

uint16_t sigframe_iret_fault(struct task *task)
{
    /* Linux: a stack segment of the LDT takes a way that loses the error code
     * (guest/signal/forged_frames). */
    if (task->iret_ss & 4)
        return 0;
    bool bad_cs = task->iret_cs != USER_CS && task->iret_cs != USER32_CS;
    uint16_t selector = bad_cs ? task->iret_cs : task->iret_ss;
    /* Where both are good it was the address. */
    return selector == USER_DS && !bad_cs ? 0 : selector & 0xfffc;
}

void sigframe_return(struct task *task)
{
    struct cpu *engine = task->kernel->cpu;
    struct cpu_state cpu;
    /* Linux: after a handler there is nothing to go on with (guest/signal/restart). */
    task->restart.number = 0;
    cpu_get_state(engine, &cpu);

    struct lx_rt_sigframe frame;
    gva_t at = cpu.gpr[CPU_RSP] - 8;
    bool bad = at > TASK_SIZE - sizeof frame ||
               user_read(task->mm, &frame, at, offsetof(struct lx_rt_sigframe, info));
    if (!bad) {
        signal_set_mask(task, frame.uc.sigmask);
        /* Linux: while the handler's stack is still in use; errors do not matter
         * (guest/signal/forged_frames). */
        long err = altstack_set(task, &frame.uc.stack, cpu.gpr[CPU_RSP], LX_MINSIGSTKSZ);
        (void)err;
        take_context(&frame.uc.mcontext, &cpu);
        take_selectors(task, &frame.uc, &cpu);
        bad = take_fpstate(task, frame.uc.mcontext.fpstate, &cpu) != 0;
        cpu_set_state(engine, &cpu);
    }
    if (bad) {
        cpu_gprs(engine)[CPU_RAX] = 0;
        struct lx_siginfo fault = {.signo = LX_SIGSEGV, .code = LX_SI_KERNEL};
        signal_force(task, &fault);
    }
}
