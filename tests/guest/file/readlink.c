/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What does readlink(2) give, cut and of things that are no links? */
#include "file_test.h"

int main(void)
{
    scratch_enter();
    char text[64];
    CHECK(symlink("target", "l"));
    make_file("f", "");
    memset(text, '#', sizeof text);
    EXPECT_EQ(6, CHECK(readlink("l", text, sizeof text)));
    EXPECT(!memcmp(text, "target#", 7));
    EXPECT_EQ(3, CHECK(readlink("l", text, 3)));
    EXPECT_ERRNO(EINVAL, readlink("l", text, 0));
    EXPECT_ERRNO(EINVAL, syscall(SYS_readlink, (void *)8, text, -1));
    EXPECT_ERRNO(EINVAL, readlink("f", text, sizeof text));
    EXPECT_ERRNO(EINVAL, readlink(".", text, sizeof text));
    EXPECT_ERRNO(EINVAL, readlink("/", text, sizeof text));
    EXPECT_ERRNO(ENOENT, readlink("none", text, sizeof text));
    EXPECT_ERRNO(EFAULT, readlink((void *)8, text, sizeof text));
    EXPECT_ERRNO(EFAULT, readlink("l", (void *)8, sizeof text));
    EXPECT_ERRNO(ENOENT, readlink("", text, sizeof text));

    int fd = CHECK(open("l", O_PATH | O_NOFOLLOW));
    EXPECT_EQ(6, CHECK(readlinkat(fd, "", text, sizeof text)));
    int file = CHECK(open("f", O_RDONLY));
    EXPECT_ERRNO(ENOENT, readlinkat(file, "", text, sizeof text));
    EXPECT_ERRNO(ENOTDIR, readlinkat(file, "x", text, sizeof text));
    return 0;
}
