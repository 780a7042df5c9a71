/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Folders in folders, deeper than any path is long, asked for their name and removed. */
#include "attack.h"

#include <sys/stat.h>

int main(void)
{
    static char name[65536];
    for (;;) {
        TRY(chdir("/tmp"));
        for (unsigned depth = 0; depth < 200000; depth++) {
            if (mkdir("d", 0700) && errno != EEXIST)
                break;
            if (chdir("d"))
                break;
        }
        TRY(syscall(SYS_getcwd, name, sizeof name));
        TRY(rename("/tmp/d", "d/e"));
        TRY(rename("/tmp/d", "/tmp/e"));
        int fd = open(".", O_RDONLY);
        TRY(chdir("/"));
        close(fd);
        for (unsigned depth = 0; depth < 200000; depth++)
            if (rmdir("/tmp/e/d/d"))
                break;
    }
}
