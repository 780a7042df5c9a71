/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What waits, waits; what wakes it is the other end: pipes, FIFOs in open, record locks. A call
 * that comes again goes on where it was. */
#include "vfs_test.h"

#include "vfs/locks.h"
#include "vfs/pipe.h"

static void a_write_goes_on_where_it_was(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig);
    struct file *ends[2];
    assert_int_equal(pipe_create(&rig.vfs, &rig.cred, 0, ends), 0);
    static uint8_t bytes[100000], got[100000];
    for (unsigned i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 7 + i / 256);
    uint64_t progress = 0, received = 0;
    for (unsigned call = 0;; call++) {
        struct uio in, out;
        uio_init_kernel(&in, bytes, sizeof bytes);
        uio_advance(&in, progress);
        ssize_t n = file_write(ends[1], &in, 0, UINT64_MAX);
        if (n >= 0) {
            assert_int_equal(progress + (uint64_t)n, sizeof bytes);
            break;
        }
        assert_int_equal(n, BLOCKED);
        progress = in.done;
        uio_init_kernel(&out, got + received, 5000);
        n = file_read(ends[0], &out, 0);
        assert_true(n > 0);
        received += (uint64_t)n;
        rig_end_call(&rig);
        assert_true(call < 100);
    }
    struct uio out;
    uio_init_kernel(&out, got + received, sizeof got - received);
    assert_int_equal(file_read(ends[0], &out, 0), sizeof got - received);
    assert_memory_equal(bytes, got, sizeof got);
    uio_init_kernel(&out, got, 1);
    assert_int_equal(file_read(ends[0], &out, 0), BLOCKED);
    assert_false(list_empty(&rig.entity.waiters));
    file_put(ends[1]);
    assert_true(list_empty(&rig.entity.waiters)); /* woken */
    uio_init_kernel(&out, got, 1);
    assert_int_equal(file_read(ends[0], &out, 0), 0);
    file_put(ends[0]);
    rig_fini(&rig);
}

static void fifo_ends_find_each_other(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig);
    assert_int_equal(vfs_mknod(&rig.context, LX_AT_FDCWD, "/p", LX_S_IFIFO | 0600, 0), 0);
    struct sched_entity other;
    sched_entity_init(&other);
    struct file *other_opening = NULL;
    struct file *reader, *writer;

    /* A reader waits; the writer comes, writes and goes before the reader runs again. */
    assert_int_equal(rig_open(&rig, "/p", LX_O_RDONLY, &reader), BLOCKED);
    rig.sched.current = &other;
    rig.context.opening = &other_opening;
    assert_int_equal(rig_open(&rig, "/p", LX_O_WRONLY | LX_O_NONBLOCK, &writer), 0);
    struct uio uio;
    char bytes[8] = "abc";
    uio_init_kernel(&uio, bytes, 3);
    assert_int_equal(file_write(writer, &uio, 0, UINT64_MAX), 3);
    rig.sched.current = &rig.entity;
    rig.context.opening = &rig.opening;
    assert_int_equal(rig_open(&rig, "/p", LX_O_RDONLY, &reader), 0);
    file_put(writer);
    uio_init_kernel(&uio, bytes, sizeof bytes);
    assert_int_equal(file_read(reader, &uio, 0), 3);
    uio_init_kernel(&uio, bytes, sizeof bytes);
    assert_int_equal(file_read(reader, &uio, 0), 0);
    file_put(reader);
    rig_end_call(&rig);

    /* Who gives up waiting leaves nothing: the FIFO can be removed. */
    assert_int_equal(rig_open(&rig, "/p", LX_O_WRONLY, &writer), BLOCKED);
    rig_end_call(&rig);
    assert_int_equal(vfs_unlink(&rig.context, LX_AT_FDCWD, "/p"), 0);
    assert_int_equal(rig.vfs.pipe_pages, 0);
    rig_fini(&rig);
}

static void locks_wait_for_each_other(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig);
    rig_make_file(&rig, "/f", "x");
    struct file *a, *b;
    assert_int_equal(rig_open(&rig, "/f", LX_O_RDWR, &a), 0);
    assert_int_equal(rig_open(&rig, "/f", LX_O_RDWR, &b), 0);
    struct lx_flock lock = {.l_type = LX_F_WRLCK};
    assert_int_equal(file_set_lock(a, &lock, NULL, 0, true), 0);
    assert_int_equal(file_set_lock(b, &lock, NULL, 0, false), -LX_EAGAIN);
    assert_int_equal(file_set_lock(b, &lock, NULL, 0, true), BLOCKED);
    lock.l_type = LX_F_UNLCK;
    assert_int_equal(file_set_lock(a, &lock, NULL, 0, false), 0);
    assert_true(list_empty(&rig.entity.waiters));
    lock.l_type = LX_F_WRLCK;
    assert_int_equal(file_set_lock(b, &lock, NULL, 0, true), 0);
    assert_int_equal(file_flock(a, LX_LOCK_EX, 1), 0);
    assert_int_equal(file_flock(b, LX_LOCK_SH, 1), BLOCKED);
    file_put(a);
    assert_true(list_empty(&rig.entity.waiters));
    assert_int_equal(file_flock(b, LX_LOCK_SH, 1), 0);
    file_put(b);
    assert_int_equal(rig.vfs.lock_count, 0);
    rig_fini(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_write_goes_on_where_it_was),
        cmocka_unit_test(fifo_ends_find_each_other),
        cmocka_unit_test(locks_wait_for_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
