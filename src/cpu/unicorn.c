/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The engine behind cpu.h: Unicorn with our patches (deps/unicorn), of which this file uses the
 * user mode (unicorn/user.h). It owns the engine and turns the engine's traps into the
 * architecture's: which software interrupts user code may raise, and where rip stands then.
 */
#include "cpu/cpu.h"

#include <stdlib.h>
#include <string.h>

#include <unicorn/lstar_build.h>
#include <unicorn/unicorn.h>
#include <unicorn/user.h>

#include "abi/errno.h"
#include "cpu/cpuid.h"

/* Translated code that is kept unless the caller says otherwise; taken from the host as it fills.
 */
#define DEFAULT_CODE_CACHE ((size_t)64 << 20)

/* Vectors that int n may raise at CPL 3: the gates that Linux opens to user code. */
enum { VECTOR_BP = 3, VECTOR_OF = 4, VECTOR_GP = 13, VECTOR_LINUX32 = 0x80 };

struct cpu {
    uc_engine *uc;
    uint64_t *gprs;           /* the engine's own registers */
    struct cpu_config config; /* as given */
};

_Static_assert(sizeof(struct cpu_state) == sizeof(uc_user_state), "one layout");
_Static_assert(offsetof(struct cpu_state, rip) == offsetof(uc_user_state, rip), "one layout");
_Static_assert(offsetof(struct cpu_state, cs) == offsetof(uc_user_state, cs), "one layout");
_Static_assert(offsetof(struct cpu_state, gs) == offsetof(uc_user_state, gs), "one layout");
_Static_assert(offsetof(struct cpu_state, fx) == offsetof(uc_user_state, fxsave), "one layout");
_Static_assert((int)CPU_READ == UC_USER_READ && (int)CPU_WRITE == UC_USER_WRITE &&
                   (int)CPU_EXEC == UC_USER_EXEC,
               "one numbering");

static bool on_translate(void *opaque, uint64_t addr, int access, uint64_t *phys, unsigned *grants)
{
    struct cpu *cpu = opaque;
    struct cpu_translation t;

    if (!cpu->config.translate(cpu->config.opaque, addr, (enum cpu_access)access, &t)) {
        return false;
    }
    *phys = t.phys;
    *grants = t.grants;
    return true;
}

static bool on_tsc(void *opaque, uint64_t *value)
{
    struct cpu *cpu = opaque;

    return cpu->config.tsc(cpu->config.opaque, value);
}

static void on_cpuid(void *opaque, uint32_t leaf, uint32_t subleaf, uint32_t out[4])
{
    (void)opaque;
    cpuid_leaf(leaf, subleaf, out);
}

long cpu_create(const struct cpu_config *config, struct cpu **out)
{
    struct cpu *cpu = calloc(1, sizeof(*cpu));
    uc_user_config user = {.ram = config->ram, .ram_size = config->ram_size};
    size_t code_cache = config->code_cache ? config->code_cache : DEFAULT_CODE_CACHE;
    uint64_t rip;

    if (!cpu) {
        return -LX_ENOMEM;
    }
    cpu->config = *config;
    if (uc_open(UC_ARCH_X86, UC_MODE_64, &cpu->uc) != UC_ERR_OK) {
        goto out_free;
    }
    user.translate = on_translate;
    user.tsc = on_tsc;
    user.cpuid = on_cpuid;
    user.opaque = cpu;
    /* The first access to a register brings the engine up. */
    if (uc_ctl_set_tcg_buffer_size(cpu->uc, (uint32_t)MIN(code_cache, (size_t)1 << 30)) !=
            UC_ERR_OK ||
        uc_reg_read(cpu->uc, UC_X86_REG_RIP, &rip) != UC_ERR_OK ||
        uc_user_open(cpu->uc, &user) != UC_ERR_OK) {
        goto out_close;
    }
    cpu->gprs = uc_user_gprs(cpu->uc);
    *out = cpu;
    return 0;

out_close:
    (void)uc_close(cpu->uc);
out_free:
    free(cpu);
    return -LX_ENOMEM;
}

void cpu_destroy(struct cpu *cpu)
{
    uc_user_close(cpu->uc);
    (void)uc_close(cpu->uc);
    free(cpu);
}

/* int n: a trap after the instruction where Linux opens the gate to user code, else #GP at it. */
static void software_interrupt(struct cpu *cpu, const uc_user_trap *t, struct cpu_trap *trap,
                               uint64_t *done)
{
    trap->kind = CPU_TRAP_EXCEPTION;
    switch (t->vector) {
    case VECTOR_BP:
    case VECTOR_OF:
    case VECTOR_LINUX32:
        trap->vector = t->vector;
        break;
    default:
        trap->vector = VECTOR_GP;
        trap->error_code = t->vector << 3 | 2;
        *uc_user_rip(cpu->uc) = t->insn_rip;
        *done -= 1;
    }
}

void cpu_run(struct cpu *cpu, uint64_t insns, struct cpu_trap *trap, uint64_t *done)
{
    uc_user_trap t;

    *done = uc_user_run(cpu->uc, insns, &t);
    trap->addr = 0;
    trap->access = CPU_READ;
    trap->vector = 0;
    trap->error_code = 0;
    switch (t.kind) {
    case UC_USER_SYSCALL:
        trap->kind = CPU_TRAP_SYSCALL;
        break;
    case UC_USER_FAULT:
        trap->kind = CPU_TRAP_FAULT;
        trap->addr = t.addr;
        trap->access = (enum cpu_access)t.access;
        break;
    case UC_USER_EXCEPTION:
        trap->kind = CPU_TRAP_EXCEPTION;
        trap->vector = t.vector;
        trap->error_code = t.error_code;
        break;
    case UC_USER_SOFTINT:
        software_interrupt(cpu, &t, trap, done);
        break;
    case UC_USER_BUDGET:
        trap->kind = CPU_TRAP_BUDGET;
        break;
    case UC_USER_STOPPED:
        trap->kind = CPU_TRAP_STOPPED;
        break;
    default:
        trap->kind = CPU_TRAP_BROKEN;
    }
}

void cpu_stop(struct cpu *cpu)
{
    uc_user_stop(cpu->uc);
}

uint64_t *cpu_gprs(struct cpu *cpu)
{
    return cpu->gprs;
}

uint64_t cpu_rip(struct cpu *cpu)
{
    return *uc_user_rip(cpu->uc);
}

void cpu_set_rip(struct cpu *cpu, uint64_t rip)
{
    *uc_user_rip(cpu->uc) = rip;
}

uint64_t cpu_rflags(struct cpu *cpu)
{
    return uc_user_rflags(cpu->uc);
}

void cpu_set_fs_base(struct cpu *cpu, uint64_t base)
{
    *uc_user_fs_base(cpu->uc) = base;
}

void cpu_set_gs_base(struct cpu *cpu, uint64_t base)
{
    *uc_user_gs_base(cpu->uc) = base;
}

void cpu_get_state(struct cpu *cpu, struct cpu_state *state)
{
    uc_user_get_state(cpu->uc, (uc_user_state *)(void *)state);
}

void cpu_set_state(struct cpu *cpu, const struct cpu_state *state)
{
    uc_user_set_state(cpu->uc, (const uc_user_state *)(const void *)state);
}

void cpu_flush_tlb(struct cpu *cpu)
{
    uc_user_flush(cpu->uc);
}

void cpu_flush_page(struct cpu *cpu, gva_t addr)
{
    uc_user_flush_page(cpu->uc, addr);
}

void cpu_code_changed(struct cpu *cpu, uint64_t phys, uint64_t size)
{
    uc_code_changed(cpu->uc, phys, size);
}

const uint8_t *cpu_code_map(struct cpu *cpu)
{
    return uc_code_map(cpu->uc);
}

const char *cpu_engine_name(void)
{
    return "Unicorn " LSTAR_UNICORN_VERSION;
}

const char *const *cpu_engine_patches(void)
{
    static const char *const patches[] = {LSTAR_UNICORN_PATCHES NULL};

    return patches;
}
