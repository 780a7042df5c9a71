/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names in directories: mkdir(2), mknod(2), unlink(2), rename(2), link(2), symlink(2), readlink(2),
 * access(2).
 */
#include "abi/capability.h"
#include "base/strbuf.h"
#include "syscall_table/sys_files.h"
#include "vfs/path.h"

static long make_directory(struct task *task, int dirfd, gva_t path, uint16_t mode)
{
    char name[LX_PATH_MAX];
    long err = get_name(task, path, name);
    if (err)
        return err;
    struct fs_context context = task_fs_context(task);
    return vfs_mkdir(&context, dirfd, name, mode);
}

long sys_mkdirat(struct task *task, int dirfd, gva_t path, uint16_t mode)
{
    return make_directory(task, dirfd, path, mode);
}

long sys_mkdir(struct task *task, gva_t path, uint16_t mode)
{
    return make_directory(task, LX_AT_FDCWD, path, mode);
}

/* The kernel's dev_t word as programs hand it over. */
static uint64_t decode_device(uint32_t dev)
{
    return lx_makedev((dev & 0xfff00u) >> 8, (dev & 0xffu) | ((dev >> 12) & 0xfff00u));
}

static long make_node(struct task *task, int dirfd, gva_t path, uint16_t mode, uint32_t dev)
{
    char name[LX_PATH_MAX];
    struct fs_context context = task_fs_context(task);
    long err = vfs_check_node(mode);
    if (!err)
        err = get_name(task, path, name);
    return err ? err : vfs_mknod(&context, dirfd, name, mode, decode_device(dev));
}

long sys_mknodat(struct task *task, int dirfd, gva_t path, uint16_t mode, uint32_t dev)
{
    return make_node(task, dirfd, path, mode, dev);
}

long sys_mknod(struct task *task, gva_t path, uint16_t mode, uint32_t dev)
{
    return make_node(task, LX_AT_FDCWD, path, mode, dev);
}

static long remove_name(struct task *task, int dirfd, gva_t path, uint32_t flags)
{
    if (flags & ~LX_AT_REMOVEDIR)
        return -LX_EINVAL;
    char name[LX_PATH_MAX];
    long err = get_name(task, path, name);
    if (err)
        return err;
    struct fs_context context = task_fs_context(task);
    return flags & LX_AT_REMOVEDIR ? vfs_rmdir(&context, dirfd, name)
                                   : vfs_unlink(&context, dirfd, name);
}

long sys_unlinkat(struct task *task, int dirfd, gva_t path, uint32_t flags)
{
    return remove_name(task, dirfd, path, flags);
}

long sys_unlink(struct task *task, gva_t path)
{
    return remove_name(task, LX_AT_FDCWD, path, 0);
}

long sys_rmdir(struct task *task, gva_t path)
{
    return remove_name(task, LX_AT_FDCWD, path, LX_AT_REMOVEDIR);
}

/* The second name is bad (`err`): what is wrong with the first one comes before. */
static long first_error(struct fs_context *context, int dirfd, const char *name, long err)
{
    struct path_parent parent;
    long first = path_walk_parent(context, dirfd, name, 0, &parent);
    if (first)
        return first;
    path_put(&parent.path);
    return err;
}

static long move_name(struct task *task, int olddirfd, gva_t oldpath, int newdirfd, gva_t newpath,
                      uint32_t flags)
{
    if (flags & ~(LX_RENAME_NOREPLACE | LX_RENAME_EXCHANGE | LX_RENAME_WHITEOUT))
        return -LX_EINVAL;
    if (flags & LX_RENAME_EXCHANGE && flags & (LX_RENAME_NOREPLACE | LX_RENAME_WHITEOUT))
        return -LX_EINVAL;
    char old_name[LX_PATH_MAX], new_name[LX_PATH_MAX];
    long err = get_name(task, oldpath, old_name);
    if (err)
        return err;
    struct fs_context context = task_fs_context(task);
    err = get_name(task, newpath, new_name);
    if (err)
        return first_error(&context, olddirfd, old_name, err);
    return vfs_rename(&context, olddirfd, old_name, newdirfd, new_name, flags);
}

long sys_renameat2(struct task *task, int olddirfd, gva_t oldpath, int newdirfd, gva_t newpath,
                   uint32_t flags)
{
    return move_name(task, olddirfd, oldpath, newdirfd, newpath, flags);
}

long sys_renameat(struct task *task, int olddirfd, gva_t oldpath, int newdirfd, gva_t newpath)
{
    return move_name(task, olddirfd, oldpath, newdirfd, newpath, 0);
}

long sys_rename(struct task *task, gva_t oldpath, gva_t newpath)
{
    return move_name(task, LX_AT_FDCWD, oldpath, LX_AT_FDCWD, newpath, 0);
}

static long link_name(struct task *task, int olddirfd, gva_t oldpath, int newdirfd, gva_t newpath,
                      uint32_t flags)
{
    if (flags & ~(LX_AT_SYMLINK_FOLLOW | LX_AT_EMPTY_PATH))
        return -LX_EINVAL;
    char old_name[LX_PATH_MAX], new_name[LX_PATH_MAX];
    long err = get_name(task, oldpath, old_name);
    if (err)
        return err;
    if (flags & LX_AT_EMPTY_PATH && !*old_name &&
        !cred_capable(&task->cred, LX_CAP_DAC_READ_SEARCH))
        return -LX_ENOENT;
    struct fs_context context = task_fs_context(task);
    err = get_name(task, newpath, new_name);
    if (err)
        return first_error(&context, olddirfd, old_name, err);
    return vfs_link(&context, olddirfd, old_name, newdirfd, new_name, flags);
}

long sys_linkat(struct task *task, int olddirfd, gva_t oldpath, int newdirfd, gva_t newpath,
                uint32_t flags)
{
    return link_name(task, olddirfd, oldpath, newdirfd, newpath, flags);
}

long sys_link(struct task *task, gva_t oldpath, gva_t newpath)
{
    return link_name(task, LX_AT_FDCWD, oldpath, LX_AT_FDCWD, newpath, 0);
}

static long make_link(struct task *task, gva_t target, int newdirfd, gva_t linkpath)
{
    char text[LX_PATH_MAX], name[LX_PATH_MAX];
    long err = get_name(task, target, text);
    if (!err && !*text)
        err = -LX_ENOENT;
    if (!err)
        err = get_name(task, linkpath, name);
    if (err)
        return err;
    struct fs_context context = task_fs_context(task);
    return vfs_symlink(&context, text, newdirfd, name);
}

long sys_symlinkat(struct task *task, gva_t target, int newdirfd, gva_t linkpath)
{
    return make_link(task, target, newdirfd, linkpath);
}

long sys_symlink(struct task *task, gva_t target, gva_t linkpath)
{
    return make_link(task, target, LX_AT_FDCWD, linkpath);
}

static long read_link(struct task *task, int dirfd, gva_t path, gva_t buf, int bufsiz)
{
    if (bufsiz <= 0)
        return -LX_EINVAL;
    char name[LX_PATH_MAX];
    long err = get_name(task, path, name);
    if (err)
        return err;
    struct fs_context context = task_fs_context(task);
    struct strbuf text;
    strbuf_init(&text, task->kernel->arena, 2 * LX_PATH_MAX);
    err = vfs_readlink(&context, dirfd, name, &text);
    if (!err) {
        size_t size = MIN(text.length, (size_t)bufsiz);
        err = user_write(task->mm, buf, strbuf_string(&text), size);
        if (!err)
            err = (long)size;
    }
    strbuf_fini(&text);
    return err;
}

long sys_readlinkat(struct task *task, int dirfd, gva_t path, gva_t buf, int bufsiz)
{
    return read_link(task, dirfd, path, buf, bufsiz);
}

long sys_readlink(struct task *task, gva_t path, gva_t buf, int bufsiz)
{
    return read_link(task, LX_AT_FDCWD, path, buf, bufsiz);
}

static long check_access(struct task *task, int dirfd, gva_t path, uint32_t mode, uint32_t flags)
{
    if (mode & ~7u)
        return -LX_EINVAL;
    if (flags & ~(LX_AT_EACCESS | LX_AT_SYMLINK_NOFOLLOW | LX_AT_EMPTY_PATH))
        return -LX_EINVAL;
    char name[LX_PATH_MAX];
    long err = get_name(task, path, name);
    if (err)
        return err;
    struct fs_context context = task_fs_context(task);
    return vfs_access(&context, dirfd, name, mode, flags);
}

long sys_faccessat2(struct task *task, int dirfd, gva_t path, uint32_t mode, uint32_t flags)
{
    return check_access(task, dirfd, path, mode, flags);
}

long sys_faccessat(struct task *task, int dirfd, gva_t path, uint32_t mode)
{
    return check_access(task, dirfd, path, mode, 0);
}

long sys_access(struct task *task, gva_t path, uint32_t mode)
{
    return check_access(task, LX_AT_FDCWD, path, mode, 0);
}
