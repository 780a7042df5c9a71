/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The C library's memcpy and memset, from 16 bytes to 1 MB. */
#include <string.h>
#include "bench.h"

enum { BUFFER = 1 << 20 };

int main(int argc, char **argv)
{
    static const size_t sizes[] = {16, 100, 1000, 4096, 65536, BUFFER};
    long rounds = bench_rounds(argc, argv, 100);
    unsigned char *a = malloc(BUFFER), *b = malloc(BUFFER);
    uint64_t sum = 0;

    if (!a || !b)
        bench_fail("malloc");
    memset(a, 1, BUFFER);
    for (long r = 0; r < rounds; r++)
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
            size_t size = sizes[s];
            long times = (long)(BUFFER / size > 400 ? 400 : BUFFER / size);

            for (long t = 0; t < times; t++) {
                memcpy(b, a, size);
                __asm__ volatile("" ::"r"(b) : "memory");
            }
            memset(a, (int)r, size);
            sum += b[size - 1] + a[0];
        }
    return bench_done(sum);
}
