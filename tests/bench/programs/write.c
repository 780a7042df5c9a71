/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes of 4 KiB to /dev/null. */
#include <fcntl.h>
#include <unistd.h>
#include "bench.h"

int main(int argc, char **argv)
{
    static char buffer[4096];
    long rounds = bench_rounds(argc, argv, 100000);
    int fd = open("/dev/null", O_WRONLY);

    if (fd < 0)
        bench_fail("/dev/null");
    for (long r = 0; r < rounds; r++)
        if (write(fd, buffer, sizeof buffer) != sizeof buffer)
            bench_fail("write");
    return bench_done((uint64_t)rounds);
}
