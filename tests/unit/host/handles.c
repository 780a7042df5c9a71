/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Handles, their limit, and what a snapshot asks of them; clocks, entropy, waiting. */
#include "abi/errno.h"
#include "host/file.h"
#include "host/stream.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static struct host *new_host(bool deterministic, unsigned handles)
{
    struct host_config config = {.deterministic = deterministic, .seed = 7, .max_handles = handles};
    struct host *host;
    assert_int_equal(0, host_create(&config, &host));
    return host;
}

static host_handle_t open_tmp(struct host *host)
{
    host_handle_t handle = HOST_NONE;
    assert_int_equal(0, host_open_root(host, "/tmp", false, &handle));
    return handle;
}

static void limit_is_kept(void **state)
{
    (void)state;
    struct host *host = new_host(false, 3);
    host_handle_t a = open_tmp(host), b = open_tmp(host), c = open_tmp(host), d;
    assert_int_equal(-LX_ENFILE, host_open_root(host, "/tmp", false, &d));
    assert_int_equal(3, host_handles(host));
    host_close(host, b);
    d = open_tmp(host);
    assert_int_equal(b, d);
    host_close(host, a);
    host_close(host, a); /* once is enough */
    host_close(host, c);
    host_close(host, d);
    host_close(host, HOST_NONE);
    assert_int_equal(0, host_handles(host));
    struct host_stat st;
    assert_int_equal(-LX_EBADF, host_stat(host, a, &st));
    host_destroy(host);
}

static void a_pin_keeps_what_was_open(void **state)
{
    (void)state;
    struct host *host = new_host(true, 8);
    host_handle_t kept = open_tmp(host);
    assert_int_equal(0, host_pin(host));
    assert_int_equal(-LX_EBUSY, host_pin(host));
    uint64_t random, again;
    for (int round = 0; round < 3; round++) {
        host_entropy(host, round ? &again : &random, sizeof random);
        if (round)
            assert_int_equal(random, again);
        host_close(host, kept);
        host_handle_t later = open_tmp(host);
        assert_int_not_equal(kept, later); /* the index stays taken */
        struct host_stat st;
        assert_int_equal(-LX_EBADF, host_stat(host, kept, &st));
        host_restore(host);
        assert_int_equal(0, host_stat(host, kept, &st));
        assert_int_equal(-LX_EBADF, host_stat(host, later, &st));
        assert_int_equal(1, host_handles(host));
    }
    host_close(host, kept);
    assert_int_equal(1, host_handles(host));
    host_unpin(host);
    assert_int_equal(0, host_handles(host));
    host_destroy(host);
}

static void a_restore_sets_stream_positions_back(void **state)
{
    (void)state;
    char path[] = "/tmp/lstar-host-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(6, write(fd, "abcdef", 6));
    lseek(fd, 2, SEEK_SET);
    struct host *host = new_host(false, 0);
    host_handle_t handle;
    assert_int_equal(0, host_open_stream(host, fd, &handle));
    assert_int_equal(0, host_pin(host));
    for (int round = 0; round < 2; round++) {
        char bytes[2];
        struct host_span span = {bytes, 2};
        assert_int_equal(2, host_stream_read(host, handle, &span, 1));
        assert_memory_equal("cd", bytes, 2);
        host_restore(host);
    }
    host_destroy(host);
    assert_int_equal(2, lseek(fd, 0, SEEK_CUR)); /* adopted: still open */
    close(fd);
    unlink(path);
}

static void streams_never_wait_and_never_kill(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(0, pipe(ends));
    struct host *host = new_host(false, 0);
    host_handle_t reader, writer;
    assert_int_equal(0, host_open_stream(host, ends[0], &reader));
    assert_int_equal(0, host_open_stream(host, ends[1], &writer));
    static char big[1 << 20];
    struct host_span span = {big, sizeof big};
    assert_int_equal(-LX_EAGAIN, host_stream_read(host, reader, &span, 1));
    struct host_poll polls[2] = {{reader, HOST_READABLE, 0}, {writer, HOST_WRITABLE, 0}};
    assert_int_equal(1, host_wait(host, polls, 2, 0));
    assert_int_equal(HOST_WRITABLE, polls[1].ready);

    ssize_t put, all = 0;
    while ((put = host_stream_write(host, writer, &span, 1)) > 0)
        all += put;
    assert_int_equal(-LX_EAGAIN, put);
    assert_true(all >= 4096);
    assert_int_equal(all, host_stream_pending(host, reader));
    struct host_stream_info info;
    assert_int_equal(0, host_stream_info(host, reader, &info));
    assert_true(info.readable && !info.writable && !info.seekable && !info.terminal);
    assert_int_equal(-LX_ESPIPE, host_stream_seek(host, reader, 0, 1));

    close(ends[0]);
    for (int i = 0; i < 3; i++) /* SIGPIPE has its default disposition: it would kill */
        assert_int_equal(-LX_EPIPE, host_stream_write(host, writer, &span, 1));
    sigset_t pending;
    sigpending(&pending);
    assert_false(sigismember(&pending, SIGPIPE));
    host_destroy(host);
    close(ends[1]);
}

/* Started with stdin closed: what is opened is not taken for it. */
static void streams_numbers_stay_free(void **state)
{
    (void)state;
    int saved = dup(0);
    close(0);
    struct host *host = new_host(false, 0);
    host_handle_t handle = open_tmp(host), stdin_handle;
    assert_int_equal(-LX_EBADF, host_open_stream(host, 0, &stdin_handle));
    host_wake(host);
    assert_int_equal(0, host_wait(host, NULL, 0, UINT64_MAX));
    host_close(host, handle);
    host_destroy(host);
    if (saved >= 0) {
        assert_int_equal(0, dup2(saved, 0));
        close(saved);
    }
}

static void wake_ends_a_wait(void **state)
{
    (void)state;
    struct host *host = new_host(false, 0);
    host_wake(host);
    host_wake(host);
    assert_int_equal(0, host_wait(host, NULL, 0, UINT64_MAX));
    uint64_t before = host_monotonic(host);
    assert_int_equal(0, host_wait(host, NULL, 0, 2000000));
    assert_true(host_monotonic(host) - before >= 2000000);
    host_destroy(host);
}

static void the_seed_decides(void **state)
{
    (void)state;
    struct host *a = new_host(true, 0), *b = new_host(true, 0), *live = new_host(false, 0);
    char one[37], two[37], other[37];
    host_entropy(a, one, sizeof one);
    host_entropy(b, two, sizeof two);
    host_entropy(live, other, sizeof other);
    assert_memory_equal(one, two, sizeof one);
    assert_memory_not_equal(one, other, sizeof one);
    host_destroy(a);
    host_destroy(b);
    host_destroy(live);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limit_is_kept),
        cmocka_unit_test(a_pin_keeps_what_was_open),
        cmocka_unit_test(a_restore_sets_stream_positions_back),
        cmocka_unit_test(streams_never_wait_and_never_kill),
        cmocka_unit_test(streams_numbers_stay_free),
        cmocka_unit_test(wake_ends_a_wait),
        cmocka_unit_test(the_seed_decides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
