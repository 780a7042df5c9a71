/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads of 4 KiB from /dev/zero. */
#include <fcntl.h>
#include <unistd.h>
#include "bench.h"

int main(int argc, char **argv)
{
    static char buffer[4096];
    long rounds = bench_rounds(argc, argv, 100000);
    int fd = open("/dev/zero", O_RDONLY);

    if (fd < 0)
        bench_fail("/dev/zero");
    for (long r = 0; r < rounds; r++)
        if (read(fd, buffer, sizeof buffer) != sizeof buffer)
            bench_fail("read");
    return bench_done((uint64_t)rounds);
}
