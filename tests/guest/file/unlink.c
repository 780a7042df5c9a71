/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What does unlink(2) refuse, and how long does an unlinked file live? */
#include "file_test.h"

#include <stdbool.h>

/* A place is enough to open the file that was there, as often as one likes. */
static void place_outlives_name(bool by_rename)
{
    make_file("f", "text");
    make_file("other", "other");
    int place = CHECK(open("f", O_PATH));
    char name[32];
    snprintf(name, sizeof name, "/proc/self/fd/%d", place);
    if (by_rename)
        CHECK(rename("other", "f"));
    CHECK(unlink("f"));
    for (int i = 0; i < 2; i++) {
        int fd = CHECK(open(name, i ? O_RDWR : O_RDONLY));
        char bytes[4] = "";
        EXPECT_EQ(4, pread(fd, bytes, 4, 0));
        EXPECT_EQ(0, memcmp(bytes, "text", 4));
        EXPECT_EQ(i ? 4 : -1, pwrite(fd, "more", 4, 4));
        CHECK(close(fd));
    }
    struct stat st;
    CHECK(fstat(place, &st));
    EXPECT_EQ(0, st.st_nlink);
    EXPECT_EQ(8, st.st_size);
    CHECK(close(place));
}

int main(void)
{
    scratch_enter();
    make_file("f", "text");
    CHECK(mkdir("d", 0755));
    CHECK(symlink("d", "l"));
    EXPECT_ERRNO(EISDIR, unlink("d"));
    EXPECT_ERRNO(EISDIR, unlink("d/"));
    EXPECT_ERRNO(EISDIR, unlink("."));
    EXPECT_ERRNO(EISDIR, unlink("/"));
    EXPECT_ERRNO(ENOTDIR, unlink("f/"));
    EXPECT_ERRNO(ENOENT, unlink("none"));
    EXPECT_ERRNO(ENOENT, unlink("none/"));
    EXPECT_ERRNO(ENOTDIR, unlink("l/"));
    EXPECT_ERRNO(EINVAL, unlinkat(AT_FDCWD, "f", 1));
    EXPECT_ERRNO(ENOTDIR, unlinkat(AT_FDCWD, "f", AT_REMOVEDIR));
    EXPECT_ERRNO(EFAULT, unlink((void *)8));
    CHECK(unlink("l"));
    EXPECT(exists("d"));

    int fd = CHECK(open("f", O_RDWR));
    CHECK(link("f", "g"));
    CHECK(unlink("f"));
    struct stat st;
    CHECK(fstat(fd, &st));
    EXPECT_EQ(1, st.st_nlink);
    CHECK(unlink("g"));
    CHECK(fstat(fd, &st));
    EXPECT_EQ(0, st.st_nlink);
    char bytes[4];
    EXPECT_EQ(4, pread(fd, bytes, 4, 0));
    EXPECT_EQ(4, pwrite(fd, "more", 4, 4));
    make_file("f", "new");
    CHECK(fstat(fd, &st));
    EXPECT(st.st_ino != stat_of("f").st_ino);
    EXPECT_EQ(8, st.st_size);
    place_outlives_name(false);
    place_outlives_name(true);
    return 0;
}
