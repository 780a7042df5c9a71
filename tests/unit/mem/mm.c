/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where mappings are put, against a search of every page; what a sparse mapping costs; an address
 * space under a snapshot; and each allocation of a long run of calls failing once.
 */
#include "mem/uaccess.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "abi/errno.h"
#include "abi/mman.h"
#include "abi/signal.h"

#define PAGES 600
#define LOW ((gva_t)0x10000000)
#define ANON (LX_MAP_PRIVATE | LX_MAP_ANONYMOUS)

static uint64_t next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 33;
}

static long map(struct mm *mm, gva_t addr, uint64_t pages, unsigned prot, unsigned flags)
{
    struct mm_map_request request = {
        .addr = addr, .length = pages << PAGE_SHIFT, .prot = prot, .flags = flags};
    return mm_map(mm, &request);
}

static void highest_gap(void **state)
{
    (void)state;
    struct arena *arena;
    struct ram *ram;
    struct mm *mm;
    assert_int_equal(arena_create((size_t)8 << 20, &arena), 0);
    assert_int_equal(ram_create((uint64_t)4 << 20, &ram), 0);
    assert_int_equal(mm_create(arena, ram, NULL, &mm), 0);
    /* All below the window is taken. */
    assert_int_equal(map(mm, PAGE_SIZE, (LOW >> PAGE_SHIFT) - 1, 0, ANON | LX_MAP_FIXED),
                     PAGE_SIZE);
    mm->mmap_top = LOW + ((gva_t)PAGES << PAGE_SHIFT);
    bool used[PAGES] = {false};
    uint64_t seed = 21;
    for (int step = 0; step < 20000; step++) {
        unsigned count = 1 + (unsigned)(next_random(&seed) % 9);
        unsigned prot = next_random(&seed) % 2 ? LX_PROT_READ : LX_PROT_NONE;
        if (next_random(&seed) % 2) {
            unsigned first = (unsigned)(next_random(&seed) % (PAGES - count));
            gva_t at = LOW + ((gva_t)first << PAGE_SHIFT);
            if (next_random(&seed) % 3) {
                assert_int_equal(mm_unmap(mm, at, (uint64_t)count << PAGE_SHIFT), 0);
                memset(used + first, 0, count);
            } else {
                assert_int_equal(map(mm, at, count, prot, ANON | LX_MAP_FIXED), at);
                memset(used + first, 1, count);
            }
            continue;
        }
        unsigned run = 0, page = PAGES;
        while (page > 0 && run < count)
            run = used[--page] ? 0 : run + 1;
        if (run < count)
            continue;
        assert_int_equal(map(mm, 0, count, prot, ANON), LOW + ((gva_t)page << PAGE_SHIFT));
        memset(used + page, 1, count);
    }
    mm_put(mm);
    assert_int_equal(arena_used(arena), 0);
    ram_destroy(ram);
    arena_destroy(arena);
}

/* A program's worth of calls; true if all went well. Must not crash and not leak whatever fails. */
static bool exercise(struct arena *arena, struct ram *ram)
{
    struct mm *mm, *child = NULL;
    if (mm_create(arena, ram, NULL, &mm))
        return false;
    bool good = true;
    char byte = 1;
#define TRY(call)                                                                                  \
    do {                                                                                           \
        long result_ = (call);                                                                     \
        if (result_ < 0) {                                                                         \
            assert_true(result_ == -LX_ENOMEM || result_ == -LX_EFAULT || result_ == -LX_EAGAIN);  \
            good = false;                                                                          \
        }                                                                                          \
    } while (0)
    unsigned rw = LX_PROT_READ | LX_PROT_WRITE;
    gva_t a = 0x200000, b = 0x40000000;
    TRY(map(mm, a, 20, rw, ANON | LX_MAP_FIXED));
    TRY(map(mm, b, 20, rw, LX_MAP_SHARED | LX_MAP_ANONYMOUS | LX_MAP_FIXED));
    for (gva_t page = 0; page < 20; page += 3) {
        TRY(user_put(mm, a + (page << PAGE_SHIFT), &byte));
        TRY(user_put(mm, b + (page << PAGE_SHIFT), &byte));
    }
    TRY(mm_protect(mm, a + 4 * PAGE_SIZE, 5 * PAGE_SIZE, LX_PROT_READ));
    TRY(mm_clone(mm, &child));
    TRY(user_put(mm, a, &byte));
    TRY(mm_remap(mm, a, 4 * PAGE_SIZE, 9 * PAGE_SIZE, LX_MREMAP_MAYMOVE, 0));
    TRY(mm_remap(mm, b + 2 * PAGE_SIZE, 4 * PAGE_SIZE, 4 * PAGE_SIZE,
                 LX_MREMAP_MAYMOVE | LX_MREMAP_FIXED, 0x7f0000000000));
    TRY(mm_advise(mm, a + 10 * PAGE_SIZE, 3 * PAGE_SIZE, LX_MADV_DONTFORK));
    TRY(mm_advise(mm, a + 12 * PAGE_SIZE, 3 * PAGE_SIZE, LX_MADV_GUARD_INSTALL));
    TRY(mm_lock(mm, a + 15 * PAGE_SIZE, 2 * PAGE_SIZE, false));
    TRY(mm_unmap(mm, a + 6 * PAGE_SIZE, PAGE_SIZE));
    mm->brk_start = mm->brk = 0x600000;
    if (mm_brk(mm, 0x610000) != 0x610000)
        good = false;
    if (child)
        TRY(user_put(child, a, &byte));
    mm_put(child);
    mm_put(mm);
    return good;
#undef TRY
}

static void every_allocation_fails(void **state)
{
    (void)state;
    struct arena *arena;
    struct ram *ram;
    assert_int_equal(arena_create((size_t)8 << 20, &arena), 0);
    assert_int_equal(ram_create((uint64_t)4 << 20, &ram), 0);
    for (int which = 0; which < 2; which++) {
        for (uint64_t n = 1;; n++) {
            if (which)
                ram_fail_at(ram, n);
            else
                arena_fail_at(arena, n);
            bool good = exercise(arena, ram);
            ram_fail_at(ram, 0);
            arena_fail_at(arena, 0);
            assert_int_equal(ram_used(ram), 0);
            assert_int_equal(arena_used(arena), 0);
            if (good) {
                assert_true(n > 15);
                break;
            }
        }
    }
    ram_destroy(ram);
    arena_destroy(arena);
}

/* 1 TB, a hundred pages touched: a hundred frames and their tables. */
static void sparse(void **state)
{
    (void)state;
    struct arena *arena;
    struct ram *ram;
    struct mm *mm;
    assert_int_equal(arena_create((size_t)1 << 20, &arena), 0);
    assert_int_equal(ram_create((uint64_t)4 << 20, &ram), 0);
    assert_int_equal(mm_create(arena, ram, NULL, &mm), 0);
    uint64_t size = (uint64_t)1 << 40, pages = size >> PAGE_SHIFT;
    long at = map(mm, 0, pages, LX_PROT_READ | LX_PROT_WRITE, ANON | LX_MAP_NORESERVE);
    assert_true(at > 0);
    char byte = 1;
    for (unsigned i = 0; i < 100; i++)
        assert_int_equal(user_put(mm, (gva_t)at + i * (size / 100 & PAGE_MASK), &byte), 0);
    assert_int_equal(mm->resident_pages, 100);
    assert_in_range(ram_used(ram), 101, 100 + 200 + 4);
    assert_int_equal(mm_protect(mm, (gva_t)at, size, LX_PROT_READ), 0);
    assert_int_equal(mm_advise(mm, (gva_t)at, size, LX_MADV_DONTNEED), 0);
    assert_int_equal(mm->resident_pages, 0);
    assert_int_equal(mm_unmap(mm, (gva_t)at, size), 0);
    assert_int_equal(ram_used(ram), 1);
    mm_put(mm);
    ram_destroy(ram);
    arena_destroy(arena);
}

/* A move next door, where nothing else is mapped: source and destination have tables in common. */
static void move_next_door(void **state)
{
    (void)state;
    struct arena *arena;
    struct ram *ram;
    struct mm *mm;
    assert_int_equal(arena_create((size_t)1 << 20, &arena), 0);
    assert_int_equal(ram_create((uint64_t)8 << 20, &ram), 0);
    assert_int_equal(mm_create(arena, ram, NULL, &mm), 0);
    unsigned rw = LX_PROT_READ | LX_PROT_WRITE;
    for (uint64_t pages = 1; pages < 1100; pages = pages * 3 + 1) {
        for (gva_t at = 0x40000000; at < 0x40400000; at += 0x53000) {
            uint64_t size = pages << PAGE_SHIFT;
            assert_int_equal(map(mm, at, pages, rw, ANON | LX_MAP_FIXED), at);
            for (uint32_t i = 0; i < pages; i++)
                assert_int_equal(user_put(mm, at + i * PAGE_SIZE, &i), 0);
            for (int step = 0; step < 2; step++) {
                gva_t to = step ? at : at - size;
                assert_int_equal(mm_remap(mm, step ? at - size : at, size, size,
                                          LX_MREMAP_MAYMOVE | LX_MREMAP_FIXED, to),
                                 to);
                for (uint32_t i = 0; i < pages; i++) {
                    uint32_t value;
                    assert_int_equal(user_get(mm, &value, to + i * PAGE_SIZE), 0);
                    assert_int_equal(value, i);
                }
            }
            assert_int_equal(mm_unmap(mm, at, size), 0);
            assert_int_equal(ram_used(ram), 1);
        }
    }
    mm_put(mm);
    ram_destroy(ram);
    arena_destroy(arena);
}

/* Kernel and RAM set back together: the address space is as it was, twice. */
static void snapshot(void **state)
{
    (void)state;
    struct arena *arena;
    struct ram *ram;
    struct mm *mm;
    assert_int_equal(arena_create((size_t)1 << 20, &arena), 0);
    assert_int_equal(ram_create((uint64_t)4 << 20, &ram), 0);
    assert_int_equal(mm_create(arena, ram, NULL, &mm), 0);
    gva_t at = 0x200000;
    assert_int_equal(map(mm, at, 50, LX_PROT_READ | LX_PROT_WRITE, ANON | LX_MAP_FIXED), at);
    for (uint32_t i = 0; i < 50; i += 2)
        assert_int_equal(user_put(mm, at + i * PAGE_SIZE, &i), 0);
    struct arena_snapshot *saved;
    assert_int_equal(arena_snapshot(arena, &saved), 0);
    assert_int_equal(ram_snapshot(ram), 0);
    uint64_t used = ram_used(ram), bytes = arena_used(arena);
    for (int round = 0; round < 3; round++) {
        uint32_t value = 99;
        for (uint32_t i = 0; i < 50; i += 3)
            assert_int_equal(user_put(mm, at + i * PAGE_SIZE, &value), 0);
        assert_int_equal(mm_unmap(mm, at + 10 * PAGE_SIZE, 5 * PAGE_SIZE), 0);
        assert_true(map(mm, 0, 30, LX_PROT_READ, ANON | LX_MAP_POPULATE) > 0);
        assert_int_equal(mm_protect(mm, at, 5 * PAGE_SIZE, LX_PROT_READ), 0);
        arena_restore(arena, saved);
        ram_restore(ram);
        assert_int_equal(ram_used(ram), used);
        assert_int_equal(arena_used(arena), bytes);
        assert_int_equal(mm->vma_count, 1);
        for (uint32_t i = 0; i < 50; i++) {
            assert_int_equal(user_get(mm, &value, at + i * PAGE_SIZE), 0);
            assert_int_equal(value, i % 2 ? 0 : i);
        }
        arena_restore(arena, saved);
        ram_restore(ram);
    }
    arena_snapshot_free(saved);
    mm_put(mm);
    ram_snapshot_drop(ram);
    assert_int_equal(ram_used(ram), 0);
    ram_destroy(ram);
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(highest_gap), cmocka_unit_test(every_allocation_fails),
        cmocka_unit_test(sparse),      cmocka_unit_test(move_next_door),
        cmocka_unit_test(snapshot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
