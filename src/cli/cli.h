/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_CLI_CLI_H
#define LSTAR_CLI_CLI_H
/*
 * The `lstar` command: a file per subcommand, nothing but the public library below.
 */
#include "lstar/lstar.h"

/* Exit statuses of the command itself; else the guest's, or 128 + a signal. As timeout(1) and
 * env(1) have them. */
enum cli_exit {
    CLI_OK = 0,
    CLI_BUDGET = 124, /* a budget ended the guest */
    CLI_ERROR = 125,  /* lstar's own error */
    CLI_NOT_EXECUTABLE = 126,
    CLI_NOT_FOUND = 127,
    CLI_SIGNAL = 128, /* plus the signal */
};

/* Subcommands: argv[0] is the subcommand's name. They return the exit status. */
int cli_run(int argc, char **argv);
int cli_syscalls(int argc, char **argv);
int cli_version(int argc, char **argv);
int cli_help(int argc, char **argv);

/* `lstar: ` and a line on standard error. */
void cli_say(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* As cli_say(); returns CLI_ERROR. */
int cli_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* After a failed write to standard output: CLI_ERROR with a message, else CLI_OK. */
int cli_finish_output(void);

#endif
