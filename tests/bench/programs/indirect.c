/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls through a table of function pointers, in an order that no predictor of the engine's can
 * know. */
#include "bench.h"

typedef uint64_t operation(uint64_t value);

#define OPERATION(name, expression)                                                                \
    static __attribute__((noinline)) uint64_t name(uint64_t v)                                     \
    {                                                                                              \
        return expression;                                                                         \
    }

OPERATION(add, v + 0x1234567)
OPERATION(twist, v ^ (v >> 13))
OPERATION(scale, v * 5)
OPERATION(turn, (v << 11) | (v >> 53))
OPERATION(flip, ~v)
OPERATION(less, v - 99)
OPERATION(mix, v ^ (v << 5))
OPERATION(half, (v >> 1) + 0x55)

static operation *const table[8] = {add, twist, scale, turn, flip, less, mix, half};

int main(int argc, char **argv)
{
    long rounds = bench_rounds(argc, argv, 1000000);
    uint64_t value = 42;
    uint32_t pick = 1;

    for (long r = 0; r < rounds; r++) {
        pick = pick * 1664525u + 1013904223u;
        value = table[pick >> 29](value);
    }
    return bench_done(value);
}
