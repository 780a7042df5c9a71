/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A process that is another one each time one looks: the parent ends, the child goes on. */
#include "attack.h"

int main(void)
{
    fork(); /* the first process stays */
    for (pid_t first = getpid();;) {
        pid_t pid = fork();
        if (pid > 0 && getpid() != first && getppid() != 0)
            _exit(0);
        if (pid != 0)
            sched_yield();
    }
}
