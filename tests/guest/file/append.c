/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where do writes with O_APPEND go when others move the end? */
#include "file_test.h"

int main(void)
{
    scratch_enter();
    make_file("f", "start");
    int a = CHECK(open("f", O_WRONLY | O_APPEND)), b = CHECK(open("f", O_RDWR));
    EXPECT_EQ(0, lseek(a, 0, SEEK_CUR));
    EXPECT_EQ(2, write(a, "-1", 2));
    EXPECT_EQ(7, lseek(a, 0, SEEK_CUR));
    EXPECT_EQ(2, pwrite(b, "-2", 2, 7));
    EXPECT_EQ(0, lseek(a, 0, SEEK_SET));
    EXPECT_EQ(2, write(a, "-3", 2));
    expect_file("f", "start-1-2-3");
    CHECK(fcntl(a, F_SETFL, 0));
    EXPECT_EQ(0, lseek(a, 0, SEEK_SET));
    EXPECT_EQ(1, write(a, "S", 1));
    expect_file("f", "Start-1-2-3");
    return 0;
}
