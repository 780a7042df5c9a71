/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Copies to and from the guest, and reads and writes under way: over page boundaries, up to where
 * memory ends, into what must not be written, in pieces of every size.
 */
#include "mem/uio.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "abi/errno.h"
#include "abi/mman.h"

struct fixture {
    struct arena *arena;
    struct ram *ram;
    struct mm *mm;
    gva_t at; /* four pages: two writable, one read-only, one hole */
};

static gva_t map(struct mm *mm, gva_t addr, uint64_t pages, unsigned prot)
{
    struct mm_map_request request = {
        .addr = addr,
        .length = pages << PAGE_SHIFT,
        .prot = prot,
        .flags = LX_MAP_PRIVATE | LX_MAP_ANONYMOUS | (addr ? LX_MAP_FIXED : 0),
    };
    long at = mm_map(mm, &request);
    assert_true(at > 0);
    return (gva_t)at;
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    assert_int_equal(arena_create((size_t)4 << 20, &f->arena), 0);
    assert_int_equal(ram_create((uint64_t)4 << 20, &f->ram), 0);
    assert_int_equal(mm_create(f->arena, f->ram, NULL, &f->mm), 0);
    f->at = map(f->mm, 0, 4, LX_PROT_READ | LX_PROT_WRITE);
    assert_int_equal(mm_protect(f->mm, f->at + 2 * PAGE_SIZE, PAGE_SIZE, LX_PROT_READ), 0);
    assert_int_equal(mm_unmap(f->mm, f->at + 3 * PAGE_SIZE, PAGE_SIZE), 0);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    mm_put(f->mm);
    assert_int_equal(ram_used(f->ram), 0);
    assert_int_equal(arena_used(f->arena), 0);
    ram_destroy(f->ram);
    arena_destroy(f->arena);
    free(f);
    return 0;
}

static void copies(void **state)
{
    struct fixture *f = *state;
    static char out[3 * 4096], in[3 * 4096];
    for (unsigned i = 0; i < sizeof out; i++)
        out[i] = (char)(i * 7);
    gva_t edge = f->at + PAGE_SIZE - 100;
    assert_int_equal(user_write(f->mm, edge, out, 300), 0);
    assert_int_equal(user_read(f->mm, in, edge, 300), 0);
    assert_memory_equal(in, out, 300);
    assert_int_equal(user_clear(f->mm, edge + 50, 100), 0);
    assert_int_equal(user_read(f->mm, in, edge, 300), 0);
    memset(out + 50, 0, 100);
    assert_memory_equal(in, out, 300);

    gva_t end = f->at + 2 * PAGE_SIZE; /* of what can be written */
    assert_int_equal(user_write(f->mm, end - 4, out, 8), -LX_EFAULT);
    assert_int_equal(user_write_some(f->mm, end - 4, out, 8), 4);
    assert_int_equal(user_read(f->mm, in, end - 4, 8), 0);
    assert_int_equal(user_read_some(f->mm, in, end + PAGE_SIZE - 10, 100), 10);
    assert_int_equal(user_read(f->mm, in, end + PAGE_SIZE - 10, 11), -LX_EFAULT);
    assert_int_equal(user_read(f->mm, in, 0, 1), -LX_EFAULT);
    assert_int_equal(user_read(f->mm, in, 0, 0), 0);
    assert_int_equal(user_read(f->mm, in, UINT64_MAX - 3, 8), -LX_EFAULT);
    assert_int_equal(user_read(f->mm, in, TASK_SIZE - 4, 8), -LX_EFAULT);
    assert_int_equal(user_write(f->mm, f->at, out, SIZE_MAX), -LX_EFAULT);
}

static void strings(void **state)
{
    struct fixture *f = *state;
    char text[64];
    gva_t edge = f->at + PAGE_SIZE - 3;
    assert_int_equal(user_write(f->mm, edge, "hello", 6), 0);
    assert_int_equal(user_string(f->mm, text, edge, sizeof text), 5);
    assert_string_equal(text, "hello");
    assert_int_equal(user_string(f->mm, text, edge, 6), 5);
    assert_int_equal(user_string(f->mm, text, edge, 5), -LX_ENAMETOOLONG);
    assert_int_equal(user_string(f->mm, text, edge, 0), -LX_ENAMETOOLONG);
    assert_int_equal(user_string(f->mm, text, 16, sizeof text), -LX_EFAULT);
    /* It ends before the hole, or in it. */
    gva_t end = f->at + 3 * PAGE_SIZE;
    assert_int_equal(mm_protect(f->mm, f->at, 3 * PAGE_SIZE, LX_PROT_READ | LX_PROT_WRITE), 0);
    assert_int_equal(user_write(f->mm, end - 4, "abc", 4), 0);
    assert_int_equal(user_string(f->mm, text, end - 4, sizeof text), 3);
    assert_int_equal(user_write(f->mm, end - 4, "abcd", 4), 0);
    assert_int_equal(user_string(f->mm, text, end - 4, sizeof text), -LX_EFAULT);
}

static void vectors(void **state)
{
    struct fixture *f = *state;
    struct uio_segment segments[] = {
        {f->at, 10}, {f->at + 8000, 0}, {f->at + 4090, 20}, {f->at + 5000, 3000}};
    gva_t list = f->at + 64;
    assert_int_equal(user_write(f->mm, list, segments, sizeof segments), 0);
    char bytes[4096], back[4096];
    for (unsigned i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i * 13 + 1);
    for (size_t step = 1; step < 3000; step = step * 3 + 1) {
        struct uio uio;
        assert_int_equal(uio_init_vector(&uio, f->mm, f->arena, list, 4), 0);
        assert_int_equal(uio_remaining(&uio), 3030);
        size_t done = 0;
        ssize_t moved;
        while ((moved = uio_put(&uio, bytes + done, step)) > 0)
            done += (size_t)moved;
        assert_int_equal(moved, 0);
        assert_int_equal(done, 3030);
        assert_int_equal(uio.done, 3030);
        uio_fini(&uio);

        assert_int_equal(uio_init_vector(&uio, f->mm, f->arena, list, 4), 0);
        memset(back, 0, sizeof back);
        for (done = 0; uio_remaining(&uio); done += (size_t)moved) {
            void *window;
            moved = uio_window(&uio, CPU_READ, &window);
            assert_true(moved > 0);
            moved = MIN(moved, (ssize_t)step);
            memcpy(back + done, window, (size_t)moved);
            uio_advance(&uio, (uint64_t)moved);
        }
        assert_int_equal(done, 3030);
        assert_memory_equal(back, bytes, 3030);
        uio_fini(&uio);
        assert_int_equal(user_write(f->mm, list, segments, sizeof segments), 0);
    }
}

static void vector_errors(void **state)
{
    struct fixture *f = *state;
    struct uio uio;
    struct uio_segment segments[3] = {{f->at, 10}, {f->at, UINT64_MAX}, {0, 0}};
    gva_t list = f->at + 64;
    assert_int_equal(user_write(f->mm, list, segments, sizeof segments), 0);
    assert_int_equal(uio_init_vector(&uio, f->mm, f->arena, list, 1025), -LX_EINVAL);
    assert_int_equal(uio_init_vector(&uio, f->mm, f->arena, list, UINT64_MAX), -LX_EINVAL);
    assert_int_equal(uio_init_vector(&uio, f->mm, f->arena, list, 3), -LX_EINVAL);
    assert_int_equal(uio_init_vector(&uio, f->mm, f->arena, 8, 3), -LX_EFAULT);
    assert_int_equal(uio_init_vector(&uio, f->mm, f->arena, 8, 0), 0);
    assert_int_equal(uio_remaining(&uio), 0);
    arena_fail_at(f->arena, 1);
    assert_int_equal(uio_init_vector(&uio, f->mm, f->arena, list, 3), -LX_ENOMEM);
    segments[1] = (struct uio_segment){TASK_SIZE - 4, 8};
    assert_int_equal(user_write(f->mm, list, segments, sizeof segments), 0);
    assert_int_equal(uio_init_vector(&uio, f->mm, f->arena, list, 3), -LX_EFAULT);
    segments[1] = (struct uio_segment){0x10000, 0x7fffffff};
    assert_int_equal(user_write(f->mm, list, segments, sizeof segments), 0);
    assert_int_equal(uio_init_vector(&uio, f->mm, f->arena, list, 3), 0);
    assert_int_equal(uio_remaining(&uio), UIO_MAX_BYTES);
    uio_fini(&uio);
}

/* What is moved before a bad address counts; nothing moved is -LX_EFAULT. */
static void partial(void **state)
{
    struct fixture *f = *state;
    char bytes[64] = "0123456789";
    struct uio uio;
    uio_init(&uio, f->mm, f->at + 2 * PAGE_SIZE - 4, 10);
    assert_int_equal(uio_put(&uio, bytes, 10), 4);
    assert_int_equal(uio_put(&uio, bytes, 6), -LX_EFAULT);
    assert_int_equal(uio_remaining(&uio), 6);
    uio_init(&uio, f->mm, f->at + 3 * PAGE_SIZE, 10);
    assert_int_equal(uio_take(&uio, bytes, 10), -LX_EFAULT);
    void *window;
    assert_int_equal(uio_window(&uio, CPU_READ, &window), -LX_EFAULT);
    uio_init(&uio, f->mm, f->at, UINT64_MAX);
    assert_int_equal(uio_remaining(&uio), UIO_MAX_BYTES);
    uio_init(&uio, f->mm, f->at, 100);
    assert_int_equal(uio_put_zeros(&uio, 40), 40);
    assert_int_equal(uio.done, 40);

    char kernel[20];
    uio_init_kernel(&uio, kernel, sizeof kernel);
    assert_int_equal(uio_put(&uio, "abc", 3), 3);
    assert_int_equal(uio_put_zeros(&uio, 100), 17);
    assert_int_equal(uio_put(&uio, "abc", 3), 0);
    assert_memory_equal(kernel, "abc\0\0", 5);
    uio_init_kernel(&uio, kernel, sizeof kernel);
    assert_int_equal(uio_take(&uio, bytes, 5), 5);
    assert_memory_equal(bytes, "abc\0\0", 5);
    assert_int_equal(uio_window(&uio, CPU_READ, &window), 15);
    assert_ptr_equal(window, kernel + 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(copies, setup, teardown),
        cmocka_unit_test_setup_teardown(strings, setup, teardown),
        cmocka_unit_test_setup_teardown(vectors, setup, teardown),
        cmocka_unit_test_setup_teardown(vector_errors, setup, teardown),
        cmocka_unit_test_setup_teardown(partial, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
