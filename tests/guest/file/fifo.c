/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How is a FIFO opened, and what is shared by those who have it open? */
#include "file_test.h"

int main(void)
{
    scratch_enter();
    CHECK(mkfifo("p", 0644));
    char text[16];
    EXPECT_ERRNO(ENXIO, open("p", O_WRONLY | O_NONBLOCK));
    int reader = CHECK(open("p", O_RDONLY | O_NONBLOCK));
    EXPECT_EQ(0, read(reader, text, sizeof text));
    int writer = CHECK(open("p", O_WRONLY));
    EXPECT_ERRNO(EAGAIN, read(reader, text, sizeof text));
    EXPECT_EQ(3, write(writer, "abc", 3));
    EXPECT_EQ(0, stat_of("p").st_size);
    CHECK(close(writer));
    EXPECT_EQ(3, read(reader, text, sizeof text));
    EXPECT_EQ(0, read(reader, text, sizeof text));
    CHECK(close(reader));

    /* O_RDWR never waits; what nobody read is gone with the last. */
    int both = CHECK(open("p", O_RDWR));
    EXPECT_EQ(2, write(both, "xy", 2));
    EXPECT_EQ(2, read(both, text, sizeof text));
    EXPECT_EQ(2, write(both, "zz", 2));
    CHECK(close(both));
    both = CHECK(open("p", O_RDWR | O_NONBLOCK | O_TRUNC));
    EXPECT_ERRNO(EAGAIN, read(both, text, sizeof text));
    EXPECT_ERRNO(ESPIPE, lseek(both, 0, SEEK_SET));
    CHECK(unlink("p"));
    EXPECT_EQ(2, write(both, "zz", 2));
    EXPECT_EQ(2, read(both, text, sizeof text));
    return 0;
}
