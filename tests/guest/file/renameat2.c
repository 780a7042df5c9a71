/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What do the flags of renameat2(2) do? */
#include "file_test.h"

#include <sys/sysmacros.h>

static int rename2(const char *from, const char *to, unsigned flags)
{
    return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, flags);
}

int main(void)
{
    scratch_enter();
    make_file("f", "f");
    make_file("g", "g");
    CHECK(mkdir("d", 0755));
    make_file("d/in", "in");

    EXPECT_ERRNO(EINVAL, rename2("f", "g", 8));
    EXPECT_ERRNO(EINVAL, rename2("f", "g", RENAME_EXCHANGE | RENAME_NOREPLACE));
    EXPECT_ERRNO(EINVAL, rename2((void *)8, "g", RENAME_EXCHANGE | RENAME_WHITEOUT));
    EXPECT_ERRNO(EEXIST, rename2("f", "g", RENAME_NOREPLACE));
    EXPECT_ERRNO(EEXIST, rename2("f", "d/..", RENAME_NOREPLACE));
    EXPECT_ERRNO(ENOENT, rename2("f", "none", RENAME_EXCHANGE));
    CHECK(rename2("f", "h", RENAME_NOREPLACE));
    EXPECT(!exists("f"));

    CHECK(rename2("h", "g", RENAME_EXCHANGE));
    expect_file("h", "g");
    expect_file("g", "f");
    CHECK(rename2("h", "d", RENAME_EXCHANGE));
    expect_file("h/in", "in");
    expect_file("d", "g");
    EXPECT_ERRNO(EINVAL, rename2("h", "h/in", RENAME_EXCHANGE));
    CHECK(mkdir("o", 0755));
    make_file("o/x", "x");
    CHECK(rename2("h", "o/x", RENAME_EXCHANGE));
    EXPECT_EQ(3, stat_of("o").st_nlink);
    expect_file("o/x/in", "in");
    expect_file("h", "x");
    return 0;
}
