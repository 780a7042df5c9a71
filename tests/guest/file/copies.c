/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What do sendfile(2), copy_file_range(2), splice(2) and tee(2) move, and what do they refuse? */
#include "file_test.h"

#include <sys/sendfile.h>

int main(void)
{
    scratch_enter();
    make_file("f", "0123456789");
    int in = CHECK(open("f", O_RDONLY)), out = CHECK(open("g", O_CREAT | O_RDWR, 0600));
    off_t at = 2;
    EXPECT_EQ(4, sendfile(out, in, &at, 4));
    EXPECT_EQ(6, at);
    EXPECT_EQ(0, lseek(in, 0, SEEK_CUR));
    EXPECT_EQ(10, sendfile(out, in, NULL, 100));
    EXPECT_EQ(0, sendfile(out, in, NULL, 100));
    expect_file("g", "23450123456789");
    EXPECT_ERRNO(EBADF, sendfile(in, in, NULL, 1));
    EXPECT_ERRNO(EBADF, sendfile(out, 1000, NULL, 1));
    at = -1;
    EXPECT_ERRNO(EINVAL, sendfile(out, in, &at, 1));
    int app = CHECK(open("g", O_WRONLY | O_APPEND));
    at = 0;
    EXPECT_ERRNO(EINVAL, sendfile(app, in, &at, 1));

    CHECK(ftruncate(out, 0));
    loff_t from = 3, to = 5;
    EXPECT_EQ(7, copy_file_range(in, &from, out, &to, 100, 0));
    EXPECT_EQ(10, from);
    EXPECT_EQ(12, to);
    EXPECT_EQ(0, copy_file_range(in, &from, out, &to, 100, 0));
    EXPECT_ERRNO(EINVAL, copy_file_range(in, NULL, out, NULL, 1, 1));
    EXPECT_ERRNO(EBADF, copy_file_range(in, NULL, app, NULL, 1, 0));
    EXPECT_ERRNO(EBADF, copy_file_range(out, NULL, in, NULL, 1, 0));
    int dir = CHECK(open(".", O_RDONLY));
    EXPECT_ERRNO(EISDIR, copy_file_range(dir, NULL, out, NULL, 1, 0));
    from = 0;
    to = 3;
    EXPECT_ERRNO(EINVAL, copy_file_range(out, &from, out, &to, 5, 0));
    to = 6;
    EXPECT_EQ(5, copy_file_range(out, &from, out, &to, 5, 0));

    int p[2], q[2];
    char text[32];
    CHECK(pipe2(p, O_NONBLOCK));
    CHECK(pipe2(q, O_NONBLOCK));
    EXPECT_ERRNO(EINVAL, copy_file_range(p[0], NULL, out, NULL, 1, 0));
    EXPECT_ERRNO(EINVAL, splice(in, NULL, out, NULL, 1, 0));
    EXPECT_ERRNO(EINVAL, splice(in, NULL, p[1], NULL, 1, 0x100));
    EXPECT_ERRNO(ESPIPE, splice(in, NULL, p[1], &to, 1, 0));
    EXPECT_ERRNO(EBADF, splice(p[1], NULL, q[1], NULL, 1, 0));
    EXPECT_ERRNO(EBADF, splice(in, NULL, p[0], NULL, 1, 0));
    from = 4;
    EXPECT_EQ(6, splice(in, &from, p[1], NULL, 100, 0));
    EXPECT_EQ(10, from);
    EXPECT_EQ(4, tee(p[0], q[1], 4, 0));
    EXPECT_EQ(4, read(q[0], text, sizeof text));
    EXPECT(!memcmp(text, "4567", 4));
    EXPECT_EQ(2, splice(p[0], NULL, q[1], NULL, 2, 0));
    EXPECT_EQ(1, write(q[1], "x", 1));
    EXPECT_EQ(3, read(q[0], text, sizeof text));
    EXPECT(!memcmp(text, "45x", 3));
    to = 0;
    EXPECT_EQ(4, splice(p[0], NULL, out, &to, 100, 0));
    EXPECT_EQ(4, to);
    EXPECT_ERRNO(EAGAIN, splice(p[0], NULL, out, NULL, 1, SPLICE_F_NONBLOCK));
    EXPECT_ERRNO(EAGAIN, tee(p[0], q[1], 1, SPLICE_F_NONBLOCK));
    EXPECT_ERRNO(EINVAL, tee(p[0], p[1], 1, 0));
    CHECK(close(p[1]));
    EXPECT_EQ(0, splice(p[0], NULL, out, NULL, 1, 0));
    EXPECT_EQ(0, tee(p[0], q[1], 1, 0));

    struct iovec v[2] = {{"ab", 2}, {"cde", 3}};
    EXPECT_EQ(5, vmsplice(q[1], v, 2, 0));
    EXPECT_EQ(5, read(q[0], text, sizeof text));
    EXPECT_ERRNO(EBADF, vmsplice(out, v, 2, 0));
    return 0;
}
