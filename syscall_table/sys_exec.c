/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * execve(2), execveat(2).
 */
#include <stdio.h>
#include <string.h>

#include "abi/errno.h"
#include "abi/fcntl.h"
#include "mem/uaccess.h"
#include "proc/exec.h"
#include "syscall_table/handlers.h"

#define FD_PREFIX_ROOM 24 /* "/dev/fd/N/" */

/* What the new program sees as its file's name when that is relative to a descriptor. */
static const char *shown_name(int dirfd, const char *name, char room[LX_PATH_MAX + FD_PREFIX_ROOM])
{
    if (dirfd == LX_AT_FDCWD || name[0] == '/')
        return name;
    snprintf(room, LX_PATH_MAX + FD_PREFIX_ROOM, "/dev/fd/%d%s%s", dirfd, *name ? "/" : "", name);
    return room;
}

static long execute(struct task *task, int dirfd, const char *name, gva_t argv, gva_t envp,
                    unsigned flags)
{
    char shown[LX_PATH_MAX + FD_PREFIX_ROOM];
    struct exec_request request = {.filename = shown_name(dirfd, name, shown)};
    long err = exec_open(task, dirfd, name, flags, &request.file);
    if (err)
        return err;
    if (request.filename == shown) {
        request.inaccessible = fdtable_cloexec(task->fds, dirfd);
        request.nameless = !*name;
    }
    err = exec_strings_read(task, request.filename, argv, envp, &request.argv, &request.envp);
    if (err) {
        file_put(request.file);
        return err;
    }
    bool check = flags & LX_AT_EXECVE_CHECK;
    err = check ? 0 : exec_program(task, &request);
    if (check || err)
        file_put(request.file);
    exec_strings_free(task, &request.argv);
    exec_strings_free(task, &request.envp);
    return err || check ? err : SYSCALL_NO_RESULT;
}

static long get_name(struct task *task, gva_t path, bool may_be_empty, char name[LX_PATH_MAX])
{
    long length = user_string(task->mm, name, path, LX_PATH_MAX);
    if (length < 0)
        return length;
    return length == 0 && !may_be_empty ? -LX_ENOENT : 0;
}

long sys_execve(struct task *task, gva_t path, gva_t argv, gva_t envp)
{
    char name[LX_PATH_MAX];
    long err = get_name(task, path, false, name);
    return err ? err : execute(task, LX_AT_FDCWD, name, argv, envp, 0);
}

long sys_execveat(struct task *task, int dirfd, gva_t path, gva_t argv, gva_t envp, uint32_t flags)
{
    char name[LX_PATH_MAX];
    long err = get_name(task, path, flags & LX_AT_EMPTY_PATH, name);
    if (err)
        return err;
    if (flags & ~(LX_AT_EMPTY_PATH | LX_AT_SYMLINK_NOFOLLOW | LX_AT_EXECVE_CHECK))
        return -LX_EINVAL;
    return execute(task, dirfd, name, argv, envp, flags);
}
