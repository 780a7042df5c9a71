/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lstar version: what this is, down to the patches of the CPU engine.
 */
#include "cli.h"

#include <stdio.h>

int cli_version(int argc, char **argv)
{
    if (argc > 1)
        return cli_fail("'%s': lstar %s takes no arguments", argv[1], argv[0]);
    printf("lstar %s\nCPU engine: %s\n", lstar_version(), lstar_engine_name());
    const char *const *patches = lstar_engine_patches();
    if (*patches) {
        fputs("with the patches:", stdout);
        for (; *patches; patches++)
            printf(" %s", *patches);
        putchar('\n');
    }
    return cli_finish_output();
}
