/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The C library's qsort with a comparison function, over 200,000 integers. */
#include "bench.h"

enum { COUNT = 200000 };

static int compare(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    long rounds = bench_rounds(argc, argv, 2);
    uint32_t *numbers = malloc(COUNT * sizeof *numbers);
    uint64_t seed = 1234567, sum = 0;

    if (!numbers)
        bench_fail("malloc");
    for (long r = 0; r < rounds; r++) {
        for (int i = 0; i < COUNT; i++)
            numbers[i] = (uint32_t)bench_random(&seed);
        qsort(numbers, COUNT, sizeof *numbers, compare);
        for (int i = 0; i < COUNT; i += 1000)
            sum = sum * 31 + numbers[i];
    }
    return bench_done(sum);
}
