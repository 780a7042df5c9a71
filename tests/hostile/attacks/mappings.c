/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mappings, as many as there can be, copied by fork and read through /proc. */
#include "attack.h"

static void read_all(const char *path)
{
    char bytes[4096];
    int fd = open(path, O_RDONLY);
    while (read(fd, bytes, sizeof bytes) > 0)
        ;
    close(fd);
}

static void fill(void)
{
    for (unsigned i = 0; i < 70000; i++)
        if (mmap(NULL, 4096, i % 2 ? PROT_READ : PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
            MAP_FAILED)
            break;
    for (;;) {
        read_all("/proc/self/maps");
        read_all("/proc/self/smaps");
        read_all("/proc/self/status");
        fork();
    }
}

int main(void)
{
    spread(fill, 3);
}
