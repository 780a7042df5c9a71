/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Are extended attributes kept, listed and refused as xattr(7) says (/dev/shm: a tmpfs on both
 * sides)? */
#include "file_test.h"

#include <sys/xattr.h>

#define F "/dev/shm/lstar-xattr"
#define L "/dev/shm/lstar-xattr-link"

int main(void)
{
    unlink(F);
    unlink(L);
    make_file(F, "");
    CHECK(symlink(F, L));
    char value[64], longer[300];
    EXPECT_ERRNO(ENODATA, getxattr(F, "user.a", value, sizeof value));
    CHECK(setxattr(F, "user.a", "one", 3, 0));
    EXPECT_EQ(3, getxattr(L, "user.a", value, sizeof value));
    EXPECT_EQ(3, getxattr(F, "user.a", NULL, 0));
    EXPECT_ERRNO(ERANGE, getxattr(F, "user.a", value, 2));
    EXPECT_ERRNO(EEXIST, setxattr(F, "user.a", "x", 1, XATTR_CREATE));
    EXPECT_ERRNO(ENODATA, setxattr(F, "user.b", "x", 1, XATTR_REPLACE));
    EXPECT_ERRNO(EINVAL, setxattr(F, "user.b", "x", 1, 4));
    CHECK(setxattr(F, "user.a", "four", 4, XATTR_REPLACE));
    CHECK(setxattr(F, "user.empty", "", 0, 0));
    EXPECT_EQ(0, getxattr(F, "user.empty", value, sizeof value));
    EXPECT_EQ(18, listxattr(F, NULL, 0));
    EXPECT_ERRNO(ERANGE, listxattr(F, value, 3));
    EXPECT_EQ(18, listxattr(F, value, sizeof value));
    EXPECT_EQ(0, llistxattr(L, value, sizeof value));
    EXPECT_ERRNO(ERANGE, setxattr(F, "", "x", 1, 0));
    memset(longer, 'a', sizeof longer);
    memcpy(longer, "user.", 5);
    longer[256] = 0;
    EXPECT_ERRNO(ERANGE, setxattr(F, longer, "x", 1, 0));
    EXPECT_ERRNO(E2BIG, setxattr(F, "user.a", longer, 65537, 0));
    EXPECT_ERRNO(EOPNOTSUPP, setxattr(F, "nothing.a", "x", 1, 0));
    EXPECT_ERRNO(EPERM, lsetxattr(L, "user.a", "x", 1, 0));
    EXPECT_ERRNO(ENODATA, lgetxattr(L, "user.a", value, 1));
    EXPECT_ERRNO(EFAULT, getxattr(F, (void *)8, value, 1));
    CHECK(setxattr(F, "trusted.t", "x", 1, 0));
    CHECK(removexattr(F, "user.a"));
    EXPECT_ERRNO(ENODATA, removexattr(F, "user.a"));
    int fd = CHECK(open(F, O_RDONLY));
    CHECK(fsetxattr(fd, "user.f", "fd", 2, 0));
    EXPECT_ERRNO(EINVAL, fsetxattr(fd, "user.", "fd", 2, 0));
    EXPECT_ERRNO(EINVAL, fgetxattr(fd, "trusted.", value, 1));
    EXPECT_EQ(2, fgetxattr(fd, "user.f", value, sizeof value));
    CHECK(seteuid(1000));
    EXPECT_ERRNO(EACCES, setxattr(F, "user.a", "x", 1, 0));
    EXPECT_ERRNO(EPERM, setxattr(F, "trusted.t", "x", 1, 0));
    EXPECT_ERRNO(EPERM, setxattr(F, "security.s", "x", 1, 0));
    EXPECT_ERRNO(EPERM, removexattr(F, "security.s"));
    EXPECT_ERRNO(ENODATA, getxattr(F, "security.s", value, 1));
    EXPECT_ERRNO(ENODATA, getxattr(F, "trusted.t", value, 1));
    CHECK(seteuid(0));
    CHECK(unlink(F));
    CHECK(unlink(L));
    return 0;
}
