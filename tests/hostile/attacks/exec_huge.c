/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Arguments as large as they may be, by many processes at once. */
#include "attack.h"

#define PIECE 131000
#define PIECES 40

extern char **environ;

int main(int argc, char **argv)
{
    (void)argc;
    char *piece = malloc(PIECE);
    char *list[PIECES + 1];
    memset(piece, 'x', PIECE - 1);
    piece[PIECE - 1] = '\0';
    for (int i = 0; i < PIECES; i++)
        list[i] = piece;
    for (int i = 0; i < 4; i++)
        fork();
    for (int count = PIECES; count > 0; count--) {
        list[count] = NULL;
        list[0] = argv[0];
        execve("/proc/self/exe", list, environ);
    }
    hold();
}
