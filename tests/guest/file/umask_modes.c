/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What do umask, set-ID bits and directories do to the mode of what is made? */
#include "file_test.h"

int main(void)
{
    scratch_enter();
    EXPECT_EQ(022, umask(0));
    CHECK(close(CHECK(open("a", O_CREAT | O_RDWR, 06777))));
    EXPECT_EQ(0106777, stat_of("a").st_mode);
    EXPECT_EQ(0, umask(0137));
    CHECK(close(CHECK(open("b", O_CREAT | O_RDWR, 0777))));
    EXPECT_EQ(0100640, stat_of("b").st_mode);
    EXPECT_EQ(0137, umask(07777));
    EXPECT_EQ(0777, umask(027));
    CHECK(mkdir("d", 07777));
    EXPECT_EQ(041750, stat_of("d").st_mode);
    CHECK(mknod("fifo", S_IFIFO | 0666, 0));
    EXPECT_EQ(0010640, stat_of("fifo").st_mode);
    CHECK(symlink("x", "l"));
    EXPECT_EQ(0120777, stat_of("l").st_mode);

    /* In a set-group-ID directory the group is the directory's, and directories inherit the bit. */
    umask(0);
    CHECK(chown("d", 0, 77));
    CHECK(chmod("d", 02777));
    CHECK(mkdir("d/sub", 0755));
    EXPECT_EQ(042755, stat_of("d/sub").st_mode);
    EXPECT_EQ(77, stat_of("d/sub").st_gid);
    CHECK(close(CHECK(open("d/f", O_CREAT | O_RDWR, 0644))));
    EXPECT_EQ(77, stat_of("d/f").st_gid);
    EXPECT_EQ(0100644, stat_of("d/f").st_mode);

    /* Who is not in that group does not get the bit on programs. */
    CHECK(seteuid(1000));
    CHECK(close(CHECK(open("d/g", O_CREAT | O_RDWR, 02755))));
    EXPECT_EQ(0100755, stat_of("d/g").st_mode);
    CHECK(seteuid(0));
    return 0;
}
