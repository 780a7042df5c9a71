/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Threads of one process that all call execve(2) at once. */
#include "attack.h"

static char *const arguments[] = {"again", NULL};

static _Noreturn int thread(void *unused)
{
    (void)unused;
    for (;;)
        execve("/proc/self/exe", arguments, NULL);
}

int main(void)
{
    for (int i = 0; i < 40; i++) {
        char *stack = map(65536);
        clone(thread, stack + 65536,
              CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD, NULL);
    }
    thread(NULL);
}
