/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Record locks against a model that knows the type of each byte's lock, for three owners and 20,000
 * random calls. */
#include "vfs_test.h"

#include "vfs/locks.h"

#define OWNERS 3
#define BYTES 64

static uint32_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (uint32_t)(*state >> 33);
}

static bool conflicts(int8_t model[OWNERS][BYTES], int owner, int type, int from, int to)
{
    for (int o = 0; o < OWNERS; o++)
        for (int i = from; o != owner && i <= to; i++)
            if (model[o][i] == LX_F_WRLCK || (model[o][i] == LX_F_RDLCK && type == LX_F_WRLCK))
                return true;
    return false;
}

/* Does F_OFD_GETLK from outside find a lock at byte `at`? */
static bool is_locked(struct file *outside, int at)
{
    struct lx_flock lock = {.l_type = LX_F_WRLCK, .l_start = at, .l_len = 1};
    assert_int_equal(file_get_lock(outside, &lock, NULL), 0);
    return lock.l_type != LX_F_UNLCK;
}

static void locks_are_like_bytes(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig);
    rig_make_file(&rig, "/f", "x");
    struct file *files[OWNERS], *outside;
    for (int i = 0; i < OWNERS; i++)
        assert_int_equal(rig_open(&rig, "/f", LX_O_RDWR, &files[i]), 0);
    assert_int_equal(rig_open(&rig, "/f", LX_O_RDWR, &outside), 0);
    int8_t model[OWNERS][BYTES];
    memset(model, LX_F_UNLCK, sizeof model);
    uint64_t seed = 3;
    for (unsigned step = 0; step < 20000; step++) {
        int owner = (int)(next_random(&seed) % OWNERS), type = (int)(next_random(&seed) % 3);
        int from = (int)(next_random(&seed) % BYTES);
        int to = from + (int)(next_random(&seed) % (unsigned)(BYTES - from));
        struct lx_flock lock = {.l_type = (int16_t)type, .l_start = from, .l_len = to - from + 1};
        bool refused = type != LX_F_UNLCK && conflicts(model, owner, type, from, to);
        assert_int_equal(file_set_lock(files[owner], &lock, NULL, 0, false),
                         refused ? -LX_EAGAIN : 0);
        if (!refused)
            memset(&model[owner][from], type, (size_t)(to - from + 1));
        int at = (int)(next_random(&seed) % BYTES);
        bool any = false;
        for (int o = 0; o < OWNERS; o++)
            any |= model[o][at] != LX_F_UNLCK;
        assert_int_equal(is_locked(outside, at), any);
        assert_true(rig.vfs.lock_count <= OWNERS * BYTES);
    }
    for (int i = 0; i < OWNERS; i++)
        file_put(files[i]);
    assert_int_equal(rig.vfs.lock_count, 0);
    file_put(outside);
    rig_fini(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(locks_are_like_bytes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
