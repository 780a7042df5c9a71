/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Code that is written, run and written again, everywhere. */
#include "attack.h"

int main(void)
{
    size_t size = 16 << 20;
    unsigned char *code =
        mmap(NULL, size, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (unsigned turn = 0;; turn++) {
        for (size_t at = 0; at + 64 < size; at += 64) {
            code[at] = 0xb8; /* mov $turn, %eax */
            memcpy(code + at + 1, &turn, 4);
            code[at + 5] = 0xc3; /* ret */
        }
        for (size_t at = 0; at + 64 < size; at += 64)
            ((int (*)(void))(void *)(code + at))();
    }
}
