/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Host folders through the VFS: nothing leads out, both sides see one file, mappings too, and
 * everything is bounded.
 */
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "abi/mman.h"
#include "base/strbuf.h"
#include "fs/hostfs.h"
#include "host/file.h"
#include "mem/mm.h"
#include "vfs/file_attr.h"
#include "vfs/mount.h"
#include "vfs/path.h"
#include "vfs/vfs.h"

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
    char outside[40], path[64];
    struct arena *arena;
    struct ram *ram;
    struct host *host;
    struct clock clock;
    struct sched sched;
    struct vfs vfs;
    struct cred cred;
    struct fs_context context;
    struct mm *mm;
    size_t arena_before;
    uint64_t ram_before;
};

static void mount_it(struct fixture *f, bool writable)
{
    struct hostfs_mount_data data = {.writable = writable};
    assert_int_equal(0, host_open_root(f->host, f->path, writable, &data.handle));
    struct mount_request request = {
        .type = "hostfs",
        .source = "host",
        .flags = writable ? 0 : LX_MS_RDONLY,
        .data = &data,
    };
    assert_int_equal(0, vfs_mount_root(&f->context, &request));
    struct path root = {f->vfs.root, f->vfs.root->root};
    assert_int_equal(0, fs_struct_create(&f->vfs, &root, &f->context.fs));
}

static struct fixture *start(bool writable, unsigned handles)
{
    struct fixture *f = calloc(1, sizeof *f);
    strcpy(f->outside, "/tmp/lstar-hostfs-XXXXXX");
    assert_non_null(mkdtemp(f->outside));
    snprintf(f->path, sizeof f->path, "%s/root", f->outside);
    assert_int_equal(0, mkdir(f->path, 0755));
    char secret[64];
    snprintf(secret, sizeof secret, "%s/secret", f->outside);
    int fd = open(secret, O_CREAT | O_WRONLY, 0644);
    assert_int_equal(6, write(fd, "secret", 6));
    close(fd);

    struct host_config config = {.max_handles = handles};
    assert_int_equal(0, arena_create(64 << 20, &f->arena));
    assert_int_equal(0, ram_create(64 << 20, &f->ram));
    assert_int_equal(0, host_create(&config, &f->host));
    clock_init(&f->clock, f->host, false);
    sched_init(&f->sched, f->arena, f->host, &f->clock);
    assert_int_equal(0, vfs_init(&f->vfs, f->arena, f->ram, &f->sched, &f->clock, f->host));
    assert_int_equal(0, vfs_register_filesystem(&f->vfs, &hostfs_filesystem));
    f->cred = (struct cred){.cap_effective = UINT64_MAX};
    f->context =
        (struct fs_context){.vfs = &f->vfs, .cred = &f->cred, .file_size_limit = UINT64_MAX};
    mount_it(f, writable);
    assert_int_equal(0, mm_create(f->arena, f->ram, NULL, &f->mm));
    f->arena_before = arena_used(f->arena);
    f->ram_before = ram_used(f->ram);
    return f;
}

static void stop(struct fixture *f)
{
    mm_put(f->mm);
    fs_struct_put(&f->vfs, f->context.fs);
    host_destroy(f->host);
    ram_destroy(f->ram);
    arena_destroy(f->arena);
    char command[64];
    snprintf(command, sizeof command, "rm -rf %s", f->outside);
    assert_int_equal(0, system(command));
    free(f);
}

/* A host path below the mounted folder: the buffer is good for one use at a time. */
static const char *native(const struct fixture *f, const char *name)
{
    static _Thread_local char paths[4][512];
    static _Thread_local unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, 512, "%s/%s", f->path, name);
    return path;
}

static void native_write(const struct fixture *f, const char *name, const char *text)
{
    int fd = open(native(f, name), O_CREAT | O_TRUNC | O_WRONLY, 0644);
    assert_true(fd >= 0);
    assert_int_equal(strlen(text), write(fd, text, strlen(text)));
    close(fd);
}

static void expect_native(const struct fixture *f, const char *name, const char *text)
{
    char bytes[256] = {0};
    int fd = open(native(f, name), O_RDONLY);
    assert_true(fd >= 0);
    assert_int_equal(strlen(text), read(fd, bytes, sizeof bytes - 1));
    close(fd);
    assert_string_equal(text, bytes);
}

/* As a system call of its own: the guest executed something before it. */
static long open_guest(struct fixture *f, const char *name, unsigned flags, struct file **out)
{
    f->clock.insns++;
    struct open_how how = {.flags = flags, .mode = flags & LX_O_CREAT ? 0644 : 0};
    return vfs_open(&f->context, LX_AT_FDCWD, name, &how, out);
}

static struct file *must_open(struct fixture *f, const char *name, unsigned flags)
{
    struct file *file = NULL;
    assert_int_equal(0, open_guest(f, name, flags, &file));
    return file;
}

static ssize_t read_guest(struct file *file, void *to, size_t size, uint64_t at)
{
    struct uio uio;
    uio_init_kernel(&uio, to, size);
    return file_read_at(file, &uio, (int64_t)at, 0);
}

static ssize_t write_guest(struct file *file, const void *from, size_t size, uint64_t at)
{
    struct uio uio;
    uio_init_kernel(&uio, (void *)(uintptr_t)from, size);
    return file_write_at(file, &uio, (int64_t)at, 0, UINT64_MAX);
}

static void expect_guest(struct fixture *f, const char *name, const char *text)
{
    char bytes[256] = {0};
    struct file *file = must_open(f, name, LX_O_RDONLY);
    assert_int_equal(strlen(text), read_guest(file, bytes, sizeof bytes - 1, 0));
    assert_string_equal(text, bytes);
    file_put(file);
}

/* --- nothing leads out --- */

static void links_stay_inside(void **state)
{
    (void)state;
    struct fixture *f = start(true, 0);
    struct file *file;
    assert_int_equal(0, mkdir(native(f, "etc"), 0755));
    native_write(f, "etc/passwd", "guest's");
    assert_int_equal(0, symlink("/etc/passwd", native(f, "absolute")));
    assert_int_equal(0, symlink("../../../../../../etc/passwd", native(f, "dots")));
    assert_int_equal(0, symlink("../secret", native(f, "up")));
    assert_int_equal(0, symlink(f->outside, native(f, "host")));
    assert_int_equal(0, symlink("/proc/self/root/etc/passwd", native(f, "magic")));
    expect_guest(f, "/absolute", "guest's");
    expect_guest(f, "/dots", "guest's");
    expect_guest(f, "/../../../etc/../../etc/passwd", "guest's");
    assert_int_equal(-LX_ENOENT, open_guest(f, "/up", LX_O_RDONLY, &file));
    assert_int_equal(-LX_ENOENT, open_guest(f, "/../secret", LX_O_RDONLY, &file));
    assert_int_equal(-LX_ENOENT, open_guest(f, "/host/secret", LX_O_RDONLY, &file));
    assert_int_equal(-LX_ENOENT, open_guest(f, "/magic", LX_O_RDONLY, &file));
    assert_int_equal(-LX_ENOENT, open_guest(f, f->outside, LX_O_RDONLY, &file));
    assert_int_equal(-LX_ENOENT, vfs_unlink(&f->context, LX_AT_FDCWD, "/host/secret"));
    assert_int_equal(-LX_ENOENT, vfs_mkdir(&f->context, LX_AT_FDCWD, "/host/made", 0755));
    assert_int_equal(-LX_ENOENT, vfs_truncate(&f->context, "/up", 0));
    assert_int_equal(-LX_ENOENT, vfs_rename(&f->context, LX_AT_FDCWD, "/absolute", LX_AT_FDCWD,
                                            "/host/taken", 0));
    stop(f);
}

struct swapper {
    const struct fixture *f;
    atomic_bool stop;
};

/*
 * d: a directory with a file, then a link out of the folder; victim: a file, then a link to the
 * secret.
 */
static void *swap(void *opaque)
{
    struct swapper *s = opaque;
    char names[8][128];
    static const char *const base[8] = {"d", "away", "link", "victim", "v.away", "v.link"};
    for (int i = 0; i < 6; i++)
        snprintf(names[i], sizeof names[i], "%s/%s", s->f->path, base[i]);
    while (!atomic_load(&s->stop)) {
        for (int i = 0; i < 6; i += 3) {
            rename(names[i], names[i + 1]);
            rename(names[i + 2], names[i]);
            rename(names[i], names[i + 2]);
            rename(names[i + 1], names[i]);
        }
    }
    return NULL;
}

static void races_lead_nowhere(void **state)
{
    (void)state;
    struct fixture *f = start(true, 0);
    assert_int_equal(0, mkdir(native(f, "d"), 0755));
    assert_int_equal(0, symlink(f->outside, native(f, "link")));
    native_write(f, "victim", "inside");
    char secret[64];
    snprintf(secret, sizeof secret, "%s/secret", f->outside);
    assert_int_equal(0, symlink(secret, native(f, "v.link")));
    struct swapper s = {.f = f};
    pthread_t thread;
    assert_int_equal(0, pthread_create(&thread, NULL, swap, &s));
    unsigned opened = 0;
    for (int i = 0; i < 4000; i++) {
        struct file *file;
        char bytes[16] = {0};
        assert_int_not_equal(0, open_guest(f, "/d/secret", LX_O_RDONLY, &file));
        assert_int_not_equal(0, vfs_unlink(&f->context, LX_AT_FDCWD, "/d/secret"));
        if (open_guest(f, "/victim", LX_O_RDWR, &file))
            continue;
        opened++;
        assert_true(read_guest(file, bytes, sizeof bytes, 0) == 6);
        assert_string_equal("inside", bytes);
        file_put(file);
    }
    atomic_store(&s.stop, true);
    pthread_join(thread, NULL);
    assert_true(opened > 0);
    int fd = open(secret, O_RDONLY);
    char bytes[16] = {0};
    assert_int_equal(6, read(fd, bytes, sizeof bytes));
    assert_string_equal("secret", bytes);
    close(fd);
    stop(f);
}

/* --- one file on both sides --- */

static void both_sides_see_one_file(void **state)
{
    (void)state;
    struct fixture *f = start(true, 0);
    struct kstat st;
    struct file *file = must_open(f, "/new", LX_O_CREAT | LX_O_EXCL | LX_O_RDWR);
    assert_int_equal(5, write_guest(file, "hello", 5, 0));
    expect_native(f, "new", "hello");
    native_write(f, "new", "changed outside");
    expect_guest(f, "/new", "changed outside");
    assert_int_equal(0, file_stat(file, &st));
    assert_int_equal(15, st.size);
    assert_int_equal(0100644, st.mode);
    assert_int_equal(15, file_seek(file, 0, LX_SEEK_END));

    /* Unlinked and open: it lives on. */
    assert_int_equal(0, vfs_unlink(&f->context, LX_AT_FDCWD, "/new"));
    assert_int_equal(-1, access(native(f, "new"), F_OK));
    assert_int_equal(0, file_stat(file, &st));
    assert_int_equal(0, st.nlink);
    assert_int_equal(3, write_guest(file, "CHA", 3, 0));
    file_put(file);

    assert_int_equal(0, vfs_mkdir(&f->context, LX_AT_FDCWD, "/a", 0750));
    assert_int_equal(0, vfs_mkdir(&f->context, LX_AT_FDCWD, "/a/b", 0750));
    assert_int_equal(-LX_ENOTEMPTY, vfs_rmdir(&f->context, LX_AT_FDCWD, "/a"));
    file_put(must_open(f, "/a/b/c", LX_O_CREAT | LX_O_WRONLY));
    assert_int_equal(0, vfs_rename(&f->context, LX_AT_FDCWD, "/a", LX_AT_FDCWD, "/z", 0));
    native_write(f, "z/b/c", "moved");
    expect_guest(f, "/z/b/c", "moved");
    assert_int_equal(0, rename(native(f, "z"), native(f, "y"))); /* behind the guest's back */
    assert_int_equal(-LX_ENOENT, vfs_stat(&f->context, LX_AT_FDCWD, "/z/b/c", 0, &st));
    expect_guest(f, "/y/b/c", "moved");
    assert_int_equal(0, vfs_link(&f->context, LX_AT_FDCWD, "/y/b/c", LX_AT_FDCWD, "/hard", 0));
    assert_int_equal(0, vfs_symlink(&f->context, "y/b/c", LX_AT_FDCWD, "/soft"));
    expect_guest(f, "/soft", "moved");
    assert_int_equal(0, vfs_stat(&f->context, LX_AT_FDCWD, "/hard", 0, &st));
    assert_int_equal(2, st.nlink);
    assert_int_equal(0, vfs_chmod(&f->context, LX_AT_FDCWD, "/hard", 0604, 0));
    struct timestamp times[2] = {{12, 34}, {56, 78}};
    assert_int_equal(0, vfs_utimens(&f->context, LX_AT_FDCWD, "/hard", times, 0));
    struct stat native_st;
    assert_int_equal(0, stat(native(f, "y/b/c"), &native_st));
    assert_int_equal(0100604, native_st.st_mode);
    assert_true(native_st.st_mtim.tv_sec == 56 && native_st.st_mtim.tv_nsec == 78);
    assert_int_equal(0, vfs_truncate(&f->context, "/hard", 2));
    expect_native(f, "hard", "mo");
    struct file *log = must_open(f, "/hard", LX_O_WRONLY | LX_O_APPEND);
    native_write(f, "hard", "longer now");
    struct uio uio;
    char more[] = "+";
    uio_init_kernel(&uio, more, 1);
    assert_int_equal(1, file_write(log, &uio, 0, UINT64_MAX));
    expect_native(f, "hard", "longer now+");
    file_put(log);
    stop(f);
}

static void read_only_is_read_only(void **state)
{
    (void)state;
    struct fixture *f = start(false, 0);
    struct file *file;
    native_write(f, "x", "text");
    expect_guest(f, "/x", "text");
    assert_int_equal(-LX_EROFS, open_guest(f, "/x", LX_O_RDWR, &file));
    assert_int_equal(-LX_EROFS, open_guest(f, "/n", LX_O_WRONLY | LX_O_CREAT, &file));
    assert_int_equal(-LX_EROFS, vfs_unlink(&f->context, LX_AT_FDCWD, "/x"));
    assert_int_equal(-LX_EROFS, vfs_mkdir(&f->context, LX_AT_FDCWD, "/d", 0755));
    assert_int_equal(-LX_EROFS, vfs_chmod(&f->context, LX_AT_FDCWD, "/x", 0600, 0));
    assert_int_equal(-LX_EROFS, vfs_truncate(&f->context, "/x", 0));
    stop(f);
}

static void credentials_count(void **state)
{
    (void)state;
    struct fixture *f = start(true, 0);
    struct file *file;
    native_write(f, "mine", "text");
    assert_int_equal(0, chmod(native(f, "mine"), 0600));
    assert_int_equal(0, chmod(f->path, 0777));
    f->cred = (struct cred){.uid = 77, .euid = 77, .fsuid = 77, .gid = 78, .fsgid = 78};
    assert_int_equal(-LX_EACCES, open_guest(f, "/mine", LX_O_RDONLY, &file));
    if (geteuid() == 0) {
        struct stat st;
        file_put(must_open(f, "/theirs", LX_O_WRONLY | LX_O_CREAT));
        assert_int_equal(0, stat(native(f, "theirs"), &st));
        assert_true(st.st_uid == 77 && st.st_gid == 78);
    }
    stop(f);
}

/* --- directories --- */

struct names {
    struct dirent_sink sink;
    unsigned count, most;
};

static bool count_name(struct dirent_sink *sink, const char *name, size_t length, uint64_t ino,
                       unsigned type, uint64_t pos)
{
    (void)name, (void)length, (void)ino, (void)type, (void)pos;
    struct names *names = container_of(sink, struct names, sink);
    if (names->count == names->most)
        return false;
    names->count++;
    return true;
}

static void directories_in_pieces(void **state)
{
    (void)state;
    struct fixture *f = start(false, 0);
    for (int i = 0; i < 300; i++) {
        char name[16];
        snprintf(name, sizeof name, "f%d", i);
        native_write(f, name, "");
    }
    struct file *dir = must_open(f, "/", LX_O_RDONLY | LX_O_DIRECTORY);
    unsigned all = 0;
    struct names names = {.sink.emit = count_name, .most = 7};
    do {
        names.count = 0;
        assert_int_equal(0, file_iterate(dir, &names.sink));
        all += names.count;
    } while (names.count);
    assert_int_equal(302, all);
    file_put(dir);
    stop(f);
}

/* --- mappings --- */

static gva_t map_file(struct fixture *f, struct file *file, unsigned prot, unsigned flags,
                      uint64_t length, uint64_t offset)
{
    struct vm_object *object;
    assert_int_equal(0, file_map(file, prot, flags, &object));
    struct mm_map_request request = {
        .length = length,
        .prot = prot,
        .flags = flags,
        .object = object,
        .offset = offset,
        .may_write = file_writable(file),
    };
    long addr = mm_map(f->mm, &request);
    assert_true(addr > 0);
    return (gva_t)addr;
}

static void mappings_and_writes_are_one_file(void **state)
{
    (void)state;
    struct fixture *f = start(true, 0);
    char bytes[32] = {0};
    native_write(f, "m", "0123456789");
    struct file *file = must_open(f, "/m", LX_O_RDWR);
    gva_t shared = map_file(f, file, LX_PROT_READ | LX_PROT_WRITE, LX_MAP_SHARED, 8192, 0);
    gva_t private = map_file(f, file, LX_PROT_READ | LX_PROT_WRITE, LX_MAP_PRIVATE, 4096, 0);
    assert_int_equal(0, user_read(f->mm, bytes, shared, 10));
    assert_memory_equal("0123456789", bytes, 10);
    assert_int_equal(0, user_read(f->mm, bytes, shared + 10, 1));
    assert_int_equal(0, bytes[0]);
    assert_int_equal(-LX_EFAULT, user_read(f->mm, bytes, shared + 4096, 1)); /* behind the end */

    assert_int_equal(0, user_write(f->mm, private + 5, "P", 1)); /* its own copy from here on */
    assert_int_equal(2, write_guest(file, "WW", 2, 1));          /* write(2) shows in the mapping */
    assert_int_equal(0, user_read(f->mm, bytes, shared, 10));
    assert_memory_equal("0WW3456789", bytes, 10);
    assert_int_equal(0, user_write(f->mm, shared + 8, "MM", 2)); /* the mapping shows in read(2) */
    assert_int_equal(10, read_guest(file, bytes, sizeof bytes, 0));
    assert_memory_equal("0WW34567MM", bytes, 10);
    expect_native(f, "m", "0WW3456789"); /* not on the host yet */
    assert_int_equal(0, mm_sync(f->mm, shared, 4096, LX_MS_SYNC));
    expect_native(f, "m", "0WW34567MM");
    assert_int_equal(0, user_write(f->mm, shared, "Z", 1)); /* again, after it was cleaned */
    assert_int_equal(0, mm_unmap(f->mm, shared, 8192));
    expect_native(f, "m", "ZWW34567MM");
    assert_int_equal(0, user_read(f->mm, bytes, private, 10));
    assert_memory_equal("012345", bytes, 1);
    assert_int_equal('P', bytes[5]);
    assert_int_equal(0, mm_unmap(f->mm, private, 4096));
    file_put(file);
    stop(f);
}

static void truncation_takes_pages_away(void **state)
{
    (void)state;
    struct fixture *f = start(true, 0);
    static char big[5 * 4096];
    char byte = 1;
    memset(big, 'x', sizeof big);
    struct file *file = must_open(f, "/t", LX_O_CREAT | LX_O_RDWR);
    assert_int_equal(sizeof big, write_guest(file, big, sizeof big, 0));
    gva_t at = map_file(f, file, LX_PROT_READ | LX_PROT_WRITE, LX_MAP_SHARED, sizeof big, 0);
    file_put(file); /* the mapping keeps the file */
    for (unsigned i = 0; i < 5; i++)
        assert_int_equal(0, user_write(f->mm, at + 4096 * i, "y", 1));
    assert_int_equal(0, vfs_truncate(&f->context, "/t", 4096 + 10));
    assert_int_equal(-LX_EFAULT, user_read(f->mm, &byte, at + 2 * 4096, 1));
    assert_int_equal(0, user_read(f->mm, &byte, at + 4096 + 9, 1));
    assert_int_equal('x', byte);
    assert_int_equal(0, user_read(f->mm, &byte, at + 4096 + 10, 1)); /* zeros to the page's end */
    assert_int_equal(0, byte);
    assert_int_equal(0, truncate(native(f, "t"), 100)); /* by somebody else: seen when asked */
    struct kstat st;
    assert_int_equal(0, vfs_stat(&f->context, LX_AT_FDCWD, "/t", 0, &st));
    assert_int_equal(-LX_EFAULT, user_read(f->mm, &byte, at + 4096, 1));
    assert_int_equal(0, mm_unmap(f->mm, at, sizeof big));
    struct stat native_st;
    assert_int_equal(0, stat(native(f, "t"), &native_st));
    assert_int_equal(100, native_st.st_size);
    stop(f);
}

static void kept_pages_follow_the_file(void **state)
{
    (void)state;
    struct fixture *f = start(true, 0);
    for (int round = 0; round < 3; round++) {
        char text[32], bytes[16] = {0};
        snprintf(text, sizeof text, "round %d", round);
        native_write(f, "p", text);
        struct timespec times[2] = {{round, 0}, {round, 0}};
        assert_int_equal(0, utimensat(AT_FDCWD, native(f, "p"), times, 0));
        struct file *file = must_open(f, "/p", LX_O_RDONLY);
        gva_t at = map_file(f, file, LX_PROT_READ, LX_MAP_PRIVATE, 4096, 0);
        assert_int_equal(0, user_read(f->mm, bytes, at, 7));
        assert_string_equal(text, bytes);
        assert_int_equal(0, mm_unmap(f->mm, at, 4096));
        file_put(file);
    }
    stop(f);
}

/* --- bounds --- */

static void a_hundred_thousand_names_leave_little(void **state)
{
    (void)state;
    struct fixture *f = start(true, 64);
    struct kstat st;
    char name[64];
    for (int i = 0; i < 400; i++) { /* more directories than handles */
        snprintf(name, sizeof name, "d%d", i);
        assert_int_equal(0, mkdir(native(f, name), 0755));
        snprintf(name, sizeof name, "d%d/file", i);
        native_write(f, name, "x");
    }
    for (int i = 0; i < 30000; i++) {
        snprintf(name, sizeof name, "/d%d/file", i % 400);
        assert_int_equal(0, vfs_stat(&f->context, LX_AT_FDCWD, name, 0, &st));
        snprintf(name, sizeof name, "/d%d/no%d", i % 400, i);
        assert_int_equal(-LX_ENOENT, vfs_stat(&f->context, LX_AT_FDCWD, name, 0, &st));
    }
    assert_true(arena_used(f->arena) < f->arena_before + (2 << 20));
    assert_true(host_handles(f->host) <= 64);
    /* Deep down, with fewer handles than levels. */
    char deep[400] = "";
    for (int i = 0; i < 100; i++) {
        strcat(deep, "/q");
        assert_int_equal(0, vfs_mkdir(&f->context, LX_AT_FDCWD, deep, 0755));
    }
    strcat(deep, "/end");
    file_put(must_open(f, deep, LX_O_CREAT | LX_O_WRONLY));
    assert_int_equal(0, vfs_stat(&f->context, LX_AT_FDCWD, deep, 0, &st));
    dentry_prune(&f->vfs, NULL);
    assert_int_equal(0, vfs_stat(&f->context, LX_AT_FDCWD, deep, 0, &st));
    dentry_prune(&f->vfs, NULL);
    assert_true(arena_used(f->arena) <= f->arena_before + 4096);
    stop(f);
}

/* Every allocation fails once: an errno, and nothing is lost. */
static void failing_allocations(void **state)
{
    (void)state;
    struct fixture *f = start(true, 0);
    assert_int_equal(0, mkdir(native(f, "a"), 0755));
    native_write(f, "a/b", "text");
    assert_int_equal(0, symlink("a/b", native(f, "l")));
    for (unsigned n = 1;; n++) {
        struct file *file;
        char bytes[8];
        dentry_prune(&f->vfs, NULL);
        arena_fail_at(f->arena, n);
        long err = open_guest(f, "/l", LX_O_RDWR, &file);
        if (!err) {
            struct vm_object *object;
            assert_int_equal(0, file_map(file, LX_PROT_READ, LX_MAP_SHARED, &object));
            struct mm_map_request request = {
                .length = 4096,
                .prot = LX_PROT_READ | LX_PROT_WRITE,
                .flags = LX_MAP_SHARED,
                .object = object,
                .may_write = true,
            };
            long at = mm_map(f->mm, &request);
            if (at > 0) {
                err = user_write(f->mm, (gva_t)at, "T", 1);
                assert_int_equal(0, mm_unmap(f->mm, (gva_t)at, 4096));
            } else {
                err = at;
            }
            assert_true(read_guest(file, bytes, sizeof bytes, 0) == 4);
            file_put(file);
        }
        arena_fail_at(f->arena, 0);
        if (!err) {
            assert_true(n > 4);
            break;
        }
        assert_true(err == -LX_ENOMEM || err == -LX_EFAULT);
    }
    dentry_prune(&f->vfs, NULL);
    assert_true(arena_used(f->arena) <= f->arena_before);
    assert_int_equal(1, host_handles(f->host));
    stop(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(links_stay_inside),
        cmocka_unit_test(races_lead_nowhere),
        cmocka_unit_test(both_sides_see_one_file),
        cmocka_unit_test(read_only_is_read_only),
        cmocka_unit_test(credentials_count),
        cmocka_unit_test(directories_in_pieces),
        cmocka_unit_test(mappings_and_writes_are_one_file),
        cmocka_unit_test(truncation_takes_pages_away),
        cmocka_unit_test(kept_pages_follow_the_file),
        cmocka_unit_test(a_hundred_thousand_names_leave_little),
        cmocka_unit_test(failing_allocations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
