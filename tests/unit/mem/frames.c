/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sparse arrays of frames against a plain table, indices up to the last there is, and every
 * allocation failing once.
 */
#include "mem/frames.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <stdlib.h>

#include "abi/errno.h"

#define SLOTS 200

static uint64_t next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 33;
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static void random_operations(void **state)
{
    (void)state;
    struct arena *arena;
    struct ram *ram;
    assert_int_equal(arena_create((size_t)16 << 20, &arena), 0);
    assert_int_equal(ram_create((uint64_t)4 << 20, &ram), 0);
    struct frame_array array;
    frames_init(&array, arena);
    uint64_t seed = 11, indices[SLOTS];
    frame_t frames[SLOTS] = {0};
    for (unsigned i = 0; i < SLOTS; i++)
        indices[i] = i < 80 ? i * 3 : next_random(&seed) << (next_random(&seed) % 34);
    indices[SLOTS - 1] = UINT64_MAX;
    qsort(indices, SLOTS, sizeof *indices, by_value);

    for (int step = 0; step < 30000; step++) {
        unsigned i = (unsigned)(next_random(&seed) % SLOTS);
        if (i && indices[i] == indices[i - 1])
            continue;
        assert_int_equal(frames_get(&array, indices[i]), frames[i]);
        if (!frames[i]) {
            assert_int_equal(ram_alloc(ram, &frames[i]), 0);
            assert_int_equal(frames_set(&array, indices[i], frames[i]), 0);
        } else if (next_random(&seed) % 2) {
            uint64_t index = indices[i];
            assert_int_equal(frames_take(&array, &index, index), frames[i]);
            ram_put(ram, frames[i]);
            frames[i] = FRAME_NONE;
        } else {
            uint64_t index = indices[i] + 1;
            unsigned next = i + 1;
            while (next < SLOTS && !frames[next])
                next++;
            frame_t found = index ? frames_next(&array, &index, UINT64_MAX) : FRAME_NONE;
            assert_int_equal(found, next < SLOTS ? frames[next] : FRAME_NONE);
            assert_true(!found || index == indices[next]);
        }
        assert_int_equal(array.count, ram_used(ram));
    }
    frames_drop(&array, ram, 100, UINT64_MAX - 1);
    for (unsigned i = 0; i < SLOTS; i++)
        if (indices[i] < 100 || indices[i] == UINT64_MAX)
            assert_int_equal(frames_get(&array, indices[i]), frames[i]);
    frames_drop(&array, ram, 0, UINT64_MAX);
    assert_int_equal(ram_used(ram), 0);
    assert_int_equal(arena_used(arena), 0);
    ram_destroy(ram);
    arena_destroy(arena);
}

static void no_memory(void **state)
{
    (void)state;
    struct arena *arena;
    struct ram *ram;
    frame_t low, high;
    assert_int_equal(arena_create((size_t)16 << 20, &arena), 0);
    assert_int_equal(ram_create((uint64_t)4 << 20, &ram), 0);
    for (uint64_t n = 1;; n++) {
        struct frame_array array;
        frames_init(&array, arena);
        assert_int_equal(ram_alloc(ram, &low), 0);
        assert_int_equal(ram_alloc(ram, &high), 0);
        arena_fail_at(arena, n);
        long first = frames_set(&array, 5, low);
        long second = frames_set(&array, (uint64_t)1 << 40, high);
        arena_fail_at(arena, 0);
        assert_int_equal(frames_get(&array, 5), first ? FRAME_NONE : low);
        assert_int_equal(frames_get(&array, (uint64_t)1 << 40), second ? FRAME_NONE : high);
        if (first)
            ram_put(ram, low);
        if (second)
            ram_put(ram, high);
        frames_drop(&array, ram, 0, UINT64_MAX);
        assert_int_equal(arena_used(arena), 0);
        assert_int_equal(ram_used(ram), 0);
        if (!first && !second) {
            assert_true(n > 5);
            break;
        }
    }
    ram_destroy(ram);
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_operations),
        cmocka_unit_test(no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
