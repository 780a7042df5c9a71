/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The n-th allocation fails, for every n of a run through the VFS: each call says so and leaves
 * nothing behind; afterwards all of it is removed, and arena and RAM are back at their level.
 */
#include "vfs_test.h"

#include "vfs/locks.h"
#include "vfs/pipe.h"
#include "vfs/xattr.h"

#define LONG_NAME                                                                                  \
    "/d/a-name-that-is-too-long-for-a-dentry-to-hold-inside-so-that-it-needs-memory-of-its-own"

static void note(long err)
{
    if (err < 0 && err != -LX_ENOMEM && err != -LX_ENOENT && err != -LX_EEXIST &&
        err != -LX_ENOTDIR && err != -LX_ENODATA && err != -LX_ENOLCK)
        fail_msg("unexpected error %ld", err);
}

static void use_file(struct rig *rig, const char *name)
{
    struct file *file;
    long err = rig_open(rig, name, LX_O_CREAT | LX_O_RDWR, &file);
    note(err);
    if (err)
        return;
    struct uio uio;
    char bytes[9000] = "text";
    uio_init_kernel(&uio, bytes, sizeof bytes);
    note(file_write(file, &uio, 0, UINT64_MAX));
    uio_init_kernel(&uio, bytes, 100);
    note(file_write_at(file, &uio, INT64_C(1) << 40, 0, UINT64_MAX));
    note(file_truncate(file, 5000, UINT64_MAX));
    note(file_allocate(file, 0, 100000, 10000, UINT64_MAX));
    struct lx_flock lock = {.l_type = LX_F_WRLCK, .l_start = 10, .l_len = 90};
    note(file_set_lock(file, &lock, rig->fds, 1, false));
    lock = (struct lx_flock){.l_type = LX_F_UNLCK, .l_start = 20, .l_len = 10};
    note(file_set_lock(file, &lock, rig->fds, 1, false));
    note(file_flock(file, LX_LOCK_EX | LX_LOCK_NB, 1));
    long fd = fdtable_install_from(rig->fds, file, 100, 1000, false); /* makes the table grow */
    note(fd);
    if (fd >= 0)
        note(fdtable_close(rig->fds, (int)fd));
}

static void use_names(struct rig *rig)
{
    struct fs_context *context = &rig->context;
    note(vfs_mkdir(context, LX_AT_FDCWD, "/d", 0755));
    use_file(rig, "/d/f");
    use_file(rig, LONG_NAME);
    note(vfs_symlink(context, "f", LX_AT_FDCWD, "/d/l"));
    note(vfs_link(context, LX_AT_FDCWD, "/d/f", LX_AT_FDCWD, "/d/h", 0));
    note(vfs_rename(context, LX_AT_FDCWD, "/d/h", LX_AT_FDCWD, LONG_NAME, 0));
    note(vfs_rename(context, LX_AT_FDCWD, LONG_NAME, LX_AT_FDCWD, "/d/w", LX_RENAME_WHITEOUT));
    note(vfs_rename(context, LX_AT_FDCWD, LONG_NAME, LX_AT_FDCWD, "/d/w", LX_RENAME_EXCHANGE));
    note(vfs_mknod(context, LX_AT_FDCWD, "/d/p", LX_S_IFIFO | 0600, 0));
    note(vfs_set_xattr(context, LX_AT_FDCWD, "/d/f", 0, "user.a", "value", 5, 0));
    struct file *file;
    long err = rig_open(rig, "/d/p", LX_O_RDWR, &file);
    note(err);
    if (!err)
        file_put(file);
    err = rig_open(rig, "/d", LX_O_TMPFILE | LX_O_RDWR, &file);
    note(err);
    if (!err)
        file_put(file);
    struct file *ends[2];
    err = pipe_create(&rig->vfs, &rig->cred, 0, ends);
    note(err);
    if (!err) {
        note(pipe_set_size(ends[0], 1 << 18, &rig->cred));
        file_put(ends[0]);
        file_put(ends[1]);
    }
    err = memfd_create_file(context, "m", 0, &file);
    note(err);
    if (!err)
        file_put(file);
}

static void remove_names(struct rig *rig)
{
    static const char *const names[] = {"/d/f", LONG_NAME, "/d/l", "/d/h", "/d/w", "/d/p"};
    for (unsigned i = 0; i < ARRAY_SIZE(names); i++)
        note(vfs_unlink(&rig->context, LX_AT_FDCWD, names[i]));
    note(vfs_rmdir(&rig->context, LX_AT_FDCWD, "/d"));
}

/* What a machine has made once and keeps: the memfds' mount, tables that have grown. */
static void warm_up(struct rig *rig)
{
    use_names(rig);
    remove_names(rig);
}

static void every_failure_is_survived(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig);
    warm_up(&rig);
    size_t used = arena_used(rig.arena);
    uint64_t frames = ram_used(rig.ram);
    uint64_t start = arena_attempts(rig.arena);
    use_names(&rig);
    uint64_t attempts = arena_attempts(rig.arena) - start;
    remove_names(&rig);
    assert_true(attempts > 50);
    for (uint64_t n = 1; n <= attempts; n++) {
        arena_fail_at(rig.arena, n);
        use_names(&rig);
        arena_fail_at(rig.arena, 0);
        remove_names(&rig);
        if (arena_used(rig.arena) != used || ram_used(rig.ram) != frames)
            fail_msg("after failure %llu: arena %zu, was %zu; frames %llu, were %llu",
                     (unsigned long long)n, arena_used(rig.arena), used,
                     (unsigned long long)ram_used(rig.ram), (unsigned long long)frames);
    }
    for (uint64_t n = 1; n <= 20; n++) {
        ram_fail_at(rig.ram, n);
        use_names(&rig);
        ram_fail_at(rig.ram, 0);
        remove_names(&rig);
        assert_int_equal(arena_used(rig.arena), used);
        assert_int_equal(ram_used(rig.ram), frames);
    }
    assert_int_equal(rig.vfs.file_count, 0);
    assert_int_equal(rig.vfs.lock_count, 0);
    rig_fini(&rig);
}

/* Bringing a tree up with the n-th allocation failing, for every n: no mount stays half-made. */
static void every_failed_mount_is_survived(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig);
    assert_int_equal(vfs_mkdir(&rig.context, LX_AT_FDCWD, "/dev", 0755), 0);
    struct mount_request request = {.type = "devtmpfs", .source = "dev"};
    for (uint64_t n = 1;; n++) {
        size_t used = arena_used(rig.arena);
        arena_fail_at(rig.arena, n);
        long err = vfs_mount_fs(&rig.context, "/dev", &request);
        arena_fail_at(rig.arena, 0);
        if (!err)
            break;
        assert_int_equal(err, -LX_ENOMEM);
        assert_int_equal(arena_used(rig.arena), used);
        assert_true(n < 1000);
    }
    rig_fini(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_failure_is_survived),
        cmocka_unit_test(every_failed_mount_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
