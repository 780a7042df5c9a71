/* SPDX-License-Identifier: GPL-2.0-or-later */
/* zlib at each level over three kinds of data: what comes back is what went in; sizes and checksums
 * are printed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { SIZE = 400000 };

static void make(unsigned char *data, int kind)
{
    unsigned x = 99;
    for (int i = 0; i < SIZE; i++) {
        x = x * 1103515245u + 12345u;
        data[i] = (unsigned char)(kind == 0 ? x >> 24 : kind == 1 ? "abcdefg "[x >> 29] : i / 1000);
    }
}

int main(void)
{
    unsigned char *data = malloc(SIZE), *back = malloc(SIZE), *packed = malloc(compressBound(SIZE));

    for (int kind = 0; kind < 3; kind++) {
        make(data, kind);
        printf("crc32 %08lx adler32 %08lx\n", crc32(0, data, SIZE), adler32(1, data, SIZE));
        for (int level = 0; level <= 9; level++) {
            uLongf size = compressBound(SIZE), back_size = SIZE;
            int packed_ok = compress2(packed, &size, data, SIZE, level) == Z_OK;
            int back_ok = uncompress(back, &back_size, packed, size) == Z_OK;
            printf("%d %d: %lu %08lx %s\n", kind, level, size, crc32(0, packed, (uInt)size),
                   packed_ok && back_ok && !memcmp(data, back, SIZE) ? "same" : "DIFFERENT");
        }
    }
    gzFile file = gzopen("zlib.gz", "wb9");
    gzprintf(file, "%s, %d\n", "compressed text", 42);
    gzwrite(file, data, SIZE);
    gzclose(file);
    file = gzopen("zlib.gz", "rb");
    char line[64];
    printf("%s", gzgets(file, line, sizeof line));
    printf("%d\n", gzread(file, back, SIZE));
    gzclose(file);
    return 0;
}
