/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Recursion: calls, returns and the stack. */
#include "bench.h"

static __attribute__((noinline, noclone, optimize("no-optimize-sibling-calls"))) long fib(long n)
{
    return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

int main(int argc, char **argv)
{
    return bench_done((uint64_t)fib(bench_rounds(argc, argv, 30)));
}
