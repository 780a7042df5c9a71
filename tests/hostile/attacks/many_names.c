/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A folder with names without end. */
#include "attack.h"

int main(void)
{
    char name[300];
    memset(name, 'n', sizeof name);
    memcpy(name, "/tmp/", 5);
    int file = open("/tmp/file", O_CREAT | O_RDWR, 0600);
    for (int i = 0; i < 2; i++)
        fork();
    for (unsigned i = 0;; i++) {
        sprintf(name + 200, "%d.%u", getpid(), i);
        if (i % 3 == 0)
            TRY(symlink(name, name));
        else if (i % 3 == 1)
            TRY(link("/tmp/file", name));
        else
            close(open(name, O_CREAT | O_WRONLY, 0600));
        if (i % 65536 == 0) {
            char entries[32768];
            int fd = open("/tmp", O_RDONLY | O_DIRECTORY);
            while (syscall(SYS_getdents64, fd, entries, sizeof entries) > 0)
                ;
            close(fd);
        }
    }
    close(file);
}
