/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What can mknod(2) make, and for whom? */
#include "file_test.h"

#include <sys/sysmacros.h>

int main(void)
{
    scratch_enter();
    CHECK(mknod("plain", 0644, 0));
    EXPECT(S_ISREG(stat_of("plain").st_mode));
    CHECK(mknod("reg", S_IFREG | 0600, 0));
    CHECK(mknod("fifo", S_IFIFO | 0600, 77));
    EXPECT_EQ(0, stat_of("fifo").st_rdev);
    CHECK(mknod("sock", S_IFSOCK | 0600, 0));
    EXPECT_ERRNO(ENXIO, open("sock", O_RDONLY));
    CHECK(mknod("dev", S_IFCHR | 0600, makedev(300, 70000)));
    EXPECT_EQ(makedev(300, 70000), stat_of("dev").st_rdev);
    EXPECT_ERRNO(EPERM, mknod("d", S_IFDIR | 0755, 0));
    EXPECT_ERRNO(EINVAL, mknod("l", S_IFLNK | 0755, 0));
    EXPECT_ERRNO(EINVAL, mknod((void *)8, 0150000, 0));
    EXPECT_ERRNO(EEXIST, mknod("reg", S_IFREG | 0600, 0));
    EXPECT_ERRNO(ENOENT, mknod("new/", S_IFREG | 0600, 0));
    CHECK(chmod(".", 0777));
    CHECK(seteuid(1000));
    EXPECT_ERRNO(EPERM, mknod("dev2", S_IFCHR | 0600, makedev(1, 3)));
    CHECK(mknod("white", S_IFCHR, makedev(0, 0)));
    CHECK(mknod("fifo2", S_IFIFO | 0600, 0));
    CHECK(seteuid(0));
    return 0;
}
