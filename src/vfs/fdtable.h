/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_VFS_FDTABLE_H
#define LSTAR_VFS_FDTABLE_H
/*
 * The descriptors of a process: small numbers that refer to open files, each with its close-on-exec
 * flag. Shared by tasks with CLONE_FILES.
 */
#include "vfs/file.h"

/* Linux's fs.nr_open; RLIMIT_NOFILE cannot be above. */
#define FDTABLE_MAX 1048576u

struct fdtable {
    struct vfs *vfs;
    unsigned refs;
    unsigned room;       /* length of `files` */
    unsigned next_free;  /* no free descriptor below it */
    struct file **files; /* references; NULL: free */
    uint64_t *cloexec;   /* a bit a descriptor */
};

MUST_CHECK long fdtable_create(struct vfs *vfs, struct fdtable **out);
/* A copy that refers to the same open files: fork(2). -LX_ENOMEM. */
MUST_CHECK long fdtable_clone(struct fdtable *table, struct fdtable **out);
static inline void fdtable_ref(struct fdtable *table)
{
    table->refs++;
}
/* Closes all with the last reference. */
void fdtable_put(struct fdtable *table);

/* The open file, borrowed; NULL: -LX_EBADF. Also O_PATH files. */
static inline struct file *fdtable_get_any(const struct fdtable *table, int fd)
{
    return (unsigned)fd < table->room ? table->files[(unsigned)fd] : NULL;
}
/* As fdtable_get_any() but NULL for O_PATH: what read, write, fcntl's most commands and their like
 * take. */
static inline struct file *fdtable_get(const struct fdtable *table, int fd)
{
    struct file *file = fdtable_get_any(table, fd);
    return file && !(file->flags & LX_O_PATH) ? file : NULL;
}

/*
 * The lowest free descriptor from `from` on that is below `limit` (RLIMIT_NOFILE); the reference is
 * consumed, also on error. The descriptor, -LX_EMFILE, -LX_ENOMEM.
 */
MUST_CHECK long fdtable_install_from(struct fdtable *table, struct file *file, unsigned from,
                                     uint64_t limit, bool cloexec);
static inline long fdtable_install(struct fdtable *table, struct file *file, uint64_t limit,
                                   bool cloexec)
{
    return fdtable_install_from(table, file, 0, limit, cloexec);
}
/* Would an install succeed? 0, or its error: asked before work that cannot be undone. */
MUST_CHECK long fdtable_can_install(struct fdtable *table, uint64_t limit);
/* Put `file` (consumed, also on error) at exactly `fd`, closing what is there: dup2(2). -LX_EBADF
 * at the limit, -LX_ENOMEM. */
MUST_CHECK long fdtable_install_at(struct fdtable *table, struct file *file, int fd, uint64_t limit,
                                   bool cloexec);
/* close(2): -LX_EBADF, or the flush's error (the descriptor is gone all the same). */
MUST_CHECK long fdtable_close(struct fdtable *table, int fd);
/* close_range(2): both included. */
void fdtable_close_range(struct fdtable *table, unsigned first, unsigned last);
void fdtable_set_cloexec_range(struct fdtable *table, unsigned first, unsigned last);
bool fdtable_cloexec(const struct fdtable *table, int fd);
void fdtable_set_cloexec(struct fdtable *table, int fd, bool cloexec);
/* execve(2). */
void fdtable_close_on_exec(struct fdtable *table);
/* The first open descriptor >= fd, or -1: for /proc/PID/fd. */
int fdtable_next(const struct fdtable *table, int fd);

#endif
