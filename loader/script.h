/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_LOADER_SCRIPT_H
#define LSTAR_LOADER_SCRIPT_H
/*
 * The first line of a script: `#!`, an interpreter's path, at most one argument (execve(2),
 * "Interpreter scripts").
 */
#include "abi/auxv.h"
#include "base/compiler.h"

#define SCRIPT_DEPTH_MAX 5 /* interpreters that are scripts themselves: one more is -LX_ELOOP */

struct script {
    const char *interpreter; /* both in the buffer, NUL-terminated there */
    const char *argument;    /* NULL: none */
};

/*
 * `head`: the file's first bytes, zero-padded; it is cut into strings in place. -LX_ENOEXEC: not a
 * script, or one whose interpreter is not named in full within these bytes.
 */
MUST_CHECK long script_parse(char head[LX_BINPRM_BUF_SIZE], struct script *out);

#endif
