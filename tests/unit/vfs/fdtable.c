/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Descriptor tables: the lowest free number, limits, growth, copies, close-on-exec. */
#include "vfs_test.h"

static struct file *null_file(struct rig *rig)
{
    struct file *file;
    assert_int_equal(rig_open(rig, "/f", LX_O_RDONLY, &file), 0);
    return file;
}

static void numbers_are_the_lowest_free(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig);
    rig_make_file(&rig, "/f", "");
    struct fdtable *t = rig.fds;
    for (int i = 0; i < 300; i++)
        assert_int_equal(fdtable_install(t, null_file(&rig), 1024, i % 2), i);
    assert_int_equal(fdtable_close(t, 7), 0);
    assert_int_equal(fdtable_close(t, 5), 0);
    assert_int_equal(fdtable_close(t, 5), -LX_EBADF);
    assert_int_equal(fdtable_install_from(t, null_file(&rig), 6, 1024, false), 7);
    assert_int_equal(fdtable_install(t, null_file(&rig), 1024, false), 5);
    assert_int_equal(fdtable_install(t, null_file(&rig), 1024, false), 300);
    assert_int_equal(fdtable_install(t, null_file(&rig), 100, false), -LX_EMFILE);
    assert_int_equal(fdtable_install_at(t, null_file(&rig), 1000, 1001, true), 1000);
    assert_int_equal(fdtable_install_at(t, null_file(&rig), 1001, 1001, true), -LX_EBADF);
    assert_int_equal(fdtable_next(t, 301), 1000);
    assert_null(fdtable_get(t, -1));
    assert_null(fdtable_get(t, 500));
    assert_null(fdtable_get(t, INT32_MAX));

    struct fdtable *copy;
    assert_int_equal(fdtable_clone(t, &copy), 0);
    assert_true(fdtable_cloexec(copy, 1000));
    assert_false(fdtable_cloexec(copy, 5));
    fdtable_close_on_exec(copy);
    assert_null(fdtable_get(copy, 1000));
    assert_null(fdtable_get(copy, 1));
    assert_non_null(fdtable_get(copy, 2));
    assert_int_equal(fdtable_install(copy, null_file(&rig), 1024, false), 1);
    fdtable_close_range(copy, 2, UINT32_MAX);
    assert_int_equal(fdtable_next(copy, 2), -1);
    fdtable_put(copy);
    assert_non_null(fdtable_get(t, 1000));
    rig_fini(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(numbers_are_the_lowest_free)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
