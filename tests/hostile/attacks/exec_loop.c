/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A program that does nothing but start itself. */
#include "attack.h"

int main(int argc, char **argv, char **envp)
{
    (void)argc;
    for (;;)
        execve("/proc/self/exe", argv, envp);
}
