/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Does the host process survive whatever bytes a guest executes? random_streams [COUNT [SEED]] runs
 * COUNT streams of instructions (100,000): bytes at random, plausible instructions, and mutations
 * of both, each until its budget ends, going on after traps. A stream that kills the process, ends
 * in a broken engine, or leaves user mode is printed. With a third argument: say more, of the last
 * thousand.
 */
#include "../unit/cpu/machine.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

enum { STREAM = 200, BUDGET = 300, TRAPS = 6 };

static uint64_t seed;
static uint8_t stream[STREAM];
static uint8_t kept[64][STREAM]; /* streams that got far, to mutate */
static unsigned long number;
static bool verbose; /* one stream only, with what it led to */

static uint64_t rnd(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed * UINT64_C(0x2545f4914f6cdd1d);
}

static void complain(const char *what)
{
    char line[STREAM * 3 + 200];
    int n = snprintf(line, sizeof(line), "stream %lu: %s:", number, what);

    for (unsigned i = 0; i < STREAM; i++) {
        n += snprintf(line + n, sizeof(line) - (size_t)n, " %02x", stream[i]);
    }
    line[n++] = '\n';
    if (write(2, line, (size_t)n) < 0) {
        _exit(3);
    }
}

static void on_signal(int signal)
{
    complain(signal == SIGABRT ? "abort" : signal == SIGALRM ? "no end" : "a host fault");
    _exit(1);
}

/* One plausible instruction. Its size. */
static unsigned instruction(uint8_t *to)
{
    static const uint8_t prefixes[] = {0x66, 0xf2, 0xf3, 0x67, 0x64, 0x65, 0xf0, 0x2e};
    unsigned n = 0;
    uint64_t r = rnd();

    while ((r & 7) == 0 && n < 4) {
        to[n++] = prefixes[rnd() % sizeof(prefixes)];
        r = rnd();
    }
    if ((r & 0x30) == 0) {
        to[n++] = (uint8_t)(0x40 | (rnd() & 15));
    }
    switch ((r >> 8) & 15) {
    case 0: /* VEX */
        to[n++] = 0xc4;
        to[n++] = (uint8_t)((rnd() & 0xe0) | (1 + rnd() % 3));
        to[n++] = (uint8_t)rnd();
        break;
    case 1:
        to[n++] = 0x0f;
        to[n++] = 0x38;
        break;
    case 2:
        to[n++] = 0x0f;
        to[n++] = 0x3a;
        break;
    case 3:
    case 4:
    case 5:
    case 6:
        to[n++] = 0x0f;
        break;
    case 7: /* x87 */
        to[n++] = (uint8_t)(0xd8 | (rnd() & 7));
        to[n++] = (uint8_t)rnd();
        return n;
    default:
        break;
    }
    to[n++] = (uint8_t)rnd();
    r = rnd();
    /* ModRM: registers, or memory at a register that points to data (rbx, rsi, rdi, rbp+disp8), or
     * anything. */
    to[n++] = (r & 3) == 0 ? (uint8_t)(r >> 8)
              : (r & 1)    ? (uint8_t)(0xc0 | (r >> 8))
                           : (uint8_t)((r >> 8 & 0x38) | (uint8_t) "\3\6\7"[(r >> 16) % 3]);
    for (unsigned i = (unsigned)(r >> 24) % 5; i; i--) {
        to[n++] = (uint8_t)rnd();
    }
    return n;
}

static void make_stream(void)
{
    uint64_t r = rnd();

    if ((r & 7) < 2) {
        for (unsigned i = 0; i < STREAM; i++) {
            stream[i] = (uint8_t)rnd();
        }
    } else if ((r & 7) < 4) {
        memcpy(stream, kept[rnd() % ARRAY_SIZE(kept)], STREAM);
        for (unsigned i = 1 + (unsigned)(rnd() % 8); i; i--) {
            stream[rnd() % STREAM] = (uint8_t)rnd();
        }
    } else {
        uint8_t insn[32];

        for (unsigned at = 0, n; at < STREAM; at += n) {
            n = instruction(insn);
            memcpy(stream + at, insn, MIN(n, STREAM - at));
        }
    }
}

static void make_state(struct test_machine *m)
{
    struct cpu_state s;

    memset(&s, 0, sizeof(s));
    for (unsigned i = 0; i < CPU_GPR_COUNT; i++) {
        s.gpr[i] = rnd() & 1 ? DATA + 0x800 + (rnd() & 0x7ff8) % 0x5000 : rnd() >> (rnd() & 63);
    }
    for (unsigned i = 0; i < sizeof(s.fx.xmm); i += 8) {
        uint64_t v = rnd();

        memcpy((uint8_t *)s.fx.xmm + i, &v, 8);
    }
    for (unsigned i = 0; i < sizeof(s.fx.st); i += 8) {
        uint64_t v = rnd();

        memcpy((uint8_t *)s.fx.st + i, &v, 8);
    }
    s.gpr[CPU_RSP] = STACK + 0x800;
    s.gpr[CPU_RCX] = rnd() & 3 ? rnd() & 0xff : rnd();
    s.rflags = rnd();
    s.fx.fcw = rnd() & 1 ? 0x37f : (uint16_t)rnd();
    s.fx.fsw = (uint16_t)rnd();
    s.fx.ftw = (uint8_t)rnd();
    s.fx.mxcsr = rnd() & 1 ? 0x1f80 : (uint32_t)rnd();
    s.cs = (rnd() & 15) == 0 ? 0x23 : 0x33;
    s.ds = (uint16_t)(rnd() & 1 ? 0x2b : rnd());
    s.es = (uint16_t)(rnd() & 1 ? 0x2b : rnd());
    s.ss = 0x2b;
    s.fs_base = DATA;
    s.gs_base = DATA + 0x100;
    cpu_set_state(m->cpu, &s);
}

/* False: the engine broke its word. */
static bool run_stream(struct test_machine *m, unsigned page)
{
    gva_t at = CODE + page * PAGE_SIZE + (rnd() & 0x7ff) * 1;
    uint64_t total = 0;
    struct cpu_state s;

    if ((rnd() & 15) == 0) { /* into the next page, or to the end of what is mapped */
        at = CODE + (page + 1) * PAGE_SIZE - STREAM / 2;
    }
    if (at + STREAM > CODE + 2 * PAGE_SIZE) {
        memcpy(machine_at(m, at), stream, STREAM / 2);
        cpu_code_changed(m->cpu, (uint64_t)(machine_at(m, at) - m->ram), STREAM / 2);
    } else {
        machine_code(m, at, stream, STREAM);
    }
    make_state(m);
    cpu_set_rip(m->cpu, at);
    for (unsigned i = 0; i < TRAPS && total < BUDGET; i++) {
        cpu_run(m->cpu, BUDGET - total, &m->trap, &m->done);
        if (m->trap.kind == CPU_TRAP_BROKEN || m->done > BUDGET - total) {
            return false;
        }
        total += m->done;
        if (m->trap.kind == CPU_TRAP_FAULT || m->trap.kind == CPU_TRAP_EXCEPTION) {
            cpu_set_rip(m->cpu, cpu_rip(m->cpu) + 1 + (rnd() & 3)); /* on behind it */
        }
    }
    cpu_get_state(m->cpu, &s);
    if (total > 20) {
        memcpy(kept[rnd() % ARRAY_SIZE(kept)], stream, STREAM);
    }
    if (verbose) {
        fprintf(stderr, "done %lu, trap %d %u, rip %lx, cs %x ss %x rflags %lx\n",
                (unsigned long)total, (int)m->trap.kind, m->trap.vector, (unsigned long)s.rip, s.cs,
                s.ss, (unsigned long)s.rflags);
    }
    return (s.cs == 0x33 || s.cs == 0x23) && (s.ss & 3) == 3 && (s.rflags & 0x3202) == 0x202;
}

int main(int argc, char **argv)
{
    static const int signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGALRM};
    unsigned long count = argc > 1 ? strtoul(argv[1], NULL, 0) : 100000;
    unsigned long first = argc > 2 ? strtoul(argv[2], NULL, 0) : 1;
    struct test_machine *m = machine_new_with((size_t)32 << 20);

    for (unsigned i = 0; i < ARRAY_SIZE(signals); i++) {
        signal(signals[i], on_signal);
    }
    machine_map(m, CODE, 0, CPU_READ | CPU_WRITE | CPU_EXEC);
    for (number = 0; number < count; number++) {
        seed = (first + number / 1000) * UINT64_C(0x9e3779b97f4a7c15) + number + 1;
        rnd();
        make_stream();
        alarm(20);
        verbose = argc > 3 && number + 1000 > count;
        if (!run_stream(m, (unsigned)(number & 1))) {
            complain("the engine broke its word");
            return 1;
        }
    }
    machine_free(m);
    printf("%lu streams: the process is alive\n", count);
    return 0;
}
