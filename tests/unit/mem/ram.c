/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * RAM: frames are zeroed, counted and limited; a snapshot brings contents, counts and the order of
 * allocation back, again and again; no frame is write-granted and executed at once.
 */
#include "mem/ram.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "abi/errno.h"

#define FRAMES 300

static uint64_t next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 33;
}

static struct ram *create(uint64_t frames)
{
    struct ram *ram = NULL;
    assert_int_equal(ram_create(frames << PAGE_SHIFT, &ram), 0);
    return ram;
}

static void limit(void **state)
{
    (void)state;
    struct ram *ram;
    assert_int_equal(ram_create(0, &ram), -LX_ENOMEM);
    assert_int_equal(ram_create(4097, &ram), -LX_ENOMEM);
    ram = create(10);
    frame_t frames[8], frame;
    assert_int_equal(ram_free(ram), 8);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 8; i++) {
            assert_int_equal(ram_alloc(ram, &frames[i]), 0);
            assert_true(frames[i] != FRAME_NONE && frames[i] != RAM_ZERO_FRAME);
            const unsigned char *bytes = ram_read(ram, frames[i]);
            for (unsigned b = 0; b < PAGE_SIZE; b++)
                assert_int_equal(bytes[b], 0);
            memset(ram_write(ram, frames[i]), 0xee, PAGE_SIZE);
        }
        assert_int_equal(ram_alloc(ram, &frame), -LX_ENOMEM);
        assert_int_equal(ram_used(ram), 8);
        assert_int_equal(ram_free(ram), 0);
        ram_get(ram, frames[3]);
        for (int i = 0; i < 8; i++)
            ram_put(ram, frames[i]);
        assert_int_equal(ram_used(ram), 1);
        assert_int_equal(ram_refs(ram, frames[3]), 1);
        ram_put(ram, frames[3]);
    }
    assert_int_equal(ram_peak(ram), 8);
    ram_fail_at(ram, 2);
    assert_int_equal(ram_alloc(ram, &frame), 0);
    ram_put(ram, frame);
    assert_int_equal(ram_alloc(ram, &frame), -LX_ENOMEM);
    assert_int_equal(ram_alloc(ram, &frame), 0);
    ram_put(ram, frame);
    ram_destroy(ram);
}

/* What the test knows of the frames that it holds. */
struct model {
    frame_t frame[FRAMES];
    uint32_t refs[FRAMES];
    uint64_t value[FRAMES];
    uint64_t seed;
};

static void churn(struct ram *ram, struct model *model)
{
    unsigned i = (unsigned)(next_random(&model->seed) % FRAMES);
    if (!model->refs[i]) {
        if (ram_alloc(ram, &model->frame[i]))
            return;
        model->refs[i] = 1;
        model->value[i] = 0;
        return;
    }
    switch (next_random(&model->seed) % 4) {
    case 0:
        ram_put(ram, model->frame[i]);
        model->refs[i]--;
        break;
    case 1:
        if (next_random(&model->seed) % 4 == 0) {
            ram_get(ram, model->frame[i]);
            model->refs[i]++;
        }
        break;
    default:
        model->value[i] = next_random(&model->seed);
        ((uint64_t *)ram_write(ram, model->frame[i]))[100] = model->value[i];
    }
}

static void check(struct ram *ram, const struct model *model)
{
    uint64_t used = 0;
    for (unsigned i = 0; i < FRAMES; i++) {
        if (!model->refs[i])
            continue;
        used++;
        assert_int_equal(ram_refs(ram, model->frame[i]), model->refs[i]);
        const uint64_t *words = ram_read(ram, model->frame[i]);
        assert_int_equal(words[100], model->value[i]);
        assert_int_equal(words[101], 0);
    }
    assert_int_equal(ram_used(ram), used);
}

static void snapshots(void **state)
{
    (void)state;
    struct ram *ram = create(260); /* fewer than the model wants: it meets the limit */
    struct model model = {.seed = 5};
    for (int step = 0; step < 2000; step++)
        churn(ram, &model);
    check(ram, &model);
    for (int generation = 0; generation < 5; generation++) {
        struct model saved = model;
        assert_int_equal(ram_snapshot(ram), 0);
        assert_int_equal(ram_snapshot(ram), -LX_EBUSY);
        struct model after = {.seed = 0};
        for (int round = 0; round < 6; round++) {
            for (int step = 0; step < 300 * round; step++)
                churn(ram, &model);
            check(ram, &model);
            struct model replay = saved;
            ram_restore(ram);
            check(ram, &saved);
            /* The same steps again: the same frames. */
            for (int step = 0; step < 300 * round; step++)
                churn(ram, &replay);
            assert_memory_equal(&replay, &model, sizeof model);
            after = replay;
            ram_restore(ram);
            model = saved;
        }
        (void)after;
        for (int step = 0; step < 500; step++)
            churn(ram, &model);
        ram_snapshot_drop(ram);
        check(ram, &model);
    }
    ram_destroy(ram);
}

static void grants(void **state)
{
    (void)state;
    struct ram *ram = create(100);
    frame_t frame;
    unsigned all = CPU_READ | CPU_WRITE | CPU_EXEC;
    assert_int_equal(ram_alloc(ram, &frame), 0);
    assert_int_equal(ram_grants(ram, frame, all), all);
    assert_int_equal(ram_grants(ram, frame, CPU_READ), CPU_READ);

    /* With a snapshot nothing is writable before it was saved. */
    frame_t other;
    assert_int_equal(ram_alloc(ram, &other), 0);
    *(uint64_t *)ram_write(ram, other) = 1;
    assert_int_equal(ram_snapshot(ram), 0);
    assert_int_equal(ram_grants(ram, other, all) & CPU_WRITE, 0);
    assert_int_equal(ram_grants(ram, other, all), CPU_READ | CPU_EXEC);
    ram_prepare(ram, other, CPU_WRITE);
    assert_int_equal(ram_grants(ram, other, all), all);
    *((uint64_t *)ram_base(ram) + ram_phys(other) / 8) = 2; /* as the guest does */
    ram_restore(ram);
    assert_int_equal(*(const uint64_t *)ram_read(ram, other), 1);
    assert_int_equal(ram_grants(ram, other, all) & CPU_WRITE, 0);
    ram_destroy(ram);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limit),
        cmocka_unit_test(snapshots),
        cmocka_unit_test(grants),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
