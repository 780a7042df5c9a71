/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which pages of a pipe are written to again: the part of a write beyond whole pages goes to the
 * last page if it fits there whole; not to a page that came from another pipe in part.
 */
#include "guest_test.h"

static int from[2], to[2];

static void two_pages(int ends[2])
{
    CHECK(pipe2(ends, O_NONBLOCK));
    EXPECT_EQ(8192, fcntl(ends[1], F_SETPIPE_SZ, 8192));
}

static void close_all(void)
{
    for (int i = 0; i < 2; i++) {
        close(from[i]);
        close(to[i]);
    }
}

static void check_writes(void)
{
    static char bytes[8192];
    two_pages(from);
    two_pages(to);
    EXPECT_EQ(100, write(from[1], bytes, 100));
    EXPECT_EQ(5000, write(from[1], bytes, 5000)); /* 904 to the first page, a page */
    EXPECT_ERRNO(EAGAIN, write(from[1], bytes, 1));
    EXPECT_EQ(5100, read(from[0], bytes, 8192));
    EXPECT_EQ(4000, write(from[1], bytes, 4000));
    EXPECT_EQ(97, write(from[1], bytes, 97)); /* does not fit: a page of its own */
    EXPECT_EQ(3999, write(from[1], bytes, 3999));
    EXPECT_ERRNO(EAGAIN, write(from[1], bytes, 1));
    close_all();
}

/* What stays behind takes more, the part that went does not. */
static void check_splice(void)
{
    static char text[8192];
    two_pages(from);
    two_pages(to);
    EXPECT_EQ(6, write(from[1], "abcdef", 6));
    EXPECT_EQ(2, splice(from[0], NULL, to[1], NULL, 2, 0));
    EXPECT_EQ(3, write(from[1], "ghi", 3));
    EXPECT_EQ(4096, write(from[1], text, 4096));
    EXPECT_ERRNO(EAGAIN, write(from[1], text, 4096));
    EXPECT_EQ(3, write(to[1], "CDE", 3));
    EXPECT_ERRNO(EAGAIN, write(to[1], text, 4096));
    EXPECT_EQ(5, read(to[0], text, sizeof text));
    EXPECT_EQ(0, memcmp(text, "abCDE", 5));
    EXPECT_EQ(4103, read(from[0], text, sizeof text));
    EXPECT_EQ(0, memcmp(text, "cdefghi", 8));
    close_all();
}

static void check_tee(void)
{
    static char text[8192];
    two_pages(from);
    two_pages(to);
    EXPECT_EQ(3, write(from[1], "abc", 3));
    EXPECT_EQ(3, tee(from[0], to[1], 8, 0));
    EXPECT_EQ(3, write(from[1], "def", 3));
    EXPECT_EQ(4096, write(from[1], text, 4096));
    EXPECT_EQ(3, write(to[1], "DEF", 3));
    EXPECT_ERRNO(EAGAIN, write(to[1], text, 4096));
    EXPECT_EQ(6, read(to[0], text, sizeof text));
    EXPECT_EQ(0, memcmp(text, "abcDEF", 6));
    EXPECT_EQ(4102, read(from[0], text, sizeof text));
    EXPECT_EQ(0, memcmp(text, "abcdef", 7));
    close_all();
}

/* A whole page that moves is as it was. */
static void check_moved(void)
{
    static char text[8192];
    two_pages(from);
    two_pages(to);
    EXPECT_EQ(3, write(from[1], "abc", 3));
    EXPECT_EQ(3, splice(from[0], NULL, to[1], NULL, 8, 0));
    EXPECT_EQ(3, write(to[1], "def", 3));
    EXPECT_EQ(4096, write(to[1], text, 4096));
    EXPECT_EQ(4102, read(to[0], text, sizeof text));
    EXPECT_EQ(0, memcmp(text, "abcdef", 7));
    close_all();
}

int main(void)
{
    check_writes();
    check_splice();
    check_tee();
    check_moved();
    return 0;
}
