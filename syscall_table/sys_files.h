/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_SYSCALL_TABLE_SYS_FILES_H
#define LSTAR_SYSCALL_TABLE_SYS_FILES_H
/*
 * What the handlers about files share: decoding of paths, descriptors and offsets; the end of
 * transfers.
 */
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "mem/uaccess.h"
#include "mem/uio.h"
#include "proc/signal.h"
#include "syscall_table/handlers.h"
#include "vfs/vfs.h"

/* A path name: 0, -LX_EFAULT, -LX_ENAMETOOLONG. */
static inline long get_name(struct task *task, gva_t from, char to[LX_PATH_MAX])
{
    long length = user_string(task->mm, to, from, LX_PATH_MAX);
    return length < 0 ? length : 0;
}

/* As get_name(), but with LX_AT_EMPTY_PATH a NULL pointer is "" (Linux since 6.11;
 * guest/file/stat_empty). */
static inline long get_name_or_null(struct task *task, gva_t from, unsigned flags,
                                    char to[LX_PATH_MAX])
{
    if (!from && flags & LX_AT_EMPTY_PATH) {
        to[0] = '\0';
        return 0;
    }
    return get_name(task, from, to);
}

/* RLIMIT_NOFILE. */
static inline uint64_t fd_limit(const struct task *task)
{
    return task_rlimit(task, LX_RLIMIT_NOFILE);
}

/* FIOSETOWN, SIOCSPGRP, FIOGETOWN, SIOCGPGRP: fcntl(2)'s F_SETOWN and F_GETOWN on a socket. */
MUST_CHECK long file_owner_ioctl(struct task *task, struct file *file, uint32_t request, gva_t arg);

/* A call that reads, or writes, has ended with `result` and counts (/proc/PID/io). */
static inline long count_read(struct task *task, long result)
{
    if (result != BLOCKED) {
        task->io.reads++;
        task->io.read_bytes += result > 0 ? (uint64_t)result : 0;
    }
    return result;
}

static inline long count_write(struct task *task, long result)
{
    if (result != BLOCKED) {
        task->io.writes++;
        task->io.written_bytes += result > 0 ? (uint64_t)result : 0;
    }
    return result;
}

/*
 * The end of a transfer: what earlier waits of this call moved is added, what is moved so far is
 * kept while it waits (`done`: uio.done, earlier bytes included), and SIGPIPE and SIGXFSZ are
 * raised.
 */
static inline long end_transfer(struct task *task, ssize_t result, uint64_t done)
{
    if (likely(result >= 0))
        return (long)task->call.progress + result;
    if (result == BLOCKED) {
        task->call.progress = done;
        return BLOCKED;
    }
    if (result == -LX_EPIPE)
        signal_send_self(task, LX_SIGPIPE);
    if (result == -LX_EFBIG && task_rlimit(task, LX_RLIMIT_FSIZE) != LX_RLIM_INFINITY)
        signal_send_self(task, LX_SIGXFSZ);
    return task->call.progress ? (long)task->call.progress : result;
}

#endif
