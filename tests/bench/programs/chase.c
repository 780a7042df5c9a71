/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Follows one random cycle through 4 MB of pointers: each load waits for the one before. */
#include "bench.h"

enum { NODES = 4 * 1024 * 1024 / 8 };

int main(int argc, char **argv)
{
    long rounds = bench_rounds(argc, argv, 1000000);
    void **nodes = malloc(NODES * sizeof *nodes);
    uint32_t *order = malloc(NODES * sizeof *order);
    uint64_t seed = 88172645463325252u;

    if (!nodes || !order)
        bench_fail("malloc");
    for (uint32_t i = 0; i < NODES; i++)
        order[i] = i;
    for (uint32_t i = NODES - 1; i > 0; i--) {
        uint32_t j = (uint32_t)(bench_random(&seed) % (i + 1)), t = order[i];
        order[i] = order[j];
        order[j] = t;
    }
    for (uint32_t i = 0; i < NODES; i++)
        nodes[order[i]] = &nodes[order[(i + 1) % NODES]];

    void **at = nodes;
    for (long r = 0; r < rounds; r++)
        at = *at;
    return bench_done((uint64_t)(at - nodes));
}
