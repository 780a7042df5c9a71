/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * First lines of scripts, and how they are cut into interpreter and argument.
 */
#include "loader/script.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#include "abi/errno.h"

static long parse(const void *bytes, size_t size, char head[LX_BINPRM_BUF_SIZE], struct script *out)
{
    memset(head, 0, LX_BINPRM_BUF_SIZE);
    memcpy(head, bytes, MIN(size, (size_t)LX_BINPRM_BUF_SIZE));
    return script_parse(head, out);
}

static void expect(const char *text, const char *interpreter, const char *argument)
{
    char head[LX_BINPRM_BUF_SIZE];
    struct script script;
    assert_int_equal(parse(text, strlen(text), head, &script), 0);
    assert_string_equal(script.interpreter, interpreter);
    if (argument)
        assert_string_equal(script.argument, argument);
    else
        assert_null(script.argument);
}

static void refuse(const char *text)
{
    char head[LX_BINPRM_BUF_SIZE];
    struct script script;
    assert_int_equal(parse(text, strlen(text), head, &script), -LX_ENOEXEC);
}

static void test_lines(void **state)
{
    (void)state;
    expect("#!/bin/sh\nrest", "/bin/sh", NULL);
    expect("#! /bin/sh\n", "/bin/sh", NULL);
    expect("#!\t /bin/sh \t\n", "/bin/sh", NULL);
    expect("#!/bin/sh -e\n", "/bin/sh", "-e");
    expect("#!/bin/sh  -e  -x \n", "/bin/sh", "-e  -x");
    expect("#!/bin/sh", "/bin/sh", NULL);
    expect("#!/bin/sh\r\n", "/bin/sh\r", NULL);
    expect("#!sh\n", "sh", NULL);
}

static void test_no_interpreter(void **state)
{
    (void)state;
    refuse("");
    refuse("#");
    refuse("# !/bin/sh\n");
    refuse("#!\n/bin/sh\n");
    refuse("#!   \n");
    refuse("\177ELF");
}

static void test_nothing_follows(void **state)
{
    (void)state;
    /* Linux: the path is empty (tests/real/loader, script-nothing). */
    expect("#!", "", NULL);
}

/* 256 bytes without a newline. */
static void test_cut_off(void **state)
{
    (void)state;
    char text[400], head[LX_BINPRM_BUF_SIZE];
    struct script script;
    memset(text, 'a', sizeof text);
    memcpy(text, "#!/", 3);
    assert_int_equal(parse(text, sizeof text, head, &script), -LX_ENOEXEC);
    text[100] = ' ';
    assert_int_equal(parse(text, sizeof text, head, &script), 0);
    assert_int_equal(strlen(script.interpreter), 98);
    assert_int_equal(strlen(script.argument), LX_BINPRM_BUF_SIZE - 1 - 101);
    memset(text + 2, ' ', sizeof text - 2);
    assert_int_equal(parse(text, sizeof text, head, &script), -LX_ENOEXEC);
    /* A path that ends with the buffer. */
    memset(text + 2, 'b', sizeof text - 2);
    text[LX_BINPRM_BUF_SIZE - 1] = '\n';
    assert_int_equal(parse(text, sizeof text, head, &script), 0);
    assert_int_equal(strlen(script.interpreter), LX_BINPRM_BUF_SIZE - 3);
}

/*
 * Every short line: nothing outside of the buffer is touched (the sanitizer looks), strings end
 * within it.
 */
static void test_all_short_lines(void **state)
{
    (void)state;
    static const char letters[] = {'a', ' ', '\t', '\n', '\0', '/'};
    for (unsigned n = 0; n < 6 * 6 * 6 * 6 * 6 * 6; n++) {
        char text[8] = "#!", head[LX_BINPRM_BUF_SIZE];
        for (unsigned i = 0, rest = n; i < 6; i++, rest /= 6)
            text[2 + i] = letters[rest % 6];
        struct script script;
        if (parse(text, sizeof text, head, &script))
            continue;
        assert_in_range((uintptr_t)script.interpreter, (uintptr_t)head, (uintptr_t)head + 10);
        assert_null(strpbrk(script.interpreter, " \t\n"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),           cmocka_unit_test(test_no_interpreter),
        cmocka_unit_test(test_nothing_follows), cmocka_unit_test(test_cut_off),
        cmocka_unit_test(test_all_short_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
