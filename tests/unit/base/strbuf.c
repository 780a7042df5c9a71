/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Growing text: contents, the cap, and what is left when an append fails.
 */
#include "base/strbuf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

static void appends(void **state)
{
    (void)state;
    struct arena *arena;
    assert_int_equal(arena_create((size_t)1 << 20, &arena), 0);
    struct strbuf buf;
    strbuf_init(&buf, arena, 10000);
    assert_string_equal(strbuf_string(&buf), "");
    strbuf_puts(&buf, "one");
    strbuf_putc(&buf, ' ');
    strbuf_printf(&buf, "%d %s", 2, "three");
    strbuf_printf(&buf, "%s", "");
    strbuf_add(&buf, "\0x", 2);
    assert_int_equal(buf.length, 13);
    assert_memory_equal(buf.data, "one 2 three\0x", 14);
    for (int i = 0; i < 1000; i++)
        strbuf_puts(&buf, "abc");
    assert_int_equal(buf.length, 3013);
    assert_false(buf.failed);
    strbuf_clear(&buf);
    assert_string_equal(strbuf_string(&buf), "");
    strbuf_fini(&buf);
    assert_int_equal(arena_used(arena), 0);
    arena_destroy(arena);
}

static void cap_and_failure(void **state)
{
    (void)state;
    struct arena *arena;
    assert_int_equal(arena_create((size_t)1 << 20, &arena), 0);
    struct strbuf buf;
    strbuf_init(&buf, arena, 5);
    strbuf_puts(&buf, "12345");
    assert_false(buf.failed);
    strbuf_putc(&buf, '6');
    assert_true(buf.failed);
    assert_string_equal(strbuf_string(&buf), "12345");
    strbuf_clear(&buf);
    strbuf_printf(&buf, "%s", "123456");
    assert_true(buf.failed);
    strbuf_puts(&buf, "x"); /* no holes: nothing follows what did not fit */
    assert_string_equal(strbuf_string(&buf), "");
    strbuf_fini(&buf);

    strbuf_init(&buf, arena, 1000);
    arena_fail_at(arena, 1);
    strbuf_puts(&buf, "lost");
    assert_true(buf.failed);
    assert_string_equal(strbuf_string(&buf), "");
    strbuf_fini(&buf);
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(appends),
        cmocka_unit_test(cap_and_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
