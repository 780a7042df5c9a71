/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which error comes first when several things are wrong with a path? */
#include "file_test.h"

int main(void)
{
    scratch_enter();
    make_file("f", "x");
    CHECK(mkdir("d", 0755));
    CHECK(mkdir("closed", 0));
    char name[5000];
    struct stat st;

    EXPECT_ERRNO(ENOTDIR, stat("f/x", &st));
    EXPECT_ERRNO(ENOTDIR, stat("f/.", &st));
    EXPECT_ERRNO(ENOTDIR, stat("f/..", &st));
    EXPECT_ERRNO(ENOTDIR, stat("f/", &st));
    EXPECT_ERRNO(ENOENT, stat("none/..", &st));
    EXPECT_ERRNO(ENOENT, stat("none/", &st));
    CHECK(stat("d/./../d//", &st));
    CHECK(stat("/../..", &st));

    memset(name, 'a', sizeof name);
    name[255] = 0;
    EXPECT_ERRNO(ENOENT, stat(name, &st));
    name[255] = 'a';
    name[256] = 0;
    EXPECT_ERRNO(ENAMETOOLONG, stat(name, &st));
    memcpy(name, "none/", 5);
    EXPECT_ERRNO(ENOENT, stat(name, &st));
    memcpy(name, "f////", 5);
    EXPECT_ERRNO(ENOTDIR, stat(name, &st));

    /* 4095 characters are a path, 4096 are not. */
    memset(name, '/', sizeof name);
    name[4094] = 'd';
    name[4095] = 0;
    EXPECT_ERRNO(ENOENT, stat(name, &st));
    name[4094] = '.';
    CHECK(stat(name, &st));
    name[4095] = '.';
    name[4096] = 0;
    EXPECT_ERRNO(ENAMETOOLONG, stat(name, &st));
    EXPECT_ERRNO(ENAMETOOLONG, open(name, O_RDONLY));
    EXPECT_ERRNO(ENAMETOOLONG, openat(-7, name, O_RDONLY));

    int fd = CHECK(open("f", O_RDONLY));
    EXPECT_ERRNO(ENOTDIR, fstatat(fd, "x", &st, 0));
    CHECK(fstatat(fd, "/", &st, 0));
    EXPECT_ERRNO(EBADF, fstatat(1000, "x", &st, 0));
    CHECK(fstatat(1000, "/", &st, 0));

    /* Without the right to search even ".." is out of reach. */
    CHECK(seteuid(1000));
    EXPECT_ERRNO(EACCES, stat("closed/x", &st));
    EXPECT_ERRNO(EACCES, stat("closed/..", &st));
    EXPECT_ERRNO(EACCES, stat("closed/.", &st));
    CHECK(stat("closed", &st));
    CHECK(stat("closed/", &st));
    name[4096 - 300] = 0;
    CHECK(seteuid(0));
    return 0;
}
