/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whom do chmod(2) and its forms reach? */
#include "file_test.h"

static int chmod2(int dir, const char *name, unsigned mode, unsigned flags)
{
    return (int)syscall(452, dir, name, mode, flags); /* fchmodat2 */
}

int main(void)
{
    scratch_enter();
    make_file("f", "");
    CHECK(symlink("f", "l"));
    CHECK(symlink("none", "dangling"));
    CHECK(chmod("l", 0641));
    EXPECT_EQ(0100641, stat_of("f").st_mode);
    EXPECT_EQ(0120777, stat_of("l").st_mode);
    EXPECT_ERRNO(EOPNOTSUPP, chmod2(AT_FDCWD, "l", 0600, AT_SYMLINK_NOFOLLOW));
    EXPECT_ERRNO(EINVAL, chmod2(AT_FDCWD, "l", 0600, 1));
    EXPECT_ERRNO(ENOENT, chmod("dangling", 0600));
    CHECK(chmod("f", 0177777));
    EXPECT_EQ(0107777, stat_of("f").st_mode);
    int fd = CHECK(open("f", O_RDONLY)), path = CHECK(open("f", O_PATH));
    CHECK(fchmod(fd, 0600));
    EXPECT_EQ(0100600, stat_of("f").st_mode);
    EXPECT_ERRNO(EBADF, fchmod(path, 0644));
    CHECK(chmod2(path, "", 0640, AT_EMPTY_PATH));
    EXPECT_EQ(0100640, stat_of("f").st_mode);
    int ends[2];
    CHECK(pipe(ends));
    CHECK(fchmod(ends[0], 0622));
    struct stat st;
    CHECK(fstat(ends[1], &st));
    EXPECT_EQ(0010622, st.st_mode);

    CHECK(lchown("l", 5, 6));
    EXPECT_EQ(5, stat_of("l").st_uid);
    EXPECT_EQ(0, stat_of("f").st_uid);
    CHECK(chown("l", 7, -1));
    EXPECT_EQ(7, stat_of("f").st_uid);
    EXPECT_EQ(0, stat_of("f").st_gid);
    CHECK(fchownat(path, "", 8, 9, AT_EMPTY_PATH));
    EXPECT_EQ(9, stat_of("f").st_gid);
    EXPECT_ERRNO(EINVAL, fchownat(path, "", 8, 9, 1));
    EXPECT_ERRNO(EBADF, fchown(path, 1, 1));
    return 0;
}
