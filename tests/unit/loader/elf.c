/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The headers of ELF files: what is refused with which error, what is not looked at, and that no
 * field leads out of the file.
 */
#include "memory_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define FILE_SIZE 8192

struct fixture {
    struct arena *arena;
    uint8_t bytes[FILE_SIZE];
    struct lx_elf_header *header;
    struct lx_elf_segment *segments;
    struct memory_file file;
    struct image image;
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    assert_int_equal(arena_create(1u << 20, &f->arena), 0);
    f->header = (void *)f->bytes;
    f->segments = (void *)(f->bytes + sizeof *f->header);
    memcpy(f->header->ident, LX_ELF_MAGIC, LX_ELF_MAGIC_SIZE);
    f->header->type = LX_ET_EXEC;
    f->header->machine = LX_EM_X86_64;
    f->header->phoff = sizeof *f->header;
    f->header->phentsize = sizeof *f->segments;
    f->header->phnum = 2;
    f->segments[0] = (struct lx_elf_segment){.type = LX_PT_LOAD, .filesz = 100, .memsz = 100};
    memory_file_init(&f->file, NULL, f->bytes, FILE_SIZE);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    if (f->image.segments)
        image_fini(&f->image);
    assert_int_equal(arena_used(f->arena), 0);
    arena_destroy(f->arena);
    free(f);
    return 0;
}

static long read_program(struct fixture *f)
{
    if (f->image.segments)
        image_fini(&f->image);
    struct loader_file source = memory_file_source(&f->file);
    struct lx_elf_header head = {0};
    memcpy(&head, f->bytes, MIN(sizeof head, f->file.size));
    return image_read(f->arena, &source, &head, &f->image);
}

static long read_interpreter(struct fixture *f)
{
    if (f->image.segments)
        image_fini(&f->image);
    struct loader_file source = memory_file_source(&f->file);
    return image_read_interpreter(f->arena, &source, &f->image);
}

static void test_good(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(read_program(f), 0);
    assert_int_equal(f->image.segments[0].filesz, 100);
    assert_int_equal(read_interpreter(f), 0);
    assert_int_equal(f->image.header.phnum, 2);
}

static void test_refused(void **state)
{
    struct fixture *f = *state;
    struct lx_elf_header good = *f->header;
#define REFUSED(field, value, program, interpreter)                                                \
    *f->header = good;                                                                             \
    f->header->field = (value);                                                                    \
    assert_int_equal(read_program(f), program);                                                    \
    assert_int_equal(read_interpreter(f), interpreter)
    REFUSED(ident[0], 'x', -LX_ENOEXEC, -LX_ELIBBAD);
    REFUSED(machine, 3, -LX_ENOEXEC, -LX_ELIBBAD);
    REFUSED(machine, 0, -LX_ENOEXEC, -LX_ELIBBAD);
    REFUSED(phentsize, 55, -LX_ENOEXEC, -LX_ELIBBAD);
    REFUSED(phentsize, 0, -LX_ENOEXEC, -LX_ELIBBAD);
    REFUSED(phnum, 0, -LX_ENOEXEC, -LX_ELIBBAD);
    REFUSED(phnum, 1171, -LX_ENOEXEC, -LX_ELIBBAD);
    REFUSED(phnum, 0xffff, -LX_ENOEXEC, -LX_ELIBBAD);
    REFUSED(phoff, FILE_SIZE, -LX_ENOEXEC, -LX_ELIBBAD);
    REFUSED(phoff, FILE_SIZE - 111, -LX_ENOEXEC, -LX_ELIBBAD);
    REFUSED(phoff, UINT64_MAX, -LX_ENOEXEC, -LX_ELIBBAD);
    REFUSED(phoff, (uint64_t)INT64_MAX, -LX_ENOEXEC, -LX_ELIBBAD);
    /* An interpreter's type is looked at when it is mapped. */
    REFUSED(type, 1, -LX_ENOEXEC, 0);
    REFUSED(type, 4, -LX_ENOEXEC, 0);
#undef REFUSED
}

static void test_not_looked_at(void **state)
{
    struct fixture *f = *state;
    f->header->ident[LX_EI_CLASS] = 1;
    f->header->ident[LX_EI_DATA] = 2;
    f->header->version = 77;
    f->header->ehsize = 0;
    f->header->shoff = UINT64_MAX;
    f->header->shnum = 0xffff;
    f->header->phoff = FILE_SIZE - 112;
    assert_int_equal(read_program(f), 0);
    f->header->phnum = 1;
    f->header->phoff = 3;
    assert_int_equal(read_program(f), 0);
}

static void test_cannot_be_mapped(void **state)
{
    struct fixture *f = *state;
    struct loader_file source = memory_file_source(&f->file);
    source.object = NULL;
    assert_int_equal(image_read(f->arena, &source, f->header, &f->image), -LX_ENOEXEC);
}

static void test_short_interpreter(void **state)
{
    struct fixture *f = *state;
    f->file.size = 63;
    assert_int_equal(read_interpreter(f), -LX_EIO);
    f->file.size = 0;
    assert_int_equal(read_interpreter(f), -LX_EIO);
}

static void test_no_memory(void **state)
{
    struct fixture *f = *state;
    arena_fail_at(f->arena, 1);
    assert_int_equal(read_program(f), -LX_ENOMEM);
    arena_fail_at(f->arena, 1);
    assert_int_equal(read_interpreter(f), -LX_ENOMEM);
    arena_fail_at(f->arena, 0);
}

static long interpreter_path(struct fixture *f, uint64_t offset, uint64_t filesz, char **out)
{
    f->segments[1] =
        (struct lx_elf_segment){.type = LX_PT_INTERP, .offset = offset, .filesz = filesz};
    assert_int_equal(read_program(f), 0);
    struct loader_file source = memory_file_source(&f->file);
    *out = NULL;
    return image_interpreter(&f->image, &source, out);
}

static void test_interpreter_path(void **state)
{
    struct fixture *f = *state;
    char *path;
    strcpy((char *)f->bytes + 1000, "/lib/ld.so");
    assert_int_equal(interpreter_path(f, 1000, 11, &path), 0);
    assert_string_equal(path, "/lib/ld.so");
    arena_free(f->arena, path);
    assert_int_equal(interpreter_path(f, 1000, 10, &path), -LX_ENOEXEC);
    assert_int_equal(interpreter_path(f, 1000, 1, &path), -LX_ENOEXEC);
    assert_int_equal(interpreter_path(f, 1000, 0, &path), -LX_ENOEXEC);
    assert_int_equal(interpreter_path(f, 1000, 4097, &path), -LX_ENOEXEC);
    assert_int_equal(interpreter_path(f, FILE_SIZE - 5, 11, &path), -LX_EIO);
    assert_int_equal(interpreter_path(f, UINT64_MAX - 5, 11, &path), -LX_EINVAL);
    assert_int_equal(interpreter_path(f, 1000, 4096, &path), 0);
    arena_free(f->arena, path);
    f->segments[1].type = 0;
    assert_int_equal(read_program(f), 0);
    struct loader_file source = memory_file_source(&f->file);
    path = (char *)f;
    assert_int_equal(image_interpreter(&f->image, &source, &path), 0);
    assert_null(path);
}

static void test_stack(void **state)
{
    struct fixture *f = *state;
    f->header->phnum = 3;
    assert_int_equal(read_program(f), 0);
    assert_int_equal(image_stack(&f->image), IMAGE_STACK_DEFAULT);
    f->segments[1] = (struct lx_elf_segment){.type = LX_PT_GNU_STACK, .flags = LX_PF_X};
    assert_int_equal(read_program(f), 0);
    assert_int_equal(image_stack(&f->image), IMAGE_STACK_EXEC);
    /* Linux: the last one counts. */
    f->segments[2] = (struct lx_elf_segment){.type = LX_PT_GNU_STACK, .flags = LX_PF_R};
    assert_int_equal(read_program(f), 0);
    assert_int_equal(image_stack(&f->image), IMAGE_STACK_NOEXEC);
}

static void test_span_and_alignment(void **state)
{
    struct fixture *f = *state;
    f->segments[0] = (struct lx_elf_segment){
        .type = LX_PT_LOAD, .vaddr = 0x5234, .memsz = 0x1000, .align = 0x200000};
    f->segments[1] =
        (struct lx_elf_segment){.type = LX_PT_LOAD, .vaddr = 0x1234, .memsz = 0x10, .align = 3};
    assert_int_equal(read_program(f), 0);
    assert_int_equal(image_span(&f->image), 0x6234 - 0x1000);
    assert_int_equal(image_alignment(&f->image), 0x200000);
    f->segments[0].align = 16;
    assert_int_equal(read_program(f), 0);
    assert_int_equal(image_alignment(&f->image), PAGE_SIZE);
    f->segments[0].align = 0;
    assert_int_equal(read_program(f), 0);
    assert_int_equal(image_alignment(&f->image), 0);
    f->segments[0].type = f->segments[1].type = 0;
    assert_int_equal(read_program(f), 0);
    assert_int_equal(image_span(&f->image), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_good),
        TEST(test_refused),
        TEST(test_not_looked_at),
        TEST(test_cannot_be_mapped),
        TEST(test_short_interpreter),
        TEST(test_no_memory),
        TEST(test_interpreter_path),
        TEST(test_stack),
        TEST(test_span_and_alignment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
