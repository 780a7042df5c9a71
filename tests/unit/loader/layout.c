/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Places without chance are those of Linux under setarch -R; places by chance stay within their
 * ranges and apart.
 */
#include "loader/layout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static const struct layout_random none = {
    .enabled = false, .stack = ~0u, .mmap = ~0u, .brk = ~0u, .image = ~0u};

static void test_without_chance(void **state)
{
    (void)state;
    assert_int_equal(layout_stack_top(&none), 0x7ffffffff000);
    assert_int_equal(layout_mmap_top(&none, 8u << 20), 0x7ffff7fff000);
    assert_int_equal(layout_mmap_top(&none, 0), 0x7ffff7fff000);
    assert_int_equal(layout_image_base(&none, PAGE_SIZE), 0x555555554000);
    assert_int_equal(layout_image_base(&none, 0x200000), 0x555555400000);
    assert_int_equal(layout_brk(&none, 0x4ab123, false), 0x4ac000);
    assert_int_equal(layout_brk(&none, LAYOUT_IMAGE_BASE, true), 0x555555555000);
    /* A large stack pushes the mappings down: 1 GiB, and without limit to a sixth of user space. */
    assert_int_equal(layout_mmap_top(&none, UINT64_C(1) << 30),
                     0x7ffffffff000 - (UINT64_C(1) << 30) - (1u << 20));
    assert_int_equal(layout_mmap_top(&none, UINT64_MAX),
                     PAGE_ALIGN_UP(TASK_SIZE - TASK_SIZE / 6 * 5));
}

static void test_ranges(void **state)
{
    (void)state;
    const struct layout_random low = {.enabled = true};
    const struct layout_random high = {
        .enabled = true, .stack = ~0u, .mmap = ~0u, .image = ~0u, .brk = ~0u};
    assert_int_equal(layout_stack_top(&low), TASK_SIZE);
    assert_int_equal(layout_stack_top(&high), TASK_SIZE - (UINT64_C(0x3fffff) << PAGE_SHIFT));
    assert_int_equal(layout_mmap_top(&low, 8u << 20) - layout_mmap_top(&high, 8u << 20),
                     UINT64_C(0xfffffff) << PAGE_SHIFT);
    /* The lowest stack, of the full limit, with its guard gap, ends above the highest mapping. */
    assert_true(layout_stack_top(&high) - (8u << 20) - (1u << 20) >=
                layout_mmap_top(&low, 8u << 20));
    assert_int_equal(layout_image_base(&high, PAGE_SIZE) - layout_image_base(&low, PAGE_SIZE),
                     UINT64_C(0xfffffff) << PAGE_SHIFT);
    assert_int_equal(layout_brk(&low, 0x1000, false), 0x2000);
    assert_int_equal(layout_brk(&high, 0x1000, false), 0x2000 + (UINT64_C(0x3ffff) << PAGE_SHIFT));
    /* Programs, their heaps and mappings do not meet. */
    assert_true(layout_image_base(&high, PAGE_SIZE) + (UINT64_C(1) << 40) <
                layout_mmap_top(&high, 8u << 20));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_without_chance),
        cmocka_unit_test(test_ranges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
