/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Extended attributes of tmpfs files (xattr(7)): user, trusted and security names in a list.
 */
#include <string.h>

#include "abi/capability.h"
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "fs/tmpfs_internal.h"
#include "vfs/vfs.h"

#define XATTRS_MAX 256 /* of one inode */

static struct tmpfs_xattr *find(struct tmpfs_inode *node, const char *name)
{
    struct tmpfs_xattr *attr;
    list_for_each (attr, &node->xattrs, link) {
        if (strcmp(attr->name, name) == 0)
            return attr;
    }
    return NULL;
}

static bool is_known(const char *name)
{
    return strncmp(name, "user.", 5) == 0 || strncmp(name, "trusted.", 8) == 0 ||
           strncmp(name, "security.", 9) == 0;
}

long tmpfs_get_xattr(struct fs_context *context, struct inode *inode, const char *name, void *value,
                     size_t room)
{
    (void)context;
    if (!is_known(name))
        return -LX_EOPNOTSUPP;
    const struct tmpfs_xattr *attr = find(tmpfs_inode(inode), name);
    if (!attr)
        return -LX_ENODATA;
    if (room) {
        if (attr->size > room)
            return -LX_ERANGE;
        memcpy(value, attr->value, attr->size);
    }
    return (long)attr->size;
}

static void free_attr(struct tmpfs_inode *node, struct tmpfs_xattr *attr)
{
    struct arena *arena = node->inode.sb->vfs->arena;
    list_remove(&attr->link);
    node->xattr_count--;
    arena_free(arena, attr->name);
    arena_free(arena, attr);
}

void tmpfs_free_xattrs(struct tmpfs_inode *node)
{
    while (!list_empty(&node->xattrs))
        free_attr(node, list_first(&node->xattrs, struct tmpfs_xattr, link));
}

static long add(struct tmpfs_inode *node, const char *name, const void *value, size_t size)
{
    struct arena *arena = node->inode.sb->vfs->arena;
    if (node->xattr_count >= XATTRS_MAX)
        return -LX_ENOSPC;
    struct tmpfs_xattr *attr = arena_alloc(arena, sizeof *attr + size);
    if (!attr)
        return -LX_ENOMEM;
    attr->name = arena_strdup(arena, name);
    if (!attr->name) {
        arena_free(arena, attr);
        return -LX_ENOMEM;
    }
    attr->size = size;
    memcpy(attr->value, value, size);
    list_push_front(&node->xattrs, &attr->link);
    node->xattr_count++;
    return 0;
}

long tmpfs_set_xattr(struct fs_context *context, struct inode *inode, const char *name,
                     const void *value, size_t size, unsigned flags)
{
    (void)context;
    struct tmpfs_inode *node = tmpfs_inode(inode);
    if (!is_known(name))
        return -LX_EOPNOTSUPP;
    struct tmpfs_xattr *old = find(node, name);
    if (!old && (!value || flags & LX_XATTR_REPLACE))
        return -LX_ENODATA;
    if (old && flags & LX_XATTR_CREATE)
        return -LX_EEXIST;
    if (value) {
        long err = add(node, name, value, size);
        if (err)
            return err;
    }
    if (old)
        free_attr(node, old);
    inode->ctime = vfs_now(inode->sb->vfs);
    return 0;
}

long tmpfs_list_xattr(struct fs_context *context, struct inode *inode, char *names, size_t room)
{
    size_t total = 0;
    struct tmpfs_xattr *attr;
    list_for_each (attr, &tmpfs_inode(inode)->xattrs, link) {
        /* trusted names are only for those who may use them: xattr(7) */
        if (strncmp(attr->name, "trusted.", 8) == 0 &&
            !cred_capable(context->cred, LX_CAP_SYS_ADMIN))
            continue;
        size_t length = strlen(attr->name) + 1;
        if (room) {
            if (total + length > room)
                return -LX_ERANGE;
            memcpy(names + total, attr->name, length);
        }
        total += length;
    }
    return (long)total;
}
