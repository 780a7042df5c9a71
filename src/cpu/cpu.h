/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_CPU_CPU_H
#define LSTAR_CPU_CPU_H
/*
 * The CPU engine: runs user-mode x86-64 code against page tables that it does not own, and reports
 * why it stopped. A second engine (hardware-assisted, an interpreter) implements this header;
 * nothing above src/cpu knows which one it is. An engine calls up only through `translate`, never
 * runs kernel code, and is a cache: everything in it but the registers can be thrown away and built
 * again. One engine belongs to one host thread at a time.
 */
#include "base/compiler.h"

struct cpu;

/* General registers in the order of x86-64 encoding. */
enum cpu_gpr {
    CPU_RAX,
    CPU_RCX,
    CPU_RDX,
    CPU_RBX,
    CPU_RSP,
    CPU_RBP,
    CPU_RSI,
    CPU_RDI,
    CPU_R8,
    CPU_R9,
    CPU_R10,
    CPU_R11,
    CPU_R12,
    CPU_R13,
    CPU_R14,
    CPU_R15,
    CPU_GPR_COUNT
};

/* FXSAVE's memory layout for 64-bit mode (Intel SDM volume 1, 10.5.1). */
struct cpu_fxsave {
    uint16_t fcw; /* x87 control word */
    uint16_t fsw; /* x87 status word, TOP in bits 11..13 */
    uint8_t ftw;  /* abridged tags: bit i set = physical register i holds a value */
    uint8_t reserved1;
    uint16_t fop;        /* last x87 opcode */
    uint64_t fip;        /* last x87 instruction */
    uint64_t fdp;        /* last x87 operand */
    uint32_t mxcsr;      /* SSE control and status */
    uint32_t mxcsr_mask; /* bits of mxcsr that may be set: 0xffff */
    uint8_t st[8][16];   /* ST(0)..ST(7), 80 bits each; aliased by MM0..MM7 */
    uint8_t xmm[16][16]; /* XMM0..XMM15 */
    uint8_t reserved2[96];
};
_Static_assert(sizeof(struct cpu_fxsave) == 512, "FXSAVE's size");

/* The whole user-visible state of the CPU: what a task switch saves and a snapshot copies. Plain
 * data. */
struct cpu_state {
    uint64_t gpr[CPU_GPR_COUNT]; /* by enum cpu_gpr */
    uint64_t rip;
    uint64_t rflags;
    uint64_t fs_base;
    uint64_t gs_base;
    uint16_t cs, ss, ds, es, fs, gs; /* selectors; 0x33 and 0x2b are 64-bit user code and data */
    uint32_t reserved;               /* 0 */
    struct cpu_fxsave fx __attribute__((aligned(16)));
};

enum cpu_access {
    CPU_READ = 1,
    CPU_WRITE = 2,
    CPU_EXEC = 4,
};

/* What `translate` answers. */
struct cpu_translation {
    uint64_t phys; /* offset into the machine's RAM of the page's frame */
    unsigned
        grants; /* CPU_READ | CPU_WRITE | CPU_EXEC that the engine may cache until the next flush */
};

/*
 * The translation of the page of `addr` for one `access`, or false: a page fault, which ends
 * cpu_run(). Called on misses only, never for a non-canonical address (that is #GP). It may bring
 * the page in before it answers; it must not call the engine.
 */
typedef bool cpu_translate_fn(void *opaque, gva_t addr, enum cpu_access access,
                              struct cpu_translation *out);

/* RDTSC's value, or false: #GP, as with CR4.TSD. It must not call the engine. */
typedef bool cpu_tsc_fn(void *opaque, uint64_t *value);

struct cpu_config {
    void *ram;         /* host mapping of the machine's RAM, borrowed */
    uint64_t ram_size; /* bytes, a multiple of PAGE_SIZE */
    size_t code_cache; /* bytes of translated code to keep; 0: the engine's choice */
    cpu_translate_fn *translate;
    cpu_tsc_fn *tsc;
    void *opaque; /* handed to both */
};

enum cpu_trap_kind {
    CPU_TRAP_SYSCALL,   /* a `syscall` instruction has been executed: rip is after it; rcx and r11
                           untouched */
    CPU_TRAP_FAULT,     /* page fault: addr, access; rip at the instruction, nothing of it done */
    CPU_TRAP_EXCEPTION, /* vector, error_code; rip as hardware pushes it (after int3, at a #DE …) */
    CPU_TRAP_BUDGET,    /* exactly the given number of instructions has been completed */
    CPU_TRAP_STOPPED,   /* cpu_stop() was called */
    CPU_TRAP_BROKEN,    /* the engine failed in a way that it cannot attribute to the guest; the run
                           must end */
};

struct cpu_trap {
    enum cpu_trap_kind kind;
    gva_t addr;             /* FAULT: exact faulting byte; EXCEPTION 14 is never used */
    enum cpu_access access; /* FAULT */
    unsigned vector;     /* EXCEPTION: 0 #DE, 1 #DB, 3 #BP, 4 #OF, 6 #UD, 12 #SS, 13 #GP, 16 #MF, 19
                            #XM, 0x80 int 0x80 … */
    uint32_t error_code; /* EXCEPTION: as hardware pushes it, else 0 */
};

/*
 * Bring an engine up in 64-bit user mode (CPL 3), with the state of a fresh Linux process: all
 * zero, rflags 0x202, mxcsr 0x1f80, fcw 0x37f. Errors: -LX_ENOMEM. On success *out is the caller's,
 * to be given to cpu_destroy().
 */
MUST_CHECK long cpu_create(const struct cpu_config *config, struct cpu **out);
void cpu_destroy(struct cpu *cpu);

/*
 * Run guest code for at most `insns` instructions. Exact and repeatable: the same state and memory
 * stop at the same instruction. *trap says why it stopped. *done is how many instructions were
 * completed: a syscall, int3 or int 0x80 counts, an instruction that faulted does not; rep movs and
 * stos count once per 4 KiB (backwards, once per 32 elements), other string instructions once per
 * element.
 */
void cpu_run(struct cpu *cpu, uint64_t insns, struct cpu_trap *trap, uint64_t *done);

/* Make a cpu_run() in progress return soon (CPU_TRAP_STOPPED). Only from within `translate` or
 * `tsc`, or the same thread. */
void cpu_stop(struct cpu *cpu);

/* The general registers themselves: valid until cpu_destroy(), true whenever cpu_run() is not
 * running. */
uint64_t *cpu_gprs(struct cpu *cpu);
uint64_t cpu_rip(struct cpu *cpu);
void cpu_set_rip(struct cpu *cpu, uint64_t rip);
uint64_t cpu_rflags(struct cpu *cpu);
/* arch_prctl's ARCH_SET_FS and GS; the bases must be canonical. */
void cpu_set_fs_base(struct cpu *cpu, uint64_t base);
void cpu_set_gs_base(struct cpu *cpu, uint64_t base);

/* Everything, out and in. cpu_set_state() keeps the CPU in user mode whatever `state` says. */
void cpu_get_state(struct cpu *cpu, struct cpu_state *state);
void cpu_set_state(struct cpu *cpu, const struct cpu_state *state);

/* Forget every cached translation: rights were taken away, a mapping changed, the address space was
 * switched. */
void cpu_flush_tlb(struct cpu *cpu);
/* As cpu_flush_tlb() for the page of one address. */
void cpu_flush_page(struct cpu *cpu, gva_t addr);

/*
 * The bytes of RAM at [phys, phys + size) changed, or are about to, other than by the guest's own
 * stores (a frame is reused, read() fills a buffer, a restore): forget code translated from them.
 * No TLB flush is needed for it. The guest's own stores the engine notices itself, exactly, through
 * whatever mapping of a frame they come and while others execute it: a frame may be granted
 * writable and executable at once.
 */
void cpu_code_changed(struct cpu *cpu, uint64_t phys, uint64_t size);
/* One byte a frame of RAM, not 0 while code translated from it is kept: a cheap test before
 * cpu_code_changed(). */
const uint8_t *cpu_code_map(struct cpu *cpu);

/* Name and version of the engine with its patches, for `lstar version`. A static string. */
const char *cpu_engine_name(void);
/* The names of the patches, one each, NULL-terminated. */
const char *const *cpu_engine_patches(void);

#endif
