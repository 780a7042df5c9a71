/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What do chdir(2), fchdir(2) and getcwd(2) know of each other? */
#include "file_test.h"

int main(void)
{
    scratch_enter();
    char text[4096], want[200];
    CHECK(mkdir("d", 0755));
    make_file("f", "");
    snprintf(want, sizeof want, "%s", scratch_path);
    EXPECT_EQ(strlen(want) + 1, CHECK(syscall(SYS_getcwd, text, sizeof text)));
    EXPECT(!strcmp(text, want));
    EXPECT_EQ(strlen(want) + 1, CHECK(syscall(SYS_getcwd, text, strlen(want) + 1)));
    EXPECT_ERRNO(ERANGE, syscall(SYS_getcwd, text, strlen(want)));
    EXPECT_ERRNO(ERANGE, syscall(SYS_getcwd, text, 0));
    EXPECT_ERRNO(EFAULT, syscall(SYS_getcwd, (void *)8, sizeof text));

    int top = CHECK(open(".", O_RDONLY)), path = CHECK(open("d", O_PATH));
    CHECK(fchdir(path));
    strcat(want, "/d");
    EXPECT(getcwd(text, sizeof text) && !strcmp(text, want));
    CHECK(rename("../d", "../e"));
    EXPECT(getcwd(text, sizeof text) && text[strlen(text) - 1] == 'e');
    CHECK(fchdir(top));
    EXPECT_ERRNO(ENOTDIR, chdir("f"));
    EXPECT_ERRNO(ENOENT, chdir("none"));
    EXPECT_ERRNO(ENOTDIR, fchdir(CHECK(open("f", O_RDONLY))));
    EXPECT_ERRNO(EBADF, fchdir(1000));
    CHECK(chdir("/"));
    EXPECT_EQ(2, CHECK(syscall(SYS_getcwd, text, sizeof text)));
    CHECK(chdir("/.."));
    EXPECT(getcwd(text, sizeof text) && !strcmp(text, "/"));
    CHECK(fchdir(top));

    CHECK(chmod("e", 0600));
    CHECK(seteuid(1000));
    EXPECT_ERRNO(EACCES, chdir("e"));
    EXPECT_ERRNO(EACCES, fchdir(path));
    EXPECT_ERRNO(EPERM, chroot("."));
    CHECK(seteuid(0));
    return 0;
}
