/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files opened for execution: they need the right to execute, not to read, and must not be open for
 * writing (ETXTBSY). While one is being executed nobody may open it for writing: process->exe keeps
 * that up. In between nobody else runs.
 */
#include "proc/exec.h"

#include "abi/errno.h"
#include "abi/fcntl.h"
#include "vfs/path.h"

long exec_open(struct task *task, int dirfd, const char *name, unsigned flags, struct file **out)
{
    struct fs_context context = task_fs_context(task);
    struct open_how how = {
        .flags = LX_O_RDONLY | (flags & LX_AT_SYMLINK_NOFOLLOW ? LX_O_NOFOLLOW : 0),
        .exec = true,
        .empty = flags & LX_AT_EMPTY_PATH,
    };
    struct file *file;
    long err = vfs_open(&context, dirfd, name, &how, &file);
    if (err)
        return err;
    if (!file->inode || !LX_S_ISREG(file->inode->mode))
        err = -LX_EACCES;
    else if (file->inode->writers > 0)
        err = -LX_ETXTBSY;
    if (err) {
        file_put(file);
        return err;
    }
    *out = file;
    return 0;
}

void process_set_exe(struct process *process, const struct path *path)
{
    struct path old = process->exe;
    process->exe = (struct path){0};
    /*
     * exec_open() has just seen that nobody has it open for writing, or it is executed already
     * (fork).
     */
    if (path && inode_deny_write(path->dentry->inode) == 0) {
        path_get(path);
        process->exe = *path;
    }
    if (old.dentry) {
        inode_allow_write(old.dentry->inode);
        path_put(&old);
    }
}
