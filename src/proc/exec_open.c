/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files opened for execution: they need the right to execute, not to read, and must not be open for writing (ETXTBSY).
 * While one is being executed nobody may open it for writing: process->exe keeps that up. In between nobody else runs.
 */
#include "proc/exec.h"

#include "abi/errno.h"
#include "abi/fcntl.h"
#include "abi/mount.h"
#include "abi/stat.h"
#include "vfs/path.h"

/* May this be executed at all? In Linux's order. */
static long check_place(struct fs_context *context, const struct path *path, unsigned flags)
{
    struct inode *inode = path->dentry->inode;
    if ((inode->mode & LX_S_IFMT) == LX_S_IFLNK && flags & LX_AT_SYMLINK_NOFOLLOW)
        return -LX_ELOOP;
    if ((inode->mode & LX_S_IFMT) != LX_S_IFREG || path->mount->flags & LX_MS_NOEXEC)
        return -LX_EACCES;
    return inode_permission(context, inode, MAY_EXEC);
}

static long open_place(struct fs_context *context, const struct path *path, struct file **out)
{
    struct inode *inode = path->dentry->inode;
    if (!inode->ops->open)
        return -LX_EACCES;
    if (inode->writers > 0)
        return -LX_ETXTBSY;
    struct file *file;
    long err = inode->ops->open(context, inode, LX_O_RDONLY, &file);
    if (err)
        return err;
    file_attach(file, inode, path);
    *out = file;
    return 0;
}

long exec_open(struct task *task, int dirfd, const char *name, unsigned flags, struct file **out)
{
    struct fs_context context = task_fs_context(task);
    unsigned walk = flags & LX_AT_SYMLINK_NOFOLLOW ? 0 : PATH_FOLLOW;
    if (flags & LX_AT_EMPTY_PATH)
        walk |= PATH_EMPTY;
    struct path path;
    long err = path_walk(&context, dirfd, name, walk, &path);
    if (err)
        return err;
    err = check_place(&context, &path, flags);
    if (!err)
        err = open_place(&context, &path, out);
    path_put(&path);
    return err;
}

void process_set_exe(struct process *process, const struct path *path)
{
    struct path old = process->exe;
    process->exe = (struct path){0};
    /* exec_open() has just seen that nobody has it open for writing. */
    if (path && inode_deny_write(path->dentry->inode) == 0) {
        path_get(path);
        process->exe = *path;
    }
    if (old.dentry) {
        inode_allow_write(old.dentry->inode);
        path_put(&old);
    }
}
