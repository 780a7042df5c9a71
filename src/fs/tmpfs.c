/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tmpfs(5): instances and inodes. Directories are their cached dentries, pinned from creation to
 * unlinking; files are frames.
 */
#include "fs/tmpfs.h"

#include <stdlib.h>
#include <string.h>

#include "abi/errno.h"
#include "abi/fcntl.h"
#include "base/strbuf.h"
#include "fs/tmpfs_internal.h"
#include "vfs/vfs.h"

static const struct inode_ops *ops_for(uint32_t mode)
{
    if (LX_S_ISDIR(mode))
        return &tmpfs_directory_ops;
    if (LX_S_ISREG(mode))
        return &tmpfs_file_ops;
    return LX_S_ISLNK(mode) ? &tmpfs_link_ops : &tmpfs_special_ops;
}

long tmpfs_create_inode(struct fs_context *context, struct superblock *sb, const struct inode *dir,
                        uint32_t mode, struct inode **out)
{
    struct tmpfs *fs = sb->fs_data;
    if (fs->max_inodes && fs->inodes >= fs->max_inodes)
        return -LX_ENOSPC;
    struct arena *arena = sb->vfs->arena;
    struct tmpfs_inode *node = arena_alloc(arena, sizeof *node);
    if (!node)
        return -LX_ENOMEM;
    long err = inode_init(&node->inode, sb, ops_for(mode), mode, sb->next_ino);
    if (err) {
        arena_free(arena, node);
        return err;
    }
    sb->next_ino++;
    fs->inodes++;
    inode_init_owner(context, &node->inode, dir);
    list_init(&node->xattrs);
    tmpfs_init_file(node);
    if (LX_S_ISDIR(mode)) {
        node->inode.nlink = 2;
        node->inode.size = 2 * TMPFS_DIRENT_SIZE;
    }
    *out = &node->inode;
    return 0;
}

void tmpfs_release_inode(struct inode *inode)
{
    struct tmpfs_inode *node = tmpfs_inode(inode);
    struct arena *arena = inode->sb->vfs->arena;
    tmpfs_drop_pages(node, 0, UINT64_MAX);
    tmpfs_free_xattrs(node);
    arena_free(arena, node->text);
    tmpfs_of(inode)->inodes--;
    inode_fini(inode);
    arena_free(arena, node);
}

/* --- instances --- */

static long tmpfs_statfs(struct superblock *sb, struct lx_statfs *out)
{
    struct tmpfs *fs = sb->fs_data;
    if (fs->max_pages) {
        out->f_blocks = fs->max_pages;
        out->f_bavail = out->f_bfree = fs->max_pages - MIN(fs->pages, fs->max_pages);
    }
    if (fs->max_inodes) {
        out->f_files = fs->max_inodes;
        out->f_ffree = fs->max_inodes - MIN(fs->inodes, fs->max_inodes);
    }
    return 0;
}

static void tmpfs_show_options(struct superblock *sb, struct strbuf *out)
{
    struct tmpfs *fs = sb->fs_data;
    if (fs->max_pages)
        strbuf_printf(out, ",size=%lluk", (unsigned long long)(fs->max_pages * PAGE_SIZE / 1024));
    if (fs->max_inodes)
        strbuf_printf(out, ",nr_inodes=%llu", (unsigned long long)fs->max_inodes);
    if (fs->mode != 01777)
        strbuf_printf(out, ",mode=%o", fs->mode);
}

static void tmpfs_release(struct superblock *sb)
{
    arena_free(sb->vfs->arena, sb->fs_data);
}

static const struct superblock_ops superblock_ops = {
    .statfs = tmpfs_statfs,
    .show_options = tmpfs_show_options,
    .release = tmpfs_release,
};

/* A number with k, m, g or (of RAM) %. False: it is none. */
static bool parse_size(const char *text, uint64_t ram_bytes, uint64_t *out)
{
    char *end;
    if (*text < '0' || *text > '9')
        return false;
    uint64_t value = strtoull(text, &end, 0);
    unsigned shift = 0;
    switch (*end | 0x20) {
    case 'g':
        shift += 10; /* fall through */
    case 'm':
        shift += 10; /* fall through */
    case 'k':
        shift += 10;
        end++;
        break;
    default:
        break;
    }
    if (*end == '%') {
        value = value > 100 ? ram_bytes : ram_bytes / 100 * value;
        end++;
    }
    if (*end || (shift && value >> (64 - shift)))
        return false;
    *out = value << shift;
    return true;
}

struct options {
    uint64_t bytes, blocks, inodes;
    uint32_t mode, uid, gid;
};

static bool parse_option(const char *name, const char *value, uint64_t ram_bytes,
                         struct options *out)
{
    uint64_t number;
    if (strcmp(name, "mode") == 0) {
        char *end;
        unsigned long mode = strtoul(value, &end, 8);
        out->mode = (uint32_t)mode & LX_S_IALLUGO;
        return *value && !*end;
    }
    if (!parse_size(value, ram_bytes, &number))
        return false;
    if (strcmp(name, "size") == 0)
        out->bytes = number;
    else if (strcmp(name, "nr_blocks") == 0)
        out->bytes = number * PAGE_SIZE;
    else if (strcmp(name, "nr_inodes") == 0)
        out->inodes = number;
    else if (strcmp(name, "uid") == 0)
        out->uid = (uint32_t)number;
    else if (strcmp(name, "gid") == 0)
        out->gid = (uint32_t)number;
    else
        return false;
    return true;
}

static long parse_options(const char *text, uint64_t ram_bytes, struct options *out)
{
    char word[128];
    while (*text) {
        size_t length = strcspn(text, ",");
        if (length >= sizeof word)
            return -LX_EINVAL;
        memcpy(word, text, length);
        word[length] = '\0';
        char *value = strchr(word, '=');
        if (length && !value)
            return -LX_EINVAL;
        if (length) {
            *value++ = '\0';
            if (!parse_option(word, value, ram_bytes, out))
                return -LX_EINVAL;
        }
        text += length + (text[length] == ',');
    }
    return 0;
}

static long create_root(struct fs_context *context, struct superblock *sb,
                        const struct options *options)
{
    struct inode *root;
    long err = tmpfs_create_inode(context, sb, NULL, LX_S_IFDIR | options->mode, &root);
    if (err)
        return err;
    root->uid = options->uid;
    root->gid = options->gid;
    return dentry_create_root(sb, root, &sb->root);
}

long tmpfs_mount(struct fs_context *context, struct superblock *sb, const char *source,
                 const char *options_text, const void *data)
{
    (void)source, (void)data;
    uint64_t ram_bytes = ram_size(sb->vfs->ram);
    struct options options = {
        .bytes = ram_bytes / 2, .inodes = ram_bytes / PAGE_SIZE / 2, .mode = 01777};
    long err = parse_options(options_text, ram_bytes, &options);
    if (err)
        return err;
    struct tmpfs *fs = arena_alloc(sb->vfs->arena, sizeof *fs);
    if (!fs)
        return -LX_ENOMEM;
    fs->max_pages = options.bytes / PAGE_SIZE;
    fs->max_inodes = options.inodes;
    fs->mode = options.mode;
    sb->fs_data = fs;
    sb->ops = &superblock_ops;
    sb->magic = LX_TMPFS_MAGIC;
    sb->inode_flags = true;
    return create_root(context, sb, &options);
}

const struct filesystem tmpfs_filesystem = {
    .name = "tmpfs",
    .nodev = true,
    .mount = tmpfs_mount,
};
