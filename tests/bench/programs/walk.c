/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Walks over 64 MB of memory, reading and writing each word. */
#include "bench.h"

enum { WORDS = 64 * 1024 * 1024 / 8 };

int main(int argc, char **argv)
{
    long rounds = bench_rounds(argc, argv, 4);
    volatile uint64_t *words = calloc(WORDS, sizeof *words);
    uint64_t sum = 0;

    if (!words)
        bench_fail("calloc");
    for (long r = 0; r < rounds; r++)
        for (long i = 0; i < WORDS; i++) {
            sum += words[i];
            words[i] = sum + (uint64_t)i;
        }
    return bench_done(sum);
}
