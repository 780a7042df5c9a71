/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Is all there when a mapping is moved to the pages just below it, as malloc does when it grows a
 * block? */
#define _GNU_SOURCE
#include <sys/mman.h>

#include "guest_test.h"

enum { PAGE = 4096, FIRST = 64 * PAGE, LAST = 512 * PAGE };

int main(void)
{
    size_t size = FIRST, at = 0;
    uint64_t *words = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    EXPECT(words != MAP_FAILED);
    for (; at < LAST; at += sizeof *words) {
        if (at == size) {
            words = mremap(words, size, 2 * size, MREMAP_MAYMOVE);
            EXPECT(words != MAP_FAILED);
            size *= 2;
        }
        words[at / sizeof *words] = at * 7 + 1;
    }
    for (at = 0; at < LAST; at += sizeof *words)
        EXPECT_EQ(at * 7 + 1, words[at / sizeof *words]);
    return 0;
}
