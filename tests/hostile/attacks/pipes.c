/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pipes made as large as they may be, and filled. */
#include "attack.h"

static void fill(void)
{
    static char bytes[65536];
    int ends[2];
    more_files();
    memset(bytes, 1, sizeof bytes);
    while (pipe2(ends, O_NONBLOCK) == 0) {
        for (int size = 1 << 21; size >= 4096; size /= 2)
            if (fcntl(ends[1], F_SETPIPE_SZ, size) > 0)
                break;
        while (write(ends[1], bytes, sizeof bytes) > 0)
            ;
        while (write(ends[1], bytes, 1) > 0)
            ;
    }
}

int main(void)
{
    spread(fill, 40);
}
