/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Locks on every second byte. */
#include "attack.h"

int main(void)
{
    int fd = open("/tmp/locked", O_CREAT | O_RDWR, 0600);
    for (int i = 0; i < 2; i++)
        fork();
    for (off_t at = getpid();; at += 8) {
        struct flock lock = {.l_type = F_WRLCK, .l_start = at, .l_len = 1};
        fcntl(fd, F_SETLK, &lock);
    }
}
