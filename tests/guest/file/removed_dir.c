/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is a directory that was removed while it is open? Still one, and nothing is made in it. */
#include "file_test.h"

int main(void)
{
    scratch_enter();
    CHECK(mkdir("dir", 0755));
    int dir = CHECK(open("dir", O_RDONLY)), again;
    CHECK(rmdir("dir"));
    EXPECT_ERRNO(ENOENT, openat(dir, "x", O_CREAT | O_RDWR, 0600));
    EXPECT_ERRNO(ENOENT, mkdirat(dir, "x", 0700));
    EXPECT_ERRNO(ENOENT, symlinkat("x", dir, "y"));
    EXPECT_ERRNO(ENOENT, openat(dir, "x", O_RDONLY));
    EXPECT_ERRNO(ENOENT, unlinkat(dir, "x", 0));
    again = CHECK(openat(dir, ".", O_RDONLY));
    CHECK(close(CHECK(openat(dir, "..", O_RDONLY))));
    struct stat st;
    CHECK(fstat(again, &st));
    EXPECT(S_ISDIR(st.st_mode));
    EXPECT_EQ(0, st.st_nlink);
    CHECK(fchdir(dir));
    char name[100];
    EXPECT_ERRNO(ENOENT, syscall(SYS_getcwd, name, sizeof name));
    EXPECT_ERRNO(ENOENT, syscall(SYS_getdents64, dir, name, sizeof name));
    return 0;
}
