/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /dev as it is when a machine comes up. What the machine does not have has no node, but for ptmx:
 * opening it says so.
 */
#include "fs/devfs.h"

#include <string.h>

#include "abi/errno.h"
#include "fs/devices.h"
#include "fs/tmpfs.h"
#include "vfs/vfs.h"

struct node {
    const char *name;
    uint32_t mode; /* with type */
    uint32_t major, minor;
    const char *link; /* of symbolic links: where to */
};

static const struct node nodes[] = {
    {"mqueue", LX_S_IFDIR | LX_S_ISVTX | 0777, 0, 0, NULL},
    {"shm", LX_S_IFDIR | LX_S_ISVTX | 0777, 0, 0, NULL},
    {"pts", LX_S_IFDIR | 0755, 0, 0, NULL},
    {"ptmx", LX_S_IFCHR | 0666, 5, 2, NULL},
    {"console", LX_S_IFCHR | 0600, 5, 1, NULL},
    {"tty", LX_S_IFCHR | 0666, 5, 0, NULL},
    {"urandom", LX_S_IFCHR | 0666, 1, 9, NULL},
    {"random", LX_S_IFCHR | 0666, 1, 8, NULL},
    {"full", LX_S_IFCHR | 0666, 1, 7, NULL},
    {"zero", LX_S_IFCHR | 0666, 1, 5, NULL},
    {"null", LX_S_IFCHR | 0666, 1, 3, NULL},
    {"stderr", LX_S_IFLNK, 0, 0, "/proc/self/fd/2"},
    {"stdout", LX_S_IFLNK, 0, 0, "/proc/self/fd/1"},
    {"stdin", LX_S_IFLNK, 0, 0, "/proc/self/fd/0"},
    {"fd", LX_S_IFLNK, 0, 0, "/proc/self/fd"},
};

static long make_node(struct fs_context *context, struct dentry *root, const struct node *node)
{
    struct inode *dir = root->inode;
    struct dentry *dentry;
    long err = dentry_create(root, node->name, strlen(node->name), &dentry);
    if (err)
        return err;
    if (node->link)
        err = dir->ops->symlink(context, dir, dentry, node->link);
    else if (LX_S_ISDIR(node->mode))
        err = dir->ops->mkdir(context, dir, dentry, node->mode);
    else
        err =
            dir->ops->mknod(context, dir, dentry, node->mode, lx_makedev(node->major, node->minor));
    dentry_put(dentry);
    return err;
}

static long devfs_mount(struct fs_context *context, struct superblock *sb, const char *source,
                        const char *options, const void *data)
{
    long err = tmpfs_mount(context, sb, source, *options ? options : "mode=755", data);
    for (unsigned i = 0; !err && i < ARRAY_SIZE(nodes); i++)
        err = make_node(context, sb->root, &nodes[i]);
    sb->vfs->open_device = device_open;
    return err;
}

const struct filesystem devfs_filesystem = {
    .name = "devtmpfs",
    .nodev = true,
    .mount = devfs_mount,
};
