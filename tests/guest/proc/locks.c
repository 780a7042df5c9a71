/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does /proc/locks list locks of all three kinds, with their ranges? */
#include "proc_text.h"

#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

/* The line about this file, after its number; NULL: none. */
static const char *line_of(int fd, char *text, size_t size)
{
    struct stat st;
    char key[64];
    CHECK(fstat(fd, &st));
    snprintf(key, sizeof key, " %02x:%02x:%lu ", major(st.st_dev), minor(st.st_dev), st.st_ino);
    proc_read("/proc/locks", text, size);
    char *at = strstr(text, key);
    if (!at)
        return NULL;
    *strchr(at, '\n') = '\0';
    while (at > text && at[-1] != '\n')
        at--;
    return strchr(at, ' ') + 1;
}

static void expect_line(int fd, const char *start, const char *end)
{
    static char text[65536];
    const char *line = line_of(fd, text, sizeof text);
    if (!line || strncmp(line, start, strlen(start)) ||
        strcmp(line + strlen(line) - strlen(end), end))
        FAIL("'%s', not '%s ... %s'", line ? line : "", start, end);
}

int main(void)
{
    char path[] = "/tmp/locks-XXXXXX", want[64], text[4096];
    int fd = CHECK(mkstemp(path));
    CHECK(unlink(path));
    EXPECT(!line_of(fd, text, sizeof text));
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 5, .l_len = 10};
    CHECK(fcntl(fd, F_SETLK, &lock));
    snprintf(want, sizeof want, "POSIX  ADVISORY  WRITE %d ", getpid());
    expect_line(fd, want, " 5 14");
    lock = (struct flock){.l_type = F_UNLCK, .l_whence = SEEK_SET};
    CHECK(fcntl(fd, F_SETLK, &lock));
    EXPECT(!line_of(fd, text, sizeof text));

    lock = (struct flock){.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = 7};
    CHECK(fcntl(fd, F_OFD_SETLK, &lock));
    expect_line(fd, "OFDLCK ADVISORY  READ -1 ", " 7 EOF");
    lock.l_type = F_UNLCK;
    CHECK(fcntl(fd, F_OFD_SETLK, &lock));

    CHECK(flock(fd, LOCK_EX));
    snprintf(want, sizeof want, "FLOCK  ADVISORY  WRITE %d ", getpid());
    expect_line(fd, want, " 0 EOF");
    CHECK(flock(fd, LOCK_UN));
    EXPECT(!line_of(fd, text, sizeof text));
    return 0;
}
