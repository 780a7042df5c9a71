/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Directories of tmpfs: names come, go and move. Newest names come first when a directory is read;
 * a name's position is its dentry's offset, which only ever grows: so what is added while a
 * directory is being read is not seen, and what is removed moves nothing.
 */
#include <string.h>

#include "abi/dirent.h"
#include "abi/errno.h"
#include "fs/tmpfs_internal.h"
#include "vfs/vfs.h"

#define POSITION_END INT64_MAX

/* `dentry` names `inode` (a reference, consumed) from now on. */
static void add_name(struct inode *dir, struct dentry *dentry, struct inode *inode)
{
    dir->size += TMPFS_DIRENT_SIZE;
    inode_touch(dir);
    dentry_instantiate(dentry, inode);
    dentry_pin(dentry);
}

static void remove_name(struct inode *dir)
{
    dir->size -= TMPFS_DIRENT_SIZE;
    inode_touch(dir);
}

static long make(struct fs_context *context, struct inode *dir, struct dentry *dentry,
                 uint32_t mode, uint64_t rdev)
{
    struct inode *inode;
    long err = tmpfs_create_inode(context, dir->sb, dir, mode, &inode);
    if (err)
        return err;
    inode->rdev = rdev;
    if (LX_S_ISDIR(mode))
        dir->nlink++;
    add_name(dir, dentry, inode);
    return 0;
}

static long tmpfs_create(struct fs_context *context, struct inode *dir, struct dentry *dentry,
                         uint32_t mode)
{
    return make(context, dir, dentry, mode, 0);
}

static long tmpfs_mknod(struct fs_context *context, struct inode *dir, struct dentry *dentry,
                        uint32_t mode, uint64_t rdev)
{
    return make(context, dir, dentry, mode, rdev);
}

static long tmpfs_tmpfile(struct fs_context *context, struct inode *dir, struct dentry *dentry,
                          uint32_t mode)
{
    struct inode *inode;
    long err = tmpfs_create_inode(context, dir->sb, dir, mode, &inode);
    if (err)
        return err;
    inode->nlink = 0;
    dentry_instantiate(dentry, inode);
    return 0;
}

static long tmpfs_symlink(struct fs_context *context, struct inode *dir, struct dentry *dentry,
                          const char *text)
{
    struct inode *inode;
    long err = tmpfs_create_inode(context, dir->sb, dir, LX_S_IFLNK | 0777, &inode);
    if (err)
        return err;
    tmpfs_inode(inode)->text = arena_strdup(dir->sb->vfs->arena, text);
    if (!tmpfs_inode(inode)->text) {
        inode_put(inode);
        return -LX_ENOMEM;
    }
    inode->size = strlen(text);
    add_name(dir, dentry, inode);
    return 0;
}

static long tmpfs_link(struct fs_context *context, struct inode *inode, struct inode *dir,
                       struct dentry *dentry)
{
    (void)context;
    inode->nlink++;
    inode->flags &= ~(unsigned)INODE_LINKABLE;
    inode->ctime = vfs_now(dir->sb->vfs);
    inode_get(inode);
    add_name(dir, dentry, inode);
    return 0;
}

static void drop_link(struct inode *inode)
{
    inode->nlink--;
    inode->ctime = vfs_now(inode->sb->vfs);
}

static long tmpfs_unlink(struct fs_context *context, struct inode *dir, struct dentry *dentry)
{
    (void)context;
    drop_link(dentry->inode);
    remove_name(dir);
    return 0;
}

static long tmpfs_rmdir(struct fs_context *context, struct inode *dir, struct dentry *dentry)
{
    (void)context;
    if (!list_empty(&dentry->children))
        return -LX_ENOTEMPTY;
    dentry->inode->nlink = 0;
    dentry->inode->ctime = vfs_now(dir->sb->vfs);
    dir->nlink--;
    remove_name(dir);
    return 0;
}

static bool is_dir(const struct dentry *dentry)
{
    return LX_S_ISDIR(dentry->inode->mode);
}

static long exchange(struct inode *old_dir, struct dentry *old_dentry, struct inode *new_dir,
                     struct dentry *new_dentry)
{
    if (old_dir != new_dir && is_dir(old_dentry) != is_dir(new_dentry)) {
        int to_new = is_dir(old_dentry) ? 1 : -1;
        new_dir->nlink = (uint32_t)((int)new_dir->nlink + to_new);
        old_dir->nlink = (uint32_t)((int)old_dir->nlink - to_new);
    }
    inode_touch(old_dir);
    inode_touch(new_dir);
    old_dentry->inode->ctime = new_dentry->inode->ctime = old_dir->mtime;
    return 0;
}

/* RENAME_WHITEOUT: a device 0:0 where the name was. It is found in its place once the old one has
 * moved. */
static long leave_whiteout(struct fs_context *context, struct inode *dir, struct dentry *old)
{
    struct dentry *dentry;
    long err = dentry_create(old->parent, old->name, old->length, &dentry);
    if (err)
        return err;
    err = make(context, dir, dentry, LX_S_IFCHR, 0);
    dentry_put(dentry);
    return err;
}

static long tmpfs_rename(struct fs_context *context, struct inode *old_dir,
                         struct dentry *old_dentry, struct inode *new_dir,
                         struct dentry *new_dentry, unsigned flags)
{
    if (flags & LX_RENAME_EXCHANGE)
        return exchange(old_dir, old_dentry, new_dir, new_dentry);
    struct inode *replaced = new_dentry->inode;
    bool moves_dir = is_dir(old_dentry);
    if (replaced && is_dir(new_dentry) && !list_empty(&new_dentry->children))
        return -LX_ENOTEMPTY;
    if (flags & LX_RENAME_WHITEOUT) {
        long err = leave_whiteout(context, old_dir, old_dentry);
        if (err)
            return err;
    }
    if (replaced) {
        if (is_dir(new_dentry)) {
            replaced->nlink = 0;
            replaced->ctime = vfs_now(new_dir->sb->vfs);
            new_dir->nlink--;
        } else {
            drop_link(replaced);
        }
        new_dir->size -= TMPFS_DIRENT_SIZE;
    }
    if (moves_dir && old_dir != new_dir) {
        old_dir->nlink--;
        new_dir->nlink++;
    }
    old_dir->size -= TMPFS_DIRENT_SIZE;
    new_dir->size += TMPFS_DIRENT_SIZE;
    inode_touch(old_dir);
    inode_touch(new_dir);
    old_dentry->inode->ctime = old_dir->mtime;
    return 0;
}

static long tmpfs_get_link(struct fs_context *context, struct inode *inode, struct link_target *out)
{
    (void)context;
    out->text = tmpfs_inode(inode)->text;
    return 0;
}

/* --- reading --- */

struct directory_file {
    struct file file;
    struct dentry *next; /* where the last call left off: a reference; NULL: look for it */
};

static void set_next(struct directory_file *open_file, struct dentry *next)
{
    if (next)
        dentry_get(next);
    if (open_file->next)
        dentry_put(open_file->next);
    open_file->next = next;
}

/* The name at the file's position. Found at once where the last call left off, as long as that name
 * has stayed and nobody has sought. */
static struct list *find_position(struct directory_file *open_file)
{
    struct file *file = &open_file->file;
    struct list *children = &file->dentry->children;
    struct dentry *child = open_file->next;
    if (child && child->parent == file->dentry && child->offset == file->pos &&
        !list_empty(&child->sibling_link))
        return &child->sibling_link;
    list_for_each (child, children, sibling_link) {
        if (file->pos < DENTRY_FIRST_OFFSET || child->offset <= file->pos)
            return &child->sibling_link;
    }
    return children;
}

static long directory_iterate(struct file *file, struct dirent_sink *sink)
{
    struct directory_file *open_file = container_of(file, struct directory_file, file);
    if (!dirent_emit_dots(file, sink))
        return 0;
    const struct list *children = &file->dentry->children;
    struct list *at = find_position(open_file);
    for (; at != children; at = at->next) {
        struct dentry *child = container_of(at, struct dentry, sibling_link);
        file->pos = child->offset;
        if (!dirent_emit(sink, child->name, child->length, child->inode->ino,
                         dirent_type(child->inode->mode), child->offset)) {
            set_next(open_file, child);
            return 0;
        }
    }
    set_next(open_file, NULL);
    file->pos = POSITION_END;
    return 0;
}

static long directory_iterate_from(struct file *file, struct dirent_sink *sink)
{
    return file->pos == POSITION_END ? 0 : directory_iterate(file, sink);
}

static long directory_sync(struct file *file, bool data_only)
{
    (void)file, (void)data_only;
    return 0;
}

static void directory_release(struct file *file)
{
    struct directory_file *open_file = container_of(file, struct directory_file, file);
    set_next(open_file, NULL);
    arena_free(file->vfs->arena, open_file);
}

static const struct file_ops directory_file_ops = {
    .iterate = directory_iterate_from,
    .sync = directory_sync,
    .release = directory_release,
};

long tmpfs_open_directory(struct fs_context *context, struct inode *inode, unsigned flags,
                          struct file **out)
{
    (void)inode;
    struct directory_file *open_file = arena_alloc(context->vfs->arena, sizeof *open_file);
    if (!open_file)
        return -LX_ENOMEM;
    file_init(&open_file->file, context->vfs, &directory_file_ops, flags);
    *out = &open_file->file;
    return 0;
}

const struct inode_ops tmpfs_directory_ops = {
    .create = tmpfs_create,
    .mkdir = tmpfs_create,
    .mknod = tmpfs_mknod,
    .link = tmpfs_link,
    .symlink = tmpfs_symlink,
    .unlink = tmpfs_unlink,
    .rmdir = tmpfs_rmdir,
    .rename = tmpfs_rename,
    .tmpfile = tmpfs_tmpfile,
    .open = tmpfs_open_directory,
    .get_xattr = tmpfs_get_xattr,
    .set_xattr = tmpfs_set_xattr,
    .list_xattr = tmpfs_list_xattr,
    .release = tmpfs_release_inode,
};

const struct inode_ops tmpfs_link_ops = {
    .get_link = tmpfs_get_link,
    .get_xattr = tmpfs_get_xattr,
    .set_xattr = tmpfs_set_xattr,
    .list_xattr = tmpfs_list_xattr,
    .release = tmpfs_release_inode,
};

const struct inode_ops tmpfs_special_ops = {
    .get_xattr = tmpfs_get_xattr,
    .set_xattr = tmpfs_set_xattr,
    .list_xattr = tmpfs_list_xattr,
    .release = tmpfs_release_inode,
};
