/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks for whatever it can reach, as a program does that one should not trust. In lstar it finds
 * an empty house. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <errno.h>
#include <sys/utsname.h>
#include <unistd.h>

static void try_read(const char *path)
{
    char text[64] = "";
    int fd = open(path, O_RDONLY);
    if (fd < 0) {
        printf("%-16s %s\n", path, strerror(errno));
        return;
    }
    ssize_t length = read(fd, text, sizeof text - 1);
    printf("%-16s readable, %zd bytes at once\n", path, length);
    close(fd);
}

int main(void)
{
    struct utsname name;
    uname(&name);
    printf("I am user %d on \"%s\", process %d\n", (int)getuid(), name.nodename, (int)getpid());

    DIR *root = opendir("/");
    struct dirent *entry;
    fputs("the root folder holds:", stdout);
    while (root && (entry = readdir(root)) != NULL) {
        if (entry->d_name[0] != '.')
            printf(" %s", entry->d_name);
    }
    puts("");
    try_read("/etc/passwd");
    try_read("/root/.ssh");
    try_read("/home");
    return 0;
}
