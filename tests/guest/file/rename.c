/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What does rename(2) replace and what not? */
#include "file_test.h"

int main(void)
{
    scratch_enter();
    make_file("f", "f");
    make_file("g", "g");
    CHECK(mkdir("d", 0755));
    CHECK(mkdir("d/sub", 0755));
    CHECK(mkdir("empty", 0755));
    CHECK(symlink("f", "l"));
    int g = CHECK(open("g", O_RDONLY));

    CHECK(rename("f", "g"));
    EXPECT(!exists("f"));
    expect_file("g", "f");
    struct stat st;
    CHECK(fstat(g, &st));
    EXPECT_EQ(0, st.st_nlink);

    EXPECT_ERRNO(ENOENT, rename("none", "g"));
    EXPECT_ERRNO(EISDIR, rename("g", "d"));
    EXPECT_ERRNO(ENOTDIR, rename("d", "g"));
    EXPECT_ERRNO(ENOTEMPTY, rename("empty", "d"));
    EXPECT_ERRNO(EINVAL, rename("d", "d/sub/x"));
    EXPECT_ERRNO(EINVAL, rename("d", "d/x"));
    EXPECT_ERRNO(ENOTEMPTY, rename("d/sub", "d"));
    EXPECT_ERRNO(EBUSY, rename("d/.", "x"));
    EXPECT_ERRNO(EBUSY, rename("d", "empty/.."));
    EXPECT_ERRNO(ENOTDIR, rename("g/", "x"));
    EXPECT_ERRNO(ENOTDIR, rename("g", "x/"));
    EXPECT_ERRNO(ENOENT, rename("", "x"));
    EXPECT_ERRNO(ENOENT, rename("g", ""));
    EXPECT_ERRNO(EFAULT, rename("g", (void *)8));
    EXPECT_ERRNO(ENOENT, rename("none/x", (void *)8));

    /* Of links to the same file nothing changes. */
    CHECK(link("g", "h"));
    CHECK(rename("g", "h"));
    EXPECT(exists("g") && exists("h"));

    /* Directories move with what is in them, over empty ones too. */
    CHECK(rename("d", "empty/"));
    EXPECT(exists("empty/sub") && !exists("d"));
    CHECK(mkdir("deep", 0755));
    CHECK(rename("empty", "deep/moved"));
    EXPECT_EQ(3, stat_of("deep").st_nlink);
    CHECK(chdir("deep/moved/sub"));
    CHECK(stat("../../../g", &st));
    CHECK(chdir("../../.."));

    /* The link moves, not its target. */
    CHECK(rename("l", "l2"));
    EXPECT(S_ISLNK(stat_of("l2").st_mode));
    CHECK(rename("g", "l2"));
    EXPECT(S_ISREG(stat_of("l2").st_mode));

    /* Names that are long, both ways. */
    char longer[256];
    memset(longer, 'n', 255);
    longer[255] = 0;
    CHECK(rename("l2", longer));
    CHECK(rename(longer, "short"));
    expect_file("short", "f");
    return 0;
}
