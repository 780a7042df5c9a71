/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What do access(2) and faccessat2(2) answer, and refuse? */
#include "file_test.h"

static int access2(int dir, const char *name, int mode, int flags)
{
    return (int)syscall(SYS_faccessat2, dir, name, mode, flags);
}

int main(void)
{
    scratch_enter();
    make_file("f", "");
    CHECK(symlink("none", "l"));
    CHECK(access("f", F_OK));
    EXPECT_ERRNO(EINVAL, access("f", 8));
    EXPECT_ERRNO(EINVAL, access((void *)8, -1));
    EXPECT_ERRNO(EFAULT, access((void *)8, 0));
    EXPECT_ERRNO(ENOENT, access("none", F_OK));
    EXPECT_ERRNO(ENOENT, access("l", F_OK));
    EXPECT_ERRNO(ENOTDIR, access("f/", F_OK));
    EXPECT_ERRNO(EINVAL, access2(AT_FDCWD, "f", 0, 1));
    CHECK(access2(AT_FDCWD, "l", F_OK, AT_SYMLINK_NOFOLLOW));
    int fd = CHECK(open("f", O_RDONLY));
    CHECK(access2(fd, "", R_OK | W_OK, AT_EMPTY_PATH));
    EXPECT_ERRNO(EACCES, access2(fd, "", X_OK, AT_EMPTY_PATH));
    EXPECT_ERRNO(ENOENT, access2(fd, "", R_OK, 0));
    EXPECT_ERRNO(EBADF, access2(1000, "", R_OK, AT_EMPTY_PATH));

    /* The real user is asked for, not the effective one. */
    CHECK(chmod("f", 0600));
    CHECK(setresuid(1000, 0, 0));
    EXPECT_ERRNO(EACCES, access("f", R_OK));
    CHECK(access2(AT_FDCWD, "f", R_OK, AT_EACCESS));
    return 0;
}
