/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Descriptors come and go: open(2), openat2(2), close(2), close_range(2), memfd_create(2),
 * name_to_handle_at(2).
 */
#include "fs/tmpfs.h"
#include "syscall_table/sys_files.h"
#include "vfs/fdtable.h"

/* Open and install: descriptors are looked at before the path, as Linux does. */
static long open_fd(struct task *task, int dirfd, gva_t path, const struct open_how *how)
{
    char name[LX_PATH_MAX];
    long err = vfs_check_open(how);
    if (!err)
        err = get_name(task, path, name);
    if (!err && !*name)
        err = -LX_ENOENT;
    if (!err)
        err = fdtable_can_install(task->fds, fd_limit(task));
    if (err)
        return err;
    struct fs_context context = task_fs_context(task);
    struct file *file;
    err = vfs_open(&context, dirfd, name, how, &file);
    if (err)
        return err;
    return fdtable_install(task->fds, file, fd_limit(task), how->flags & LX_O_CLOEXEC);
}

long sys_openat(struct task *task, int dirfd, gva_t path, uint32_t flags, uint16_t mode)
{
    struct open_how how = {.flags = flags | LX_O_LARGEFILE, .mode = mode};
    return open_fd(task, dirfd, path, &how);
}

long sys_open(struct task *task, gva_t path, uint32_t flags, uint16_t mode)
{
    struct open_how how = {.flags = flags | LX_O_LARGEFILE, .mode = mode};
    return open_fd(task, LX_AT_FDCWD, path, &how);
}

long sys_creat(struct task *task, gva_t path, uint16_t mode)
{
    struct open_how how = {.flags = LX_O_CREAT | LX_O_WRONLY | LX_O_TRUNC | LX_O_LARGEFILE,
                           .mode = mode};
    return open_fd(task, LX_AT_FDCWD, path, &how);
}

/* copy_struct_from_user(): what this kernel does not know must be zero. */
static long get_open_how(struct task *task, gva_t from, uint64_t size, struct lx_open_how *out)
{
    if (size < sizeof *out)
        return -LX_EINVAL;
    if (size > PAGE_SIZE)
        return -LX_E2BIG;
    uint8_t bytes[PAGE_SIZE];
    long err = user_read(task->mm, bytes, from, size);
    if (err)
        return err;
    for (uint64_t i = sizeof *out; i < size; i++)
        if (bytes[i])
            return -LX_E2BIG;
    __builtin_memcpy(out, bytes, sizeof *out);
    return 0;
}

long sys_openat2(struct task *task, int dirfd, gva_t path, gva_t how_at, uint64_t size)
{
    struct lx_open_how given;
    long err = get_open_how(task, how_at, size, &given);
    if (err)
        return err;
    struct open_how how = {
        .flags = given.flags, .mode = given.mode, .resolve = given.resolve, .strict = true};
    if (!(given.flags & LX_O_PATH))
        how.flags |= LX_O_LARGEFILE;
    return open_fd(task, dirfd, path, &how);
}

long sys_close(struct task *task, int fd)
{
    return fdtable_close(task->fds, fd);
}

/* CLOSE_RANGE_UNSHARE: a table of its own first. */
static long unshare_table(struct task *task)
{
    if (task->fds->refs == 1)
        return 0;
    struct fdtable *own;
    long err = fdtable_clone(task->fds, &own);
    if (err)
        return err;
    fdtable_put(task->fds);
    task->fds = own;
    return 0;
}

long sys_close_range(struct task *task, uint32_t first, uint32_t last, uint32_t flags)
{
    if (flags & ~(LX_CLOSE_RANGE_UNSHARE | LX_CLOSE_RANGE_CLOEXEC))
        return -LX_EINVAL;
    if (first > last)
        return -LX_EINVAL;
    if (flags & LX_CLOSE_RANGE_UNSHARE) {
        long err = unshare_table(task);
        if (err)
            return err;
    }
    if (flags & LX_CLOSE_RANGE_CLOEXEC)
        fdtable_set_cloexec_range(task->fds, first, last);
    else
        fdtable_close_range(task->fds, first, last);
    return 0;
}

long sys_memfd_create(struct task *task, gva_t name_at, uint32_t flags)
{
    const unsigned known = LX_MFD_CLOEXEC | LX_MFD_ALLOW_SEALING | LX_MFD_NOEXEC_SEAL | LX_MFD_EXEC;
    if (flags & LX_MFD_HUGETLB)
        return -LX_ENOSYS;
    if (flags & ~known)
        return -LX_EINVAL;
    if (flags & LX_MFD_EXEC && flags & LX_MFD_NOEXEC_SEAL)
        return -LX_EINVAL;
    char name[LX_NAME_MAX - 6 + 1];
    long err = user_string(task->mm, name, name_at, sizeof name);
    if (err < 0)
        return err == -LX_ENAMETOOLONG ? -LX_EINVAL : err;
    err = fdtable_can_install(task->fds, fd_limit(task));
    if (err)
        return err;
    struct fs_context context = task_fs_context(task);
    struct file *file;
    err = memfd_create_file(&context, name, flags, &file);
    if (err)
        return err;
    return fdtable_install(task->fds, file, fd_limit(task), flags & LX_MFD_CLOEXEC);
}
