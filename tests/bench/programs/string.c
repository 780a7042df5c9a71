/* SPDX-License-Identifier: GPL-2.0-or-later */
/* printf and the string functions of the C library, on short strings. */
#include <string.h>
#include "bench.h"

int main(int argc, char **argv)
{
    long rounds = bench_rounds(argc, argv, 10000);
    char line[256], copy[256];
    uint64_t sum = 0;

    for (long r = 0; r < rounds; r++) {
        int length = snprintf(line, sizeof line, "%ld: %s has %5d of %08lx, %.3f on average", r,
                              r & 1 ? "the odd one" : "an even number", (int)(r % 977),
                              (unsigned long)r * 2654435761u, (double)r / 7);
        strcpy(copy, line);
        char *colon = strchr(copy, ':');
        sum += (uint64_t)length + strlen(colon) + (strstr(copy, "average") != NULL);
        sum += (uint64_t)(strcmp(copy, line) == 0) + (uint64_t)strtol(line, NULL, 10);
        for (char *word = strtok(copy, " "); word; word = strtok(NULL, " "))
            sum = sum * 3 + (unsigned char)word[0];
        sum ^= (uint64_t)(memchr(line, 'x', (size_t)length) != NULL);
    }
    return bench_done(sum);
}
