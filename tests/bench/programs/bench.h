/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BENCH_H
#define BENCH_H
/*
 * What every benchmark program shares: its first argument is how often it does its work, and what
 * it computed is printed, so that a run that went wrong is seen and nothing is optimised away.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* How many rounds to do: argv[1], or `otherwise`. */
static inline long bench_rounds(int argc, char **argv, long otherwise)
{
    return argc > 1 ? strtol(argv[1], NULL, 10) : otherwise;
}

/* The next number of a fixed sequence (xorshift64). */
static inline uint64_t bench_random(uint64_t *state)
{
    uint64_t x = *state;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    return *state = x;
}

/* The last line of every program: what came out. */
static inline int bench_done(uint64_t result)
{
    printf("%016llx\n", (unsigned long long)result);
    return 0;
}

/* A system call of the case failed: say which and end. */
static inline void bench_fail(const char *what)
{
    perror(what);
    exit(1);
}
#endif
