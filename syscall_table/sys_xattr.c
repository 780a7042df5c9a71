/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Extended attributes: setxattr(2), getxattr(2), listxattr(2), removexattr(2) and their forms.
 */
#include "syscall_table/sys_files.h"
#include "vfs/xattr.h"

/* Which file a call names: by path, by path without following a link, or by descriptor. */
struct which {
    int dirfd;
    gva_t path; /* 0 with by_fd */
    bool by_fd;
    unsigned flags; /* LX_AT_* */
};

static struct which by_path(gva_t path, unsigned flags)
{
    return (struct which){LX_AT_FDCWD, path, false, flags};
}

static struct which by_fd(int fd)
{
    return (struct which){fd, 0, true, 0};
}

/* The attribute's name. -LX_ERANGE: none, or too long. */
static long get_attr_name(struct task *task, gva_t from, char to[LX_XATTR_NAME_MAX + 1])
{
    long length = user_string(task->mm, to, from, LX_XATTR_NAME_MAX + 1);
    if (length == 0 || length == -LX_ENAMETOOLONG)
        return -LX_ERANGE;
    return length < 0 ? length : 0;
}

static long set_attr(struct task *task, struct which which, gva_t name_at, gva_t value_at,
                     uint64_t size, unsigned how)
{
    char name[LX_XATTR_NAME_MAX + 1], path[LX_PATH_MAX];
    if (how & ~(LX_XATTR_CREATE | LX_XATTR_REPLACE))
        return -LX_EINVAL;
    long err = get_attr_name(task, name_at, name);
    if (err)
        return err;
    if (size > LX_XATTR_SIZE_MAX)
        return -LX_E2BIG;
    struct arena *arena = task->kernel->arena;
    uint8_t *value = arena_alloc(arena, size + 1);
    if (!value)
        return -LX_ENOMEM;
    err = user_read(task->mm, value, value_at, size);
    if (!err && !which.by_fd)
        err = get_name(task, which.path, path);
    struct fs_context context = task_fs_context(task);
    if (!err)
        err = vfs_set_xattr(&context, which.dirfd, which.by_fd ? NULL : path, which.flags, name,
                            value, size, how);
    arena_free(arena, value);
    return err;
}

static long remove_attr(struct task *task, struct which which, gva_t name_at)
{
    char name[LX_XATTR_NAME_MAX + 1], path[LX_PATH_MAX];
    long err = get_attr_name(task, name_at, name);
    if (!err && !which.by_fd)
        err = get_name(task, which.path, path);
    if (err)
        return err;
    struct fs_context context = task_fs_context(task);
    return vfs_set_xattr(&context, which.dirfd, which.by_fd ? NULL : path, which.flags, name, NULL,
                         0, 0);
}

/* Both reads: of one value, or of the names when `name_at` is 0. */
static long read_attr(struct task *task, struct which which, gva_t name_at, gva_t to, uint64_t size)
{
    char name[LX_XATTR_NAME_MAX + 1], path[LX_PATH_MAX];
    long err = name_at ? get_attr_name(task, name_at, name) : 0;
    if (!err && !which.by_fd)
        err = get_name(task, which.path, path);
    if (err)
        return err;
    size = MIN(size, (uint64_t)LX_XATTR_SIZE_MAX);
    struct arena *arena = task->kernel->arena;
    void *value = arena_alloc(arena, size + 1);
    if (!value)
        return -LX_ENOMEM;
    struct fs_context context = task_fs_context(task);
    const char *path_name = which.by_fd ? NULL : path;
    long result =
        name_at ? vfs_get_xattr(&context, which.dirfd, path_name, which.flags, name, value, size)
                : vfs_list_xattr(&context, which.dirfd, path_name, which.flags, value, size);
    if (result > 0 && size) {
        err = user_write(task->mm, to, value, (size_t)result);
        if (err)
            result = err;
    }
    arena_free(arena, value);
    return result;
}

long sys_setxattr(struct task *task, gva_t path, gva_t name, gva_t value, uint64_t size,
                  uint32_t flags)
{
    return set_attr(task, by_path(path, 0), name, value, size, flags);
}

long sys_lsetxattr(struct task *task, gva_t path, gva_t name, gva_t value, uint64_t size,
                   uint32_t flags)
{
    return set_attr(task, by_path(path, LX_AT_SYMLINK_NOFOLLOW), name, value, size, flags);
}

long sys_fsetxattr(struct task *task, int fd, gva_t name, gva_t value, uint64_t size,
                   uint32_t flags)
{
    return set_attr(task, by_fd(fd), name, value, size, flags);
}

long sys_getxattr(struct task *task, gva_t path, gva_t name, gva_t value, uint64_t size)
{
    return name ? read_attr(task, by_path(path, 0), name, value, size) : -LX_EFAULT;
}

long sys_lgetxattr(struct task *task, gva_t path, gva_t name, gva_t value, uint64_t size)
{
    return name ? read_attr(task, by_path(path, LX_AT_SYMLINK_NOFOLLOW), name, value, size)
                : -LX_EFAULT;
}

long sys_fgetxattr(struct task *task, int fd, gva_t name, gva_t value, uint64_t size)
{
    return name ? read_attr(task, by_fd(fd), name, value, size) : -LX_EFAULT;
}

long sys_listxattr(struct task *task, gva_t path, gva_t list, uint64_t size)
{
    return read_attr(task, by_path(path, 0), 0, list, size);
}

long sys_llistxattr(struct task *task, gva_t path, gva_t list, uint64_t size)
{
    return read_attr(task, by_path(path, LX_AT_SYMLINK_NOFOLLOW), 0, list, size);
}

long sys_flistxattr(struct task *task, int fd, gva_t list, uint64_t size)
{
    return read_attr(task, by_fd(fd), 0, list, size);
}

long sys_removexattr(struct task *task, gva_t path, gva_t name)
{
    return remove_attr(task, by_path(path, 0), name);
}

long sys_lremovexattr(struct task *task, gva_t path, gva_t name)
{
    return remove_attr(task, by_path(path, LX_AT_SYMLINK_NOFOLLOW), name);
}

long sys_fremovexattr(struct task *task, int fd, gva_t name)
{
    return remove_attr(task, by_fd(fd), name);
}
