/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random bytes: the host's (getrandom(2)), or in deterministic machines a stream that the seed
 * alone decides: xoshiro256** (Blackman and Vigna, public domain), its state filled by splitmix64.
 */
#include "host/internal.h"

#include <string.h>
#include <sys/random.h>

static uint64_t rotate(uint64_t x, unsigned by)
{
    return x << by | x >> (64 - by);
}

static uint64_t stream_next(uint64_t s[4])
{
    uint64_t result = rotate(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return result;
}

void host_entropy_seed(struct host *host, uint64_t seed)
{
    for (unsigned i = 0; i < 4; i++) {
        seed += UINT64_C(0x9e3779b97f4a7c15);
        uint64_t z = seed;
        z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
        z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
        host->random[i] = z ^ z >> 31;
    }
}

void host_entropy(struct host *host, void *bytes, size_t size)
{
    char *to = bytes;
    while (size > 0) {
        if (!host->deterministic) {
            ssize_t n = getrandom(to, size, 0);
            if (n > 0) {
                to += n;
                size -= (size_t)n;
                continue;
            }
            if (errno == EINTR)
                continue;
            /* A host without getrandom: what is left is a stream seeded by its clocks. */
            host->random[0] ^= host_realtime(host);
        }
        uint64_t word = stream_next(host->random);
        size_t n = MIN(size, sizeof word);
        memcpy(to, &word, n);
        to += n;
        size -= n;
    }
}
