/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory behind descriptors, as many as there can be. */
#include "attack.h"

static void fill(void)
{
    static char bytes[1 << 16];
    memset(bytes, 1, sizeof bytes);
    more_files();
    for (;;) {
        int fd = memfd_create("memory", 0);
        if (fd < 0)
            sched_yield();
        while (fd >= 0 && write(fd, bytes, sizeof bytes) > 0 && lseek(fd, 0, SEEK_CUR) < 1 << 20)
            ;
    }
}

int main(void)
{
    spread(fill, 3);
}
