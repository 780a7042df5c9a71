/* SPDX-License-Identifier: GPL-2.0-or-later */
/* open and close of a file on a tmpfs: argv[2] is a folder there. */
#include <fcntl.h>
#include <unistd.h>
#include "bench.h"

int main(int argc, char **argv)
{
    long rounds = bench_rounds(argc, argv, 100000);
    char path[256];

    snprintf(path, sizeof path, "%s/lstar-bench-open-%d", argc > 2 ? argv[2] : "/tmp", getpid());
    int fd = open(path, O_CREAT | O_RDWR, 0600);
    if (fd < 0)
        bench_fail(path);
    close(fd);
    for (long r = 0; r < rounds; r++) {
        fd = open(path, O_RDONLY);
        if (fd < 0)
            bench_fail("open");
        close(fd);
    }
    unlink(path);
    return bench_done((uint64_t)rounds);
}
