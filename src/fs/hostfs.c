/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hostfs: the mount, its inodes, and how their host files are reached (hostfs_internal.h tells the
 * protocol).
 *
 * Invariant: an inode is in fs->inodes from hostfs_iget() until its release; a directory handle
 * that is open is in fs->open_dirs, at most HOSTFS_OPEN_DIRS of them; the root's handle belongs to
 * the file system.
 */
#include "fs/hostfs_internal.h"

#include "base/strbuf.h"

#define HOSTFS_MAGIC 0xef53

static int compare(const struct hostfs_inode *node, uint64_t dev, uint64_t ino)
{
    if (node->host_dev != dev)
        return dev < node->host_dev ? -1 : 1;
    return node->host_ino == ino ? 0 : ino < node->host_ino ? -1 : 1;
}

uint64_t hostfs_device(struct hostfs *fs, uint64_t host_dev)
{
    for (unsigned i = 0; i < fs->device_count; i++) {
        if (fs->devices[i] == host_dev)
            return fs->guest_devices[i];
    }
    if (fs->device_count == HOSTFS_DEVICES)
        return host_dev;
    unsigned i = fs->device_count++;
    fs->devices[i] = host_dev;
    fs->guest_devices[i] = i == 0 ? fs->sb->dev : lx_makedev(0, ++fs->vfs->next_dev);
    return fs->guest_devices[i];
}

bool hostfs_same(const struct hostfs_inode *node, const struct host_stat *st)
{
    return node->host_dev == st->dev && node->host_ino == st->ino &&
           (node->inode.mode & LX_S_IFMT) == (st->mode & LX_S_IFMT);
}

void hostfs_refresh(struct hostfs_inode *node, const struct host_stat *st)
{
    struct inode *inode = &node->inode;
    if (LX_S_ISREG(st->mode) && st->size < inode->size && node->page_count)
        hostfs_pages_truncate(node, st->size);
    inode->mode = st->mode;
    inode->nlink = (uint32_t)MIN(st->nlink, UINT32_MAX);
    inode->uid = st->uid;
    inode->gid = st->gid;
    inode->rdev = st->rdev;
    inode->size = st->size;
    inode->blocks = st->blocks;
    inode->atime = hostfs_time(st->atime);
    inode->mtime = hostfs_time(st->mtime);
    inode->ctime = hostfs_time(st->ctime);
    inode->btime = hostfs_time(st->btime);
    node->looked_at = node->fs->vfs->clock->insns + 1;
}

static const struct inode_ops *ops_of(uint32_t mode)
{
    switch (mode & LX_S_IFMT) {
    case LX_S_IFDIR:
        return &hostfs_directory_ops;
    case LX_S_IFREG:
        return &hostfs_file_ops;
    case LX_S_IFLNK:
        return &hostfs_link_ops;
    default:
        return &hostfs_special_ops;
    }
}

static long inode_create(struct hostfs *fs, const struct host_stat *st, struct hostfs_inode **out)
{
    struct hostfs_inode *node = arena_alloc(fs->vfs->arena, sizeof *node);
    if (!node)
        return -LX_ENOMEM;
    long err = inode_init(&node->inode, fs->sb, ops_of(st->mode), st->mode, st->ino);
    if (err) {
        arena_free(fs->vfs->arena, node);
        return err;
    }
    node->inode.flags = INODE_NO_ATIME | INODE_NO_CMTIME; /* the host sees to them */
    node->fs = fs;
    node->host_dev = st->dev;
    node->host_ino = st->ino;
    node->dir = node->reader = node->writer = HOST_NONE;
    list_init(&node->dir_link);
    hostfs_pages_init(node);
    hostfs_refresh(node, st);
    *out = node;
    return 0;
}

long hostfs_iget(struct hostfs *fs, const struct host_stat *st, struct hostfs_inode **out)
{
    struct rb_node *parent = NULL, **link = &fs->inodes.root;
    while (*link) {
        parent = *link;
        struct hostfs_inode *node = rb_entry(parent, struct hostfs_inode, node);
        int order = compare(node, st->dev, st->ino);
        if (order == 0 && hostfs_same(node, st)) {
            inode_get(&node->inode);
            hostfs_refresh(node, st);
            *out = node;
            return 0;
        }
        /*
         * The same number with another type: the host gave it out anew. Both are kept, side by
         * side.
         */
        link = order < 0 ? &parent->left : &parent->right;
    }
    long err = inode_create(fs, st, out);
    if (!err)
        rb_insert(&fs->inodes, parent, link, &(*out)->node);
    return err;
}

/* --- directory handles --- */

static void dir_close(struct hostfs_inode *node)
{
    if (node->dir == HOST_NONE)
        return;
    if (node->dir != node->fs->root) {
        host_close(node->fs->vfs->host, node->dir);
        list_remove(&node->dir_link);
        node->fs->open_dir_count--;
    }
    node->dir = HOST_NONE;
}

/* Close the least lately used directory handle, but not that of `keep`. False: there is none. */
static bool dir_reclaim(struct hostfs *fs, host_handle_t keep)
{
    struct hostfs_inode *node;
    list_for_each (node, &fs->open_dirs, dir_link) {
        if (node->dir == keep)
            continue;
        dir_close(node);
        return true;
    }
    return false;
}

long hostfs_open_at(struct hostfs *fs, host_handle_t dir, const char *name, unsigned how,
                    uint32_t mode, host_handle_t *out)
{
    long err;
    do
        err = host_open_at(fs->vfs->host, dir, name, how, mode, out);
    while ((err == -LX_EMFILE || err == -LX_ENFILE) && dir_reclaim(fs, dir));
    return err == -LX_EMFILE ? -LX_ENFILE : err;
}

static struct hostfs_inode *parent_of(struct hostfs_inode *node)
{
    const struct dentry *alias = node->alias;
    if (!alias || (alias->flags & DENTRY_UNLINKED) || dentry_is_root(alias) ||
        !alias->parent->inode)
        return NULL;
    return hostfs_inode(alias->parent->inode);
}

/* Open `node` below `parent`, whose handle is open; and see that it is `node`. */
static long dir_open(struct hostfs_inode *parent, struct hostfs_inode *node)
{
    struct hostfs *fs = node->fs;
    host_handle_t handle;
    struct host_stat st;
    long err = hostfs_open_at(fs, parent->dir, node->alias->name,
                              HOST_OPEN_PATH | HOST_OPEN_DIRECTORY, 0, &handle);
    if (err)
        return err == -LX_ENOTDIR || err == -LX_ELOOP ? -LX_ENOENT : err;
    err = host_stat(fs->vfs->host, handle, &st);
    if (!err && !hostfs_same(node, &st))
        err = -LX_ENOENT;
    if (err) {
        host_close(fs->vfs->host, handle);
        return err;
    }
    if (fs->open_dir_count >= HOSTFS_OPEN_DIRS)
        dir_reclaim(fs, parent->dir);
    node->dir = handle;
    fs->open_dir_count++;
    return 0;
}

long hostfs_dir(struct hostfs_inode *node, host_handle_t *out)
{
    /* Open what is closed from the nearest open ancestor down, one level a round. */
    while (node->dir == HOST_NONE) {
        struct hostfs_inode *child = node, *parent = parent_of(child);
        while (parent && parent->dir == HOST_NONE) {
            child = parent;
            parent = parent_of(child);
        }
        if (!parent)
            return -LX_ENOENT;
        long err = dir_open(parent, child);
        if (err)
            return err;
        list_push_back(&node->fs->open_dirs, &child->dir_link);
    }
    if (node->dir != node->fs->root) {
        list_remove(&node->dir_link);
        list_push_back(&node->fs->open_dirs, &node->dir_link);
    }
    *out = node->dir;
    return 0;
}

long hostfs_locate(struct hostfs_inode *node, host_handle_t *dir, const char **name)
{
    if (&node->inode == node->fs->sb->root->inode) {
        *dir = HOST_NONE;
        *name = "";
        return 0;
    }
    struct hostfs_inode *parent = parent_of(node);
    if (!parent)
        return -LX_ENOENT;
    *name = node->alias->name;
    return hostfs_dir(parent, dir);
}

long hostfs_fetch(struct hostfs_inode *node)
{
    struct host *host = node->fs->vfs->host;
    host_handle_t handle = node->reader != HOST_NONE ? node->reader : node->writer;
    const char *name;
    struct host_stat st;
    long err;
    if (handle == HOST_NONE) {
        err = hostfs_locate(node, &handle, &name);
        if (!err && handle != HOST_NONE)
            err = host_stat_at(host, handle, name, &st);
        else if (!err)
            err = host_stat(host, node->fs->root, &st);
    } else {
        err = host_stat(host, handle, &st);
    }
    if (err == -LX_ENOENT || (!err && !hostfs_same(node, &st))) {
        node->inode.nlink = 0; /* it is gone: what was known of it is all there is */
        return 0;
    }
    if (!err)
        hostfs_refresh(node, &st);
    return err;
}

long hostfs_look(struct hostfs_inode *node)
{
    return node->looked_at == node->fs->vfs->clock->insns + 1 ? 0 : hostfs_fetch(node);
}

/* --- regular files' handles --- */

static long io_open(struct hostfs_inode *node, unsigned how, host_handle_t *out)
{
    struct hostfs *fs = node->fs;
    host_handle_t dir, handle;
    const char *name;
    struct host_stat st;
    long err = hostfs_locate(node, &dir, &name);
    if (err)
        return err;
    if (dir == HOST_NONE)
        return -LX_EACCES; /* a mounted file has what host_open_root() opened */
    err = hostfs_open_at(fs, dir, name, how, 0, &handle);
    if (err)
        return err == -LX_ELOOP ? -LX_ENOENT : err;
    err = host_stat(fs->vfs->host, handle, &st);
    if (!err && !hostfs_same(node, &st))
        err = -LX_ENOENT;
    if (err) {
        host_close(fs->vfs->host, handle);
        return err;
    }
    hostfs_refresh(node, &st);
    *out = handle;
    return 0;
}

/* For writing, and for reading too where that is allowed: shared mappings need both. */
static long io_open_writer(struct hostfs_inode *node)
{
    if (node->fs->read_only)
        return -LX_EROFS;
    long err = io_open(node, HOST_OPEN_READ | HOST_OPEN_WRITE, &node->writer);
    if (!err && node->reader == HOST_NONE)
        node->reader = node->writer;
    if (err == -LX_EACCES)
        err = io_open(node, HOST_OPEN_WRITE, &node->writer);
    return err;
}

long hostfs_open_io(struct hostfs_inode *node, bool read, bool write)
{
    long err = 0;
    if (write && node->writer == HOST_NONE)
        err = io_open_writer(node);
    if (!err && read && node->reader == HOST_NONE)
        err = io_open(node, HOST_OPEN_READ, &node->reader);
    node->users++;
    if (err)
        hostfs_close_io(node);
    return err;
}

void hostfs_close_io(struct hostfs_inode *node)
{
    struct hostfs *fs = node->fs;
    if (--node->users > 0)
        return;
    if (node->dirty_count) {
        long err = hostfs_pages_sync(node, 0, UINT64_MAX);
        if (err)
            node->write_error = err;
    }
    if (node->writer != node->reader && node->writer != fs->root)
        host_close(fs->vfs->host, node->writer);
    if (node->reader != fs->root)
        host_close(fs->vfs->host, node->reader);
    node->reader = node->writer = HOST_NONE;
    if (node->inode.sb->root && &node->inode == node->inode.sb->root->inode) {
        node->reader = fs->root; /* a mounted file */
        node->writer = fs->read_only ? HOST_NONE : fs->root;
    }
}

void hostfs_release_inode(struct inode *inode)
{
    struct hostfs_inode *node = hostfs_inode(inode);
    struct hostfs *fs = node->fs;
    struct vfs *vfs = fs->vfs;
    hostfs_pages_fini(node);
    dir_close(node);
    if (node->reader != fs->root)
        host_close(vfs->host, node->reader);
    if (node->writer != node->reader && node->writer != fs->root)
        host_close(vfs->host, node->writer);
    rb_remove(&fs->inodes, &node->node);
    inode_fini(inode); /* may be the end of the file system */
    arena_free(vfs->arena, node);
}

/* --- the file system --- */

static long hostfs_statfs(struct superblock *sb, struct lx_statfs *out)
{
    struct hostfs *fs = sb->fs_data;
    struct host_statfs st;
    long err = host_statfs(fs->vfs->host, fs->root, &st);
    if (err)
        return err;
    out->f_bsize = (int64_t)st.block_size;
    out->f_frsize = (int64_t)st.fragment_size;
    out->f_blocks = st.blocks;
    out->f_bfree = st.blocks_free;
    out->f_bavail = st.blocks_available;
    out->f_files = st.files;
    out->f_ffree = st.files_free;
    return 0;
}

static long hostfs_sync(struct superblock *sb)
{
    struct hostfs *fs = sb->fs_data;
    struct hostfs_inode *node;
    long first = 0;
    list_for_each (node, &fs->cached, cache_link) {
        long err = node->dirty_count ? hostfs_pages_sync(node, 0, UINT64_MAX) : 0;
        if (err && !first)
            first = err;
    }
    return first;
}

static void hostfs_dentry_release(struct dentry *dentry)
{
    if (dentry->inode && hostfs_inode(dentry->inode)->alias == dentry)
        hostfs_inode(dentry->inode)->alias = NULL;
}

static void hostfs_release(struct superblock *sb)
{
    struct hostfs *fs = sb->fs_data;
    if (!fs)
        return;
    host_close(fs->vfs->host, fs->root);
    arena_free(fs->vfs->arena, fs);
}

static const struct superblock_ops hostfs_superblock_ops = {
    .statfs = hostfs_statfs,
    .sync = hostfs_sync,
    .dentry_release = hostfs_dentry_release,
    .release = hostfs_release,
};

static long mount_root(struct hostfs *fs)
{
    struct host_stat st;
    struct hostfs_inode *root;
    long err = host_stat(fs->vfs->host, fs->root, &st);
    if (!err)
        err = hostfs_iget(fs, &st, &root);
    if (err)
        return err;
    if (LX_S_ISDIR(st.mode)) {
        root->dir = fs->root;
    } else {
        root->reader = fs->root;
        root->writer = fs->read_only ? HOST_NONE : fs->root;
    }
    hostfs_device(fs, st.dev);
    fs->sb->block_size = st.block_size ? st.block_size : (uint32_t)PAGE_SIZE;
    return dentry_create_root(fs->sb, &root->inode, &fs->sb->root);
}

static long hostfs_mount(struct fs_context *context, struct superblock *sb, const char *source,
                         const char *options, const void *data)
{
    (void)context;
    (void)source;
    (void)options;
    const struct hostfs_mount_data *request = data;
    if (!request)
        return -LX_EPERM; /* only whoever built the machine grants host folders */
    struct hostfs *fs = arena_alloc(sb->vfs->arena, sizeof *fs);
    if (!fs) {
        host_close(sb->vfs->host, request->handle);
        return -LX_ENOMEM;
    }
    fs->sb = sb;
    fs->vfs = sb->vfs;
    fs->root = request->handle;
    fs->read_only = !request->writable;
    fs->by_root = host_euid(sb->vfs->host) == 0;
    list_init(&fs->open_dirs);
    list_init(&fs->cached);
    sb->ops = &hostfs_superblock_ops;
    sb->magic = HOSTFS_MAGIC;
    sb->keep_dentries = true;
    sb->fs_data = fs; /* hostfs_release() frees it, also after an error */
    return mount_root(fs);
}

const struct filesystem hostfs_filesystem = {
    .name = "hostfs",
    .nodev = true,
    .mount = hostfs_mount,
};
