/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Address spaces switched as often as there is an instruction. */
#include "attack.h"

int main(void)
{
    int there[2], back[2];
    TRY(pipe(there));
    TRY(pipe(back));
    char byte = 0;
    bool child = fork() == 0;
    for (int i = 0; i < 3; i++)
        fork();
    if (!child)
        TRY(write(there[1], &byte, 1));
    for (;;) {
        TRY(read(child ? there[0] : back[0], &byte, 1));
        TRY(write(child ? back[1] : there[1], &byte, 1));
    }
}
