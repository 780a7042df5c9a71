/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Does each form of instruction in forms.txt do in the engine what it does on the host's CPU:
 * registers, flags, memory, faults? And when its memory is not there, or not writable, does a page
 * fault leave everything as it was, so that the instruction started again ends as if nothing had
 * been? forms TABLE [INPUTS [SEED [NAME]]] tries INPUTS random inputs a form (10,000). Needs an
 * x86-64 host.
 */
#include "native.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define CODE ((gva_t)0x400000)
#define INPUTS_PER_IMMEDIATE 64
#define RESTART_EVERY 16
#define PRELUDE 3  /* bytes */
#define WINDOW 512 /* bytes of the data page that an ordinary form may touch */
#define STACK_AT (AREA + 6 * PAGE_SIZE + 2048)
#define VECTOR_UD 6
#define FLAG_C 0x001u
#define FLAG_P 0x004u
#define FLAG_A 0x010u
#define FLAG_Z 0x040u
#define FLAG_S 0x080u
#define FLAG_D 0x400u
#define FLAG_O 0x800u
#define FLAGS (FLAG_C | FLAG_P | FLAG_A | FLAG_Z | FLAG_S | FLAG_O)

struct form {
    char name[64];
    char section[32];
    uint8_t bytes[24];
    uint8_t imm_at[4]; /* offsets of immediates */
    uint8_t imm_size[4];
    uint8_t imm_mask[4];
    unsigned imm_count;
    unsigned size;
    unsigned bits;      /* operand size */
    unsigned undefined; /* flags */
    bool memory;        /* second operand at rsi */
    char options[48];   /* with spaces around */
};

/* Instructions that leave flags in different ways, to stand before the one in question. */
static const uint8_t preludes[][PRELUDE] = {{0x4d, 0x01, 0xc8},  /* add r8, r9 */
                                            {0x4d, 0x11, 0xc8},  /* adc r8, r9 */
                                            {0x4d, 0x29, 0xc8},  /* sub r8, r9 */
                                            {0x49, 0xd1, 0xc0},  /* rol r8, 1 */
                                            {0x49, 0xff, 0xc0}}; /* inc r8 */

struct engine {
    struct cpu *cpu;
    uint8_t *ram;
    unsigned rights[AREA_PAGES]; /* of the area's pages */
};

static uint64_t seed;

static uint64_t rnd(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed * UINT64_C(0x2545f4914f6cdd1d);
}

static bool has(const struct form *f, const char *option)
{
    char word[16];

    snprintf(word, sizeof(word), " %s ", option);
    return strstr(f->options, word) != NULL;
}

/* Random, with a liking for what is at an edge. */
static uint64_t value(void)
{
    static const uint64_t edges[] = {0,          1,
                                     2,          0x7f,
                                     0x80,       0xff,
                                     0x7fff,     0x8000,
                                     0xffff,     0x7fffffff,
                                     0x80000000, 0xffffffff,
                                     INT64_MAX,  (uint64_t)INT64_MAX + 1,
                                     UINT64_MAX, UINT64_MAX - 1};
    uint64_t v = rnd();

    switch (rnd() & 7) {
    case 0:
        return edges[v % ARRAY_SIZE(edges)];
    case 1:
        return v >> (rnd() & 63);
    case 2:
        return ~(v >> (rnd() & 63));
    default:
        return v;
    }
}

static void float_lane(uint8_t *to, bool is_double)
{
    static const double edges[] = {
        0.0,           -0.0,          1.0,    -1.0,    0.5,          1.5,
        2.5,           -2.5,          1e30,   -1e30,   2147483647.0, 2147483648.0,
        -2147483648.0, -2147483649.0, 9.3e18, -9.3e18, 1e-30,        3.0};
    uint64_t bits = rnd();
    unsigned kind = (unsigned)(rnd() & 15);
    double d;
    float s;

    if (kind < 5) {
        d = edges[bits % ARRAY_SIZE(edges)];
    } else if (kind < 11) {
        d = ldexp((double)(int64_t)bits, (int)(rnd() % 80) - 100);
    } else if (kind == 11) { /* infinities, NaNs */
        if (is_double) {
            bits |= UINT64_C(0x7ff0000000000000);
            bits &= rnd() & 1 ? UINT64_MAX : UINT64_C(0xfff0000000000000);
        } else {
            bits |= 0x7f800000;
            bits &= rnd() & 1 ? UINT64_MAX : 0xff800000;
        }
        memcpy(to, &bits, is_double ? 8 : 4);
        return;
    } else if (kind == 12) { /* subnormal */
        bits &= is_double ? UINT64_C(0x800fffffffffffff) : 0x807fffff;
        memcpy(to, &bits, is_double ? 8 : 4);
        return;
    } else { /* any bits */
        memcpy(to, &bits, is_double ? 8 : 4);
        return;
    }
    s = (float)d;
    if (is_double) {
        memcpy(to, &d, 8);
    } else {
        memcpy(to, &s, 4);
    }
}

static void vector(uint8_t to[16], const struct form *f)
{
    if (has(f, "f")) {
        bool is_double = rnd() & 1;

        for (unsigned i = 0; i < 16; i += is_double ? 8 : 4) {
            float_lane(to + i, is_double);
        }
        return;
    }
    for (unsigned i = 0; i < 16; i += 8) {
        uint64_t v = value();

        memcpy(to + i, &v, 8);
    }
    if (has(f, "count") && (rnd() & 3)) {
        memset(to, 0, 8);
        to[0] = (uint8_t)(rnd() % 70);
    }
    if (has(f, "lens") && (rnd() & 1)) {
        for (unsigned i = 0; i < 16; i++) {
            to[i] = (uint8_t)(rnd() % 4);
        }
    }
}

static void x87_value(uint8_t to[16])
{
    uint64_t mantissa = rnd() | (uint64_t)1 << 63;
    uint16_t exponent = (uint16_t)(16383 - 40 + (int)(rnd() % 80));

    switch (rnd() & 15) {
    case 0: /* zero */
        mantissa = 0;
        exponent = 0;
        break;
    case 1: /* infinity */
        mantissa = (uint64_t)1 << 63;
        exponent = 0x7fff;
        break;
    case 2: /* NaN */
        exponent = 0x7fff;
        break;
    case 3: /* subnormal */
        mantissa &= INT64_MAX;
        exponent = 0;
        break;
    case 4: /* any exponent */
        exponent = (uint16_t)(1 + rnd() % 0x7ffd);
        break;
    case 5:
    case 6:
    case 7: /* a whole number */
        exponent = (uint16_t)(16383 + rnd() % 20);
        mantissa &= ~(UINT64_MAX >> (1 + (rnd() % 20)));
        mantissa |= (uint64_t)1 << 63;
        break;
    default:
        break;
    }
    exponent |= (uint16_t)((rnd() & 1) << 15);
    memset(to, 0, 16);
    memcpy(to, &mantissa, 8);
    memcpy(to + 8, &exponent, 2);
}

/* Both memories: bytes [at, at + size). */
static void put(struct engine *e, gva_t at, const void *bytes, size_t size)
{
    memcpy((void *)at, bytes, size);
    memcpy(e->ram + (at - AREA) + PAGE_SIZE, bytes, size);
}

static void put_vector(struct engine *e, gva_t at, const struct form *f)
{
    uint8_t bytes[16];

    if (has(f, "x") && (rnd() & 1)) {
        x87_value(bytes);
    } else if (has(f, "x")) {
        float_lane(bytes, true);
        float_lane(bytes + 8, true);
        if (rnd() & 1) {
            float_lane(bytes, false);
        }
    } else {
        vector(bytes, f);
    }
    put(e, at, bytes, sizeof(bytes));
}

static void make_string_input(struct engine *e, const struct form *f, struct cpu_state *s)
{
    uint8_t bytes[64];
    uint64_t *g = s->gpr;
    bool alike = rnd() & 1;

    g[CPU_RCX] = rnd() & 7 ? rnd() % 40 : rnd() % 290;
    if ((rnd() & 15) == 0 && strstr(f->name, "rep") == NULL) {
        g[CPU_RCX] = value();
    }
    g[CPU_RSI] = AREA + 2 * PAGE_SIZE - 600 + rnd() % 1200;
    g[CPU_RDI] =
        rnd() & 1 ? AREA + 2 * PAGE_SIZE - 600 + rnd() % 1200 : g[CPU_RSI] - 40 + rnd() % 80;
    for (unsigned i = 0; i < 8; i++) {
        for (unsigned j = 0; j < sizeof(bytes); j++) {
            bytes[j] = alike ? (uint8_t)(rnd() % 64 == 0) : (uint8_t)rnd();
        }
        put(e, (i & 1 ? g[CPU_RSI] : g[CPU_RDI]) + (i / 2) * sizeof(bytes), bytes, sizeof(bytes));
    }
    if (alike) {
        g[CPU_RAX] = rnd() & 1;
    }
    if ((rnd() & 3) == 0) {
        s->rflags |= FLAG_D;
    }
}

static void make_input(struct engine *e, const struct form *f, struct cpu_state *s)
{
    uint64_t *g = s->gpr;
    bool aligned = strncmp(f->section, "sse", 3) == 0;

    memset(s, 0, sizeof(*s));
    for (unsigned i = 0; i < 15; i++) {
        g[i] = value();
    }
    s->rflags = 0x202 | (rnd() & FLAGS);
    s->cs = 0x33;
    s->ss = 0x2b;
    s->fx.mxcsr = 0x1f80;
    s->fx.fcw = 0x37f;
    s->fx.mxcsr_mask = 0xffff;
    if (has(f, "f") && (rnd() & 1)) {
        s->fx.mxcsr |= (uint32_t)(rnd() & 0xe040); /* rounding, FTZ, DAZ */
    }
    for (unsigned i = 0; i < 16; i++) {
        vector(s->fx.xmm[i], f);
    }
    if (has(f, "x") || strcmp(f->section, "mmx") == 0) {
        static const uint16_t precisions[] = {0x300, 0x300, 0x200, 0x000};

        s->fx.fcw = (uint16_t)(0x07f | (rnd() & 0xc00) | precisions[rnd() & 3]);
        s->fx.fsw = (uint16_t)((rnd() & 7) << 11 | (rnd() & 1 ? rnd() & 0x3f : 0));
        /* Four values on the stack, or so many that it over- or underflows. */
        unsigned values = rnd() & 7 || has(f, "four") ? 4 : (unsigned)(rnd() % 9);
        for (unsigned i = 0; i < values; i++) {
            x87_value(s->fx.st[i]);
            s->fx.ftw |= (uint8_t)(1u << (((s->fx.fsw >> 11) + i) & 7));
        }
        if (strcmp(f->section, "mmx") == 0) {
            s->fx.fsw = 0;
            s->fx.ftw = 0xff;
            for (unsigned i = 0; i < 8; i++) {
                uint64_t v = value();

                memset(s->fx.st[i], 0xff, 10);
                memcpy(s->fx.st[i], &v, 8);
            }
        }
    }
    g[CPU_RSP] = STACK_AT - (rnd() & 7) * 8;
    if (has(f, "leave")) {
        g[CPU_RBP] = STACK_AT - 64 + (rnd() & 7) * 8;
    }
    if (has(f, "s")) {
        make_string_input(e, f, s);
        return;
    }
    g[CPU_RSI] = AREA + 64 + (aligned ? (rnd() & 7) * 16 : rnd() & 127);
    g[CPU_RDI] = g[CPU_RSI];
    if (has(f, "xlat")) {
        g[CPU_RBX] = AREA;
    }
    if (has(f, "lens")) {
        g[CPU_RAX] = rnd() & 7 ? rnd() % 40 - 20 : value();
        g[CPU_RDX] = rnd() & 7 ? rnd() % 40 - 20 : value();
    }
    if (has(f, "d") && (rnd() & 7)) {
        uint64_t top = (uint64_t)((int64_t)g[CPU_RAX] >> (f->bits - 1));

        g[CPU_RDX] = rnd() & 1 ? 0 : f->bits == 64 ? top : rnd() % 100;
        if (f->bits == 8) {
            g[CPU_RAX] &= rnd() & 1 ? 0xff : 0xfff;
        }
    }
    if (f->memory) {
        if ((rnd() & 3) == 0 && !aligned) { /* at a page's end */
            g[CPU_RSI] = AREA + PAGE_SIZE - 16 + (rnd() & 15);
        } else if ((rnd() & 15) == 0) {
            g[CPU_RSI] = AREA + PAGE_SIZE - (rnd() & 1 ? 16 : rnd() & 15);
        }
        put_vector(e, g[CPU_RSI], f);
        if ((rnd() & 3) == 0 && strstr(f->name, "cmpxchg")) {
            memcpy(&g[CPU_RAX], (void *)g[CPU_RSI], 8);
            memcpy(&g[CPU_RDX], (char *)g[CPU_RSI] + (strstr(f->name, "16b") ? 8 : 4), 8);
        }
    }
}

static unsigned shift_flags(const struct form *f, const uint8_t *insn, const struct cpu_state *in)
{
    unsigned count =
        (unsigned)(strstr(f->name, "_cl") ? in->gpr[CPU_RCX] & 0xff : insn[f->imm_at[0]]);
    bool rotate = f->name[0] == 'r';

    count &= f->bits == 64 ? 63 : 31;
    if (count == 0) {
        return 0;
    }
    if (rotate) {
        return count == 1 ? 0 : FLAG_O;
    }
    return FLAG_A | (count == 1 ? 0 : FLAG_O) | (count >= f->bits ? FLAG_C : 0);
}

static bool close_enough(const uint8_t *a, const uint8_t *b)
{
    for (unsigned i = 0; i < 16; i += 4) {
        float x, y;

        memcpy(&x, a + i, 4);
        memcpy(&y, b + i, 4);
        if (isnormal(x) && isnormal(y) && fabsf(x - y) > fabsf(x) / 1024) {
            return false;
        }
    }
    return true;
}

/* The first difference, or NULL. */
static const char *differ(const struct engine *e, const struct form *f, const struct cpu_state *in,
                          const uint8_t *insn, const struct cpu_state *n, const struct cpu_state *g)
{
    static const char *const names[] = {"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
                                        "r8",  "r9",  "r10", "r11", "r12", "r13", "r14"};
    unsigned flags = (FLAGS & ~f->undefined) | FLAG_D;
    unsigned window = has(f, "s") ? 4 * PAGE_SIZE : WINDOW;

    if (has(f, "sh")) {
        flags &= ~shift_flags(f, insn, in);
    }
    for (unsigned i = 0; i < 15; i++) {
        if (n->gpr[i] != g->gpr[i] && !(i == CPU_RAX && has(f, "z") && (n->rflags & FLAG_Z))) {
            return names[i];
        }
    }
    if ((n->rflags & flags) != (g->rflags & flags)) {
        return "flags";
    }
    for (unsigned i = 0; i < 16; i++) {
        if (memcmp(n->fx.xmm[i], g->fx.xmm[i], 16) != 0 &&
            !(has(f, "approx") && close_enough(n->fx.xmm[i], g->fx.xmm[i]))) {
            return i == 0 ? "xmm0" : "another xmm";
        }
    }
    if (n->fx.mxcsr != g->fx.mxcsr && !has(f, "approx")) {
        return "mxcsr";
    }
    if (n->fx.ftw != g->fx.ftw) {
        return "x87 tags";
    }
    for (unsigned i = 0; i < 8; i++) {
        if ((n->fx.ftw >> (((n->fx.fsw >> 11) + i) & 7) & 1) &&
            memcmp(n->fx.st[i], g->fx.st[i], 10) != 0) {
            return i == 0 ? "st0" : "another st";
        }
    }
    if (has(f, "x")) {
        bool compares = strstr(f->name, "com") || strstr(f->name, "fxam") ||
                        strstr(f->name, "ftst") || strstr(f->name, "fprem");
        unsigned mask = 0xffffu & ~(compares ? 0u : has(f, "c1") ? 0x4500u : 0x4700u);

        if ((n->fx.fsw & mask) != (g->fx.fsw & mask)) {
            return "x87 status";
        }
        if (n->fx.fcw != g->fx.fcw) {
            return "x87 control";
        }
    }
    if (memcmp((void *)AREA, e->ram + PAGE_SIZE, window) != 0 ||
        memcmp((void *)(STACK_AT - 256), e->ram + PAGE_SIZE + (STACK_AT - 256 - AREA), 512) != 0) {
        return "memory";
    }
    if (f->memory &&
        memcmp((void *)(AREA + PAGE_SIZE - 64), e->ram + 2 * PAGE_SIZE - 64, 128) != 0) {
        return "memory";
    }
    return NULL;
}

static void dump(const struct form *f, const uint8_t *insn, const char *what,
                 const struct cpu_state *in, const struct cpu_state *n, const struct cpu_state *g)
{
    printf("  %s differs;", what);
    for (unsigned i = 0; i < f->size; i++) {
        printf(" %02x", insn[i]);
    }
    printf(
        "\n  in:     rax %016lx rcx %016lx rdx %016lx rbx %016lx flags %03lx mxcsr %04x fcw %03x\n",
        in->gpr[CPU_RAX], in->gpr[CPU_RCX], in->gpr[CPU_RDX], in->gpr[CPU_RBX], in->rflags,
        in->fx.mxcsr, in->fx.fcw);
    const struct cpu_state *const states[] = {in, n, g};
    static const char *const titles[] = {"in:", "host:", "engine:"};
    for (unsigned i = 0; i < 3; i++) {
        const struct cpu_state *s = states[i];
        uint64_t x[4], t[2];

        memcpy(x, s->fx.xmm[0], 16);
        memcpy(x + 2, s->fx.xmm[3], 16);
        memcpy(t, s->fx.st[0], 16);
        printf("  %-7s rax %016lx rdx %016lx rbx %016lx rcx %lx rsi %lx rdi %lx flags %03lx mxcsr "
               "%04x\n"
               "          xmm0 %016lx%016lx xmm3 %016lx%016lx st0 %04lx:%016lx fsw %04x\n",
               titles[i], s->gpr[CPU_RAX], s->gpr[CPU_RDX], s->gpr[CPU_RBX], s->gpr[CPU_RCX],
               s->gpr[CPU_RSI], s->gpr[CPU_RDI], s->rflags, s->fx.mxcsr, x[1], x[0], x[3], x[2],
               t[1] & 0xffff, t[0], s->fx.fsw);
    }
}

static void equalize(struct engine *e)
{
    memcpy(e->ram + PAGE_SIZE, (void *)AREA, AREA_SIZE);
}

static bool same_state(const struct cpu_state *a, const struct cpu_state *b, bool string,
                       unsigned undefined)
{
    struct cpu_state x = *a, y = *b;

    x.rflags &= ~(uint64_t)undefined;
    y.rflags &= ~(uint64_t)undefined;
    if (string) { /* elements that are done may have moved on */
        x.gpr[CPU_RCX] = y.gpr[CPU_RCX];
        x.gpr[CPU_RSI] = y.gpr[CPU_RSI];
        x.gpr[CPU_RDI] = y.gpr[CPU_RDI];
        x.gpr[CPU_RAX] = y.gpr[CPU_RAX];
        x.rflags = y.rflags;
    }
    return memcmp(&x, &y, sizeof(x)) == 0;
}

/*
 * The instruction behind one that leaves flags, with its memory there and with its memory coming in
 * by faults: the same end, and every fault at the instruction with nothing done. NULL or what
 * differs.
 */
static const char *restart(struct engine *e, const struct form *f, const uint8_t *insn,
                           const struct cpu_state *in)
{
    static uint8_t before[AREA_SIZE], after[AREA_SIZE];
    struct cpu_state start, end, s;
    struct cpu_trap trap;
    uint64_t done;
    const char *what = NULL;

    memcpy(e->ram, preludes[rnd() % ARRAY_SIZE(preludes)], PRELUDE);
    memcpy(e->ram + PRELUDE, insn, f->size);
    memcpy(e->ram + PRELUDE + f->size, "\x0f\x05", 2);
    cpu_code_changed(e->cpu, 0, 64);
    memcpy(before, e->ram + PAGE_SIZE, AREA_SIZE);
    cpu_set_state(e->cpu, in);
    cpu_run(e->cpu, 1, &trap, &done);
    cpu_get_state(e->cpu, &start);
    cpu_set_state(e->cpu, in);
    cpu_run(e->cpu, 5000, &trap, &done);
    cpu_get_state(e->cpu, &end);
    if (trap.kind != CPU_TRAP_SYSCALL) {
        return NULL; /* a fault of its own */
    }
    memcpy(after, e->ram + PAGE_SIZE, AREA_SIZE);
    memcpy(e->ram + PAGE_SIZE, before, AREA_SIZE);
    for (unsigned i = 0; i < AREA_PAGES; i++) {
        e->rights[i] = (unsigned)(rnd() & 1 ? CPU_READ : 0);
    }
    cpu_flush_tlb(e->cpu);
    cpu_set_state(e->cpu, in);
    cpu_run(e->cpu, 5000, &trap, &done);
    for (unsigned i = 0; trap.kind == CPU_TRAP_FAULT && i < 3 * AREA_PAGES && !what; i++) {
        cpu_get_state(e->cpu, &s);
        if (!same_state(&start, &s, has(f, "s"), 0)) {
            what = (start.rflags ^ s.rflags) ? "flags at a fault" : "state at a fault";
        } else if (trap.addr < AREA || trap.addr >= AREA + AREA_SIZE) {
            what = "address of a fault";
        } else {
            e->rights[(trap.addr - AREA) >> PAGE_SHIFT] |= CPU_READ | (unsigned)trap.access;
            cpu_run(e->cpu, 5000, &trap, &done);
        }
    }
    cpu_get_state(e->cpu, &s);
    unsigned undefined = f->undefined | (has(f, "sh") ? FLAG_O | FLAG_A | FLAG_C : 0);
    if (!what && (trap.kind != CPU_TRAP_SYSCALL || !same_state(&end, &s, false, undefined))) {
        what = "end after faults";
    }
    if (!what && memcmp(after, e->ram + PAGE_SIZE, AREA_SIZE) != 0) {
        what = "memory after faults";
    }
    if (what) {
        dump(f, insn, what, &start, &end, &s);
    }
    for (unsigned i = 0; i < AREA_PAGES; i++) {
        e->rights[i] = CPU_READ | CPU_WRITE;
    }
    cpu_flush_tlb(e->cpu);
    equalize(e);
    return what;
}

/* Put code where it is executed, a system call behind it. */
static void place(struct engine *e, const uint8_t *code, unsigned size)
{
    memcpy(e->ram, code, size);
    memcpy(e->ram + size, "\x0f\x05", 2);
    cpu_code_changed(e->cpu, 0, 64);
}

/* Does the host's CPU have the form? Where it does not, some forms are others (tzcnt is bsf). */
static bool host_has(const struct form *f)
{
    return !(has(f, "bmi1") && !__builtin_cpu_supports("bmi")) &&
           !(has(f, "lzcnt") && !__builtin_cpu_supports("lzcnt"));
}

/* How many of `inputs` differ; -1: the host does not know the instruction. */
static int compare_form(struct engine *e, const struct form *f, unsigned inputs)
{
    uint8_t code[48];
    uint8_t *insn = code;
    unsigned size = f->size;
    int differences = 0;

    if (!host_has(f)) {
        return -1;
    }
    for (unsigned i = 0; i < inputs; i++) {
        struct cpu_state in, n, g;
        struct cpu_trap trap;
        uint64_t done;
        int vector;

        if (i % INPUTS_PER_IMMEDIATE == 0) {
            insn = code;
            if (i / INPUTS_PER_IMMEDIATE & 1) {
                memcpy(code, preludes[rnd() % ARRAY_SIZE(preludes)], PRELUDE);
                insn += PRELUDE;
            }
            memcpy(insn, f->bytes, f->size);
            for (unsigned k = 0; k < f->imm_count; k++) {
                for (unsigned b = 0; b < f->imm_size[k]; b++) {
                    insn[f->imm_at[k] + b] = (uint8_t)(rnd() & f->imm_mask[k]);
                }
            }
            size = (unsigned)(insn - code) + f->size;
            place(e, code, size);
        }
        make_input(e, f, &in);
        in.rip = CODE;
        n = in;
        cpu_set_state(e->cpu, &in);
        vector = native_run(code, size, &n);
        cpu_run(e->cpu, 5000, &trap, &done);
        cpu_get_state(e->cpu, &g);
        const char *what = NULL;
        bool restarted = false;
        if (vector == VECTOR_UD && !(trap.kind == CPU_TRAP_EXCEPTION && trap.vector == VECTOR_UD)) {
            return -1; /* the table holds only what some CPU has */
        }
        if (vector >= 0) {
            if (trap.kind != CPU_TRAP_EXCEPTION || (int)trap.vector != vector ||
                g.rip != CODE + size - f->size) {
                what = "fault";
            }
        } else if (trap.kind != CPU_TRAP_SYSCALL || g.rip != CODE + size + 2) {
            what = "trap";
        } else {
            what = differ(e, f, &in, insn, &n, &g);
        }
        if (!what && i % RESTART_EVERY == 0) {
            what = restart(e, f, insn, &in);
            restarted = true;
            place(e, code, size);
        }
        if (what) {
            if (differences++ == 0 && !restarted) {
                printf("%s (%s): engine trap %d vector %u addr %lx, host fault %d\n", f->name,
                       f->section, (int)trap.kind, trap.vector, trap.addr, vector);
                dump(f, insn, what, &in, &n, &g);
            }
            equalize(e);
        }
    }
    return differences;
}

static bool translate(void *opaque, gva_t addr, enum cpu_access access, struct cpu_translation *out)
{
    const struct engine *e = opaque;

    if (PAGE_ALIGN_DOWN(addr) == CODE) {
        *out = (struct cpu_translation){0, CPU_READ | CPU_EXEC};
    } else if (addr >= AREA && addr < AREA + AREA_SIZE) {
        *out = (struct cpu_translation){PAGE_ALIGN_DOWN(addr) - AREA + PAGE_SIZE,
                                        e->rights[(addr - AREA) >> PAGE_SHIFT]};
    } else {
        return false;
    }
    return (out->grants & access) != 0;
}

static bool tsc(void *opaque, uint64_t *value)
{
    (void)opaque;
    *value = 0;
    return true;
}

struct totals {
    unsigned forms, different, unknown;
};

static void run_variant(struct engine *e, struct form *f, unsigned inputs, const char *only,
                        struct totals *t)
{
    if (only && strncmp(f->name, only, strlen(only)) != 0) {
        return;
    }
    int differences = compare_form(e, f, inputs);

    if (differences < 0) {
        t->unknown++;
        printf("  %s: not tried, the host's CPU does not have it\n", f->name);
        return;
    }
    t->forms++;
    if (differences) {
        t->different++;
        printf("  %s: %d of %u inputs differ\n", f->name, differences, inputs);
    }
}

static void add_imm(struct form *f, unsigned size, uint8_t mask)
{
    f->imm_at[f->imm_count] = (uint8_t)f->size;
    f->imm_size[f->imm_count] = (uint8_t)size;
    f->imm_mask[f->imm_count++] = mask;
    f->size += size;
}

/* One variant of a line: operand size (0: as it stands), register or memory operand. */
static bool build(struct form *f, const char *bytes, unsigned width, bool memory)
{
    char copy[128], *save = NULL;
    bool modrm = false;

    snprintf(copy, sizeof(copy), "%s", bytes);
    f->size = 0;
    f->imm_count = 0;
    f->bits = width ? width : has(f, "b32") ? 32 : strstr(f->name, "_q") ? 64 : 32;
    f->memory = memory;
    if (!width && (strstr(f->name, "_b") || strstr(f->name, "_1b") || strstr(f->name, "_clb"))) {
        f->bits = 8;
    }
    if (width == 16) {
        f->bytes[f->size++] = 0x66;
    }
    for (char *w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
        if (strcmp(w, "W") == 0) {
            if (width == 64) {
                f->bytes[f->size++] = 0x48;
            }
        } else if (w[0] == '/') {
            unsigned reg = w[1] == 'r' ? 0 : (unsigned)(w[1] - '0');

            modrm = true;
            f->bytes[f->size++] = (uint8_t)(memory ? reg << 3 | 6 : 0xc0 | reg << 3 | 3);
        } else if (strcmp(w, "ib") == 0) {
            add_imm(f, 1, 0xff);
        } else if (strcmp(w, "i3") == 0) {
            add_imm(f, 1, 7);
        } else if (strcmp(w, "i4") == 0) {
            add_imm(f, 1, 15);
        } else if (strcmp(w, "id") == 0) {
            add_imm(f, 4, 0xff);
        } else if (strcmp(w, "iz") == 0) {
            add_imm(f, width == 16 ? 2 : 4, 0xff);
        } else {
            f->bytes[f->size++] = (uint8_t)strtoul(w, NULL, 16);
        }
    }
    return modrm || !memory;
}

static void run_line(struct engine *e, const char *section, char *line, unsigned inputs,
                     const char *only, struct totals *t)
{
    static const unsigned widths[] = {16, 32, 64};
    char *bytes = strchr(line, ':'), *options;
    struct form base = {.options = " "};

    if (!bytes) {
        return;
    }
    *bytes++ = 0;
    options = strchr(bytes, ';');
    if (options) {
        char *u = strstr(options, "u=");

        *options++ = 0;
        options[strcspn(options, "\n")] = 0;
        snprintf(base.options, sizeof(base.options), " %s ", options);
        for (u = u ? u + 2 : u; u && strchr("CPAZSO", *u) && *u; u++) {
            static const unsigned masks[] = {FLAG_C, FLAG_P, FLAG_A, FLAG_Z, FLAG_S, FLAG_O};

            base.undefined |= masks[strchr("CPAZSO", *u) - "CPAZSO"];
        }
    }
    snprintf(base.section, sizeof(base.section), "%s", section);
    bool wide = strstr(bytes, "W ") != NULL;
    for (unsigned w = 0; w < (wide ? 3 : 1); w++) {
        for (unsigned memory = 0; memory < 2; memory++) {
            struct form f = base;

            snprintf(f.name, sizeof(f.name), "%.40s", line);
            if ((memory ? has(&f, "r") : has(&f, "m")) || (memory && has(&f, "n")) ||
                (wide && widths[w] == 16 && has(&f, "no16")) ||
                !build(&f, bytes, wide ? widths[w] : 0, memory)) {
                continue;
            }
            snprintf(f.name, sizeof(f.name), "%.40s%s%s%s", line, wide ? " " : "",
                     wide ? (w == 0   ? "16"
                             : w == 1 ? "32"
                                      : "64")
                          : "",
                     memory ? " memory" : "");
            run_variant(e, &f, inputs, only, t);
        }
    }
}

int main(int argc, char **argv)
{
    struct engine e;
    struct cpu_config config = {.ram_size = 1 << 20, .translate = translate, .tsc = tsc};
    struct totals totals = {0, 0, 0};
    unsigned inputs = argc > 2 ? (unsigned)atoi(argv[2]) : 10000;
    char line[256], section[32] = "";
    FILE *table = argc > 1 ? fopen(argv[1], "r") : NULL;

    setvbuf(stdout, NULL, _IOLBF, 0);
    seed = argc > 3 ? strtoull(argv[3], NULL, 0) : 0x123456789abcdef1;
    e.ram = mmap(NULL, config.ram_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    config.ram = e.ram;
    config.opaque = &e;
    for (unsigned i = 0; i < AREA_PAGES; i++) {
        e.rights[i] = CPU_READ | CPU_WRITE;
    }
    if (!table || !native_init() || cpu_create(&config, &e.cpu) != 0) {
        fprintf(stderr, "forms: cannot start: forms TABLE [INPUTS [SEED [NAME]]]\n");
        return 2;
    }
    while (fgets(line, sizeof(line), table)) {
        if (line[0] == '[') {
            sscanf(line, "[%31[^]]", section);
        } else if (line[0] != '#') {
            line[strcspn(line, "\n")] = 0;
            run_line(&e, section, line, inputs, argc > 4 ? argv[4] : NULL, &totals);
        }
    }
    fclose(table);
    cpu_destroy(e.cpu);
    printf("%u forms with %u inputs each: %u differ; %u that the host's CPU does not have\n",
           totals.forms, inputs, totals.different, totals.unknown);
    return totals.different != 0 || totals.forms == 0;
}
