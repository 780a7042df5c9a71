/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Host descriptors as the guest's files: pipes, regular files, a terminal with its modes and its
 * size.
 */
#include "abi/errno.h"
#include "abi/ioctl.h"
#include "abi/mman.h"
#include "abi/poll.h"
#include "base/strbuf.h"
#include "host/stream.h"
#include "proc/kernel.h"
#include "proc/task.h"
#include "tty/stream.h"
#include "vfs/file_attr.h"
#include "vfs/path.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
    struct kernel *kernel;
    struct sched_entity reader;
    struct mm *mm;
    gva_t memory; /* a page of the guest's */
    size_t arena_before;
};

static struct fixture *start(void)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct arena *arena;
    assert_int_equal(0, arena_create(16 << 20, &arena));
    struct kernel *kernel = arena_alloc(arena, sizeof *kernel);
    assert_non_null(kernel);
    f->kernel = kernel;
    kernel->arena = arena;
    struct host_config config = {0};
    assert_int_equal(0, ram_create(16 << 20, &kernel->ram));
    assert_int_equal(0, host_create(&config, &kernel->host));
    clock_init(&kernel->clock, kernel->host, false);
    sched_init(&kernel->sched, arena, kernel->host, &kernel->clock);
    list_init(&kernel->processes);
    assert_int_equal(0, vfs_init(&kernel->vfs, arena, kernel->ram, &kernel->sched, &kernel->clock,
                                 kernel->host));
    assert_int_equal(0, mm_create(arena, kernel->ram, NULL, &f->mm));
    struct mm_map_request request = {
        .length = 4096,
        .prot = LX_PROT_READ | LX_PROT_WRITE,
        .flags = LX_MAP_PRIVATE | LX_MAP_ANONYMOUS,
    };
    long addr = mm_map(f->mm, &request);
    assert_true(addr > 0);
    f->memory = (gva_t)addr;
    assert_int_equal(0, user_clear(f->mm, f->memory, 4096));
    sched_entity_init(&f->reader);
    sched_add(&kernel->sched, &f->reader);
    assert_ptr_equal(&f->reader, sched_pick(&kernel->sched));
    f->arena_before = arena_used(arena);
    return f;
}

static void stop(struct fixture *f)
{
    struct arena *arena = f->kernel->arena;
    if (f->kernel->vfs.terminal.dentry)
        path_put(&f->kernel->vfs.terminal);
    assert_int_equal(f->arena_before, arena_used(arena));
    assert_int_equal(0, host_handles(f->kernel->host));
    sched_remove(&f->kernel->sched, &f->reader);
    mm_put(f->mm);
    host_destroy(f->kernel->host);
    ram_destroy(f->kernel->ram);
    arena_destroy(arena);
    free(f);
}

static struct file *stream(struct fixture *f, int fd)
{
    host_handle_t handle;
    struct file *file = NULL;
    assert_int_equal(0, host_open_stream(f->kernel->host, fd, &handle));
    assert_int_equal(0, stream_create(&f->kernel->vfs, handle, &file));
    return file;
}

static ssize_t get(struct file *file, void *to, size_t size)
{
    struct uio uio;
    uio_init_kernel(&uio, to, size);
    return file_read(file, &uio, 0);
}

static ssize_t put(struct file *file, const void *from, size_t size, uint64_t *done)
{
    struct uio uio;
    uio_init_kernel(&uio, (void *)(uintptr_t)from, size);
    ssize_t n = file_write(file, &uio, 0, UINT64_MAX);
    if (done)
        *done = uio.done;
    return n;
}

static void pipes_wait_for_the_host(void **state)
{
    (void)state;
    struct fixture *f = start();
    int ends[2];
    char bytes[16];
    assert_int_equal(0, pipe(ends));
    struct file *reader = stream(f, ends[0]), *writer = stream(f, ends[1]);
    assert_int_equal(-LX_EBADF, put(reader, "x", 1, NULL));
    assert_int_equal(-LX_EBADF, get(writer, bytes, 1));
    assert_int_equal(-LX_ESPIPE, file_seek(reader, 0, 0));
    assert_int_equal(0, file_poll(reader, NULL));
    assert_int_equal(LX_POLLOUT | LX_POLLWRNORM, file_poll(writer, NULL));

    assert_int_equal(BLOCKED, get(reader, bytes, sizeof bytes));
    assert_int_equal(SCHED_WAITING, f->reader.state);
    assert_int_equal(3, write(ends[1], "abc", 3));
    assert_true(sched_idle(&f->kernel->sched, UINT64_MAX));
    assert_ptr_equal(&f->reader, sched_pick(&f->kernel->sched));
    assert_int_equal(3, get(reader, bytes, sizeof bytes));
    assert_memory_equal("abc", bytes, 3);
    assert_int_equal(0, file_set_flags(NULL, reader, LX_O_NONBLOCK));
    assert_int_equal(-LX_EAGAIN, get(reader, bytes, 1));

    /* A write that does not fit waits, and says how far it came. */
    static char big[1 << 20];
    uint64_t done;
    assert_int_equal(BLOCKED, put(writer, big, sizeof big, &done));
    assert_true(done > 0 && done < sizeof big);
    assert_int_equal(0, file_poll(writer, NULL));
    sched_wake(&f->kernel->sched, &f->reader);
    writer->flags |= LX_O_NONBLOCK;
    assert_int_equal(-LX_EAGAIN, put(writer, big, sizeof big, &done));
    close(ends[0]);
    assert_int_equal(-LX_EPIPE, put(writer, big, 1, NULL));
    assert_true(file_poll(writer, NULL) & LX_POLLERR);
    file_put(reader);
    file_put(writer);
    close(ends[1]);
    stop(f);
}

static void regular_files_share_the_position(void **state)
{
    (void)state;
    struct fixture *f = start();
    char path[] = "/tmp/lstar-stream-XXXXXX", bytes[16];
    int fd = mkstemp(path);
    assert_int_equal(6, write(fd, "abcdef", 6));
    assert_int_equal(1, lseek(fd, 1, SEEK_SET));
    struct file *file = stream(f, fd);
    assert_int_equal(2, get(file, bytes, 2));
    assert_memory_equal("bc", bytes, 2);
    assert_int_equal(3, lseek(fd, 0, SEEK_CUR));
    assert_int_equal(4, file_seek(file, 1, LX_SEEK_CUR));
    struct uio uio;
    uio_init_kernel(&uio, bytes, 2);
    assert_int_equal(2, file_read_at(file, &uio, 0, 0));
    assert_memory_equal("ab", bytes, 2);
    assert_int_equal(1, put(file, "X", 1, NULL));
    struct kstat st;
    assert_int_equal(0, file_stat(file, &st));
    assert_int_equal(6, st.size);
    assert_true(LX_S_ISREG(st.mode));
    struct strbuf name;
    strbuf_init(&name, f->kernel->arena, 256);
    file_format(file, NULL, &name);
    assert_memory_equal("file:[", strbuf_string(&name), 6);
    strbuf_fini(&name);
    assert_int_equal(-LX_ENOTTY, file_ioctl(file, f->mm, LX_TCGETS, f->memory));
    file_put(file);
    assert_int_equal(6, pread(fd, bytes, 8, 0));
    assert_memory_equal("abcdXf", bytes, 6);
    close(fd);
    unlink(path);
    stop(f);
}

static void a_terminal_is_passed_through(void **state)
{
    (void)state;
    struct fixture *f = start();
    struct winsize window = {.ws_row = 12, .ws_col = 34};
    int master, slave;
    assert_int_equal(0, openpty(&master, &slave, NULL, NULL, &window));
    struct termios before, now;
    assert_int_equal(0, tcgetattr(slave, &before));
    struct file *file = stream(f, slave);

    struct lx_winsize size;
    assert_int_equal(0, file_ioctl(file, f->mm, LX_TIOCGWINSZ, f->memory));
    assert_int_equal(0, user_get(f->mm, &size, f->memory));
    assert_true(size.ws_row == 12 && size.ws_col == 34);
    assert_int_equal(-LX_EFAULT, file_ioctl(file, f->mm, LX_TIOCGWINSZ, 8));

    struct lx_termios modes;
    assert_int_equal(0, file_ioctl(file, f->mm, LX_TCGETS, f->memory));
    assert_int_equal(0, user_get(f->mm, &modes, f->memory));
    assert_int_equal(before.c_lflag, modes.c_lflag);
    modes.c_lflag &= ~(uint32_t)(ICANON | ECHO);
    assert_int_equal(0, user_put(f->mm, f->memory, &modes));
    assert_int_equal(0, file_ioctl(file, f->mm, LX_TCSETSW, f->memory));
    assert_int_equal(0, tcgetattr(slave, &now));
    assert_int_equal(0, now.c_lflag & (tcflag_t)(ICANON | ECHO));
    struct lx_termios2 modes2;
    assert_int_equal(0, file_ioctl(file, f->mm, LX_TCGETS2, f->memory));
    assert_int_equal(0, user_get(f->mm, &modes2, f->memory));
    assert_int_equal(38400, modes2.c_ospeed);

    char bytes[8];
    int32_t count;
    assert_int_equal(2, write(master, "hi", 2));
    struct pollfd arrival = {.fd = slave,
                             .events = POLLIN}; /* the host hands it over when it likes */
    assert_int_equal(1, poll(&arrival, 1, -1));
    assert_int_equal(0, file_ioctl(file, f->mm, LX_FIONREAD, f->memory));
    assert_int_equal(0, user_get(f->mm, &count, f->memory));
    assert_int_equal(2, count);
    assert_int_equal(2, get(file, bytes, sizeof bytes));
    assert_int_equal(BLOCKED, get(file, bytes, sizeof bytes));
    sched_wake(&f->kernel->sched, &f->reader);
    assert_int_equal(-LX_EPERM, file_ioctl(file, f->mm, LX_TIOCSTI, f->memory));
    assert_int_equal(-LX_ENOTTY, file_ioctl(file, f->mm, 0x1234, f->memory));

    file_put(file);
    path_put(&f->kernel->vfs.terminal);
    f->kernel->vfs.terminal.dentry = NULL;
    host_destroy(f->kernel->host); /* sets the modes back */
    struct host_config config = {0};
    assert_int_equal(0, host_create(&config, &f->kernel->host));
    assert_int_equal(0, tcgetattr(slave, &now));
    assert_int_equal(before.c_lflag, now.c_lflag);
    close(master);
    close(slave);
    stop(f);
}

/* Poll on a stream that is ready for one thing and not the other wakes for the other only. */
struct table {
    struct poll_table table;
    struct fixture *f;
};

static void add_waiter(struct poll_table *table, struct file *file, struct wait_queue *queue)
{
    (void)file;
    struct table *t = (struct table *)table;
    assert_int_equal(0, wait_on(&t->f->kernel->sched, queue, LX_POLLIN, false));
}

static void polling_wakes_for_what_was_missing(void **state)
{
    (void)state;
    struct fixture *f = start();
    int master, slave;
    assert_int_equal(0, openpty(&master, &slave, NULL, NULL, NULL));
    struct file *file = stream(f, slave);
    struct table table = {.table.add = add_waiter, .f = f};
    assert_int_equal(LX_POLLOUT | LX_POLLWRNORM, file_poll(file, &table.table));
    assert_null(sched_pick(&f->kernel->sched));
    host_wake(f->kernel->host);
    assert_true(sched_idle(&f->kernel->sched, UINT64_MAX)); /* would spin if output were watched */
    assert_null(sched_pick(&f->kernel->sched));
    assert_int_equal(1, write(master, "\n", 1));
    while (!sched_pick(&f->kernel->sched))
        assert_true(sched_idle(&f->kernel->sched, UINT64_MAX));
    assert_true(file_poll(file, NULL) & LX_POLLIN);
    file_put(file);
    close(master);
    close(slave);
    stop(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pipes_wait_for_the_host),
        cmocka_unit_test(regular_files_share_the_position),
        cmocka_unit_test(a_terminal_is_passed_through),
        cmocka_unit_test(polling_wakes_for_what_was_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
