/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Groups that stop and continue each other. */
#include "attack.h"

int main(void)
{
    if (fork() > 0)
        hold();
    setpgid(0, 0);
    for (int i = 0; i < 5; i++)
        fork();
    setpgid(0, 0);
    for (;;) {
        kill(0, SIGSTOP);
        kill(0, SIGCONT);
        kill(-getppid(), SIGTSTP);
    }
}
