/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the engine's patches promise of single instructions beyond what tests/engine/forms compares
 * with a host's CPU: how long string instructions are counted and cut, what LOCK may stand before,
 * floating-point exceptions that are not masked, and a TLB that grows with what is used.
 */
#include "machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define GPR(m, r) (cpu_gprs((m)->cpu)[CPU_##r])
#define UNIT 4096         /* bytes of rep movs and stos that count as one instruction */
#define UNIT_BACKWARDS 32 /* elements */
#define FLAG_D 0x400u
#define FLAG_T 0x100u

static int setup(void **state)
{
    *state = machine_new();
    return 0;
}

static int teardown(void **state)
{
    machine_free(*state);
    return 0;
}

static void set_flags(struct test_machine *m, uint64_t flags)
{
    struct cpu_state s;

    cpu_get_state(m->cpu, &s);
    s.rflags = 0x202 | flags;
    cpu_set_state(m->cpu, &s);
}

/* Run what stands at CODE in pieces of `budget`, the TLB emptied between two if `flush`. The
 * instructions counted. */
static uint64_t count_pieces(struct test_machine *m, uint64_t budget, bool flush)
{
    uint64_t total = 0;

    cpu_set_rip(m->cpu, CODE);
    do {
        cpu_run(m->cpu, budget, &m->trap, &m->done);
        assert_true(m->done <= budget);
        assert_true(m->trap.kind != CPU_TRAP_BUDGET || m->done == budget);
        total += m->done;
        if (flush) {
            cpu_flush_tlb(m->cpu);
        }
    } while (m->trap.kind == CPU_TRAP_BUDGET);
    assert_int_equal(m->trap.kind, CPU_TRAP_SYSCALL);
    return total;
}

static void a_string_instruction_is_cut_exactly(void **state)
{
    static const struct {
        uint8_t code[5];
        uint64_t elements, size, flags;
    } cases[] = {
        {{0xf3, 0xaa, 0x0f, 0x05}, 30000, 1, 0},      /* rep stosb */
        {{0xf3, 0x48, 0xab, 0x0f, 0x05}, 2047, 8, 0}, /* rep stosq */
        {{0xf3, 0xa4, 0x0f, 0x05}, 12345, 1, 0},      /* rep movsb */
        {{0xf3, 0xa5, 0x0f, 0x05}, 3000, 4, 0},       /* rep movsd */
        {{0xf3, 0xaa, 0x0f, 0x05}, 1000, 1, FLAG_D},  {{0xf3, 0xa5, 0x0f, 0x05}, 1001, 4, FLAG_D},
    };
    static const uint64_t budgets[] = {1, 2, 3, 7, 1000};
    struct test_machine *m = *state;

    for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
        uint64_t elements = cases[i].elements, bytes = elements * cases[i].size;
        uint64_t unit = cases[i].flags ? UNIT_BACKWARDS : UNIT / cases[i].size;
        uint64_t want = (elements + unit - 1) / unit + 1;

        machine_code(m, CODE, cases[i].code, sizeof(cases[i].code));
        for (unsigned b = 0; b < ARRAY_SIZE(budgets) * 2; b++) {
            gva_t first = DATA + 13, second = DATA + 16384 + 77;
            uint64_t last = bytes - cases[i].size;

            set_flags(m, cases[i].flags);
            GPR(m, RSI) = second + (cases[i].flags ? last : 0);
            GPR(m, RDI) = first + (cases[i].flags ? last : 0);
            GPR(m, RCX) = elements;
            assert_int_equal(count_pieces(m, budgets[b / 2], b & 1), want);
            assert_int_equal(GPR(m, RCX), 0);
        }
    }
}

/* One step of gigabytes is bounded: the 2^40 bytes that are asked for are not there, but what is
 * done is counted. */
static void a_long_string_instruction_stops_at_the_budget(void **state)
{
    struct test_machine *m = *state;

    GPR(m, RDI) = DATA;
    GPR(m, RCX) = (uint64_t)1 << 40;
    machine_code(m, CODE, "\xf3\xaa", 2);
    assert_int_equal(machine_run(m, CODE, 3), CPU_TRAP_BUDGET);
    assert_int_equal(m->done, 3);
    assert_int_equal(GPR(m, RDI), DATA + 3 * UNIT);
    assert_int_equal(cpu_rip(m->cpu), CODE);
    /* On, to the end of what is mapped: five whole pages more, and the fault counts for nothing. */
    cpu_run(m->cpu, 1000, &m->trap, &m->done);
    assert_int_equal(m->trap.kind, CPU_TRAP_FAULT);
    assert_int_equal(m->trap.addr, DATA + 8 * PAGE_SIZE);
    assert_int_equal(m->done, 5);
    assert_int_equal(GPR(m, RCX), ((uint64_t)1 << 40) - 8 * PAGE_SIZE);
}

static void copies_repeat_what_they_overlap(void **state)
{
    struct test_machine *m = *state;

    machine_code(m, CODE, "\xf3\xa4\x0f\x05", 4);
    for (unsigned distance = 1; distance < 40; distance++) {
        for (unsigned i = 0; i < distance; i++) {
            *machine_at(m, DATA + 100 + i) = (uint8_t)(i * 7 + distance);
        }
        GPR(m, RSI) = DATA + 100;
        GPR(m, RDI) = DATA + 100 + distance;
        GPR(m, RCX) = 5000;
        assert_int_equal(machine_run(m, CODE, 1000), CPU_TRAP_SYSCALL);
        for (unsigned i = 0; i < 5000 + distance; i++) {
            assert_int_equal(*machine_at(m, DATA + 100 + i),
                             (uint8_t)(i % distance * 7 + distance));
        }
    }
}

static void a_trap_after_each_element_under_tf(void **state)
{
    struct test_machine *m = *state;

    machine_code(m, CODE, "\xf3\xaa\x90", 3);
    GPR(m, RDI) = DATA;
    GPR(m, RCX) = 3;
    set_flags(m, FLAG_T);
    cpu_set_rip(m->cpu, CODE);
    for (unsigned i = 1; i <= 3; i++) {
        cpu_run(m->cpu, 1000, &m->trap, &m->done);
        assert_int_equal(m->trap.kind, CPU_TRAP_EXCEPTION);
        assert_int_equal(m->trap.vector, 1);
        assert_int_equal(GPR(m, RCX), 3 - i);
        assert_int_equal(cpu_rip(m->cpu), i < 3 ? CODE : CODE + 2);
    }
}

static void lock_stands_only_where_it_may(void **state)
{
    static const uint8_t refused[][6] = {
        {0xf0, 0x0f, 0xba, 0xf8, 0x03}, /* lock btc eax, 3: stock aborts */
        {0xf0, 0x0f, 0xab, 0xc8},       /* lock bts eax, ecx */
        {0xf0, 0x01, 0xc8},             /* lock add eax, ecx */
        {0xf0, 0x8b, 0x03},             /* lock mov eax, [rbx] */
        {0xf0, 0x90},                   /* lock nop */
        {0xf0, 0x0f, 0xa3, 0x0b},       /* lock bt [rbx], ecx */
        {0xf0, 0x39, 0x0b},             /* lock cmp [rbx], ecx */
    };
    struct test_machine *m = *state;

    GPR(m, RBX) = DATA;
    for (unsigned i = 0; i < ARRAY_SIZE(refused); i++) {
        machine_code(m, CODE, refused[i], sizeof(refused[i]));
        assert_int_equal(machine_run(m, CODE, 1), CPU_TRAP_EXCEPTION);
        assert_int_equal(m->trap.vector, 6);
    }
    assert_int_equal(RUN(m, 0xf0, 0x0f, 0xba, 0x3b, 0x03, 0x0f, 0x05),
                     CPU_TRAP_SYSCALL); /* lock btc [rbx], 3 */
    assert_int_equal(*machine_at(m, DATA), 8);
}

/* 1 / 0 with ZE not masked: #XM at the divss, nothing changed; #MF at the x87 instruction behind
 * the division. */
static void unmasked_exceptions_are_raised(void **state)
{
    static const uint8_t sse[] = {0xf3, 0x0f, 0x5e, 0xc1, 0x0f, 0x05}; /* divss xmm0, xmm1 */
    static const uint8_t x87[] = {0xd9, 0xe8, 0xd9, 0xee,
                                  0xde, 0xf9, 0x90, 0x9b}; /* fld1; fldz; fdivp; nop; fwait */
    const uint32_t one = 0x3f800000;
    struct test_machine *m = *state;
    struct cpu_state s;

    cpu_get_state(m->cpu, &s);
    s.fx.mxcsr = 0x1f80 & ~0x200u;
    s.fx.fcw = 0x37f & ~4u;
    memcpy(s.fx.xmm[0], &one, sizeof(one));
    cpu_set_state(m->cpu, &s);
    machine_code(m, CODE, sse, sizeof(sse));
    assert_int_equal(machine_run(m, CODE, 10), CPU_TRAP_EXCEPTION);
    assert_int_equal(m->trap.vector, 19);
    assert_int_equal(cpu_rip(m->cpu), CODE);
    cpu_get_state(m->cpu, &s);
    assert_memory_equal(s.fx.xmm[0], &one, sizeof(one));
    assert_int_equal(s.fx.mxcsr, (0x1f80 & ~0x200u) | 4);
    machine_code(m, CODE, x87, sizeof(x87));
    assert_int_equal(machine_run(m, CODE, 10), CPU_TRAP_EXCEPTION);
    assert_int_equal(m->trap.vector, 16);
    assert_int_equal(cpu_rip(m->cpu), CODE + 7);
    cpu_get_state(m->cpu, &s);
    assert_int_equal(s.fx.fsw & 0x80bf, 0x8084); /* B, ES, ZE */
    assert_int_equal(s.fx.fsw >> 11 & 7, 6);     /* not popped */
}

/*
 * A block goes on behind a jump, here backwards: what changes there, by the host, by the guest, and
 * by the block itself, is noticed though it is not behind the block's start.
 */
static void code_behind_a_jump_is_noticed(void **state)
{
    /* 0x200: mov eax, 1; syscall; 0x300: jmp 0x200; 0x400: mov byte [rbx], cl; jmp 0x200 */
    static const uint8_t there[] = {0xb8, 0x01, 0x00, 0x00, 0x00, 0x0f, 0x05};
    static const uint8_t jump[] = {0xe9, 0xfb, 0xfe, 0xff, 0xff};
    static const uint8_t store[] = {0x88, 0x0b, 0xe9, 0xf9, 0xfd, 0xff, 0xff};
    static const unsigned stops[] = {0x400, 0x402, 0x200, 0x205};
    struct test_machine *m = *state;

    machine_map(m, CODE, 0, CPU_READ | CPU_WRITE | CPU_EXEC);
    cpu_flush_tlb(m->cpu);
    machine_code(m, CODE + 0x200, there, sizeof(there));
    machine_code(m, CODE + 0x300, jump, sizeof(jump));
    machine_code(m, CODE + 0x400, store, sizeof(store));
    for (unsigned i = 1; i < 40; i++) {
        uint8_t byte = (uint8_t)i;

        machine_code(m, CODE + 0x201, &byte, 1);
        assert_int_equal(machine_run(m, CODE + 0x300, 10), CPU_TRAP_SYSCALL);
        assert_int_equal(GPR(m, RAX), i);
        assert_int_equal(m->done, 3);
        GPR(m, RBX) = CODE + 0x201;
        GPR(m, RCX) = i + 100;
        assert_int_equal(machine_run(m, CODE + 0x400, 10), CPU_TRAP_SYSCALL);
        assert_int_equal(GPR(m, RAX), i + 100);
        assert_int_equal(m->done, 4);
        assert_int_equal(machine_run(m, CODE + 0x300, 10), CPU_TRAP_SYSCALL);
        assert_int_equal(GPR(m, RAX), i + 100);
    }
    for (uint64_t budget = 0; budget < 4; budget++) { /* it stops within */
        enum cpu_trap_kind kind = machine_run(m, CODE + 0x400, budget);
        assert_int_equal(kind, CPU_TRAP_BUDGET);
        assert_int_equal(m->done, budget);
        assert_int_equal(cpu_rip(m->cpu), CODE + stops[budget]);
    }
    assert_int_equal(RUN(m, 0xeb, 0xfe), CPU_TRAP_BUDGET); /* jmp . */
    assert_int_equal(m->done, 1000);
}

#define MANY_PAGES 20000

static bool translate_many(void *opaque, gva_t addr, enum cpu_access access,
                           struct cpu_translation *out)
{
    struct test_machine *m = opaque;

    if (addr >= DATA && addr < DATA + MANY_PAGES * PAGE_SIZE) {
        m->translations++;
        *out = (struct cpu_translation){2 * PAGE_SIZE, CPU_READ | CPU_WRITE};
        return true;
    }
    return machine_translate(opaque, addr, access, out);
}

/* A process has few flushes: pages that it uses again and again are found without them all the
 * same. */
static void the_tlb_grows_with_what_is_used(void **state)
{
    /* 1: mov al, [rbx]; add rbx, 4096; dec ecx; jnz 1b; syscall */
    static const uint8_t walk[] = {0x8a, 0x03, 0x48, 0x81, 0xc3, 0x00, 0x10, 0x00,
                                   0x00, 0xff, 0xc9, 0x75, 0xf3, 0x0f, 0x05};
    struct test_machine *m = *state;
    struct cpu_config config = {.ram = m->ram,
                                .ram_size = RAM_SIZE,
                                .code_cache = 8 << 20,
                                .translate = translate_many,
                                .tsc = machine_tsc,
                                .opaque = m};

    cpu_destroy(m->cpu);
    assert_int_equal(cpu_create(&config, &m->cpu), 0);
    machine_code(m, CODE, walk, sizeof(walk));
    for (unsigned round = 0; round < 6; round++) {
        m->translations = 0;
        GPR(m, RBX) = DATA;
        GPR(m, RCX) = MANY_PAGES;
        assert_int_equal(machine_run(m, CODE, 1000000), CPU_TRAP_SYSCALL);
    }
    assert_true(m->translations < MANY_PAGES / 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_string_instruction_is_cut_exactly, setup, teardown),
        cmocka_unit_test_setup_teardown(a_long_string_instruction_stops_at_the_budget, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(copies_repeat_what_they_overlap, setup, teardown),
        cmocka_unit_test_setup_teardown(a_trap_after_each_element_under_tf, setup, teardown),
        cmocka_unit_test_setup_teardown(lock_stands_only_where_it_may, setup, teardown),
        cmocka_unit_test_setup_teardown(unmasked_exceptions_are_raised, setup, teardown),
        cmocka_unit_test_setup_teardown(code_behind_a_jump_is_noticed, setup, teardown),
        cmocka_unit_test_setup_teardown(the_tlb_grows_with_what_is_used, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
