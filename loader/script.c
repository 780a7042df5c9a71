/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `#!` lines, by Linux's rules: the line ends at a newline, or where the 256 bytes do. Blanks
 * around it are nothing; the first blank or NUL ends the interpreter's path, all that follows is
 * one argument. An argument may be cut off by the end of the buffer, a path may not.
 */
#include "loader/script.h"

#include <string.h>

#include "abi/errno.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* The first byte of [from, end) that is no blank; `end` if none. */
static char *skip_blanks(char *from, char *end)
{
    while (from < end && is_blank(*from))
        from++;
    return from;
}

/* The first blank or NUL of [from, end); `end` if none. */
static char *find_end_of_word(char *from, char *end)
{
    while (from < end && !is_blank(*from) && *from != '\0')
        from++;
    return from;
}

/* Where the line ends; NULL: the interpreter's path may have been cut off. */
static char *find_end_of_line(char *head)
{
    char *last = head + LX_BINPRM_BUF_SIZE - 1;
    char *nul = memchr(head, '\0', LX_BINPRM_BUF_SIZE);
    char *newline = memchr(head, '\n', nul ? (size_t)(nul - head) : LX_BINPRM_BUF_SIZE);
    if (newline)
        return newline;
    char *word = skip_blanks(head + 2, last + 1);
    if (word > last || find_end_of_word(word, last + 1) > last)
        return NULL;
    return last;
}

long script_parse(char head[LX_BINPRM_BUF_SIZE], struct script *out)
{
    if (head[0] != '#' || head[1] != '!')
        return -LX_ENOEXEC;
    char *end = find_end_of_line(head);
    if (!end)
        return -LX_ENOEXEC;
    while (is_blank(end[-1]))
        end--;
    char *name = skip_blanks(head + 2, end);
    if (name == end)
        return -LX_ENOEXEC;
    *end = '\0';

    char *name_end = find_end_of_word(name, end);
    out->interpreter = name;
    out->argument = NULL;
    if (name_end < end && *name_end != '\0') {
        char *argument = skip_blanks(name_end, end);
        *name_end = '\0';
        if (argument < end)
            out->argument = argument;
    }
    return 0;
}
