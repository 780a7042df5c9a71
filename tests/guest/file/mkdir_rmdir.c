/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When are directories made and removed, and what do they count? */
#include "file_test.h"

int main(void)
{
    scratch_enter();
    CHECK(mkdir("a", 0755));
    CHECK(mkdir("a/b/", 0755));
    EXPECT_EQ(3, stat_of("a").st_nlink);
    EXPECT_EQ(2, stat_of("a/b").st_nlink);
    EXPECT_ERRNO(EEXIST, mkdir("a", 0755));
    EXPECT_ERRNO(EEXIST, mkdir("a/.", 0755));
    EXPECT_ERRNO(EEXIST, mkdir("a/..", 0755));
    EXPECT_ERRNO(EEXIST, mkdir("/", 0755));
    EXPECT_ERRNO(ENOENT, mkdir("x/y", 0755));
    EXPECT_ERRNO(ENOENT, mkdir("", 0755));
    make_file("f", "");
    EXPECT_ERRNO(EEXIST, mkdir("f", 0755));
    EXPECT_ERRNO(EEXIST, mkdir("f/", 0755));
    EXPECT_ERRNO(ENOTDIR, mkdir("f/x", 0755));
    CHECK(symlink("none", "l"));
    EXPECT_ERRNO(EEXIST, mkdir("l", 0755));

    EXPECT_ERRNO(ENOTEMPTY, rmdir("a"));
    EXPECT_ERRNO(EINVAL, rmdir("a/."));
    EXPECT_ERRNO(ENOTEMPTY, rmdir("a/.."));
    EXPECT_ERRNO(EBUSY, rmdir("/"));
    EXPECT_ERRNO(ENOTDIR, rmdir("f"));
    EXPECT_ERRNO(ENOTDIR, rmdir("l"));
    EXPECT_ERRNO(ENOENT, rmdir("none"));
    CHECK(rmdir("a/b/"));
    EXPECT_EQ(2, stat_of("a").st_nlink);

    /* A removed directory that somebody stands in takes nothing any more. */
    CHECK(chdir("a"));
    int dir = CHECK(open(".", O_RDONLY));
    CHECK(rmdir("../a"));
    struct stat st;
    CHECK(fstat(dir, &st));
    EXPECT_EQ(0, st.st_nlink);
    EXPECT_ERRNO(ENOENT, mkdir("x", 0755));
    EXPECT_ERRNO(ENOENT, open("x", O_CREAT | O_RDWR, 0600));
    EXPECT_ERRNO(ENOENT, stat("x", &st));
    char text[4096];
    EXPECT_ERRNO(ENOENT, syscall(SYS_getcwd, text, sizeof text));
    EXPECT_ERRNO(ENOENT, syscall(SYS_getdents64, dir, text, sizeof text));
    CHECK(stat(".", &st));
    CHECK(chdir(".."));
    EXPECT(exists("f"));
    return 0;
}
