/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The cheapest system call there is. */
#include <sys/syscall.h>
#include <unistd.h>
#include "bench.h"

int main(int argc, char **argv)
{
    long rounds = bench_rounds(argc, argv, 100000);

    for (long r = 0; r < rounds; r++)
        syscall(SYS_getppid);
    return bench_done((uint64_t)rounds);
}
