/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does O_TMPFILE make a file without a name that can get one? */
#include "file_test.h"

#include <stdbool.h>
#include <sys/mman.h>

/* What it is shown as: its number. */
static void shown(int fd)
{
    char folder[256], want[300], link[64], text[4096] = "";
    struct stat st;
    CHECK(fstat(fd, &st));
    EXPECT(getcwd(folder, sizeof folder));
    snprintf(want, sizeof want, "%s/#%lu (deleted)", folder, (unsigned long)st.st_ino);
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = CHECK(readlink(link, text, sizeof text - 1));
    text[length] = '\0';
    if (strcmp(text, want) != 0)
        FAIL("it is %s, not %s", text, want);
    CHECK(ftruncate(fd, 4096));
    void *map = CHECK(mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0));
    FILE *maps = fopen("/proc/self/maps", "r");
    EXPECT(maps);
    bool found = false;
    while (fgets(text, sizeof text, maps))
        found = found || strstr(text, want);
    EXPECT(found);
    EXPECT_EQ(0, fclose(maps));
    CHECK(munmap(map, 4096));
    CHECK(ftruncate(fd, 0));
}

int main(void)
{
    scratch_enter();
    EXPECT_ERRNO(EINVAL, open(".", O_TMPFILE | O_RDONLY, 0600));
    EXPECT_ERRNO(EINVAL, open(".", (O_TMPFILE & ~O_DIRECTORY) | O_RDWR, 0600));
    make_file("f", "");
    EXPECT_ERRNO(ENOTDIR, open("f", O_TMPFILE | O_RDWR, 0600));
    EXPECT_ERRNO(ENOENT, open("none", O_TMPFILE | O_RDWR, 0600));
    int fd = CHECK(open(".", O_TMPFILE | O_RDWR, 0666));
    struct stat st;
    CHECK(fstat(fd, &st));
    EXPECT_EQ(0, st.st_nlink);
    EXPECT_EQ(0100644, st.st_mode);
    shown(fd);
    EXPECT_EQ(5, write(fd, "bytes", 5));
    CHECK(linkat(fd, "", AT_FDCWD, "named", AT_EMPTY_PATH));
    expect_file("named", "bytes");
    CHECK(fstat(fd, &st));
    EXPECT_EQ(1, st.st_nlink);

    fd = CHECK(open(".", O_TMPFILE | O_RDWR | O_EXCL, 0600));
    EXPECT_ERRNO(ENOENT, linkat(fd, "", AT_FDCWD, "never", AT_EMPTY_PATH));
    return 0;
}
