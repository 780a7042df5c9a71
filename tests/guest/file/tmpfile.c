/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does O_TMPFILE make a file without a name that can get one? */
#include "file_test.h"

int main(void)
{
    scratch_enter();
    EXPECT_ERRNO(EINVAL, open(".", O_TMPFILE | O_RDONLY, 0600));
    EXPECT_ERRNO(EINVAL, open(".", (O_TMPFILE & ~O_DIRECTORY) | O_RDWR, 0600));
    make_file("f", "");
    EXPECT_ERRNO(ENOTDIR, open("f", O_TMPFILE | O_RDWR, 0600));
    EXPECT_ERRNO(ENOENT, open("none", O_TMPFILE | O_RDWR, 0600));
    int fd = CHECK(open(".", O_TMPFILE | O_RDWR, 0666));
    struct stat st;
    CHECK(fstat(fd, &st));
    EXPECT_EQ(0, st.st_nlink);
    EXPECT_EQ(0100644, st.st_mode);
    EXPECT_EQ(5, write(fd, "bytes", 5));
    CHECK(linkat(fd, "", AT_FDCWD, "named", AT_EMPTY_PATH));
    expect_file("named", "bytes");
    CHECK(fstat(fd, &st));
    EXPECT_EQ(1, st.st_nlink);

    fd = CHECK(open(".", O_TMPFILE | O_RDWR | O_EXCL, 0600));
    EXPECT_ERRNO(ENOENT, linkat(fd, "", AT_FDCWD, "never", AT_EMPTY_PATH));
    return 0;
}
