/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Children that borrow their parent, as deep as it goes. */
#include "attack.h"

int main(void)
{
    for (;;)
        if (syscall(SYS_clone, CLONE_VFORK | SIGCHLD, 0, 0, 0, 0) < 0)
            sched_yield();
}
