/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The heap, grown to the end. */
#include "attack.h"

static void grow(void)
{
    for (;;) {
        char *part = sbrk(1 << 16);
        if (part == (void *)-1)
            continue;
        memset(part, 1, 1 << 16);
    }
}

int main(void)
{
    repeat_in_children(grow);
}
