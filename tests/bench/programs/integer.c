/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A loop of dependent 64-bit integer operations: add, multiply, shift, divide now and then. */
#include "bench.h"

int main(int argc, char **argv)
{
    long rounds = bench_rounds(argc, argv, 1000000);
    uint64_t a = 1, b = 0x9e3779b97f4a7c15u;
    uint32_t c = 7;

    for (long i = 0; i < rounds; i++) {
        a = a * 6364136223846793005u + b;
        b ^= a >> 29;
        b = (b << 7) | (b >> 57);
        c = c * 1664525u + (uint32_t)i;
        if (c & 0x40)
            a += c;
        else
            b -= c >> 3;
        if ((i & 15) == 0)
            a ^= b / (c | 1);
    }
    return bench_done(a ^ b ^ c);
}
