/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Readers of whatever /proc tells, while what it tells about comes and goes. */
#include "attack.h"

#include <dirent.h>

static void read_folder(const char *path, int depth)
{
    char below[512], bytes[4096];
    DIR *dir = opendir(path);
    if (!dir)
        return;
    struct dirent *entry;
    while ((entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(below, sizeof below, "%s/%s", path, entry->d_name);
        TRY(readlink(below, bytes, sizeof bytes));
        int fd = open(below, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
        for (int i = 0; fd >= 0 && i < 64 && read(fd, bytes, sizeof bytes) > 0; i++)
            ;
        if (fd >= 0)
            close(fd);
        if (depth < 6)
            read_folder(below, depth + 1);
    }
    closedir(dir);
}

int main(void)
{
    for (int i = 0; i < 3; i++)
        fork();
    for (;;) {
        pid_t pid = fork();
        if (pid == 0) {
            if (getpid() % 2)
                read_folder("/proc", 0);
            _exit(0);
        }
        if (getpid() % 3 && pid > 0)
            waitpid(pid, NULL, 0);
    }
}
