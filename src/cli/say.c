/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the command says to its user.
 */
#include "cli.h"

#include <stdarg.h>
#include <stdio.h>

static void say(const char *format, va_list args)
{
    fputs("lstar: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
}

void cli_say(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(format, args);
    va_end(args);
}

int cli_fail(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(format, args);
    va_end(args);
    return CLI_ERROR;
}

int cli_finish_output(void)
{
    if (fflush(stdout) != 0 || ferror(stdout))
        return cli_fail("the output could not be written");
    return CLI_OK;
}
