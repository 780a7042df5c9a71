/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Says hello to its arguments: the smallest useful guest. */
#include <stdio.h>

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        printf("hello, %s\n", argv[i]);
    if (argc == 1)
        puts("hello, world");
    return 0;
}
