/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Processes that block, ignore and outlive whatever they can. */
#include "attack.h"

int main(void)
{
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    for (int i = 1; i < 65; i++)
        signal(i, SIG_IGN);
    for (int i = 0; i < 6; i++)
        fork();
    setsid();
    for (unsigned turn = 0;; turn++) {
        if (turn % 4096 == 0)
            sched_yield();
    }
}
