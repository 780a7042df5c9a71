/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The initial stack, read back as a C library reads it: argc, argv, envp, the auxiliary vector, and
 * the strings where they point.
 */
#include "memory_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "abi/mman.h"
#include "loader/stack.h"

static const char argv_bytes[] = "prog\0one\0\0three";
static const char envp_bytes[] = "A=1\0B=";

static struct stack_request request(void)
{
    struct stack_request r = {
        .top = TASK_SIZE,
        .limit = 8u << 20,
        .argv = {argv_bytes, sizeof argv_bytes, 4},
        .envp = {envp_bytes, sizeof envp_bytes, 2},
        .filename = "/bin/prog",
        .minsigstksz = 1040,
        .hwcap = 0x1234,
        .uid = 1,
        .euid = 2,
        .gid = 3,
        .egid = 4,
        .secure = true,
    };
    for (unsigned i = 0; i < 16; i++)
        r.random[i] = (uint8_t)(i + 1);
    return r;
}

static const struct image image = {.header = {.phnum = 7}};
static const struct map_result map = {
    .program_entry = 0x401000, .entry = 0x7f00, .phdr = 0x400040, .interpreter_base = 0x7000};

static uint64_t word(struct space *space, gva_t at)
{
    uint64_t value;
    assert_int_equal(user_get(space->mm, &value, at), 0);
    return value;
}

static void check_string(struct space *space, gva_t at, const char *want)
{
    char got[64];
    assert_int_equal(user_string(space->mm, got, at, sizeof got), strlen(want));
    assert_string_equal(got, want);
}

/* The value of an entry, and its place in the vector that begins at `at`. */
static uint64_t auxv(struct space *space, gva_t at, uint64_t type, unsigned *place)
{
    for (*place = 0;; ++*place) {
        uint64_t found = word(space, at + *place * 16);
        if (found == type)
            return word(space, at + *place * 16 + 8);
        assert_int_not_equal(found, LX_AT_NULL);
    }
}

static void test_layout(void **state)
{
    (void)state;
    struct space space;
    space_create(&space);
    struct stack_request r = request();
    gva_t sp;
    assert_int_equal(stack_map(space.mm, &r), 0);
    assert_int_equal(stack_fill(space.mm, &r, &image, &map, &sp), 0);
    assert_int_equal(sp % 16, 0);
    assert_int_equal(word(&space, sp), 4);
    gva_t at = sp + 8;
    check_string(&space, word(&space, at), "prog");
    check_string(&space, word(&space, at + 8), "one");
    check_string(&space, word(&space, at + 16), "");
    check_string(&space, word(&space, at + 24), "three");
    assert_int_equal(word(&space, at + 32), 0);
    check_string(&space, word(&space, at + 40), "A=1");
    check_string(&space, word(&space, at + 48), "B=");
    assert_int_equal(word(&space, at + 56), 0);
    /* The vector: Linux's order. */
    at += 64;
    static const uint64_t order[] = {51, 16, 6,  17, 3,  4,  5,  7,  8,  9,
                                     11, 12, 13, 14, 23, 25, 26, 31, 15, 0};
    for (unsigned i = 0; i < ARRAY_SIZE(order); i++)
        assert_int_equal(word(&space, at + i * 16), order[i]);
    unsigned place;
    assert_int_equal(auxv(&space, at, LX_AT_MINSIGSTKSZ, &place), 1040);
    assert_int_equal(auxv(&space, at, LX_AT_HWCAP, &place), 0x1234);
    assert_int_equal(auxv(&space, at, LX_AT_PAGESZ, &place), 4096);
    assert_int_equal(auxv(&space, at, LX_AT_CLKTCK, &place), 100);
    assert_int_equal(auxv(&space, at, LX_AT_PHDR, &place), 0x400040);
    assert_int_equal(auxv(&space, at, LX_AT_PHENT, &place), 56);
    assert_int_equal(auxv(&space, at, LX_AT_PHNUM, &place), 7);
    assert_int_equal(auxv(&space, at, LX_AT_BASE, &place), 0x7000);
    assert_int_equal(auxv(&space, at, LX_AT_ENTRY, &place), 0x401000);
    assert_int_equal(auxv(&space, at, LX_AT_UID, &place), 1);
    assert_int_equal(auxv(&space, at, LX_AT_EUID, &place), 2);
    assert_int_equal(auxv(&space, at, LX_AT_GID, &place), 3);
    assert_int_equal(auxv(&space, at, LX_AT_EGID, &place), 4);
    assert_int_equal(auxv(&space, at, LX_AT_SECURE, &place), 1);
    check_string(&space, auxv(&space, at, LX_AT_EXECFN, &place), "/bin/prog");
    check_string(&space, auxv(&space, at, LX_AT_PLATFORM, &place), "x86_64");
    uint8_t random[16];
    assert_int_equal(
        user_read(space.mm, random, auxv(&space, at, LX_AT_RANDOM, &place), sizeof random), 0);
    assert_memory_equal(random, r.random, sizeof random);
    /* The same for /proc/PID/auxv, cmdline, environ. */
    uint8_t copy[512];
    assert_int_equal(space.mm->auxv_bytes, sizeof order / 8 * 16);
    assert_int_equal(user_read(space.mm, copy, at, space.mm->auxv_bytes), 0);
    assert_memory_equal(copy, space.mm->auxv, space.mm->auxv_bytes);
    assert_int_equal(space.mm->arg_end - space.mm->arg_start, sizeof argv_bytes);
    assert_int_equal(space.mm->env_end - space.mm->env_start, sizeof envp_bytes);
    assert_int_equal(space.mm->arg_end, space.mm->env_start);
    assert_int_equal(word(&space, TASK_SIZE - 8), 0);
    space_destroy(&space);
}

/*
 * What a native run under setarch -R showed for `env -i A=1 ./st x`, there with an entry for the
 * vDSO.
 */
static void test_like_linux(void **state)
{
    (void)state;
    struct space space;
    space_create(&space);
    struct stack_request r = request();
    r.argv = (struct stack_strings){"./st\0x", 7, 2};
    r.envp = (struct stack_strings){"A=1", 4, 1};
    r.filename = "./st";
    r.rseq_feature_size = 28;
    r.rseq_align = 32;
    gva_t sp;
    assert_int_equal(stack_map(space.mm, &r), 0);
    assert_int_equal(stack_fill(space.mm, &r, &image, &map, &sp), 0);
    assert_int_equal(sp, 0x7fffffffee20 + 16);
    assert_int_equal(word(&space, sp + 8), 0x7fffffffefe8);
    gva_t at = sp + 6 * 8;
    unsigned place;
    assert_int_equal(auxv(&space, at, LX_AT_RANDOM, &place), 0x7fffffffefc9);
    assert_int_equal(auxv(&space, at, LX_AT_EXECFN, &place), 0x7fffffffeff3);
    assert_int_equal(auxv(&space, at, LX_AT_PLATFORM, &place), 0x7fffffffefd9);
    assert_int_equal(auxv(&space, at, LX_AT_RSEQ_FEATURE_SIZE, &place), 28);
    assert_int_equal(auxv(&space, at, LX_AT_RSEQ_ALIGN, &place), 32);
    struct vma *stack = mm_find(space.mm, sp);
    assert_int_equal(stack->start, 0x7ffffffde000);
    assert_int_equal(stack->end, TASK_SIZE);
    assert_int_equal(stack->prot, LX_PROT_READ | LX_PROT_WRITE);
    assert_true(stack->flags & VMA_STACK && stack->flags & VMA_GROWSDOWN);
    space_destroy(&space);
}

static void test_alignment(void **state)
{
    (void)state;
    for (unsigned count = 0; count < 8; count++) {
        for (unsigned skip = 0; skip < 40; skip += 3) {
            struct space space;
            space_create(&space);
            struct stack_request r = request();
            r.argv = (struct stack_strings){"a\0a\0a\0a\0a\0a\0a\0a", count * 2, count};
            r.skip = skip;
            gva_t sp;
            assert_int_equal(stack_map(space.mm, &r), 0);
            assert_int_equal(stack_fill(space.mm, &r, &image, &map, &sp), 0);
            assert_int_equal(sp % 16, 0);
            assert_int_equal(word(&space, sp), count);
            assert_int_equal(word(&space, sp + 8 + count * 8), 0);
            space_destroy(&space);
        }
    }
}

/* As many strings as fit: more pointers than the 128 KiB below the strings have room for. */
static void test_many_strings(void **state)
{
    (void)state;
    enum { COUNT = 200000 };
    struct space space;
    space_create(&space);
    char *bytes = calloc(COUNT, 2);
    for (unsigned i = 0; i < COUNT; i++)
        bytes[i * 2] = (char)('a' + i % 26);
    struct stack_request r = request();
    r.argv = (struct stack_strings){bytes, COUNT * 2, COUNT};
    gva_t sp;
    assert_int_equal(stack_map(space.mm, &r), 0);
    assert_int_equal(stack_fill(space.mm, &r, &image, &map, &sp), 0);
    const char last[] = {(char)('a' + (COUNT - 1) % 26), '\0'};
    check_string(&space, word(&space, sp + 8 + (COUNT - 1) * 8), last);
    assert_int_equal(word(&space, sp + 8 + COUNT * 8), 0);
    check_string(&space, word(&space, sp + 16 + COUNT * 8), "A=1");
    free(bytes);
    space_destroy(&space);
}

static void test_limits(void **state)
{
    (void)state;
    assert_int_equal(stack_string_room(8u << 20, 0), 2u << 20);
    assert_int_equal(stack_string_room(8u << 20, 10), (2u << 20) - 80);
    assert_int_equal(stack_string_room(UINT64_MAX, 0), 6u << 20);
    assert_int_equal(stack_string_room(0, 0), 128u << 10);
    assert_int_equal(stack_string_room(8u << 20, (2u << 20) / 8 - 1), 8);
    assert_int_equal(stack_string_room(8u << 20, (2u << 20) / 8), -LX_E2BIG);
    assert_int_equal(stack_string_room(8u << 20, 0xffffffff), -LX_E2BIG);
    /* A stack that may not be as large as what belongs on it. */
    struct space space;
    space_create(&space);
    struct stack_request r = request();
    r.limit = 0;
    assert_true(stack_map(space.mm, &r) == 0);
    space_destroy(&space);
    space_create(&space);
    r.skip = 8191;
    assert_int_equal(stack_map(space.mm, &r), -LX_EFAULT);
    space_destroy(&space);
}

static void test_no_memory(void **state)
{
    (void)state;
    struct stack_request r = request();
    long err = -LX_ENOMEM;
    for (uint64_t n = 1; err; n++) {
        struct space space;
        space_create(&space);
        ram_fail_at(space.ram, n);
        gva_t sp;
        err = stack_map(space.mm, &r);
        if (!err)
            err = stack_fill(space.mm, &r, &image, &map, &sp);
        space_destroy(&space);
        assert_in_range(n, 1, 20);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_layout),    cmocka_unit_test(test_like_linux),
        cmocka_unit_test(test_alignment), cmocka_unit_test(test_many_strings),
        cmocka_unit_test(test_limits),    cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
