/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lstar help: one screen.
 */
#include "cli.h"

#include <stdio.h>

static const char text[] =
    "lstar run [options] [--] PROGRAM [ARGS...]   run a Linux x86-64 program inside lstar\n"
    "lstar syscalls [--format text|json|md]       list the system calls and what is built\n"
    "lstar version | help\n"
    "\n"
    "What the program may touch (default: its own file, in an empty root, and its streams):\n"
    "  --root DIR[:ro|rw]          DIR is its root; PROGRAM is looked up in it (ro)\n"
    "  --mount HOST:GUEST[:ro|rw]  show a host file or folder at GUEST (ro)\n"
    "  --host                      all of the host, as if run directly: only if trusted\n"
    "  --env K[=V]                 set a variable, or pass on the host's   --cwd DIR\n"
    "  --user UID[:GID]            who it is inside (0:0)   --fd N: an open descriptor\n"
    "How much of it (exit status 124 when used up):\n"
    "  --mem SIZE[K|M|G]  --insns N[k|M|G]  --time SECONDS[ms|s|m|h]\n"
    "How it runs:\n"
    "  --deterministic  --seed N   time and chance are the same every run\n"
    "  --no-aslr                   addresses are the same every run\n"
    "What it did:\n"
    "  --strace[=FILE]             its system calls, as strace prints them\n"
    "  --strace-format text|json   --report: at the end, where and why   -q: no remarks\n"
    "\n"
    "Exit status: the program's; 128+N: killed by signal N; 124: out of budget;\n"
    "125: lstar's own error; 126: not executable; 127: not found. More: man lstar\n";

int cli_help(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    fputs(text, stdout);
    return cli_finish_output();
}
