/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Faults on fresh anonymous pages: 16 MB mapped, one byte of each page written, unmapped; argv[1]
 * times. */
#include <sys/mman.h>
#include "bench.h"

enum { PAGE = 4096, BYTES = 16 * 1024 * 1024 };

int main(int argc, char **argv)
{
    long rounds = bench_rounds(argc, argv, 10);

    for (long r = 0; r < rounds; r++) {
        char *bytes = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (bytes == MAP_FAILED || madvise(bytes, BYTES, MADV_NOHUGEPAGE))
            bench_fail("mmap");
        for (long i = 0; i < BYTES; i += PAGE)
            bytes[i] = 1;
        munmap(bytes, BYTES);
    }
    return bench_done((uint64_t)rounds);
}
