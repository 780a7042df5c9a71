/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory, taken and touched by many until there is none. */
#include "attack.h"

static void take(void)
{
    for (;;) {
        char *part = map(1 << 20);
        if (part == MAP_FAILED)
            hold();
        for (size_t i = 0; i < 1 << 20; i += 4096)
            part[i] = 1;
    }
}

int main(void)
{
    for (int i = 0; i < 3; i++)
        if (fork() == 0)
            take();
    repeat_in_children(take);
}
