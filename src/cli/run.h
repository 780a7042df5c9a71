/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_CLI_RUN_H
#define LSTAR_CLI_RUN_H
/*
 * What the files of `lstar run` share.
 */
#include "cli.h"

#include <stdio.h>

/* The words of the command line that are no part of the configuration. */
struct run_options {
    struct lstar_config *config;
    const char *program; /* as given */
    char **args;         /* PROGRAM and its arguments, NULL-terminated; points into argv */
    bool root;           /* --root was given: PROGRAM is a guest path */
    bool host;           /* --host */
    bool cwd;            /* --cwd was given */
    bool user;           /* --user was given */
    bool deterministic;
    bool strace;
    const char *strace_file; /* NULL: standard error */
    enum lstar_trace_format strace_format;
    bool report;
    bool quiet;
};

/*
 * Read the options of argv (argv[0] is "run") into `options`, whose config exists, with the
 * environment. CLI_OK, or the exit status after a message; *done: nothing is to be run (--help).
 */
int run_parse(int argc, char **argv, struct run_options *options, bool *done);

/* One option's value; false: it makes no sense. */
bool run_parse_count(const char *text, uint64_t *out);    /* 12, 5k, 3M, 1G: powers of 1000 */
bool run_parse_size(const char *text, uint64_t *out);     /* 4096, 64K, 512M, 2G: powers of 1024 */
bool run_parse_duration(const char *text, uint64_t *out); /* 10, 1.5, 200ms, 3s, 2m, 1h: in ns */
bool run_parse_user(const char *text, uint32_t *uid, uint32_t *gid); /* 1000, 1000:100 */

/* Find PROGRAM and build the machine. CLI_OK, or the exit status after a message. */
int run_create_machine(const struct run_options *options, struct lstar_machine **out);

/*
 * From now on SIGINT, SIGTERM, SIGHUP and SIGQUIT end this process at once, with the terminal as it
 * was found. While a machine is named by run_signals_stop(), what is typed at the terminal (Ctrl-C,
 * Ctrl-Z) is the guest's, and the first signal that somebody sends stops that machine. What the
 * caller ignores stays ignored.
 */
void run_catch_signals(void);
/* NULL: the machine is about to be destroyed. */
void run_signals_stop(struct lstar_machine *machine);
/* The signal that stopped the machine, or was typed last; 0: none. */
int run_caught_signal(void);
/* The program was stopped by this signal: so is this process, until it is continued. */
void run_suspend(int signal);

#endif
