/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What do /proc/self/fd and fdinfo show of open files, and what does opening through them give? */
#include "proc_text.h"

#include <dirent.h>
#include <sys/stat.h>

static const char *link_of(int fd)
{
    static char text[256];
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    memset(text, 0, sizeof text);
    CHECK(readlink(path, text, sizeof text - 1));
    return text;
}

static int reopen(int fd, int flags)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    return open(path, flags);
}

static int count_fds(void)
{
    DIR *dir = opendir("/proc/self/fd");
    EXPECT(dir);
    int count = 0;
    for (struct dirent *entry; (entry = readdir(dir));) {
        if (entry->d_name[0] == '.')
            continue;
        EXPECT(entry->d_type == DT_LNK);
        if (atoi(entry->d_name) != dirfd(dir))
            count++;
    }
    closedir(dir);
    return count;
}

int main(void)
{
    int before = count_fds(), ends[2];
    char want[64], text[1024];
    struct stat st, other;
    CHECK(pipe(ends));
    CHECK(fstat(ends[0], &st));
    snprintf(want, sizeof want, "pipe:[%lu]", (unsigned long)st.st_ino);
    EXPECT(strcmp(want, link_of(ends[0])) == 0);
    EXPECT(strcmp(want, link_of(ends[1])) == 0);
    EXPECT_EQ(before + 2, count_fds());

    /* The rights of the link are those of the descriptor. */
    snprintf(want, sizeof want, "/proc/self/fd/%d", ends[0]);
    CHECK(lstat(want, &other));
    EXPECT_EQ(S_IFLNK | 0500, other.st_mode);
    EXPECT_EQ(64, other.st_size);
    snprintf(want, sizeof want, "/proc/self/fd/%d", ends[1]);
    CHECK(lstat(want, &other));
    EXPECT_EQ(S_IFLNK | 0300, other.st_mode);
    CHECK(stat(want, &other));
    EXPECT(other.st_ino == st.st_ino && S_ISFIFO(other.st_mode));

    /* Another open of the same pipe. */
    int writer = CHECK(reopen(ends[0], O_WRONLY));
    EXPECT_EQ(3, write(writer, "abc", 3));
    EXPECT_EQ(3, read(ends[0], text, sizeof text));

    /* A file: its name, a position of its own, and after it was removed. */
    char path[] = "/tmp/fd-XXXXXX";
    int file = CHECK(mkstemp(path));
    EXPECT_EQ(6, write(file, "012345", 6));
    EXPECT(strcmp(path, link_of(file)) == 0);
    int again = CHECK(reopen(file, O_RDONLY));
    EXPECT_EQ(2, read(again, text, 2));
    EXPECT_EQ(6, lseek(file, 0, SEEK_CUR));
    CHECK(unlink(path));
    snprintf(want, sizeof want, "%s (deleted)", path);
    EXPECT(strcmp(want, link_of(file)) == 0);
    int removed = CHECK(reopen(file, O_RDWR));
    EXPECT_EQ(1, pwrite(removed, "X", 1, 0));
    EXPECT_EQ(1, pread(again, text, 1, 0));
    EXPECT_EQ('X', text[0]);
    EXPECT_ERRNO(ENOENT, open(want, O_RDONLY));

    /* fdinfo. */
    CHECK(fcntl(again, F_SETFD, FD_CLOEXEC));
    snprintf(want, sizeof want, "/proc/self/fdinfo/%d", again);
    proc_read(want, text, sizeof text);
    EXPECT_EQ(2, proc_number(text, "pos:"));
    EXPECT_EQ(O_CLOEXEC | 0100000, strtol(proc_field(text, "flags:"), NULL, 8));
    EXPECT(proc_number(text, "mnt_id:") > 0);
    CHECK(fstat(again, &st));
    EXPECT_EQ(st.st_ino, proc_number(text, "ino:"));

    CHECK(close(again));
    EXPECT_ERRNO(ENOENT, reopen(again, O_RDONLY));
    EXPECT_ERRNO(ENOENT, open("/proc/self/fd/-1", O_RDONLY));
    EXPECT_ERRNO(ENOENT, open("/proc/self/fd/99999", O_RDONLY));
    EXPECT_ERRNO(ENOENT, open("/proc/self/fd/x", O_RDONLY));
    EXPECT_EQ(before + 5, count_fds());
    return 0;
}
