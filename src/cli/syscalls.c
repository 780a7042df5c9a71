/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lstar syscalls: the table, for people (text), programs (json) and docs/syscalls.md (md).
 */
#include "cli.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

static const char *support_name(enum lstar_support support)
{
    switch (support) {
    case LSTAR_SUPPORT_NONE:
        return "no";
    case LSTAR_SUPPORT_PARTIAL:
        return "partly";
    case LSTAR_SUPPORT_FULL:
        return "yes";
    }
    return "?";
}

static size_t count_support(enum lstar_support support)
{
    struct lstar_syscall call;
    size_t count = 0;
    for (size_t i = 0; lstar_syscall_get(i, &call); i++)
        count += call.support == support;
    return count;
}

static void print_text(void)
{
    struct lstar_syscall call;
    for (size_t i = 0; lstar_syscall_get(i, &call); i++)
        printf("%3d  %-6s  %s(%s)%s%s\n", call.number, support_name(call.support), call.name,
               call.signature, *call.note ? "  # " : "", call.note);
    printf("%zu of %zu are built, %zu more in part; the others end with ENOSYS.\n",
           count_support(LSTAR_SUPPORT_FULL), lstar_syscall_count(),
           count_support(LSTAR_SUPPORT_PARTIAL));
}

/* A JSON string; the table's texts hold no control characters. */
static void print_json_string(const char *text)
{
    putchar('"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            putchar('\\');
        putchar(*text);
    }
    putchar('"');
}

static void print_json(void)
{
    struct lstar_syscall call;
    puts("[");
    for (size_t i = 0; lstar_syscall_get(i, &call); i++) {
        printf("  {\"number\": %d, \"name\": \"%s\", \"family\": ", call.number, call.name);
        print_json_string(call.family);
        printf(", \"support\": \"%s\", \"arguments\": ", support_name(call.support));
        print_json_string(call.signature);
        fputs(", \"note\": ", stdout);
        print_json_string(call.note);
        puts(i + 1 < lstar_syscall_count() ? "}," : "}");
    }
    puts("]");
}

static void print_md(void)
{
    struct lstar_syscall call;
    printf("<!-- SPDX-License-Identifier: GPL-2.0-or-later -->\n"
           "# System calls\n\n"
           "Made by `lstar syscalls --format md` from `syscall_table/syscalls.def`; "
           "a test compares the two.\n\n"
           "%zu calls are built, %zu more in part; the other %zu end with ENOSYS.\n\n"
           "| number | call | family | built | note |\n|---:|---|---|---|---|\n",
           count_support(LSTAR_SUPPORT_FULL), count_support(LSTAR_SUPPORT_PARTIAL),
           count_support(LSTAR_SUPPORT_NONE));
    for (size_t i = 0; lstar_syscall_get(i, &call); i++)
        printf("| %d | `%s(%s)` | %s | %s | %s |\n", call.number, call.name, call.signature,
               call.family, support_name(call.support), call.note);
}

int cli_syscalls(int argc, char **argv)
{
    static const struct option options[] = {
        {"format", required_argument, NULL, 'f'},
        {"help", no_argument, NULL, 'h'},
        {0},
    };
    const char *format = "text";
    int option;
    while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
        if (option == 'h')
            return cli_help(argc, argv);
        if (option != 'f')
            return cli_fail("see: lstar help");
        format = optarg;
    }
    if (optind < argc)
        return cli_fail("'%s': lstar syscalls takes no arguments but --format", argv[optind]);

    if (strcmp(format, "text") == 0)
        print_text();
    else if (strcmp(format, "json") == 0)
        print_json();
    else if (strcmp(format, "md") == 0)
        print_md();
    else
        return cli_fail("--format %s: one of text, json, md", format);
    return cli_finish_output();
}
