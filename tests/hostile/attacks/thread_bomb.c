/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Threads, as many as there can be; each wants a little time. */
#include "attack.h"

static _Noreturn int thread(void *unused)
{
    (void)unused;
    for (;;)
        sched_yield();
}

int main(void)
{
    for (;;) {
        char *stack = map(65536);
        if (stack == MAP_FAILED ||
            clone(thread, stack + 65536,
                  CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD, NULL) < 0)
            sched_yield();
    }
}
