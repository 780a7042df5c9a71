/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command's entry: picks the subcommand.
 */
#include "cli.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
} commands[] = {
    {"run", cli_run},           {"syscalls", cli_syscalls}, {"version", cli_version},
    {"--version", cli_version}, {"help", cli_help},         {"--help", cli_help},
    {"-h", cli_help},
};

int main(int argc, char **argv)
{
    if (argc < 2) {
        cli_help(1, argv);
        return CLI_ERROR;
    }
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    }
    return cli_fail("'%s' is no command of lstar; to run a program: lstar run %s", argv[1],
                    argv[1]);
}
