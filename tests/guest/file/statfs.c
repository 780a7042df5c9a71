/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What does statfs(2) say of a tmpfs and of /dev? */
#include "file_test.h"

#include <sys/statfs.h>

int main(void)
{
    struct statfs s, t;
    CHECK(statfs("/dev/shm", &s));
    EXPECT_EQ(0x01021994, s.f_type);
    EXPECT_EQ(4096, s.f_bsize);
    EXPECT_EQ(255, s.f_namelen);
    EXPECT(s.f_blocks >= s.f_bfree && s.f_bfree > 0);
    EXPECT_ERRNO(EFAULT, statfs("/dev/shm", (void *)8));
    EXPECT_ERRNO(ENOENT, statfs("/none", &s));
    int fd = CHECK(open("/dev/shm", O_PATH));
    CHECK(fstatfs(fd, &t));
    EXPECT_EQ(s.f_type, t.f_type);
    EXPECT_ERRNO(EBADF, fstatfs(-1, &t));
    int ends[2];
    CHECK(pipe(ends));
    CHECK(fstatfs(ends[0], &t));
    EXPECT_EQ(0x50495045, t.f_type);
    EXPECT_EQ(255, t.f_namelen);
    return 0;
}
