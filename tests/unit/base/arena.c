/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The arena: no two allocations overlap, memory is zeroed and kept, limits and injected failures
 * give NULL, a snapshot brings every byte and all bookkeeping back.
 */
#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "abi/errno.h"

#define SLOTS 300

static uint64_t next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 33;
}

struct slot {
    unsigned char *memory;
    size_t size;
    unsigned char fill;
};

static struct arena *create(size_t limit)
{
    struct arena *arena = NULL;
    assert_int_equal(arena_create(limit, &arena), 0);
    return arena;
}

static size_t random_size(uint64_t *seed)
{
    switch (next_random(seed) % 8) {
    case 0:
        return next_random(seed) % 40000;
    case 1:
    case 2:
        return next_random(seed) % 5000;
    default:
        return next_random(seed) % 300;
    }
}

static void verify(const struct slot *slot)
{
    for (size_t i = 0; i < slot->size; i++)
        assert_int_equal(slot->memory[i], slot->fill);
}

static void fill(struct slot *slot, uint64_t *seed)
{
    slot->fill = (unsigned char)next_random(seed);
    memset(slot->memory, slot->fill, slot->size);
}

/* One random step on one slot: allocate, free or resize, checking contents. */
static void churn(struct arena *arena, struct slot *slot, uint64_t *seed)
{
    if (!slot->memory) {
        slot->size = random_size(seed);
        slot->memory = arena_alloc(arena, slot->size);
        if (!slot->memory)
            return;
        assert_int_equal((uintptr_t)slot->memory % (slot->size >= PAGE_SIZE ? PAGE_SIZE : 16), 0);
        for (size_t i = 0; i < slot->size; i++)
            assert_int_equal(slot->memory[i], 0);
        fill(slot, seed);
    } else if (next_random(seed) % 3 == 0) {
        size_t size = random_size(seed);
        unsigned char *moved = arena_realloc(arena, slot->memory, size);
        if (!moved)
            return;
        for (size_t i = 0; i < size; i++)
            assert_int_equal(moved[i], i < slot->size ? slot->fill : 0);
        slot->memory = moved;
        slot->size = size;
        fill(slot, seed);
    } else {
        verify(slot);
        arena_free(arena, slot->memory);
        slot->memory = NULL;
    }
}

static void random_operations(void **state)
{
    (void)state;
    struct arena *arena = create((size_t)4 << 20);
    struct slot slots[SLOTS] = {0};
    uint64_t seed = 7;
    for (int step = 0; step < 60000; step++)
        churn(arena, &slots[next_random(&seed) % SLOTS], &seed);
    for (int i = 0; i < SLOTS; i++) {
        if (slots[i].memory)
            verify(&slots[i]);
        arena_free(arena, slots[i].memory);
    }
    assert_int_equal(arena_used(arena), 0);
    assert_true(arena_peak(arena) > 0 && arena_peak(arena) <= (size_t)4 << 20);
    arena_destroy(arena);
}

static void limit(void **state)
{
    (void)state;
    struct arena *arena = create((size_t)1 << 20);
    assert_null(arena_alloc(arena, (size_t)2 << 20));
    assert_null(arena_alloc(arena, SIZE_MAX));
    for (int round = 0; round < 3; round++) {
        void *all[256];
        int count = 0;
        while (count < 256 && (all[count] = arena_alloc(arena, 5000)) != NULL)
            count++;
        assert_int_equal(count, 128);
        assert_null(arena_alloc(arena, 5000));
        while (count > 0)
            arena_free(arena, all[--count]);
    }
    assert_int_equal(arena_used(arena), 0);
    void *most = arena_alloc(arena, ((size_t)1 << 20) - 64);
    assert_non_null(most);
    arena_free(arena, most);
    arena_destroy(arena);
    assert_int_equal(arena_create(0, &arena), -LX_ENOMEM);
}

static void failure_injection(void **state)
{
    (void)state;
    struct arena *arena = create((size_t)1 << 20);
    for (uint64_t n = 1; n <= 5; n++) {
        arena_fail_at(arena, n);
        for (uint64_t i = 1; i <= 6; i++) {
            void *memory = arena_alloc(arena, 100);
            assert_int_equal(memory == NULL, i == n);
            arena_free(arena, memory);
        }
    }
    uint64_t before = arena_attempts(arena);
    char *text = arena_strdup(arena, "text");
    assert_int_equal(arena_attempts(arena), before + 1);
    arena_fail_at(arena, 1);
    assert_null(arena_realloc(arena, text, 3000));
    assert_string_equal(text, "text");
    arena_free(arena, text);
    arena_destroy(arena);
}

static void snapshots(void **state)
{
    (void)state;
    struct arena *arena = create((size_t)8 << 20);
    struct slot slots[SLOTS] = {0}, saved[SLOTS];
    uint64_t seed = 3;
    for (int step = 0; step < 3000; step++)
        churn(arena, &slots[next_random(&seed) % SLOTS], &seed);

    struct arena_snapshot *snapshot;
    assert_int_equal(arena_snapshot(arena, &snapshot), 0);
    memcpy(saved, slots, sizeof slots);
    size_t used = arena_used(arena);
    uint64_t attempts = arena_attempts(arena), saved_seed = seed;
    void *first = NULL;
    for (int round = 0; round < 4; round++) {
        for (int step = 0; step < 3000; step++)
            churn(arena, &slots[next_random(&seed) % SLOTS], &seed);
        void *memory = arena_alloc(arena, 77);
        assert_true(round == 0 || memory == first); /* the same run again: the same addresses */
        first = memory;
        arena_restore(arena, snapshot);
        memcpy(slots, saved, sizeof slots);
        seed = saved_seed;
        assert_int_equal(arena_used(arena), used);
        assert_int_equal(arena_attempts(arena), attempts);
        for (int i = 0; i < SLOTS; i++)
            if (slots[i].memory)
                verify(&slots[i]);
    }
    for (int i = 0; i < SLOTS; i++)
        arena_free(arena, slots[i].memory);
    assert_int_equal(arena_used(arena), 0);
    arena_snapshot_free(snapshot);
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_operations),
        cmocka_unit_test(limit),
        cmocka_unit_test(failure_injection),
        cmocka_unit_test(snapshots),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
