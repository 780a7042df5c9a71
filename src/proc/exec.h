/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_PROC_EXEC_H
#define LSTAR_PROC_EXEC_H
/*
 * execve(2): a new program in a task. Used at boot for the first program, and by the system calls.
 */
#include "proc/task.h"

/* argv and envp as kernel strings, counted and packed: NUL-terminated one after another. */
struct exec_strings {
    char *bytes;        /* in the arena */
    size_t length;      /* bytes, NULs included */
    size_t room;        /* bytes allocated */
    unsigned count;     /* strings */
};

struct exec_request {
    struct file *file;              /* opened for execution: a reference, consumed on success */
    const char *filename;           /* AT_EXECFN and the script's argument: as the caller named it */
    struct exec_strings argv, envp; /* borrowed */
};

/*
 * Replace the task's program: read the header, follow `#!` and PT_INTERP, map, build the stack, set registers. Up to the point of no
 * return an error leaves the task as it was; after it the task is killed (SIGKILL or SIGSEGV as Linux does) and 0 returned.
 * Errors as execve(2): -LX_ENOEXEC, -LX_EACCES, -LX_ENOENT, -LX_ELIBBAD, -LX_E2BIG, -LX_ENOMEM, -LX_EINVAL …
 */
MUST_CHECK long exec_program(struct task *task, struct exec_request *request);

/* After a failure: what was missing, for the command's message: "" or the interpreter's path. */
const char *exec_missing_interpreter(const struct task *task);

#endif
