/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_PROC_EXEC_H
#define LSTAR_PROC_EXEC_H
/*
 * execve(2): a new program in a task. Used at boot for the first program, and by the system calls.
 */
#include "proc/task.h"

/* argv and envp as kernel strings, counted and packed: NUL-terminated one after another. */
struct exec_strings {
    char *bytes;    /* in the arena */
    size_t length;  /* bytes, NULs included */
    size_t room;    /* bytes allocated */
    unsigned count; /* strings */
};

struct exec_request {
    struct file *file;              /* of exec_open(): a reference, consumed on success */
    const char *filename;           /* AT_EXECFN, the script's argument: as the caller said */
    struct exec_strings argv, envp; /* borrowed */
    bool nameless;                  /* the task is called as the program's own file is */
    bool inaccessible;              /* `filename` is of a close-on-exec descriptor: no scripts */
};

/*
 * Open a file for execution. flags: LX_AT_EMPTY_PATH, LX_AT_SYMLINK_NOFOLLOW (a link: -LX_ELOOP).
 * *out is a reference. -LX_EACCES (not a regular file, no permission, a noexec mount), -LX_ETXTBSY,
 * and the walk's errors.
 */
MUST_CHECK long exec_open(struct task *task, int dirfd, const char *name, unsigned flags,
                          struct file **out);

/*
 * Bytes that the strings of a new program may take, `count` of them in argv and envp: -LX_E2BIG
 * when that many cannot be.
 */
MUST_CHECK long exec_string_room(const struct task *task, uint64_t count);

/*
 * argv and envp as the guest passes them (NULL-terminated arrays of strings; 0: none), into kernel
 * strings that exec_strings_free() frees. -LX_EFAULT, -LX_E2BIG, -LX_ENOMEM; `name`: the file's,
 * which shares the room.
 */
MUST_CHECK long exec_strings_read(struct task *task, const char *name, gva_t argv, gva_t envp,
                                  struct exec_strings *argv_out, struct exec_strings *envp_out);
void exec_strings_free(struct task *task, struct exec_strings *strings);

/*
 * Replace the task's program: read the header, follow `#!` and PT_INTERP, map, build the stack, set
 * registers. Up to the point of no return an error leaves the task as it was; after it the task has
 * a fatal SIGSEGV pending, as with Linux, and 0 is returned. Errors as execve(2): -LX_ENOEXEC,
 * -LX_EACCES, -LX_ENOENT, -LX_ELIBBAD, -LX_E2BIG, -LX_ENOMEM, -LX_EINVAL …
 */
MUST_CHECK long exec_program(struct task *task, struct exec_request *request);

/* After a failure: what was missing, for the command's message: "" or the interpreter's path. */
const char *exec_missing_interpreter(const struct task *task);

/*
 * What /proc/PID/exe names: takes references to `path` (NULL: none) and drops those to the one
 * before.
 */
void process_set_exe(struct process *process, const struct path *path);

#endif
