/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What may link(2) name, and what does a second name share? */
#include "file_test.h"

int main(void)
{
    scratch_enter();
    make_file("f", "one");
    CHECK(mkdir("d", 0755));
    CHECK(symlink("f", "l"));
    CHECK(link("f", "d/g"));
    EXPECT_EQ(2, stat_of("f").st_nlink);
    EXPECT_EQ(stat_of("f").st_ino, stat_of("d/g").st_ino);
    make_file("d/g", "two");
    expect_file("f", "two");

    EXPECT_ERRNO(EPERM, link("d", "x"));
    EXPECT_ERRNO(EEXIST, link("f", "d"));
    EXPECT_ERRNO(EEXIST, link("f", "f"));
    EXPECT_ERRNO(ENOENT, link("none", "x"));
    EXPECT_ERRNO(ENOENT, link("none", "f"));
    EXPECT_ERRNO(ENOENT, link("f", "x/"));
    EXPECT_ERRNO(ENOTDIR, link("f/", "x"));
    EXPECT_ERRNO(ENOENT, link("f", "n/x"));
    EXPECT_ERRNO(EINVAL, linkat(AT_FDCWD, "f", AT_FDCWD, "x", 1));
    EXPECT_ERRNO(EXDEV, link("f", "/dev/shm/lstar-link"));

    /* A link to the link, or to what it points to. */
    CHECK(link("l", "l2"));
    EXPECT(S_ISLNK(stat_of("l2").st_mode));
    CHECK(linkat(AT_FDCWD, "l", AT_FDCWD, "l3", AT_SYMLINK_FOLLOW));
    EXPECT(S_ISREG(stat_of("l3").st_mode));
    EXPECT_EQ(3, stat_of("f").st_nlink);

    int fd = CHECK(open("f", O_RDONLY));
    CHECK(linkat(fd, "", AT_FDCWD, "by-fd", AT_EMPTY_PATH));
    EXPECT_EQ(4, stat_of("f").st_nlink);
    int gone = CHECK(open("gone", O_CREAT | O_RDWR, 0600));
    CHECK(unlink("gone"));
    EXPECT_ERRNO(ENOENT, linkat(gone, "", AT_FDCWD, "back", AT_EMPTY_PATH));
    return 0;
}
