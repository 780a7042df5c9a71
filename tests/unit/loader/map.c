/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Segments as mappings: where they are, what they hold, what is zero; and header fields that no
 * program has. What Linux does with the same files, tests/real/loader finds out.
 */
#include "memory_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "abi/mman.h"
#include "loader/map.h"

#define FILE_SIZE 0x5000
#define SEGMENTS 4

static const struct layout_random no_chance = {.enabled = false};

struct fixture {
    struct space space;
    struct memory_file file;
    uint8_t bytes[FILE_SIZE];
    struct lx_elf_segment segments[SEGMENTS];
    struct image image;
    struct map_result result;
};

/* Byte i of the file. */
static uint8_t pattern(size_t i)
{
    return (uint8_t)(i * 7 + i / 256 + 1);
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    space_create(&f->space);
    for (size_t i = 0; i < FILE_SIZE; i++)
        f->bytes[i] = pattern(i);
    memory_file_init(&f->file, f->space.ram, f->bytes, FILE_SIZE);
    f->image.segments = f->segments;
    f->image.header = (struct lx_elf_header){
        .type = LX_ET_EXEC, .phnum = SEGMENTS, .phoff = 64, .entry = 0x400100};
    f->segments[0] = (struct lx_elf_segment){.type = LX_PT_LOAD,
                                             .flags = LX_PF_R | LX_PF_X,
                                             .vaddr = 0x400000,
                                             .filesz = 0x1800,
                                             .memsz = 0x1800,
                                             .align = PAGE_SIZE};
    f->segments[1] = (struct lx_elf_segment){.type = LX_PT_LOAD,
                                             .flags = LX_PF_R | LX_PF_W,
                                             .offset = 0x1800,
                                             .vaddr = 0x402800,
                                             .filesz = 0x1000,
                                             .memsz = 0x4000,
                                             .align = PAGE_SIZE};
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    memory_file_fini(&f->file);
    space_destroy(&f->space);
    free(f);
    return 0;
}

static long map(struct fixture *f, const struct image *interpreter)
{
    struct loader_file source = memory_file_source(&f->file);
    return map_program(f->space.mm, &f->image, &source, interpreter, &source, &no_chance,
                       &f->result);
}

static uint8_t byte(struct fixture *f, gva_t at)
{
    uint8_t value;
    assert_int_equal(user_get(f->space.mm, &value, at), 0);
    return value;
}

static void check_vma(struct fixture *f, gva_t start, gva_t end, unsigned prot, bool file)
{
    struct vma *vma = mm_find(f->space.mm, start);
    assert_non_null(vma);
    assert_int_equal(vma->start, start);
    assert_int_equal(vma->end, end);
    assert_int_equal(vma->prot, prot);
    assert_int_equal(vma->object != NULL, file);
}

static void test_fixed(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(map(f, NULL), 0);
    assert_int_equal(f->result.entry, 0x400100);
    assert_int_equal(f->result.program_entry, 0x400100);
    assert_int_equal(f->result.phdr, 0x400040);
    assert_int_equal(f->result.interpreter_base, 0);
    check_vma(f, 0x400000, 0x402000, LX_PROT_READ | LX_PROT_EXEC, true);
    check_vma(f, 0x402000, 0x404000, LX_PROT_READ | LX_PROT_WRITE, true);
    check_vma(f, 0x404000, 0x407000, LX_PROT_READ | LX_PROT_WRITE, false);
    assert_int_equal(byte(f, 0x400000), pattern(0));
    assert_int_equal(byte(f, 0x4017ff), pattern(0x17ff));
    assert_int_equal(byte(f, 0x402800), pattern(0x1800));
    assert_int_equal(byte(f, 0x4037ff), pattern(0x27ff));
    /* The bss: the rest of the file's last page, then fresh pages. */
    assert_int_equal(byte(f, 0x403800), 0);
    assert_int_equal(byte(f, 0x403fff), 0);
    assert_int_equal(byte(f, 0x406fff), 0);
    /* In front of .data the file shows through, as with Linux. */
    assert_int_equal(byte(f, 0x402000), pattern(0x1000));
    assert_int_equal(f->space.mm->brk_start, 0x407000);
    assert_int_equal(f->space.mm->brk, 0x407000);
    assert_int_equal(f->space.mm->code_start, 0x400000);
    assert_int_equal(f->space.mm->code_end, 0x401800);
    assert_int_equal(f->space.mm->data_start, 0x402800);
    assert_int_equal(f->space.mm->data_end, 0x403800);
    /* Only the page that was cleared is a copy. */
    assert_int_equal(f->bytes[0x2800], pattern(0x2800));
}

static void move_to_zero(struct fixture *f)
{
    f->image.header.type = LX_ET_DYN;
    f->image.header.entry = 0x100;
    f->segments[0].vaddr = 0;
    f->segments[1].vaddr = 0x2800;
}

static void test_static_pie(void **state)
{
    struct fixture *f = *state;
    move_to_zero(f);
    assert_int_equal(map(f, NULL), 0);
    /* Right below the mappings' top, its heap where programs with an interpreter would be. */
    gva_t base = 0x7ffff7fff000 - 0x7000;
    assert_int_equal(f->result.entry, base + 0x100);
    assert_int_equal(f->result.phdr, base + 64);
    check_vma(f, base, base + 0x2000, LX_PROT_READ | LX_PROT_EXEC, true);
    check_vma(f, base + 0x2000, base + 0x4000, LX_PROT_READ | LX_PROT_WRITE, true);
    check_vma(f, base + 0x4000, base + 0x7000, LX_PROT_READ | LX_PROT_WRITE, false);
    assert_int_equal(f->space.mm->brk, 0x555555555000);
}

static void test_static_pie_aligned(void **state)
{
    struct fixture *f = *state;
    move_to_zero(f);
    f->segments[1].align = 0x200000;
    assert_int_equal(map(f, NULL), 0);
    gva_t base = (0x7ffff7fff000 - 0x7000) & ~UINT64_C(0x1fffff);
    assert_int_equal(f->result.entry, base + 0x100);
    check_vma(f, base, base + 0x2000, LX_PROT_READ | LX_PROT_EXEC, true);
}

static void test_interpreter(void **state)
{
    struct fixture *f = *state;
    move_to_zero(f);
    struct lx_elf_segment segment = {.type = LX_PT_LOAD,
                                     .flags = LX_PF_R | LX_PF_X,
                                     .offset = 0x3000,
                                     .filesz = 0x1000,
                                     .memsz = 0x1000};
    struct image interpreter = {.header = {.type = LX_ET_DYN, .phnum = 1, .entry = 0x20},
                                .segments = &segment};
    assert_int_equal(map(f, &interpreter), 0);
    assert_int_equal(f->result.program_entry, 0x555555554100);
    assert_int_equal(f->result.phdr, 0x555555554040);
    assert_int_equal(f->result.interpreter_base, 0x7ffff7ffe000);
    assert_int_equal(f->result.entry, 0x7ffff7ffe020);
    assert_int_equal(byte(f, 0x7ffff7ffe000), pattern(0x3000));
    assert_int_equal(f->space.mm->brk, 0x55555555b000);
}

static void test_bss_only(void **state)
{
    struct fixture *f = *state;
    f->segments[1] = (struct lx_elf_segment){
        .type = LX_PT_LOAD, .flags = LX_PF_R, .vaddr = 0x500123, .memsz = 0x1000};
    assert_int_equal(map(f, NULL), 0);
    /* Writable whatever p_flags say: Linux's brk mapping. */
    check_vma(f, 0x500000, 0x502000, LX_PROT_READ | LX_PROT_WRITE, false);
    assert_int_equal(byte(f, 0x500123), 0);
}

static void test_read_only_bss(void **state)
{
    struct fixture *f = *state;
    f->segments[1].flags = LX_PF_R;
    assert_int_equal(map(f, NULL), 0);
    /* The last page of the file cannot be cleared: it stays. */
    assert_int_equal(byte(f, 0x403800), pattern(0x2800));
    check_vma(f, 0x404000, 0x407000, LX_PROT_READ | LX_PROT_WRITE, false);
}

static void test_refused(void **state)
{
    struct fixture *f = *state;
    struct lx_elf_segment good = f->segments[1];
#define REFUSED(...)                                                                               \
    do {                                                                                           \
        f->segments[1] = good;                                                                     \
        __VA_ARGS__;                                                                               \
        assert_true(map(f, NULL) < 0);                                                             \
        space_renew(&f->space);                                                                    \
    } while (0)
    struct lx_elf_segment *s = &f->segments[1];
    REFUSED(s->vaddr = 0xffffffff80000800);
    REFUSED(s->vaddr = TASK_SIZE + 0x800);
    REFUSED(s->vaddr = TASK_SIZE - 0x800);
    REFUSED(s->vaddr = UINT64_MAX - 0x7ff);
    REFUSED(s->memsz = UINT64_MAX);
    REFUSED(s->memsz = TASK_SIZE + 1);
    REFUSED(s->memsz = TASK_SIZE - 0x402800 + 1);
    REFUSED(s->memsz = s->filesz - 1);
    REFUSED(s->filesz = s->memsz = UINT64_MAX);
    REFUSED(s->filesz = UINT64_MAX - 0x7ff);
    REFUSED(s->offset = 0x1801);
    REFUSED(s->offset = UINT64_MAX - 0x7ff);
    REFUSED(s->offset = (UINT64_C(1) << 63) + 0x800);
    REFUSED(f->image.header.entry = TASK_SIZE);
    REFUSED(f->image.header.entry = UINT64_MAX);
#undef REFUSED
}

static void test_beyond_the_end(void **state)
{
    struct fixture *f = *state;
    /* Mapped all the same, when nothing must be cleared there: touching it is SIGBUS. */
    f->segments[1].offset = 0x10800;
    f->segments[1].memsz = f->segments[1].filesz;
    assert_int_equal(map(f, NULL), 0);
    uint8_t value;
    assert_int_equal(user_get(f->space.mm, &value, 0x402800), -LX_EFAULT);
}

static void test_nothing_to_load(void **state)
{
    struct fixture *f = *state;
    f->segments[0].type = f->segments[1].type = 0;
    assert_int_equal(map(f, NULL), 0);
    assert_int_equal(f->result.phdr, 0);
    f->image.header.type = LX_ET_DYN;
    assert_int_equal(map(f, NULL), 0);
}

static void test_no_memory(void **state)
{
    struct fixture *f = *state;
    long err = -LX_ENOMEM;
    for (uint64_t n = 1; err; n++) {
        arena_fail_at(f->space.arena, n);
        err = map(f, NULL);
        arena_fail_at(f->space.arena, 0);
        space_renew(&f->space);
        assert_in_range(n, 1, 50);
    }
    err = -LX_ENOMEM;
    for (uint64_t n = 1; err; n++) {
        ram_fail_at(f->space.ram, n);
        err = map(f, NULL);
        ram_fail_at(f->space.ram, 0);
        space_renew(&f->space);
        assert_in_range(n, 1, 50);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_fixed),       TEST(test_static_pie),     TEST(test_static_pie_aligned),
        TEST(test_interpreter), TEST(test_bss_only),       TEST(test_read_only_bss),
        TEST(test_refused),     TEST(test_beyond_the_end), TEST(test_nothing_to_load),
        TEST(test_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
