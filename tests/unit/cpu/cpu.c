/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The engine's contract (cpu.h): does each kind of trap arrive with the right address, rip and
 * count, at CPL 3, and does the next run go on from there?
 */
#include "machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define GPR(m, r) (cpu_gprs((m)->cpu)[CPU_##r])

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

static void starts_as_linux_starts_a_process(void **state)
{
    struct test_machine *m = *state;
    struct cpu_state s;

    cpu_get_state(m->cpu, &s);
    assert_int_equal(s.rflags, 0x202);
    assert_int_equal(s.cs, 0x33);
    assert_int_equal(s.ss, 0x2b);
    assert_int_equal(s.fx.fcw, 0x37f);
    assert_int_equal(s.fx.mxcsr, 0x1f80);
    assert_int_equal(s.fx.ftw, 0);
    /* mov ax, cs; and eax, 3; mov edx, ss; int3 */
    assert_int_equal(RUN(m, 0x66, 0x8c, 0xc8, 0x8c, 0xd2, 0xcc), CPU_TRAP_EXCEPTION);
    assert_int_equal(GPR(m, RAX) & 0xffff, 0x33);
    assert_int_equal(GPR(m, RDX), 0x2b);
}

static void syscall_stops_after_itself(void **state)
{
    struct test_machine *m = *state;

    GPR(m, RCX) = 11;
    GPR(m, R11) = 22;
    /* mov eax, 39; syscall; syscall */
    assert_int_equal(RUN(m, 0xb8, 39, 0, 0, 0, 0x0f, 0x05, 0x0f, 0x05), CPU_TRAP_SYSCALL);
    assert_int_equal(GPR(m, RAX), 39);
    assert_int_equal(GPR(m, RCX), 11);
    assert_int_equal(GPR(m, R11), 22);
    assert_int_equal(cpu_rip(m->cpu), CODE + 7);
    assert_int_equal(m->done, 2);
    cpu_run(m->cpu, 1000, &m->trap, &m->done);
    assert_int_equal(m->trap.kind, CPU_TRAP_SYSCALL);
    assert_int_equal(cpu_rip(m->cpu), CODE + 9);
    assert_int_equal(m->done, 1);
}

static void flags_are_exact_at_a_syscall(void **state)
{
    struct test_machine *m = *state;

    /* xor eax, eax; std; syscall; cld; stc; inc eax; syscall */
    assert_int_equal(RUN(m, 0x31, 0xc0, 0xfd, 0x0f, 0x05, 0xfc, 0xf9, 0xff, 0xc0, 0x0f, 0x05),
                     CPU_TRAP_SYSCALL);
    assert_int_equal(cpu_rflags(m->cpu), 0x202 | 0x400 | 0x44);
    cpu_run(m->cpu, 1000, &m->trap, &m->done);
    assert_int_equal(cpu_rflags(m->cpu), 0x202 | 1);
}

static void page_faults_are_exact(void **state)
{
    struct test_machine *m = *state;

    GPR(m, RBX) = 0x123456789;
    GPR(m, RCX) = 7;
    /* inc ecx; mov [rbx], ecx; inc ecx; int3 */
    assert_int_equal(RUN(m, 0xff, 0xc1, 0x89, 0x0b, 0xff, 0xc1, 0xcc), CPU_TRAP_FAULT);
    assert_int_equal(m->trap.addr, 0x123456789);
    assert_int_equal(m->trap.access, CPU_WRITE);
    assert_int_equal(cpu_rip(m->cpu), CODE + 2);
    assert_int_equal(GPR(m, RCX), 8);
    assert_int_equal(m->done, 1);
    /* The access is tried again, without a flush. */
    machine_map(m, 0x123456000, 20, CPU_READ | CPU_WRITE);
    cpu_run(m->cpu, 1000, &m->trap, &m->done);
    assert_int_equal(m->trap.kind, CPU_TRAP_EXCEPTION);
    assert_int_equal(m->trap.vector, 3);
    assert_int_equal(GPR(m, RCX), 9);
    assert_int_equal(m->ram[20 * PAGE_SIZE + 0x789], 8);
}

static void reads_and_fetches_fault_too(void **state)
{
    struct test_machine *m = *state;

    GPR(m, RBX) = 0x5000;
    assert_int_equal(RUN(m, 0x8b, 0x03, 0xcc), CPU_TRAP_FAULT); /* mov eax, [rbx] */
    assert_int_equal(m->trap.addr, 0x5000);
    assert_int_equal(m->trap.access, CPU_READ);
    assert_int_equal(RUN(m, 0xff, 0xe3), CPU_TRAP_FAULT); /* jmp rbx */
    assert_int_equal(m->trap.addr, 0x5000);
    assert_int_equal(m->trap.access, CPU_EXEC);
    assert_int_equal(cpu_rip(m->cpu), 0x5000);
    /* Data is not executable, code not writable. */
    assert_int_equal(machine_run(m, DATA, 10), CPU_TRAP_FAULT);
    assert_int_equal(m->trap.access, CPU_EXEC);
    GPR(m, RBX) = CODE;
    assert_int_equal(RUN(m, 0x89, 0x03), CPU_TRAP_FAULT);
    assert_int_equal(m->trap.access, CPU_WRITE);
}

static void a_fetch_across_a_page_faults_at_its_instruction(void **state)
{
    struct test_machine *m = *state;
    const uint8_t code[] = {0xff, 0xc0, 0xff,
                            0xc0, 0xb8, 1}; /* inc eax; inc eax; mov eax, imm32 cut short */
    gva_t at = CODE + 2 * PAGE_SIZE - sizeof(code);

    machine_code(m, at, code, sizeof(code));
    assert_int_equal(machine_run(m, at, 10), CPU_TRAP_FAULT);
    assert_int_equal(m->trap.addr, CODE + 2 * PAGE_SIZE);
    assert_int_equal(m->trap.access, CPU_EXEC);
    assert_int_equal(cpu_rip(m->cpu), at + 4);
    assert_int_equal(GPR(m, RAX), 2);
    assert_int_equal(m->done, 2);
}

static void a_store_across_a_page_faults_before_any_byte(void **state)
{
    struct test_machine *m = *state;
    gva_t end = DATA + 8 * PAGE_SIZE;

    GPR(m, RBX) = end - 4;
    GPR(m, RAX) = UINT64_MAX;
    assert_int_equal(RUN(m, 0x48, 0x89, 0x03), CPU_TRAP_FAULT); /* mov [rbx], rax */
    assert_int_equal(m->trap.addr, end);
    assert_int_equal(*machine_at(m, end - 4), 0);
    GPR(m, RBX) = end - 8;
    assert_int_equal(RUN(m, 0x66, 0x0f, 0x76, 0xc0, 0xf3, 0x0f, 0x7f, 0x03),
                     CPU_TRAP_FAULT); /* movdqu [rbx], xmm0 */
    assert_int_equal(m->trap.addr, end);
    assert_int_equal(*machine_at(m, end - 8), 0);
}

static void divide_errors_twice_in_a_row(void **state)
{
    struct test_machine *m = *state;

    GPR(m, RBX) = 0;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(RUN(m, 0x90, 0xf7, 0xf3), CPU_TRAP_EXCEPTION); /* nop; div ebx */
        assert_int_equal(m->trap.vector, 0);
        assert_int_equal(cpu_rip(m->cpu), CODE + 1);
        assert_int_equal(m->done, 1);
    }
}

static void software_interrupts(void **state)
{
    struct test_machine *m = *state;

    assert_int_equal(RUN(m, 0xcc), CPU_TRAP_EXCEPTION);
    assert_int_equal(m->trap.vector, 3);
    assert_int_equal(cpu_rip(m->cpu), CODE + 1);
    assert_int_equal(RUN(m, 0xcd, 0x80), CPU_TRAP_EXCEPTION);
    assert_int_equal(m->trap.vector, 0x80);
    assert_int_equal(cpu_rip(m->cpu), CODE + 2);
    /* No gate for user code: #GP with the vector in the error code. */
    assert_int_equal(RUN(m, 0xcd, 0x21), CPU_TRAP_EXCEPTION);
    assert_int_equal(m->trap.vector, 13);
    assert_int_equal(m->trap.error_code, 0x21 << 3 | 2);
    assert_int_equal(RUN(m, 0xcd, 1), CPU_TRAP_EXCEPTION);
    assert_int_equal(m->trap.vector, 13);
    assert_int_equal(m->trap.error_code, 1 << 3 | 2);
    assert_int_equal(cpu_rip(m->cpu), CODE);
    assert_int_equal(m->done, 0);
}

static void privileged_instructions_are_gp(void **state)
{
    static const struct {
        const char *name;
        uint8_t code[4];
        unsigned vector;
    } cases[] = {
        {"hlt", {0xf4}, 13},
        {"mov cr3, rax", {0x0f, 0x22, 0xd8}, 13},
        {"mov rax, cr0", {0x0f, 0x20, 0xc0}, 13},
        {"mov dr7, rax", {0x0f, 0x23, 0xf8}, 13},
        {"in al, dx", {0xec}, 13},
        {"out dx, al", {0xee}, 13},
        {"in al, 0x60", {0xe4, 0x60}, 13},
        {"insb", {0x6c}, 13},
        {"rep outsb", {0xf3, 0x6e}, 13},
        {"cli", {0xfa}, 13},
        {"sti", {0xfb}, 13},
        {"wrmsr", {0x0f, 0x30}, 13},
        {"rdmsr", {0x0f, 0x32}, 13},
        {"rdpmc", {0x0f, 0x33}, 13},
        {"lgdt [rsp]", {0x0f, 0x01, 0x14, 0x24}, 13},
        {"lidt [rsp]", {0x0f, 0x01, 0x1c, 0x24}, 13},
        {"ltr ax", {0x0f, 0x00, 0xd8}, 13},
        {"lldt ax", {0x0f, 0x00, 0xd0}, 13},
        {"lmsw ax", {0x0f, 0x01, 0xf0}, 13},
        {"clts", {0x0f, 0x06}, 13},
        {"invd", {0x0f, 0x08}, 13},
        {"wbinvd", {0x0f, 0x09}, 13},
        {"invlpg [rsp]", {0x0f, 0x01, 0x3c, 0x24}, 13},
        {"swapgs", {0x0f, 0x01, 0xf8}, 13},
        {"sysretq", {0x48, 0x0f, 0x07}, 13},
        {"sysenter", {0x0f, 0x34}, 13},
        {"sysexit", {0x0f, 0x35}, 13},
        {"ud2", {0x0f, 0x0b}, 6},
        {"rdrand eax", {0x0f, 0xc7, 0xf0}, 6},
        {"rdseed eax", {0x0f, 0xc7, 0xf8}, 6},
        {"xgetbv", {0x0f, 0x01, 0xd0}, 6},
        {"rdfsbase rax", {0xf3, 0x0f, 0xae, 0xc0}, 6},
        {"vmmcall", {0x0f, 0x01, 0xd9}, 6},
        {"push es", {0x06}, 6},
        {"vpaddd xmm0, xmm1, xmm2", {0xc5, 0xf1, 0xfe, 0xc2}, 6},
        {"vaddps ymm0, ymm1, ymm2", {0xc5, 0xf4, 0x58, 0xc2}, 6},
        {"vzeroupper", {0xc5, 0xf8, 0x77}, 6},
        {"vmovdqu ymm0, [rsp]", {0xc5, 0xfe, 0x6f, 0x04}, 6},
    };
    struct test_machine *m = *state;

    for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
        machine_code(m, CODE, cases[i].code, sizeof(cases[i].code));
        enum cpu_trap_kind kind = machine_run(m, CODE, 1);
        if (kind != CPU_TRAP_EXCEPTION || m->trap.vector != cases[i].vector ||
            cpu_rip(m->cpu) != CODE) {
            fail_msg("%s: trap %d, vector %u, rip %#lx", cases[i].name, (int)kind, m->trap.vector,
                     (unsigned long)cpu_rip(m->cpu));
        }
        assert_int_equal(m->done, 0);
    }
}

static void non_canonical_addresses_are_gp(void **state)
{
    struct test_machine *m = *state;

    GPR(m, RBX) = (uint64_t)1 << 47;
    assert_int_equal(RUN(m, 0x8b, 0x03), CPU_TRAP_EXCEPTION);
    assert_int_equal(m->trap.vector, 13);
    assert_int_equal(cpu_rip(m->cpu), CODE);
    assert_int_equal(RUN(m, 0xff, 0xe3), CPU_TRAP_EXCEPTION);
    assert_int_equal(m->trap.vector, 13);
}

static void the_budget_is_exact(void **state)
{
    struct test_machine *m = *state;
    /* 0: inc eax; inc ecx; dec edx; jnz 0; int3 */
    const uint8_t code[] = {0xff, 0xc0, 0xff, 0xc1, 0xff, 0xca, 0x75, 0xf8, 0xcc};

    machine_code(m, CODE, code, sizeof(code));
    for (uint64_t budget = 0; budget < 60; budget++) {
        GPR(m, RAX) = 0;
        GPR(m, RCX) = 0;
        GPR(m, RDX) = 1000;
        assert_int_equal(machine_run(m, CODE, budget), CPU_TRAP_BUDGET);
        assert_int_equal(m->done, budget);
        assert_int_equal(GPR(m, RAX), (budget + 3) / 4);
        assert_int_equal(GPR(m, RCX), (budget + 2) / 4);
        assert_int_equal(GPR(m, RDX), 1000 - (budget + 1) / 4);
    }
    /* To the end, in slices of every size. */
    for (uint64_t slice = 1; slice < 50; slice++) {
        uint64_t total = 0;

        GPR(m, RDX) = 25;
        machine_run(m, CODE, slice);
        for (total = m->done; m->trap.kind == CPU_TRAP_BUDGET; total += m->done) {
            cpu_run(m->cpu, slice, &m->trap, &m->done);
        }
        assert_int_equal(m->trap.vector, 3);
        assert_int_equal(total, 25 * 4 + 1);
    }
}

static void the_time_stamp_is_the_callers(void **state)
{
    struct test_machine *m = *state;

    m->tsc = 0x123456789abcdef0;
    assert_int_equal(RUN(m, 0x0f, 0x31, 0xcc), CPU_TRAP_EXCEPTION);
    assert_int_equal(GPR(m, RAX), 0x9abcdef0);
    assert_int_equal(GPR(m, RDX), 0x12345678);
    assert_int_equal(RUN(m, 0x0f, 0x01, 0xf9, 0xcc), CPU_TRAP_EXCEPTION); /* rdtscp */
    assert_int_equal(GPR(m, RAX), 0x9abcdef0);
    assert_int_equal(GPR(m, RCX), 0);

    /* Or not for user code: a fault at the instruction, which is not done. */
    m->tsc_forbidden = true;
    assert_int_equal(RUN(m, 0x90, 0x0f, 0x31, 0xcc), CPU_TRAP_EXCEPTION);
    assert_int_equal(m->trap.vector, 13);
    assert_int_equal(m->done, 1);
    assert_int_equal(RUN(m, 0x90, 0x0f, 0x01, 0xf9, 0x90, 0xcc), CPU_TRAP_EXCEPTION);
    assert_int_equal(m->trap.vector, 13);
    assert_int_equal(m->done, 1);
}

static void cpuid_offers_v2_and_no_avx(void **state)
{
    struct test_machine *m = *state;

    GPR(m, RAX) = 1;
    assert_int_equal(RUN(m, 0x0f, 0xa2, 0xcc), CPU_TRAP_EXCEPTION);
    assert_int_equal(m->trap.vector, 3);
    assert_int_equal(GPR(m, RAX), 0x206c2);
    assert_int_equal(GPR(m, RCX) & (1u << 28 | 1u << 27 | 1u << 26 | 1u << 30), 0);
    assert_int_equal(GPR(m, RCX) & 0x982201,
                     0x982201); /* v2: SSE3, SSSE3, CX16, SSE4.1, SSE4.2, POPCNT */
}

static void single_steps(void **state)
{
    struct test_machine *m = *state;
    struct cpu_state s;

    machine_code(m, CODE, "\xff\xc0\xff\xc0\xff\xc0", 6);
    cpu_set_rip(m->cpu, CODE);
    cpu_get_state(m->cpu, &s);
    s.rflags |= 0x100;
    cpu_set_state(m->cpu, &s);
    for (unsigned i = 1; i <= 3; i++) {
        cpu_run(m->cpu, 1000, &m->trap, &m->done);
        assert_int_equal(m->trap.kind, CPU_TRAP_EXCEPTION);
        assert_int_equal(m->trap.vector, 1);
        assert_int_equal(cpu_rip(m->cpu), CODE + 2 * i);
        assert_int_equal(m->done, 1);
    }
}

static void state_goes_out_and_in(void **state)
{
    struct test_machine *m = *state;
    struct cpu_state s, t;

    cpu_get_state(m->cpu, &s);
    for (unsigned i = 0; i < CPU_GPR_COUNT; i++) {
        s.gpr[i] = UINT64_C(0x0102030405060708) * i;
    }
    memset(s.fx.xmm, 0x5a, sizeof(s.fx.xmm));
    memset(s.fx.st[2], 0x77, 10);
    s.rip = 0x1234;
    s.rflags = 0x202 | 0x8d5 | 0x400;
    s.fs_base = 0x111000;
    s.gs_base = 0x222000;
    s.fx.fcw = 0x27f;
    s.fx.fsw = 3 << 11;
    s.fx.ftw = 0xf0;
    s.fx.mxcsr = 0x9fc0;
    cpu_set_state(m->cpu, &s);
    cpu_get_state(m->cpu, &t);
    assert_memory_equal(&s, &t, sizeof(s));
    /* Whatever the state says, it is user mode. */
    s.cs = 0x10;
    s.ss = 0x18;
    s.rflags = 0x3202;
    cpu_set_state(m->cpu, &s);
    cpu_get_state(m->cpu, &t);
    assert_int_equal(t.cs, 0x33);
    assert_int_equal(t.ss, 0x2b);
    assert_int_equal(t.rflags, 0x202);
    assert_int_equal(RUN(m, 0xf4), CPU_TRAP_EXCEPTION);
    assert_int_equal(m->trap.vector, 13);
}

static void segment_bases(void **state)
{
    struct test_machine *m = *state;

    *machine_at(m, DATA + 8) = 42;
    cpu_set_fs_base(m->cpu, DATA);
    /* movzx eax, byte fs:[8] */
    assert_int_equal(RUN(m, 0x64, 0x0f, 0xb6, 0x04, 0x25, 8, 0, 0, 0, 0xcc), CPU_TRAP_EXCEPTION);
    assert_int_equal(GPR(m, RAX), 42);
    cpu_set_gs_base(m->cpu, DATA + 8);
    assert_int_equal(RUN(m, 0x65, 0x0f, 0xb6, 0x0c, 0x25, 0, 0, 0, 0, 0xcc), CPU_TRAP_EXCEPTION);
    assert_int_equal(GPR(m, RCX), 42);
}

static void flushes_take_rights_away(void **state)
{
    struct test_machine *m = *state;
    const uint8_t code[] = {0x88, 0x03, 0xcc}; /* mov [rbx], al */

    GPR(m, RBX) = DATA;
    machine_code(m, CODE, code, sizeof(code));
    assert_int_equal(machine_run(m, CODE, 10), CPU_TRAP_EXCEPTION);
    machine_map(m, DATA, 2, CPU_READ);
    cpu_flush_page(m->cpu, DATA);
    assert_int_equal(machine_run(m, CODE, 10), CPU_TRAP_FAULT);
    machine_map(m, DATA, 2, CPU_READ | CPU_WRITE);
    assert_int_equal(machine_run(m, CODE, 10), CPU_TRAP_EXCEPTION);
    machine_map(m, DATA, 2, 0);
    cpu_flush_tlb(m->cpu);
    assert_int_equal(machine_run(m, CODE, 10), CPU_TRAP_FAULT);
    /* Another frame under the same code address. */
    m->ram[20 * PAGE_SIZE] = 0xf4;
    machine_map(m, CODE, 20, CPU_READ | CPU_EXEC);
    cpu_flush_tlb(m->cpu);
    assert_int_equal(machine_run(m, CODE, 10), CPU_TRAP_EXCEPTION);
    assert_int_equal(m->trap.vector, 13);
}

static void code_that_writes_code(void **state)
{
    struct test_machine *m = *state;
    /* Through a second mapping of the frame: mov byte [rbx], 0x90; call 1f; 1: at +16 hlt or nop;
     * int3 */
    const uint8_t code[] = {0xc6, 0x03, 0x90, 0xeb, 11, 0, 0, 0,    0,
                            0,    0,    0,    0,    0,  0, 0, 0xf4, 0xcc};

    machine_code(m, CODE, code, sizeof(code));
    assert_int_equal(machine_run(m, CODE + 16, 10), CPU_TRAP_EXCEPTION);
    assert_int_equal(m->trap.vector, 13);
    machine_map(m, 0x900000, 0, CPU_READ | CPU_WRITE);
    GPR(m, RBX) = 0x900000 + 16;
    assert_int_equal(machine_run(m, CODE, 10), CPU_TRAP_EXCEPTION);
    assert_int_equal(m->trap.vector, 3);
    /* The instruction right after the store, in the same block and page. */
    const uint8_t self[] = {0xc6, 0x05, 0,    0,   0,
                            0,    0x90, 0xf4, 0xcc}; /* mov byte [rip], nop; hlt; int3 */
    machine_map(m, CODE, 0, CPU_READ | CPU_WRITE | CPU_EXEC);
    cpu_flush_tlb(m->cpu);
    machine_code(m, CODE, self, sizeof(self));
    assert_int_equal(machine_run(m, CODE, 10), CPU_TRAP_EXCEPTION);
    assert_int_equal(m->trap.vector, 3);
    assert_int_equal(m->done, 3);
    /* The store's page had been granted for writing before code in it was executed. */
    machine_map(m, 0x901000, 30, CPU_READ | CPU_WRITE | CPU_EXEC);
    GPR(m, RBX) = 0x901000;
    assert_int_equal(RUN(m, 0xc6, 0x03, 0xf4, 0xff, 0xe3),
                     CPU_TRAP_EXCEPTION); /* store hlt; jmp rbx */
    assert_int_equal(m->trap.vector, 13);
    assert_int_equal(RUN(m, 0xc6, 0x03, 0xcc, 0xff, 0xe3),
                     CPU_TRAP_EXCEPTION); /* store int3; jmp rbx */
    assert_int_equal(m->trap.vector, 3);
    for (unsigned i = 0; i < 50; i++) { /* and many times over */
        machine_code(m, CODE, (const uint8_t[]){0xc6, 0x03, i & 1 ? 0xf4 : 0xcc, 0xff, 0xe3}, 5);
        machine_run(m, CODE, 10);
        assert_int_equal(m->trap.vector, i & 1 ? 13 : 3);
    }
}

static void the_host_changes_code(void **state)
{
    struct test_machine *m = *state;

    assert_int_equal(RUN(m, 0xb8, 1, 0, 0, 0, 0xcc), CPU_TRAP_EXCEPTION);
    assert_int_equal(GPR(m, RAX), 1);
    assert_int_equal(cpu_code_map(m->cpu)[0], 1);
    assert_int_equal(cpu_code_map(m->cpu)[2], 0);
    m->ram[1] = 2;
    cpu_code_changed(m->cpu, 1, 1);
    assert_int_equal(machine_run(m, CODE, 10), CPU_TRAP_EXCEPTION);
    assert_int_equal(GPR(m, RAX), 2);
    /* A block over two pages, of which the second changes. */
    machine_code(m, CODE + PAGE_SIZE - 2, "\xb8\x05\x00\x00\x00\xcc", 2);
    machine_code(m, CODE + PAGE_SIZE, "\x00\x00\x00\xcc", 4);
    machine_run(m, CODE + PAGE_SIZE - 2, 10);
    assert_int_equal(GPR(m, RAX), 5);
    machine_code(m, CODE + PAGE_SIZE, "\x01\x00\x00\xcc", 4);
    machine_run(m, CODE + PAGE_SIZE - 2, 10);
    assert_int_equal(GPR(m, RAX), 0x105);
}

static void a_jump_to_zero_faults(void **state)
{
    struct test_machine *m = *state;

    GPR(m, RBX) = 0;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(RUN(m, 0xff, 0xd3), CPU_TRAP_FAULT); /* call rbx */
        assert_int_equal(m->trap.addr, 0);
        assert_int_equal(cpu_rip(m->cpu), 0);
    }
    /* And runs, when there is code. */
    machine_map(m, 0, 21, CPU_READ | CPU_EXEC);
    machine_code(m, 0, "\xb8\x09\x00\x00\x00\xcc", 6);
    assert_int_equal(machine_run(m, 0, 10), CPU_TRAP_EXCEPTION);
    assert_int_equal(GPR(m, RAX), 9);
}

static void compatibility_mode(void **state)
{
    struct test_machine *m = *state;
    /* push 0x23; push CODE + 16; retfq; at +16 (32-bit): inc eax (0x40); int 0x80 */
    const uint8_t code[] = {0x6a, 0x23, 0x68, 0x10, 0, 0x40, 0,    0x48, 0xcb, 0,
                            0,    0,    0,    0,    0, 0,    0x40, 0xcd, 0x80};
    struct cpu_state s;

    GPR(m, RAX) = 4;
    machine_code(m, CODE, code, sizeof(code));
    assert_int_equal(machine_run(m, CODE, 10), CPU_TRAP_EXCEPTION);
    assert_int_equal(m->trap.vector, 0x80);
    assert_int_equal(GPR(m, RAX), 5);
    assert_int_equal(cpu_rip(m->cpu), CODE + 19);
    cpu_get_state(m->cpu, &s);
    assert_int_equal(s.cs, 0x23);
    s.cs = 0x33;
    cpu_set_state(m->cpu, &s);
    assert_int_equal(RUN(m, 0x48, 0xff, 0xc0, 0xcc), CPU_TRAP_EXCEPTION);
    assert_int_equal(GPR(m, RAX), 6);
    /* Kernel selectors cannot be loaded. */
    GPR(m, RAX) = 0x10;
    assert_int_equal(RUN(m, 0x8e, 0xd8), CPU_TRAP_EXCEPTION); /* mov ds, eax */
    assert_int_equal(m->trap.vector, 13);
}

/* Many blocks in a small code buffer: it is emptied and filled again. */
static void a_full_code_buffer(void **state)
{
    struct test_machine *m = *state;
    uint64_t sum = 0;

    for (unsigned round = 0; round < 60; round++) {
        for (unsigned i = 0; i < 1000; i++) {
            /* add eax, imm32; int3 */
            uint8_t code[] = {0x05, (uint8_t)i, (uint8_t)(i >> 8), (uint8_t)round, 0, 0xcc};

            machine_code(m, CODE + 4 * (i & 255), code, sizeof(code));
            machine_run(m, CODE + 4 * (i & 255), 10);
            sum += i + (round << 16);
            assert_int_equal((uint32_t)GPR(m, RAX), (uint32_t)sum);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(starts_as_linux_starts_a_process, setup, teardown),
        cmocka_unit_test_setup_teardown(syscall_stops_after_itself, setup, teardown),
        cmocka_unit_test_setup_teardown(flags_are_exact_at_a_syscall, setup, teardown),
        cmocka_unit_test_setup_teardown(page_faults_are_exact, setup, teardown),
        cmocka_unit_test_setup_teardown(reads_and_fetches_fault_too, setup, teardown),
        cmocka_unit_test_setup_teardown(a_fetch_across_a_page_faults_at_its_instruction, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_store_across_a_page_faults_before_any_byte, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(divide_errors_twice_in_a_row, setup, teardown),
        cmocka_unit_test_setup_teardown(software_interrupts, setup, teardown),
        cmocka_unit_test_setup_teardown(privileged_instructions_are_gp, setup, teardown),
        cmocka_unit_test_setup_teardown(non_canonical_addresses_are_gp, setup, teardown),
        cmocka_unit_test_setup_teardown(the_budget_is_exact, setup, teardown),
        cmocka_unit_test_setup_teardown(the_time_stamp_is_the_callers, setup, teardown),
        cmocka_unit_test_setup_teardown(cpuid_offers_v2_and_no_avx, setup, teardown),
        cmocka_unit_test_setup_teardown(single_steps, setup, teardown),
        cmocka_unit_test_setup_teardown(state_goes_out_and_in, setup, teardown),
        cmocka_unit_test_setup_teardown(segment_bases, setup, teardown),
        cmocka_unit_test_setup_teardown(flushes_take_rights_away, setup, teardown),
        cmocka_unit_test_setup_teardown(code_that_writes_code, setup, teardown),
        cmocka_unit_test_setup_teardown(the_host_changes_code, setup, teardown),
        cmocka_unit_test_setup_teardown(a_jump_to_zero_faults, setup, teardown),
        cmocka_unit_test_setup_teardown(compatibility_mode, setup, teardown),
        cmocka_unit_test_setup_teardown(a_full_code_buffer, setup, teardown),
    };

    return cmocka_run_group_tests_name("cpu", tests, NULL, NULL);
}
