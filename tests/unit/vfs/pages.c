/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The page tree of tmpfs against an array: setting, dropping ranges, finding data and holes;
 * indices up to the largest. */
#include "vfs_test.h"

#include "fs/tmpfs_pages.h"

#define PAGES 3000u

static uint32_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (uint32_t)(*state >> 33);
}

static uint64_t find_in(const frame_t *model, uint64_t from, bool present)
{
    for (uint64_t i = from; i < PAGES; i++)
        if ((model[i] != FRAME_NONE) == present)
            return i;
    return present ? TMPFS_PAGES_END : MAX(from, PAGES);
}

static void tree_is_like_an_array(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig);
    static frame_t model[PAGES];
    struct tmpfs_pages pages = {0};
    size_t used = arena_used(rig.arena);
    uint64_t frames = ram_used(rig.ram), seed = 7, count = 0;
    for (unsigned step = 0; step < 20000; step++) {
        uint64_t at = next_random(&seed) % PAGES;
        if (next_random(&seed) % 8) {
            if (model[at] == FRAME_NONE) {
                assert_int_equal(ram_alloc(rig.ram, &model[at]), 0);
                assert_int_equal(tmpfs_pages_set(&pages, rig.arena, at, model[at]), 0);
                count++;
            }
        } else {
            uint64_t end = at + next_random(&seed) % 200, last = MIN(end, PAGES - 1);
            tmpfs_pages_drop(&pages, rig.arena, rig.ram, at, last);
            for (uint64_t i = at; i <= last; i++) {
                count -= model[i] != FRAME_NONE;
                model[i] = FRAME_NONE;
            }
        }
        assert_int_equal(pages.count, count);
        uint64_t look = next_random(&seed) % PAGES;
        assert_int_equal(tmpfs_pages_get(&pages, look), model[look]);
        assert_int_equal(tmpfs_pages_find(&pages, look, true), find_in(model, look, true));
        assert_int_equal(tmpfs_pages_find(&pages, look, false), find_in(model, look, false));
    }
    tmpfs_pages_drop(&pages, rig.arena, rig.ram, 0, UINT64_MAX);
    assert_int_equal(pages.count, 0);
    assert_null(pages.root);
    assert_int_equal(arena_used(rig.arena), used);
    assert_int_equal(ram_used(rig.ram), frames);
    rig_fini(&rig);
}

static void indices_may_be_huge(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig);
    static const uint64_t at[] = {
        0, 63, 64, UINT64_C(1) << 28, (UINT64_C(1) << 51) - 1, UINT64_MAX - 1};
    struct tmpfs_pages pages = {0};
    for (unsigned i = 0; i < ARRAY_SIZE(at); i++) {
        frame_t frame;
        assert_int_equal(ram_alloc(rig.ram, &frame), 0);
        assert_int_equal(tmpfs_pages_set(&pages, rig.arena, at[i], frame), 0);
    }
    uint64_t from = 0;
    for (unsigned i = 0; i < ARRAY_SIZE(at); i++, from++) {
        from = tmpfs_pages_find(&pages, from, true);
        assert_true(from == at[i]);
        assert_int_not_equal(tmpfs_pages_get(&pages, at[i]), FRAME_NONE);
    }
    assert_true(tmpfs_pages_find(&pages, from, true) == TMPFS_PAGES_END);
    tmpfs_pages_drop(&pages, rig.arena, rig.ram, 1, UINT64_MAX);
    assert_int_equal(pages.count, 1);
    tmpfs_pages_drop(&pages, rig.arena, rig.ram, 0, 0);
    assert_null(pages.root);
    rig_fini(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tree_is_like_an_array),
        cmocka_unit_test(indices_may_be_huge),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
