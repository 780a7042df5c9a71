/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When do set-user-ID and set-group-ID bits fall? */
#include "file_test.h"

static void mode_is(unsigned mode)
{
    EXPECT_EQ(mode, stat_of("f").st_mode & 07777);
}

int main(void)
{
    scratch_enter();
    make_file("f", "text");
    CHECK(chown("f", 1000, 1000));
    CHECK(chmod("f", 06775));
    mode_is(06775);
    /* root's writing leaves them … */
    int fd = CHECK(open("f", O_WRONLY));
    EXPECT_EQ(1, write(fd, "x", 1));
    mode_is(06775);
    /* … its chown does not: */
    CHECK(chown("f", 1000, 1000));
    mode_is(0775);
    CHECK(chmod("f", 06765));
    CHECK(chown("f", 1000, 1000));
    mode_is(02765);
    CHECK(close(fd));

    CHECK(chmod("f", 06775));
    CHECK(setegid(1000));
    CHECK(seteuid(1000));
    fd = CHECK(open("f", O_WRONLY));
    EXPECT_EQ(1, write(fd, "y", 1));
    mode_is(0775);
    CHECK(chmod("f", 04755));
    CHECK(ftruncate(fd, 2));
    mode_is(0755);
    CHECK(chmod("f", 04755));
    CHECK(close(CHECK(open("f", O_WRONLY | O_TRUNC))));
    mode_is(0755);
    CHECK(seteuid(0));

    /* A chown that changes nothing asks for the owner where a bit would fall. */
    CHECK(chown("f", 0, 0));
    CHECK(seteuid(1000));
    CHECK(chown("f", -1, -1));
    CHECK(seteuid(0));
    CHECK(chmod("f", 02745)); /* not executable by the group: falls for those outside of it */
    CHECK(seteuid(1000));
    EXPECT_ERRNO(EPERM, chown("f", -1, -1));
    CHECK(seteuid(0));
    mode_is(02745);
    CHECK(chown("f", 1000, 3000));
    CHECK(chmod("f", 02745));
    CHECK(seteuid(1000));
    CHECK(chown("f", -1, -1));
    CHECK(seteuid(0));
    mode_is(0745);
    return 0;
}
