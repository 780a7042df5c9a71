/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One page in each region that needs tables of its own. */
#include "attack.h"

static void touch(void)
{
    char *all = mmap(NULL, (size_t)1 << 45, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (all == MAP_FAILED)
        hold();
    for (size_t step = (size_t)1 << 39; step >= (size_t)1 << 21; step >>= 9)
        for (size_t at = 0; at < (size_t)1 << 45; at += step)
            *(volatile char *)(all + at); /* reads cost tables, nothing else */
}

int main(void)
{
    repeat_in_children(touch);
}
