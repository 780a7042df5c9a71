/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files in memory, until nothing more fits. */
#include "attack.h"

static void fill(void)
{
    static char bytes[65536];
    char name[64];
    snprintf(name, sizeof name, "/tmp/fill%d", getpid());
    int fd = open(name, O_CREAT | O_RDWR, 0600);
    memset(bytes, 1, sizeof bytes);
    for (;;)
        if (write(fd, bytes, sizeof bytes) <= 0)
            sched_yield();
}

int main(void)
{
    spread(fill, 8);
}
