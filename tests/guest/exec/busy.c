/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Can a file be written while it runs, or run while it is open for writing? Neither: ETXTBSY. */
#include "guest_test.h"

#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>

static void copy(int from, int to)
{
    static char buffer[65536];
    ssize_t got;
    while ((got = CHECK(read(from, buffer, sizeof buffer))) > 0)
        EXPECT_EQ(got, write(to, buffer, (size_t)got));
}

int main(int argc, char **argv)
{
    char *self = (char *)getauxval(AT_EXECFN);
    if (argc == 2) {
        EXPECT_ERRNO(ETXTBSY, open(argv[1], O_WRONLY));
        EXPECT_ERRNO(ETXTBSY, open(argv[1], O_RDWR));
        EXPECT_ERRNO(ETXTBSY, open(argv[1], O_WRONLY | O_TRUNC));
        EXPECT_ERRNO(ETXTBSY, truncate(argv[1], 0));
        CHECK(close(CHECK(open(argv[1], O_RDONLY))));
        CHECK(unlink(argv[1]));
        return 0;
    }
    char name[] = "/tmp/busyXXXXXX";
    int fd = CHECK(mkstemp(name));
    copy(CHECK(open(self, O_RDONLY)), fd);
    CHECK(fchmod(fd, 0700));
    char *next[] = {"copy", name, NULL}, *env[] = {NULL};
    EXPECT_ERRNO(ETXTBSY, execve(name, next, env));
    CHECK(close(fd));
    CHECK(execve(name, next, env));
    return 1;
}
