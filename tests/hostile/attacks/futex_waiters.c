/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waiters by the thousand on one word, woken and moved all the time. */
#include "attack.h"

#include <linux/futex.h>

static uint32_t words[2];

static _Noreturn int thread(void *unused)
{
    (void)unused;
    for (;;)
        syscall(SYS_futex, &words[0], FUTEX_WAIT, 0, NULL, NULL, 0);
}

int main(void)
{
    for (int i = 0; i < 5000; i++) {
        char *stack = map(16384);
        if (stack == MAP_FAILED)
            break;
        clone(thread, stack + 16384,
              CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD, NULL);
    }
    for (;;) {
        syscall(SYS_futex, &words[0], FUTEX_REQUEUE, INT32_MAX, INT32_MAX, &words[1], 0);
        syscall(SYS_futex, &words[1], FUTEX_REQUEUE, 0, INT32_MAX, &words[0], 0);
        syscall(SYS_futex, &words[0], FUTEX_WAKE, INT32_MAX, NULL, NULL, 0);
        sched_yield();
    }
}
