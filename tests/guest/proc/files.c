/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How do files and directories of /proc behave as files: sizes, offsets, changes, listing? */
#include "proc_text.h"

#include <dirent.h>
#include <sys/stat.h>
#include <sys/statfs.h>

int main(void)
{
    struct stat st;
    struct statfs fs;
    CHECK(stat("/proc/self/status", &st));
    EXPECT_EQ(S_IFREG | 0444, st.st_mode);
    EXPECT_EQ(0, st.st_size);
    EXPECT_EQ(1, st.st_nlink);
    CHECK(stat("/proc/self/environ", &st));
    EXPECT_EQ(S_IFREG | 0400, st.st_mode);
    CHECK(stat("/proc/self/fd", &st));
    EXPECT_EQ(S_IFDIR | 0500, st.st_mode);
    CHECK(statfs("/proc", &fs));
    EXPECT_EQ(0x9fa0, fs.f_type);
    EXPECT_EQ(255, fs.f_namelen);
    CHECK(statfs("/sys", &fs));
    EXPECT_EQ(0x62656572, fs.f_type);

    /* One text, however it is read. */
    char whole[8192], pieces[8192];
    proc_read("/proc/self/limits", whole, sizeof whole);
    int fd = CHECK(open("/proc/self/limits", O_RDONLY));
    size_t length = 0;
    for (ssize_t n; (n = CHECK(read(fd, pieces + length, 7))) > 0; length += (size_t)n)
        EXPECT(length + 7 < sizeof pieces);
    pieces[length] = '\0';
    EXPECT(strcmp(whole, pieces) == 0);
    EXPECT_EQ(10, lseek(fd, 10, SEEK_SET));
    EXPECT_EQ(5, read(fd, pieces, 5));
    EXPECT(memcmp(pieces, whole + 10, 5) == 0);
    EXPECT_EQ(5, pread(fd, pieces, 5, 20));
    EXPECT(memcmp(pieces, whole + 20, 5) == 0);
    EXPECT(strncmp(whole,
                   "Limit                     Soft Limit           Hard Limit           "
                   "Units     \n",
                   79) == 0);
    EXPECT(strstr(whole, "\nMax open files            "));

    /* Nothing can be made or removed. */
    EXPECT_ERRNO(ENOENT, open("/proc/new", O_WRONLY | O_CREAT, 0644));
    EXPECT_ERRNO(ENOENT, mkdir("/proc/self/new", 0755));
    EXPECT_ERRNO(EPERM, unlink("/proc/self/status"));
    EXPECT_ERRNO(EPERM, rmdir("/proc/self/fd"));
    EXPECT_ERRNO(EXDEV, link("/proc/self/status", "/tmp/status"));
    EXPECT_ERRNO(EPERM, chmod("/proc/self/status", 0600));
    EXPECT_ERRNO(ENOTDIR, open("/proc/version", O_RDONLY | O_DIRECTORY));
    EXPECT_ERRNO(EISDIR, read(CHECK(open("/proc", O_RDONLY)), pieces, 1));
    EXPECT_ERRNO(EISDIR, open("/proc", O_RDWR));

    /* The listing: itself, its number, and the same again after a rewind. */
    char mine[16];
    snprintf(mine, sizeof mine, "%d", getpid());
    DIR *dir = opendir("/proc");
    EXPECT(dir);
    for (int round = 0; round < 2; round++) {
        int seen_mine = 0, seen_self = 0, seen_dot = 0;
        for (struct dirent *entry; (entry = readdir(dir));) {
            seen_mine += strcmp(entry->d_name, mine) == 0 && entry->d_type == DT_DIR;
            seen_self += strcmp(entry->d_name, "self") == 0 && entry->d_type == DT_LNK;
            seen_dot += strcmp(entry->d_name, ".") == 0;
        }
        EXPECT(seen_mine == 1 && seen_self == 1 && seen_dot == 1);
        rewinddir(dir);
    }
    closedir(dir);
    return 0;
}
