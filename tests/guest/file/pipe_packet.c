/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does O_DIRECT keep the borders of what was written to a pipe? */
#include "file_test.h"

static char bytes[10000];

int main(void)
{
    int ends[2];
    CHECK(pipe2(ends, O_DIRECT | O_NONBLOCK));
    EXPECT_EQ(3, write(ends[1], "abc", 3));
    EXPECT_EQ(2, write(ends[1], "de", 2));
    EXPECT_EQ(3, read(ends[0], bytes, sizeof bytes));
    EXPECT_EQ(1, read(ends[0], bytes, 1)); /* the rest of the packet is lost */
    EXPECT_ERRNO(EAGAIN, read(ends[0], bytes, 1));
    EXPECT_EQ(5000, write(ends[1], bytes, 5000));
    EXPECT_EQ(4096, read(ends[0], bytes, sizeof bytes));
    EXPECT_EQ(904, read(ends[0], bytes, sizeof bytes));

    CHECK(fcntl(ends[1], F_SETFL, O_NONBLOCK));
    EXPECT_EQ(1, write(ends[1], "a", 1));
    EXPECT_EQ(1, write(ends[1], "b", 1));
    EXPECT_EQ(2, read(ends[0], bytes, 10));
    return 0;
}
