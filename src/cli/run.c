/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lstar run: a program in a machine, from the command line to the exit status.
 */
#include "run.h"

#include <errno.h>
#include <string.h>

static void write_text(void *opaque, const char *text, size_t length)
{
    fwrite(text, 1, length, opaque);
}

/* Where --strace goes; NULL after a message. */
static FILE *open_trace(const struct run_options *options)
{
    if (!options->strace_file)
        return stderr;
    FILE *file = fopen(options->strace_file, "we");
    if (!file)
        cli_say("--strace=%s: %s", options->strace_file, strerror(errno));
    return file;
}

/*
 * The system calls that a program that failed had missed: the likeliest reason. Those that are
 * refused on purpose (their note says so) are what every C library asks and does without.
 */
static void hint_refused(const struct lstar_machine *machine)
{
    struct lstar_syscall call;
    char names[200];
    size_t length = 0;
    for (size_t i = 0; lstar_syscall_get(i, &call); i++) {
        if (lstar_machine_refused(machine, call.number) == 0 || *call.note ||
            length > sizeof names - 40)
            continue;
        length += (size_t)snprintf(names + length, sizeof names - length, "%s%s",
                                   length ? ", " : "", call.name);
    }
    if (length > 0)
        cli_say("the program used system calls that lstar does not have: %s; --strace shows where",
                names);
}

/* What the user should know, and the exit status. */
static int conclude(const struct run_options *options, const struct lstar_machine *machine,
                    const struct lstar_result *result)
{
    bool speak = !options->quiet;
    switch (result->end) {
    case LSTAR_END_EXITED:
        if (speak && result->exit_code != 0)
            hint_refused(machine);
        return result->exit_code;
    case LSTAR_END_SIGNALED:
        if (speak) {
            cli_say("%s was killed by %s%s", options->program, lstar_signal_name(result->signal),
                    options->report ? "" : "; --report shows where");
            hint_refused(machine);
        }
        return CLI_SIGNAL + result->signal;
    case LSTAR_END_INSNS:
        cli_say("%s used up its instructions (%llu): --insns gives it more", options->program,
                (unsigned long long)result->insns);
        return CLI_BUDGET;
    case LSTAR_END_TIME:
        cli_say("%s used up its time: --time gives it more", options->program);
        return CLI_BUDGET;
    case LSTAR_END_MEMORY:
        cli_say("%s used up its memory (%llu MiB in use): --mem gives it more", options->program,
                (unsigned long long)(result->peak_memory >> 20));
        return CLI_BUDGET;
    case LSTAR_END_DEADLOCK:
        return cli_fail("%s waits for what can never come%s%s", options->program,
                        result->reason[0] ? ": " : "", result->reason);
    case LSTAR_END_STOPPED:
        return CLI_SIGNAL + run_caught_signal();
    case LSTAR_END_FAILED:
    case LSTAR_END_NONE:
    case LSTAR_END_SUSPENDED:
        break;
    }
    return cli_fail("a defect of lstar ended %s: %s; please report it with the program",
                    options->program, result->reason[0] ? result->reason : "no reason was given");
}

static int run_machine(const struct run_options *options)
{
    struct lstar_machine *machine;
    run_catch_signals();
    int exit_status = run_create_machine(options, &machine);
    if (exit_status != CLI_OK)
        return exit_status;

    struct lstar_result result;
    run_signals_stop(machine);
    while (lstar_machine_run(machine, 0, &result) == LSTAR_OK && result.end == LSTAR_END_SUSPENDED)
        run_suspend(result.signal);
    run_signals_stop(NULL);

    exit_status = conclude(options, machine, &result);
    if (options->report)
        lstar_machine_report(machine, write_text, stderr);
    lstar_machine_destroy(machine);
    return exit_status;
}

/* The trace's file is closed, and what could not be written to it said. */
static int run_traced(const struct run_options *options)
{
    FILE *trace = open_trace(options);
    if (!trace)
        return CLI_ERROR;
    if (lstar_config_set_trace(options->config, options->strace_format, write_text, trace) !=
        LSTAR_OK)
        return CLI_ERROR;
    int exit_status = run_machine(options);
    bool failed = ferror(trace) != 0;
    if (trace != stderr)
        failed |= fclose(trace) != 0;
    if (failed && trace != stderr)
        return cli_fail("--strace=%s: not all of it could be written", options->strace_file);
    return exit_status;
}

int cli_run(int argc, char **argv)
{
    struct run_options options = {0};
    if (lstar_config_create(&options.config) != LSTAR_OK)
        return cli_fail("the host has not enough memory");
    lstar_config_set_job_control(options.config, true);
    bool done = false;
    int exit_status = run_parse(argc, argv, &options, &done);
    if (exit_status == CLI_OK && !done)
        exit_status = options.strace ? run_traced(&options) : run_machine(&options);
    lstar_config_destroy(options.config);
    return exit_status;
}
