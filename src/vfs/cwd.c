/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a task stands in the tree: chdir(2), fchdir(2), chroot(2), getcwd(2).
 */
#include "abi/capability.h"
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "base/strbuf.h"
#include "vfs/fdtable.h"
#include "vfs/path.h"
#include "vfs/vfs.h"

/* `path`'s references are consumed. */
static void replace(struct path *place, struct path path)
{
    struct path old = *place;
    *place = path;
    path_put(&old);
}

static long walk_to_directory(struct fs_context *context, const char *name, struct path *out)
{
    struct path path;
    long err = path_walk(context, LX_AT_FDCWD, name, PATH_FOLLOW | PATH_DIRECTORY, &path);
    if (err)
        return err;
    err = inode_permission(context, path.dentry->inode, MAY_EXEC);
    if (err) {
        path_put(&path);
        return err;
    }
    *out = path;
    return 0;
}

long vfs_chdir(struct fs_context *context, const char *name)
{
    struct path path;
    long err = walk_to_directory(context, name, &path);
    if (err)
        return err;
    replace(&context->fs->cwd, path);
    return 0;
}

long vfs_fchdir(struct fs_context *context, int fd)
{
    struct file *file = fdtable_get_any(context->fds, fd);
    if (!file)
        return -LX_EBADF;
    struct path path;
    file_jump(file, &path);
    long err = LX_S_ISDIR(path.dentry->inode->mode)
                   ? inode_permission(context, path.dentry->inode, MAY_EXEC)
                   : -LX_ENOTDIR;
    if (err) {
        path_put(&path);
        return err;
    }
    replace(&context->fs->cwd, path);
    return 0;
}

long vfs_chroot(struct fs_context *context, const char *name)
{
    struct path path;
    long err = walk_to_directory(context, name, &path);
    if (err)
        return err;
    if (!cred_capable(context->cred, LX_CAP_SYS_CHROOT)) {
        path_put(&path);
        return -LX_EPERM;
    }
    replace(&context->fs->root, path);
    return 0;
}

long vfs_getcwd(struct fs_context *context, struct strbuf *out)
{
    struct path *cwd = &context->fs->cwd;
    if (cwd->dentry->flags & DENTRY_UNLINKED)
        return -LX_ENOENT;
    if (!path_is_below(cwd, &context->fs->root))
        strbuf_puts(out, "(unreachable)");
    path_format(context->vfs, cwd, &context->fs->root, out);
    return out->failed ? -LX_ENOMEM : 0;
}
