/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Children that nobody waits for. */
#include "attack.h"

int main(void)
{
    for (;;) {
        if (fork() == 0)
            _exit(1);
        sched_yield();
    }
}
