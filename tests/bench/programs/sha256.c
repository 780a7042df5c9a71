/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SHA-256 (FIPS 180-4) in plain C: rotations, additions, table look-ups. */
#include <string.h>
#include "bench.h"

static uint32_t constants[64];
static uint32_t state[8];

static uint32_t rotate(uint32_t x, int n)
{
    return (x >> n) | (x << (32 - n));
}

/* The first 32 bits of the fraction of the cube (or square) root of a prime, by integers alone. */
static uint32_t root_fraction(uint32_t prime, int power)
{
    uint64_t low = 0, high = (uint64_t)1 << 37;

    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        unsigned __int128 square = (unsigned __int128)middle * middle;
        unsigned __int128 limit = (unsigned __int128)prime << 64;
        int above = power == 2 ? square > limit : (square >> 32) * middle > limit;
        if (above)
            high = middle;
        else
            low = middle;
    }
    return (uint32_t)low;
}

static void setup(void)
{
    int found = 0;

    for (uint32_t n = 2; found < 64; n++) {
        uint32_t d = 2;
        while (d * d <= n && n % d)
            d++;
        if (d * d <= n)
            continue;
        constants[found] = root_fraction(n, 3);
        if (found < 8)
            state[found] = root_fraction(n, 2);
        found++;
    }
}

static void block(const unsigned char *bytes)
{
    uint32_t w[64], v[8];

    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t)bytes[4 * i] << 24 | (uint32_t)bytes[4 * i + 1] << 16 |
               (uint32_t)bytes[4 * i + 2] << 8 | bytes[4 * i + 3];
    for (int i = 16; i < 64; i++)
        w[i] = w[i - 16] + w[i - 7] +
               (rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ (w[i - 15] >> 3)) +
               (rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ (w[i - 2] >> 10));
    memcpy(v, state, sizeof v);
    for (int i = 0; i < 64; i++) {
        uint32_t t1 = v[7] + (rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25)) +
                      ((v[4] & v[5]) ^ (~v[4] & v[6])) + constants[i] + w[i];
        uint32_t t2 = (rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22)) +
                      ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
        v[7] = v[6];
        v[6] = v[5];
        v[5] = v[4];
        v[4] = v[3] + t1;
        v[3] = v[2];
        v[2] = v[1];
        v[1] = v[0];
        v[0] = t1 + t2;
    }
    for (int i = 0; i < 8; i++)
        state[i] += v[i];
}

int main(int argc, char **argv)
{
    long rounds = bench_rounds(argc, argv, 100000);
    unsigned char bytes[64];

    setup();
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)i;
    for (long r = 0; r < rounds; r++) {
        bytes[r & 63]++;
        block(bytes);
    }
    return bench_done((uint64_t)state[0] << 32 | state[7]);
}
