/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What can be seen from within chroot(2)? */
#include "file_test.h"

int main(void)
{
    scratch_enter();
    char text[4096];
    CHECK(mkdir("jail", 0755));
    make_file("jail/in", "in");
    make_file("out", "out");
    CHECK(symlink("/in", "jail/abs"));
    CHECK(symlink("../../../out", "jail/up"));
    int outside = CHECK(open(".", O_RDONLY));
    CHECK(chdir("jail"));
    CHECK(chroot("."));
    expect_file("/in", "in");
    expect_file("/abs", "in");
    expect_file("/../../in", "in");
    EXPECT_ERRNO(ENOENT, open("/up", O_RDONLY));
    EXPECT(getcwd(text, sizeof text) && !strcmp(text, "/"));

    /* Who kept a way out can use it; getcwd(2) says that it is not below the root. */
    CHECK(fchdir(outside));
    expect_file("out", "out");
    CHECK(syscall(SYS_getcwd, text, sizeof text));
    EXPECT(!strncmp(text, "(unreachable)/", 14));
    for (int i = 0; i < 10; i++)
        CHECK(chdir(".."));
    CHECK(chroot("."));
    EXPECT(!exists("/in")); /* out of the jail, to wherever the walk upwards ends */
    return 0;
}
