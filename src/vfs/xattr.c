/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Extended attributes: the rights of xattr(7), the same for every file system.
 */
#include "vfs/xattr.h"

#include <string.h>

#include "abi/capability.h"
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "vfs/fdtable.h"
#include "vfs/path.h"

static long find_path(struct fs_context *context, int dirfd, const char *name, unsigned flags,
                      struct path *out)
{
    if (name) {
        unsigned walk = (flags & LX_AT_SYMLINK_NOFOLLOW ? 0 : PATH_FOLLOW) |
                        (flags & LX_AT_EMPTY_PATH ? PATH_EMPTY : 0);
        return path_walk(context, dirfd, name, walk, out);
    }
    struct file *file = fdtable_get(context->fds, dirfd);
    if (!file)
        return -LX_EBADF;
    file_jump(file, out);
    return 0;
}

static bool has_prefix(const char *name, const char *prefix)
{
    return strncmp(name, prefix, strlen(prefix)) == 0;
}

/* Linux: a prefix alone is no name (guest/file/xattr). */
static bool is_prefix_only(const char *name)
{
    const char *dot = strchr(name, '.');
    return dot && dot[1] == '\0' &&
           (has_prefix(name, "user.") || has_prefix(name, "trusted.") ||
            has_prefix(name, "security."));
}

static long check_rights(struct fs_context *context, struct inode *inode, const char *name,
                         bool writes)
{
    if (is_prefix_only(name))
        return -LX_EINVAL;
    if (has_prefix(name, "system."))
        return 0;
    if (has_prefix(name, "security.")) {
        bool capability = strcmp(name, "security.capability") == 0;
        return !writes ||
                       cred_capable(context->cred, capability ? LX_CAP_SETFCAP : LX_CAP_SYS_ADMIN)
                   ? 0
                   : -LX_EPERM;
    }
    if (has_prefix(name, "trusted.")) {
        if (!cred_capable(context->cred, LX_CAP_SYS_ADMIN))
            return writes ? -LX_EPERM : -LX_ENODATA;
        return 0;
    }
    if (has_prefix(name, "user.")) {
        bool directory = LX_S_ISDIR(inode->mode);
        if (!directory && !LX_S_ISREG(inode->mode))
            return writes ? -LX_EPERM : -LX_ENODATA;
        if (directory && inode->mode & LX_S_ISVTX && writes &&
            !inode_owner_or_capable(context->cred, inode))
            return -LX_EPERM;
    }
    return inode_permission(context, inode, writes ? MAY_WRITE : MAY_READ);
}

long vfs_get_xattr(struct fs_context *context, int dirfd, const char *path_name, unsigned flags,
                   const char *name, void *value, size_t room)
{
    struct path path;
    long err = find_path(context, dirfd, path_name, flags, &path);
    if (err)
        return err;
    struct inode *inode = path.dentry->inode;
    err = check_rights(context, inode, name, false);
    if (!err)
        err = inode->ops->get_xattr ? inode->ops->get_xattr(context, inode, name, value, room)
                                    : -LX_EOPNOTSUPP;
    path_put(&path);
    return err;
}

long vfs_set_xattr(struct fs_context *context, int dirfd, const char *path_name, unsigned flags,
                   const char *name, const void *value, size_t size, unsigned how)
{
    struct path path;
    long err = find_path(context, dirfd, path_name, flags, &path);
    if (err)
        return err;
    struct inode *inode = path.dentry->inode;
    err = mount_writable(path.mount);
    if (!err)
        err = check_rights(context, inode, name, true);
    if (!err)
        err = inode->ops->set_xattr ? inode->ops->set_xattr(context, inode, name, value, size, how)
                                    : -LX_EOPNOTSUPP;
    path_put(&path);
    return err;
}

long vfs_list_xattr(struct fs_context *context, int dirfd, const char *path_name, unsigned flags,
                    char *names, size_t room)
{
    struct path path;
    long err = find_path(context, dirfd, path_name, flags, &path);
    if (err)
        return err;
    struct inode *inode = path.dentry->inode;
    err = inode->ops->list_xattr ? inode->ops->list_xattr(context, inode, names, room) : 0;
    path_put(&path);
    return err;
}
