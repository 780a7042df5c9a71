/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Host files by handle and name: what each call does, and that no name leads out of a directory. */
#include "abi/errno.h"
#include "host/file.h"

#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
    struct host *host;
    char path[40];
    host_handle_t root;
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    strcpy(f->path, "/tmp/lstar-files-XXXXXX");
    assert_non_null(mkdtemp(f->path));
    struct host_config config = {0};
    assert_int_equal(0, host_create(&config, &f->host));
    assert_int_equal(0, host_open_root(f->host, f->path, true, &f->root));
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(1, host_handles(f->host));
    host_destroy(f->host);
    char command[64];
    snprintf(command, sizeof command, "rm -rf %s", f->path);
    assert_int_equal(0, system(command));
    free(f);
    return 0;
}

static host_handle_t open_at(struct fixture *f, host_handle_t dir, const char *name, unsigned how)
{
    host_handle_t handle = HOST_NONE;
    assert_int_equal(0, host_open_at(f->host, dir, name, how, 0640, &handle));
    return handle;
}

static void names_are_one_component(void **state)
{
    struct fixture *f = *state;
    static const char *const bad[] = {"", ".", "..", "/", "a/b", "../x", "/etc/passwd", "x/"};
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        host_handle_t h;
        struct host_stat st;
        char text[8];
        struct host *host = f->host;
        host_handle_t root = f->root;
        const char *n = bad[i];
        assert_int_equal(-LX_EINVAL, host_open_at(host, root, n, HOST_OPEN_READ, 0, &h));
        assert_int_equal(-LX_EINVAL, host_open_at(host, root, n, HOST_OPEN_PATH, 0, &h));
        assert_int_equal(-LX_EINVAL, host_stat_at(host, root, n, &st));
        assert_int_equal(-LX_EINVAL, host_readlink(host, root, n, text, sizeof text));
        assert_int_equal(-LX_EINVAL, host_mkdir(host, root, n, 0700));
        assert_int_equal(-LX_EINVAL, host_mknod(host, root, n, 0100600));
        assert_int_equal(-LX_EINVAL, host_symlink(host, root, n, "x"));
        assert_int_equal(-LX_EINVAL, host_unlink(host, root, n));
        assert_int_equal(-LX_EINVAL, host_rmdir(host, root, n));
        assert_int_equal(-LX_EINVAL, host_link(host, root, "a", root, n));
        assert_int_equal(-LX_EINVAL, host_link(host, root, n, root, "a"));
        assert_int_equal(-LX_EINVAL, host_rename(host, root, "a", root, n, 0));
        assert_int_equal(-LX_EINVAL, host_rename(host, root, n, root, "a", 0));
        assert_int_equal(-LX_EINVAL, host_chmod_at(host, root, n, 0700));
        assert_int_equal(-LX_EINVAL, host_chown_at(host, root, n, 0, 0));
        assert_int_equal(-LX_EINVAL, host_utimens_at(host, root, n, 0, 0));
        assert_int_equal(-LX_EINVAL, host_access_at(host, root, n, HOST_READ_OK));
    }
}

static void links_are_not_followed(void **state)
{
    struct fixture *f = *state;
    host_handle_t h;
    struct host_stat st;
    assert_int_equal(0, host_symlink(f->host, f->root, "out", "/etc"));
    assert_int_equal(0, host_symlink(f->host, f->root, "pw", "/etc/passwd"));
    assert_int_equal(-LX_ELOOP, host_open_at(f->host, f->root, "pw", HOST_OPEN_READ, 0, &h));
    unsigned how = HOST_OPEN_WRITE | HOST_OPEN_TRUNCATE;
    assert_int_equal(-LX_ELOOP, host_open_at(f->host, f->root, "pw", how, 0, &h));
    how = HOST_OPEN_PATH | HOST_OPEN_DIRECTORY;
    assert_int_equal(-LX_ENOTDIR, host_open_at(f->host, f->root, "out", how, 0, &h));
    assert_int_equal(0, host_stat_at(f->host, f->root, "pw", &st));
    assert_int_equal(S_IFLNK, st.mode & S_IFMT);
    h = open_at(f, f->root, "out", HOST_OPEN_PATH); /* the link itself: nothing is below it */
    host_handle_t below;
    assert_int_equal(-LX_ENOTDIR, host_open_at(f->host, h, "passwd", HOST_OPEN_READ, 0, &below));
    host_close(f->host, h);
    assert_int_equal(-LX_EOPNOTSUPP, host_chmod_at(f->host, f->root, "pw", 0600));
    char text[64];
    assert_int_equal(11, host_readlink(f->host, f->root, "pw", text, sizeof text));
    assert_memory_equal("/etc/passwd", text, 11);
}

static bool count_entry(void *opaque, const struct host_dirent *entry)
{
    (void)entry;
    ++*(int *)opaque;
    return true;
}

struct page {
    int count;
    uint64_t next;
};

static bool three_entries(void *opaque, const struct host_dirent *entry)
{
    struct page *page = opaque;
    if (page->count == 3)
        return false;
    page->count++;
    page->next = entry->next;
    return true;
}

static void directories_are_read_in_pieces(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(0, host_mkdir(f->host, f->root, "d", 0755));
    host_handle_t d = open_at(f, f->root, "d", HOST_OPEN_READ | HOST_OPEN_DIRECTORY);
    for (int i = 0; i < 1000; i++) {
        char name[16];
        snprintf(name, sizeof name, "f%d", i);
        assert_int_equal(0, host_mknod(f->host, d, name, S_IFREG | 0600));
    }
    int all = 0, pieces = 0;
    assert_int_equal(0, host_read_dir(f->host, d, 0, count_entry, &all));
    assert_int_equal(1002, all);
    struct page page = {.count = 3};
    uint64_t at = 0;
    while (page.count == 3) {
        page.count = 0;
        assert_int_equal(0, host_read_dir(f->host, d, at, three_entries, &page));
        pieces += page.count;
        at = page.next;
    }
    assert_int_equal(1002, pieces);
    assert_int_equal(-LX_ENOTEMPTY, host_rmdir(f->host, f->root, "d"));
    host_close(f->host, d);
}

static void bytes_and_attributes(void **state)
{
    struct fixture *f = *state;
    umask(077); /* the host's umask is not the guest's */
    unsigned how = HOST_OPEN_READ | HOST_OPEN_WRITE | HOST_OPEN_CREATE | HOST_OPEN_EXCLUSIVE;
    host_handle_t h = open_at(f, f->root, "file", how);
    assert_int_equal(0, host_mkdir(f->host, f->root, "dir", 01775));
    umask(022);
    struct host_span parts[2] = {{"hello ", 6}, {"world", 5}};
    assert_int_equal(11, host_pwrite(f->host, h, parts, 2, 3));
    char bytes[20] = {0};
    struct host_span into = {bytes, sizeof bytes};
    assert_int_equal(14, host_pread(f->host, h, &into, 1, 0));
    assert_memory_equal("\0\0\0hello world", bytes, 14);

    struct host_stat st;
    assert_int_equal(0, host_utimens_at(f->host, f->root, "file", 1500000000, -1));
    assert_int_equal(0, host_stat(f->host, h, &st));
    assert_int_equal(14, st.size);
    assert_int_equal(0100640, st.mode);
    assert_true(st.atime == 1500000000 && st.mtime == -1);
    assert_int_equal(0, host_stat_at(f->host, f->root, "dir", &st));
    assert_int_equal(041775, st.mode);

    assert_int_equal(0, host_truncate(f->host, h, 5));
    assert_int_equal(0, host_allocate(f->host, h, 0, 0, 4096));
    assert_int_equal(0, host_chmod(f->host, h, 04711));
    assert_int_equal(0, host_sync(f->host, h, true));
    assert_int_equal(0, host_stat(f->host, h, &st));
    assert_int_equal(4096, st.size);
    assert_int_equal(0104711, st.mode);
    struct host_statfs fs;
    assert_int_equal(0, host_statfs(f->host, h, &fs));
    assert_int_equal(255, fs.name_max);

    assert_int_equal(0, host_link(f->host, f->root, "file", f->root, "second"));
    assert_int_equal(-LX_EEXIST,
                     host_rename(f->host, f->root, "file", f->root, "dir", HOST_RENAME_NOREPLACE));
    assert_int_equal(0,
                     host_rename(f->host, f->root, "file", f->root, "dir", HOST_RENAME_EXCHANGE));
    assert_int_equal(0, host_rmdir(f->host, f->root, "file"));
    assert_int_equal(0, host_unlink(f->host, f->root, "dir"));
    assert_int_equal(0, host_stat(f->host, h, &st));
    assert_int_equal(1, st.nlink);
    assert_int_equal(-LX_EPERM, host_mknod(f->host, f->root, "dev", S_IFCHR | 0600));
    assert_int_equal(0, host_mknod(f->host, f->root, "fifo", S_IFIFO | 0600));
    host_close(f->host, open_at(f, f->root, "fifo", HOST_OPEN_READ)); /* waits for no writer */
    host_close(f->host, h);
}

struct swapper {
    char path[64];
    atomic_bool stop;
};

/* As fast as it can: d is a directory, d is a link to /etc. */
static void *swap(void *opaque)
{
    struct swapper *s = opaque;
    char dir[96], away[96], link[96];
    snprintf(dir, sizeof dir, "%s/d", s->path);
    snprintf(away, sizeof away, "%s/away", s->path);
    snprintf(link, sizeof link, "%s/link", s->path);
    while (!atomic_load(&s->stop)) {
        rename(dir, away);
        rename(link, dir);
        rename(dir, link);
        rename(away, dir);
    }
    return NULL;
}

static void a_race_leads_nowhere(void **state)
{
    struct fixture *f = *state;
    struct swapper s = {.stop = false};
    strcpy(s.path, f->path);
    assert_int_equal(0, host_mkdir(f->host, f->root, "d", 0755));
    assert_int_equal(0, host_symlink(f->host, f->root, "link", "/etc"));
    pthread_t thread;
    assert_int_equal(0, pthread_create(&thread, NULL, swap, &s));
    int reached = 0, refused = 0;
    for (int i = 0; i < 20000; i++) {
        host_handle_t d, file;
        if (host_open_at(f->host, f->root, "d", HOST_OPEN_PATH | HOST_OPEN_DIRECTORY, 0, &d)) {
            refused++;
            continue;
        }
        reached++;
        assert_int_equal(-LX_ENOENT, host_open_at(f->host, d, "passwd", HOST_OPEN_READ, 0, &file));
        host_close(f->host, d);
    }
    atomic_store(&s.stop, true);
    pthread_join(thread, NULL);
    assert_int_equal(20000, reached + refused);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(names_are_one_component, setup, teardown),
        cmocka_unit_test_setup_teardown(links_are_not_followed, setup, teardown),
        cmocka_unit_test_setup_teardown(directories_are_read_in_pieces, setup, teardown),
        cmocka_unit_test_setup_teardown(bytes_and_attributes, setup, teardown),
        cmocka_unit_test_setup_teardown(a_race_leads_nowhere, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
