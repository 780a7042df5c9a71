/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_TESTS_CPU_MACHINE_H
#define LSTAR_TESTS_CPU_MACHINE_H
/*
 * The smallest machine around a CPU: RAM, a table of pages that maps guest addresses to frames, and
 * a trap's loop left to the test.
 */
#include "cpu/cpu.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define CODE ((gva_t)0x400000)  /* read, execute: frames 0 and 1 */
#define DATA ((gva_t)0x600000)  /* read, write: frames 2 to 9 */
#define STACK ((gva_t)0x7f0000) /* read, write: frame 10 */
#define RAM_SIZE ((uint64_t)4 << 20)
#define MAX_PAGES 64

struct test_page {
    gva_t addr;
    uint64_t phys;
    unsigned rights;
};

struct test_machine {
    struct cpu *cpu;
    uint8_t *ram;
    struct test_page pages[MAX_PAGES];
    unsigned page_count;
    uint64_t translations; /* calls of translate */
    uint64_t tsc;
    bool tsc_forbidden;
    struct cpu_trap trap; /* of the last run */
    uint64_t done;
};

static inline bool machine_translate(void *opaque, gva_t addr, enum cpu_access access,
                                     struct cpu_translation *out)
{
    struct test_machine *m = opaque;

    m->translations++;
    for (unsigned i = 0; i < m->page_count; i++) {
        if (m->pages[i].addr == PAGE_ALIGN_DOWN(addr)) {
            out->phys = m->pages[i].phys;
            out->grants = m->pages[i].rights;
            return (m->pages[i].rights & access) != 0;
        }
    }
    return false;
}

static inline bool machine_tsc(void *opaque, uint64_t *value)
{
    struct test_machine *m = opaque;

    *value = m->tsc;
    return !m->tsc_forbidden;
}

/* Map or, with rights 0, unmap one page. The caller flushes. */
static inline void machine_map(struct test_machine *m, gva_t addr, uint64_t frame, unsigned rights)
{
    unsigned i = 0;

    while (i < m->page_count && m->pages[i].addr != addr) {
        i++;
    }
    if (i == m->page_count) {
        if (i == MAX_PAGES) {
            abort();
        }
        m->page_count++;
    }
    m->pages[i] = (struct test_page){addr, frame * PAGE_SIZE, rights};
}

static inline uint8_t *machine_at(struct test_machine *m, gva_t addr)
{
    for (unsigned i = 0; i < m->page_count; i++) {
        if (m->pages[i].addr == PAGE_ALIGN_DOWN(addr)) {
            return m->ram + m->pages[i].phys + (addr & ~PAGE_MASK);
        }
    }
    abort();
}

static inline struct test_machine *machine_new_with(size_t code_cache)
{
    struct test_machine *m = calloc(1, sizeof(*m));
    struct cpu_config config = {.ram_size = RAM_SIZE,
                                .code_cache = code_cache,
                                .translate = machine_translate,
                                .tsc = machine_tsc,
                                .opaque = m};

    m->ram = mmap(NULL, RAM_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    config.ram = m->ram;
    machine_map(m, CODE, 0, CPU_READ | CPU_EXEC);
    machine_map(m, CODE + PAGE_SIZE, 1, CPU_READ | CPU_EXEC);
    for (unsigned i = 0; i < 8; i++) {
        machine_map(m, DATA + i * PAGE_SIZE, 2 + i, CPU_READ | CPU_WRITE);
    }
    machine_map(m, STACK, 10, CPU_READ | CPU_WRITE);
    if (cpu_create(&config, &m->cpu) != 0) {
        abort();
    }
    cpu_gprs(m->cpu)[CPU_RSP] = STACK + PAGE_SIZE - 64;
    return m;
}

static inline struct test_machine *machine_new(void)
{
    return machine_new_with(8 << 20);
}

static inline void machine_free(struct test_machine *m)
{
    cpu_destroy(m->cpu);
    munmap(m->ram, RAM_SIZE);
    free(m);
}

/* Put code at an address, as a host-side store. */
static inline void machine_code(struct test_machine *m, gva_t addr, const void *bytes, size_t size)
{
    uint8_t *at = machine_at(m, addr);

    memcpy(at, bytes, size);
    cpu_code_changed(m->cpu, (uint64_t)(at - m->ram), size);
}

static inline enum cpu_trap_kind machine_run(struct test_machine *m, gva_t rip, uint64_t insns)
{
    cpu_set_rip(m->cpu, rip);
    cpu_run(m->cpu, insns, &m->trap, &m->done);
    return m->trap.kind;
}

/* Run a byte string placed at CODE. */
#define RUN(m, ...)                                                                                \
    (machine_code(m, CODE, (const uint8_t[]){__VA_ARGS__},                                         \
                  sizeof((const uint8_t[]){__VA_ARGS__})),                                         \
     machine_run(m, CODE, 1000))

#endif
