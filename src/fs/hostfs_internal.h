/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_FS_HOSTFS_INTERNAL_H
#define LSTAR_FS_HOSTFS_INTERNAL_H
/*
 * What the files of hostfs share.
 *
 * An inode stands for one host file (device, inode number) for as long as the guest has a name or
 * an open file for it. How the host is reached: through `reader` and `writer` while the file is
 * open or mapped, else through its name: the dentry that was walked over last (`alias`), below the
 * handle of its directory. A handle found by name is believed only when device and inode number are
 * the expected ones. Directory handles are a cache (`open_dirs`): closed when too many, opened
 * again from the nearest ancestor that is open; the root always is.
 */
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "base/rbtree.h"
#include "fs/hostfs.h"
#include "host/file.h"
#include "vfs/file.h"
#include "vfs/path.h"

#define HOSTFS_DEVICES 32
#define HOSTFS_OPEN_DIRS 128

struct hostfs {
    struct superblock *sb; /* borrowed: it owns this */
    struct vfs *vfs;
    host_handle_t root;
    bool read_only;
    bool by_root; /* lstar's user is the host's root: it may give files away, and all is allowed */
    struct rb_tree inodes; /* hostfs_inode.node by device and number */
    struct list open_dirs; /* hostfs_inode.dir_link, least lately used first */
    unsigned open_dir_count;
    struct list cached; /* hostfs_inode.cache_link: have pages, least lately used first */
    uint64_t cached_pages;
    unsigned device_count; /* the host devices seen below the root, the root's first */
    uint64_t devices[HOSTFS_DEVICES];
    uint64_t guest_devices[HOSTFS_DEVICES]; /* what st_dev shows for them */
};

struct hostfs_inode {
    struct inode inode;      /* first */
    struct vm_object object; /* regular files: their pages (hostfs_pages.c) */
    struct hostfs *fs;
    struct rb_node node; /* in fs->inodes */
    uint64_t host_dev, host_ino;
    uint64_t looked_at;           /* clock.insns + 1 when the host was asked last; 0: never */
    struct dentry *alias;         /* walked over last; borrowed: cleared when it is freed */
    host_handle_t dir;            /* a directory's, to name what is below; HOST_NONE: closed */
    struct list dir_link;         /* in fs->open_dirs while `dir` is open */
    host_handle_t reader, writer; /* a regular file's, HOST_NONE: none; may be the same */
    unsigned users;               /* open files and mappings: both stay open meanwhile */

    struct rb_tree chunks;  /* cached pages */
    struct list cache_link; /* in fs->cached while there are any */
    uint64_t page_count, dirty_count;
    unsigned map_count;  /* VMAs */
    uint64_t stamp_size; /* size and modification time that the cached pages are of */
    struct timestamp stamp_mtime;
    bool stamp_stale; /* the guest's own write changed them: take the next */
    long write_error; /* of a write-back, for the next sync */
};

static inline struct hostfs_inode *hostfs_inode(struct inode *inode)
{
    return container_of(inode, struct hostfs_inode, inode);
}

/* --- hostfs.c: inodes and how to reach their files --- */

/* The inode of `st`, known or new: a reference in *out. */
MUST_CHECK long hostfs_iget(struct hostfs *fs, const struct host_stat *st,
                            struct hostfs_inode **out);
/* Take what the host says over. */
void hostfs_refresh(struct hostfs_inode *node, const struct host_stat *st);
/* Ask the host and take it over; what was known stays when the name is gone. */
MUST_CHECK long hostfs_fetch(struct hostfs_inode *node);
/*
 * The same, unless the guest has executed nothing since the host was asked: within one system call
 * one answer serves the walk and what follows it.
 */
MUST_CHECK long hostfs_look(struct hostfs_inode *node);
/* st_dev for a host device: the file system's own for the root's, others follow. */
uint64_t hostfs_device(struct hostfs *fs, uint64_t host_dev);
bool hostfs_same(const struct hostfs_inode *node, const struct host_stat *st);
/* The directory's handle, valid until the next call for another. */
MUST_CHECK long hostfs_dir(struct hostfs_inode *node, host_handle_t *out);
/*
 * Directory and name of a file. *dir is HOST_NONE at the root. -LX_ENOENT: it has no name any more.
 */
MUST_CHECK long hostfs_locate(struct hostfs_inode *node, host_handle_t *dir, const char **name);
/* host_open_at() that gives cached directory handles back when the host has no more. */
MUST_CHECK long hostfs_open_at(struct hostfs *fs, host_handle_t dir, const char *name, unsigned how,
                               uint32_t mode, host_handle_t *out);
/*
 * `reader` and (when `write`) `writer` are open afterwards, for one more user: hostfs_close_io().
 */
MUST_CHECK long hostfs_open_io(struct hostfs_inode *node, bool read, bool write);
void hostfs_close_io(struct hostfs_inode *node);
static inline struct timestamp hostfs_time(int64_t ns)
{
    int64_t sec = ns / 1000000000, rest = ns % 1000000000;
    if (rest < 0) {
        rest += 1000000000;
        sec--;
    }
    return (struct timestamp){.sec = sec, .nsec = (uint32_t)rest};
}

/* --- hostfs_names.c, hostfs_attr.c, hostfs_file.c --- */

extern const struct inode_ops hostfs_directory_ops, hostfs_file_ops, hostfs_link_ops,
    hostfs_special_ops;

MUST_CHECK long hostfs_getattr(struct fs_context *context, struct inode *inode, struct kstat *out);
MUST_CHECK long hostfs_setattr(struct fs_context *context, struct inode *inode,
                               const struct attr *attr);
MUST_CHECK long hostfs_permission(struct fs_context *context, struct inode *inode, unsigned mask);
void hostfs_release_inode(struct inode *inode);
MUST_CHECK long hostfs_open_file(struct fs_context *context, struct inode *inode, unsigned flags,
                                 struct file **out);
MUST_CHECK long hostfs_open_directory(struct fs_context *context, struct inode *inode,
                                      unsigned flags, struct file **out);

/* --- hostfs_pages.c: cached pages --- */

void hostfs_pages_init(struct hostfs_inode *node);
/* Drop all; dirty ones are written first. */
void hostfs_pages_fini(struct hostfs_inode *node);
/* Drop pages that are of an older state of the file. */
void hostfs_pages_validate(struct hostfs_inode *node);
/* Is any page of [offset, offset + size) newer than the host's file? */
bool hostfs_pages_dirty(struct hostfs_inode *node, uint64_t offset, uint64_t size);
/* The frame of a cached page, FRAME_NONE: not cached. */
frame_t hostfs_page(struct hostfs_inode *node, uint64_t index);
/* The guest wrote these bytes into the host's file: cached pages follow. */
void hostfs_pages_written(struct hostfs_inode *node, uint64_t offset, uint64_t size);
/*
 * The host's file changed there by other means: cached pages are forgotten, private copies stay.
 * Dirty ones were written.
 */
void hostfs_pages_changed(struct hostfs_inode *node, uint64_t offset, uint64_t size);
/* The file ends at `size` now. */
void hostfs_pages_truncate(struct hostfs_inode *node, uint64_t size);
/* Write dirty pages of [first, first + count) back. */
MUST_CHECK long hostfs_pages_sync(struct hostfs_inode *node, uint64_t first, uint64_t count);

#endif
