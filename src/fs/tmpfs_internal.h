/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_FS_TMPFS_INTERNAL_H
#define LSTAR_FS_TMPFS_INTERNAL_H
/*
 * What the files of tmpfs share.
 */
#include "fs/tmpfs.h"
#include "fs/tmpfs_pages.h"
#include "vfs/file.h"

/* One instance. */
struct tmpfs {
    uint64_t max_pages;     /* 0: no limit of its own */
    uint64_t max_inodes;    /* 0: none */
    uint64_t pages, inodes; /* in use */
    uint32_t mode;          /* of the root */
};

struct tmpfs_xattr {
    struct list link; /* in tmpfs_inode.xattrs */
    size_t size;
    char *name;
    uint8_t value[];
};

struct tmpfs_inode {
    struct inode inode;       /* first */
    struct vm_object object;  /* regular files: what mmap maps */
    struct tmpfs_pages pages; /* regular files: their frames */
    unsigned seals;           /* LX_F_SEAL_* */
    unsigned maps;            /* VMAs that refer to the object */
    struct dentry *map_name;  /* while maps > 0: the name that they show; a reference */
    char *text;               /* symbolic links */
    struct list xattrs;       /* newest first */
    unsigned xattr_count;
};

#define TMPFS_DIRENT_SIZE 20u /* what an entry adds to a directory's st_size */

static inline struct tmpfs *tmpfs_of(const struct inode *inode)
{
    return inode->sb->fs_data;
}
static inline struct tmpfs_inode *tmpfs_inode(struct inode *inode)
{
    return container_of(inode, struct tmpfs_inode, inode);
}

extern const struct inode_ops tmpfs_directory_ops, tmpfs_file_ops, tmpfs_link_ops,
    tmpfs_special_ops;

/* --- tmpfs.c --- */
/* An inode without a name yet. -LX_ENOSPC, -LX_ENOMEM. */
MUST_CHECK long tmpfs_create_inode(struct fs_context *context, struct superblock *sb,
                                   const struct inode *dir, uint32_t mode, struct inode **out);
void tmpfs_release_inode(struct inode *inode);

/* --- tmpfs_file.c --- */
MUST_CHECK long tmpfs_open(struct fs_context *context, struct inode *inode, unsigned flags,
                           struct file **out);
MUST_CHECK long tmpfs_setattr(struct fs_context *context, struct inode *inode,
                              const struct attr *attr);
void tmpfs_init_file(struct tmpfs_inode *node);
void tmpfs_drop_pages(struct tmpfs_inode *node, uint64_t first, uint64_t last);
/* The frame of page `index`, made when there is none: no reference is taken. -LX_ENOSPC,
 * -LX_ENOMEM. */
MUST_CHECK long tmpfs_make_page(struct tmpfs_inode *node, uint64_t index, frame_t *out);

/* --- tmpfs_allocate.c --- */
MUST_CHECK long tmpfs_allocate(struct file *file, unsigned mode, uint64_t offset, uint64_t length);
MUST_CHECK long tmpfs_seek(struct file *file, int64_t offset, int whence);
MUST_CHECK long tmpfs_punch(struct tmpfs_inode *node, uint64_t offset, uint64_t length);

/* --- tmpfs_map.c --- */
MUST_CHECK long tmpfs_map(struct file *file, unsigned prot, unsigned flags, struct vm_object **out);
long tmpfs_get_seals(struct file *file);
long tmpfs_add_seals(struct file *file, unsigned seals);
extern const struct vm_object_ops tmpfs_object_ops;

/* --- tmpfs_dir.c --- */
MUST_CHECK long tmpfs_open_directory(struct fs_context *context, struct inode *inode,
                                     unsigned flags, struct file **out);

/* --- tmpfs_xattr.c --- */
MUST_CHECK long tmpfs_get_xattr(struct fs_context *context, struct inode *inode, const char *name,
                                void *value, size_t room);
MUST_CHECK long tmpfs_set_xattr(struct fs_context *context, struct inode *inode, const char *name,
                                const void *value, size_t size, unsigned flags);
MUST_CHECK long tmpfs_list_xattr(struct fs_context *context, struct inode *inode, char *names,
                                 size_t room);
void tmpfs_free_xattrs(struct tmpfs_inode *node);

#endif
