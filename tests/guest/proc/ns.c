/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Do the links of /proc/PID/ns name namespaces that two processes share, and can they be opened? */
#include "proc_text.h"

#include <sys/stat.h>
#include <sys/wait.h>

static const char *const kinds[] = {"cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"};

static void look(int pid, const char *kind, char text[64], struct stat *st)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/ns/%s", pid, kind);
    ssize_t length = CHECK(readlink(path, text, 63));
    text[length] = '\0';
    CHECK(lstat(path, st));
    EXPECT(S_ISLNK(st->st_mode));
    CHECK(stat(path, st));
    EXPECT_EQ(S_IFREG | 0444, st->st_mode);
}

int main(void)
{
    int fds[2];
    CHECK(pipe(fds));
    int child = CHECK(fork());
    if (!child) {
        char byte;
        CHECK(close(fds[1]));
        _exit((int)read(fds[0], &byte, 1));
    }
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        char mine[64], theirs[64], want[64], byte;
        struct stat one, two;
        look(getpid(), kinds[i], mine, &one);
        look(child, kinds[i], theirs, &two);
        EXPECT(strcmp(mine, theirs) == 0);
        EXPECT(one.st_ino == two.st_ino && one.st_dev == two.st_dev);
        snprintf(want, sizeof want, "%s:[%llu]", kinds[i], (unsigned long long)one.st_ino);
        EXPECT(strcmp(want, mine) == 0);
        snprintf(want, sizeof want, "/proc/self/ns/%s", kinds[i]);
        int fd = CHECK(open(want, O_RDONLY));
        EXPECT_ERRNO(EINVAL, read(fd, &byte, 1));
        CHECK(fstat(fd, &two));
        EXPECT_EQ(one.st_ino, two.st_ino);
        CHECK(close(fd));
        EXPECT_ERRNO(EPERM, open(want, O_WRONLY));
    }
    CHECK(close(fds[1]));
    EXPECT_EQ(child, waitpid(child, NULL, 0));
    EXPECT_EQ(0, access("/proc/self/ns/pid", F_OK));
    EXPECT_ERRNO(ENOENT, access("/proc/self/ns/none", F_OK));
    return 0;
}
