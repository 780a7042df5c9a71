/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Processes and threads that wait for each other for ever, and one that looks after all. */
#include "attack.h"

int main(void)
{
    int ends[2];
    TRY(pipe(ends));
    for (int i = 0; i < 2000; i++) {
        if (fork() == 0) {
            char byte;
            TRY(read(ends[0], &byte, 1));
            hold();
        }
    }
    for (;;)
        kill(-1, SIGCHLD);
}
