/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What may somebody who is not root do with files of others? */
#include "file_test.h"

int main(void)
{
    scratch_enter();
    make_file("secret", "s");
    make_file("public", "p");
    make_file("theirs", "t");
    make_file("exec", "e");
    CHECK(chmod("secret", 0600));
    CHECK(chmod("exec", 0611));
    CHECK(chown("theirs", 1000, 1000));
    CHECK(mkdir("sticky", 0777));
    CHECK(chmod("sticky", 01777));
    make_file("sticky/root", "r");
    CHECK(mkdir("open", 0777));
    CHECK(chmod("open", 0777));
    make_file("open/root", "r");
    CHECK(mkdir("shut", 0700));
    struct stat st;

    /* access(2) asks for the real ids, and root may all but execute what nobody may. */
    CHECK(access("secret", R_OK | W_OK));
    EXPECT_ERRNO(EACCES, access("secret", X_OK));
    CHECK(access("exec", X_OK));
    CHECK(access("shut", X_OK));

    CHECK(setegid(1000));
    CHECK(seteuid(1000));
    EXPECT_ERRNO(EACCES, open("secret", O_RDONLY));
    EXPECT_ERRNO(EACCES, open("public", O_WRONLY));
    EXPECT_ERRNO(EACCES, open("public", O_RDONLY | O_TRUNC));
    CHECK(close(CHECK(open("public", O_RDONLY))));
    CHECK(close(CHECK(open("theirs", O_RDWR))));
    EXPECT_ERRNO(EACCES, open("exec", O_RDONLY));
    CHECK(stat("secret", &st));
    EXPECT_ERRNO(EACCES, open("new", O_CREAT | O_RDWR, 0600));
    EXPECT_ERRNO(EACCES, open("shut/x", O_RDONLY));
    EXPECT_ERRNO(EACCES, mkdir("new", 0755));
    EXPECT_ERRNO(EACCES, unlink("theirs"));
    EXPECT_ERRNO(EACCES, rename("theirs", "other"));
    EXPECT_ERRNO(EEXIST, mkdir("open", 0755));
    EXPECT_ERRNO(EPERM, chmod("public", 0777));
    CHECK(chmod("theirs", 0604));
    EXPECT_ERRNO(EPERM, chown("public", 1000, -1));
    EXPECT_ERRNO(EPERM, chown("theirs", 0, -1));
    EXPECT_ERRNO(EPERM, chown("theirs", -1, 4));
    CHECK(chown("theirs", 1000, 1000));
    EXPECT_ERRNO(EPERM, open("public", O_RDONLY | O_NOATIME));
    CHECK(close(CHECK(open("theirs", O_RDONLY | O_NOATIME))));

    EXPECT_ERRNO(EPERM, unlink("sticky/root"));
    EXPECT_ERRNO(EPERM, rename("sticky/root", "sticky/mine"));
    make_file("sticky/mine", "m");
    CHECK(unlink("sticky/mine"));
    CHECK(unlink("open/root"));

    /* By effective ids: */
    EXPECT_ERRNO(EACCES, faccessat(AT_FDCWD, "secret", R_OK, AT_EACCESS));
    CHECK(access("secret", R_OK));
    CHECK(seteuid(0));
    return 0;
}
