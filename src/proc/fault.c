/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Faults to signals, as arch/x86 of Linux maps them (sigaction(2), "si_code").
 */
#include "proc/fault.h"

#include "mem/pagetable.h"
#include "mem/uaccess.h"
#include "proc/fault_stack.h"
#include "proc/sigframe.h"
#include "proc/signal.h"

/* Bits of a page fault's error code. */
#define PF_PRESENT 1u
#define PF_WRITE 2u
#define PF_USER 4u
#define PF_FETCH 16u

#define INT1_OPCODE 0xf1

/* Linux: error code as of hardware, on which PROT_NONE is not present (guest/signal/fault_codes).
 */
static bool was_present(const struct task *task, gva_t addr)
{
    if (addr >= TASK_SIZE)
        return true;
    uint64_t pte = pt_lookup(task->mm->ram, task->mm->pml4, addr);
    return (pte & (PTE_PRESENT | PTE_USER)) == (PTE_PRESENT | PTE_USER);
}

void fault_no_memory(struct task *task)
{
    if (task->process == task->kernel->init->process)
        task->kernel->out_of_memory = true;
    signal_force_fault(task, LX_SIGKILL, 0, 0);
}

void fault_page(struct task *task, gva_t addr, enum cpu_access access)
{
    struct mm_fault fault;
    if (!mm_fault(task->mm, addr, access, &fault))
        return;
    task->trap_number = 14;
    task->trap_addr = addr;
    task->trap_error = PF_USER | (access == CPU_WRITE ? PF_WRITE : 0) |
                       (access == CPU_EXEC ? PF_FETCH : 0) |
                       (was_present(task, addr) ? PF_PRESENT : 0);
    if (fault.signal == LX_SIGKILL)
        fault_no_memory(task);
    else
        signal_force_fault(task, fault.signal, fault.code, fault.addr);
}

/* si_code of a SIGFPE by unmasked exception bits: x87 status or MXCSR (both: IE DE ZE OE UE PE from
 * bit 0). */
static int fpe_code(unsigned raised)
{
    if (raised & 0x01)
        return LX_FPE_FLTINV;
    if (raised & 0x04)
        return LX_FPE_FLTDIV;
    if (raised & 0x08)
        return LX_FPE_FLTOVF;
    if (raised & 0x12)
        return LX_FPE_FLTUND;
    if (raised & 0x20)
        return LX_FPE_FLTRES;
    return 0;
}

static int fpe_code_of(struct task *task, unsigned vector)
{
    struct cpu_state state;
    cpu_get_state(task->kernel->cpu, &state);
    if (vector == 16)
        return fpe_code(state.fx.fsw & ~(unsigned)state.fx.fcw & 0x3f);
    return fpe_code(state.fx.mxcsr & ~(state.fx.mxcsr >> 7) & 0x3f);
}

/* int1, which the engine takes for an invalid opcode: a #DB after the instruction. */
static bool is_int1(struct task *task, gva_t rip)
{
    uint8_t opcode;
    return user_read(task->mm, &opcode, rip, 1) == 0 && opcode == INT1_OPCODE;
}

#define VECTOR_INT80 0x80

void fault_exception(struct task *task, unsigned vector, uint32_t error_code)
{
    gva_t rip = cpu_rip(task->kernel->cpu);
    if (vector == 6 && is_int1(task, rip)) {
        cpu_set_rip(task->kernel->cpu, ++rip);
        task->trap_number = 1;
        task->trap_error = 0;
        signal_force_fault(task, LX_SIGTRAP, LX_TRAP_BRKPT, rip);
        return;
    }
    if (vector == VECTOR_INT80) { /* as on a kernel without 32-bit calls: there is no gate */
        cpu_set_rip(task->kernel->cpu, rip - 2);
        vector = 13;
        error_code = VECTOR_INT80 << 3 | 2;
    }
    /* Linux: SIGBUS then (guest/signal/stacks). */
    if (vector == 13 && error_code == 0 && fault_is_of_stack(task, rip))
        vector = 12;
    task->trap_number = vector;
    task->trap_error = error_code;
    switch (vector) {
    case 0:
        signal_force_fault(task, LX_SIGFPE, LX_FPE_INTDIV, rip);
        break;
    case 1:
        signal_force_fault(task, LX_SIGTRAP, LX_TRAP_TRACE, rip);
        break;
    case 3:
        signal_force_fault(task, LX_SIGTRAP, LX_SI_KERNEL, 0);
        break;
    case 6:
        signal_force_fault(task, LX_SIGILL, LX_ILL_ILLOPN, rip);
        break;
    case 16:
    case 19:
        signal_force_fault(task, LX_SIGFPE, fpe_code_of(task, vector), rip);
        break;
    case 11:
    case 12:
        signal_force_fault(task, LX_SIGBUS, LX_SI_KERNEL, 0);
        break;
    case 17:
        signal_force_fault(task, LX_SIGBUS, LX_BUS_ADRALN, 0);
        break;
    default: /* 4 #OF, 5 #BR, 10 #TS, 13 #GP, and int n without a gate */
        signal_force_fault(task, LX_SIGSEGV, LX_SI_KERNEL, 0);
        break;
    }
}

void fault_iret(struct task *task)
{
    task->trap_number = 13;
    task->trap_error = sigframe_iret_fault(task);
    signal_force_fault(task, LX_SIGSEGV, LX_SI_KERNEL, 0);
}
