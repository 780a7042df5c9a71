/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How many symbolic links may one walk follow, and what do they do to errors? */
#include "file_test.h"

int main(void)
{
    scratch_enter();
    struct stat st;
    char name[16], text[300];

    CHECK(symlink("self", "self"));
    EXPECT_ERRNO(ELOOP, stat("self", &st));
    EXPECT_ERRNO(ELOOP, open("self", O_RDONLY));
    EXPECT_ERRNO(ELOOP, open("self", O_CREAT | O_RDWR, 0600));
    EXPECT_ERRNO(ELOOP, stat("self/x", &st));
    CHECK(lstat("self", &st));
    EXPECT_EQ(4, st.st_size);
    EXPECT_EQ(0777, st.st_mode & 07777);
    EXPECT_ERRNO(ELOOP, lstat("self/", &st));

    /* l1 -> end, l2 -> l1 …: forty are followed, not more. */
    make_file("end", "text");
    for (int i = 1; i <= 41; i++) {
        snprintf(text, sizeof text, i == 1 ? "end" : "l%d", i - 1);
        snprintf(name, sizeof name, "l%d", i);
        CHECK(symlink(text, name));
    }
    CHECK(stat("l40", &st));
    EXPECT_ERRNO(ELOOP, stat("l41", &st));
    CHECK(lstat("l41", &st));

    /* Also when they stand side by side. */
    CHECK(symlink(".", "here"));
    text[0] = 0;
    for (int i = 0; i < 40; i++)
        strcat(text, "here/");
    strcat(text, "end");
    CHECK(stat(text, &st));
    memmove(text + 5, text, strlen(text) + 1);
    memcpy(text, "here/", 5);
    EXPECT_ERRNO(ELOOP, stat(text, &st));

    /* Links in the middle, absolute ones, with slashes at their ends. */
    CHECK(mkdir("d", 0755));
    make_file("d/f", "inner");
    CHECK(symlink("d//", "dl"));
    expect_file("dl/f", "inner");
    snprintf(text, sizeof text, "%s/dl/../d/f", scratch_path);
    CHECK(symlink(text, "abs"));
    expect_file("abs", "inner");
    CHECK(symlink("end/", "endslash"));
    EXPECT_ERRNO(ENOTDIR, stat("endslash", &st));
    CHECK(lstat("endslash", &st));
    CHECK(lstat("dl", &st));
    EXPECT(S_ISLNK(st.st_mode));
    CHECK(lstat("dl/", &st));
    EXPECT(S_ISDIR(st.st_mode));
    EXPECT_ERRNO(ENOENT, symlink("", "empty"));
    EXPECT_ERRNO(EEXIST, symlink("x", "abs"));
    EXPECT_ERRNO(ENOENT, symlink("x", "new/"));
    return 0;
}
