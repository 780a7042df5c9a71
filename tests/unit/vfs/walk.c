/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Path walks over tmpfs: where each path leads, or its error; links, mounts and the way up from
 * them; scopes. */
#include "vfs_test.h"

static void make_tree(struct rig *rig)
{
    static const char *const dirs[] = {"/a", "/a/b", "/a/b/c", "/m", "/jail"};
    for (unsigned i = 0; i < ARRAY_SIZE(dirs); i++)
        assert_int_equal(vfs_mkdir(&rig->context, LX_AT_FDCWD, dirs[i], 0755), 0);
    rig_make_file(rig, "/a/f", "f");
    struct mount_request request = {.type = "tmpfs", .source = "none", .options = "size=1m"};
    assert_int_equal(vfs_mount_fs(&rig->context, "/m", &request), 0);
    assert_int_equal(vfs_mkdir(&rig->context, LX_AT_FDCWD, "/m/inner", 0755), 0);
    rig_make_file(rig, "/m/g", "g");
    static const char *const links[][2] = {
        {"b", "/a/l"},       {"../a/l/c/", "/a/deep"},  {"/m/inner", "/a/over"},
        {"loop", "/a/loop"}, {"..", "/m/up"},           {"/", "/a/root"},
        {"f/", "/a/fslash"}, {"../../..", "/jail/out"}, {"/a", "/jail/abs"},
    };
    for (unsigned i = 0; i < ARRAY_SIZE(links); i++)
        assert_int_equal(vfs_symlink(&rig->context, links[i][0], LX_AT_FDCWD, links[i][1]), 0);
}

/* The path of where `name` leads, or a negative error. */
static long walk(struct rig *rig, const char *name, unsigned flags, char out[256])
{
    struct path path;
    long err = path_walk(&rig->context, LX_AT_FDCWD, name, flags, &path);
    if (err)
        return err;
    struct strbuf text;
    strbuf_init(&text, rig->arena, 255);
    path_format(&rig->vfs, &path, NULL, &text);
    strcpy(out, strbuf_string(&text));
    strbuf_fini(&text);
    path_put(&path);
    return 0;
}

static void paths_lead_where_they_say(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        unsigned flags;
        const char *want;
        long err;
    } cases[] = {
        {"/", 0, "/", 0},
        {"", 0, NULL, -LX_ENOENT},
        {"", PATH_EMPTY, "/", 0},
        {"/..", 0, "/", 0},
        {"//a//./b///../f", 0, "/a/f", 0},
        {"a/b/", 0, "/a/b", 0},
        {"a/f/", 0, NULL, -LX_ENOTDIR},
        {"a/f/.", 0, NULL, -LX_ENOTDIR},
        {"a/f", PATH_DIRECTORY, NULL, -LX_ENOTDIR},
        {"a/none", 0, NULL, -LX_ENOENT},
        {"a/none/x", 0, NULL, -LX_ENOENT},
        {"a/l", 0, "/a/l", 0},
        {"a/l", PATH_FOLLOW, "/a/b", 0},
        {"a/l/", 0, "/a/b", 0},
        {"a/l/c", 0, "/a/b/c", 0},
        {"a/deep", PATH_FOLLOW, "/a/b/c", 0},
        {"a/deep/..", 0, "/a/b", 0},
        {"a/fslash", PATH_FOLLOW, NULL, -LX_ENOTDIR},
        {"a/fslash", 0, "/a/fslash", 0},
        {"a/root/a/root/m/g", 0, "/m/g", 0},
        {"a/root", PATH_FOLLOW, "/", 0},
        {"a/root/", 0, "/", 0},
        {"a/over", PATH_FOLLOW, "/m/inner", 0},
        {"a/over/../g", 0, "/m/g", 0},
        {"m/inner/../..", 0, "/", 0},
        {"m/up", PATH_FOLLOW, "/", 0},
        {"m/up/a/b", 0, "/a/b", 0},
        {"a/loop", PATH_FOLLOW, NULL, -LX_ELOOP},
        {"a/loop/x", 0, NULL, -LX_ELOOP},
        {"m/g", PATH_NO_XDEV, NULL, -LX_EXDEV},
        {"a/f", PATH_NO_XDEV, "/a/f", 0},
        {"a/l/c", PATH_NO_SYMLINKS, NULL, -LX_ELOOP},
        {"a/../a/f", PATH_BENEATH, "/a/f", 0},
        {"..", PATH_BENEATH, NULL, -LX_EXDEV},
        {"/a", PATH_BENEATH, NULL, -LX_EXDEV},
    };
    struct rig rig;
    rig_init(&rig);
    make_tree(&rig);
    for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
        char got[256] = "";
        long err = walk(&rig, cases[i].name, cases[i].flags, got);
        if (err != cases[i].err || (!err && strcmp(got, cases[i].want) != 0))
            fail_msg("%s (%#x): got %s, %ld", cases[i].name, cases[i].flags, got, err);
    }
    rig_fini(&rig);
}

static void nothing_leads_out_of_a_scope(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig);
    make_tree(&rig);
    struct path jail, path;
    assert_int_equal(path_walk(&rig.context, LX_AT_FDCWD, "/jail", 0, &jail), 0);
    assert_int_equal(path_walk_from(&rig.context, &jail, "out", PATH_FOLLOW | PATH_IN_ROOT, &path),
                     0);
    assert_true(path_equal(&path, &jail));
    path_put(&path);
    assert_int_equal(path_walk_from(&rig.context, &jail, "abs", PATH_FOLLOW | PATH_IN_ROOT, &path),
                     -LX_ENOENT);
    assert_int_equal(path_walk_from(&rig.context, &jail, "abs", PATH_FOLLOW | PATH_BENEATH, &path),
                     -LX_EXDEV);
    assert_int_equal(path_walk_from(&rig.context, &jail, "out", PATH_FOLLOW, &path), 0);
    assert_ptr_equal(path.dentry, rig.vfs.root->root);
    path_put(&path);
    path_put(&jail);
    rig_fini(&rig);
}

/* However long the path: no walk leaves a reference behind. */
static void walks_leave_nothing_behind(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig);
    make_tree(&rig);
    size_t used = arena_used(rig.arena);
    unsigned refs = rig.vfs.root->root->refs;
    static const char *const names[] = {"a/deep",      "a/loop",          "a/over/../../a/f/x",
                                        "m/up/a/none", "/a/root/m/inner", "a/f"};
    char got[256];
    for (unsigned round = 0; round < 100; round++)
        for (unsigned i = 0; i < ARRAY_SIZE(names); i++)
            (void)!walk(&rig, names[i], round & 1 ? PATH_FOLLOW : 0, got);
    assert_int_equal(arena_used(rig.arena), used);
    assert_int_equal(rig.vfs.root->root->refs, refs);
    rig_fini(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_lead_where_they_say),
        cmocka_unit_test(nothing_leads_out_of_a_scope),
        cmocka_unit_test(walks_leave_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
