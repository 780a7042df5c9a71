/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_VFS_MOUNT_H
#define LSTAR_VFS_MOUNT_H
/*
 * File systems and where they are mounted: struct filesystem is a type (tmpfs, proc …), struct
 * superblock one instance, struct mount an instance at a place.
 */
#include "abi/mount.h"
#include "base/list.h"
#include "vfs/dentry.h"
#include "vfs/fs_context.h"

struct lx_statfs;
struct vfs;

/* A type. Static const data. */
struct filesystem {
    const char *name; /* as in /proc/filesystems and /proc/mounts */
    bool nodev;       /* needs no device: /proc/filesystems says so */
    /*
     * A new instance. Required. `source`: what mount(2) calls the device; `options`:
     * comma-separated words, may be ""; `data`: what the kernel's own mounts hand over (hostfs: its
     * handle), NULL otherwise. `sb` is initialised but for root, magic, ops.
     */
    long (*mount)(struct fs_context *context, struct superblock *sb, const char *source,
                  const char *options, const void *data);
};

struct superblock_ops {
    /* Fill *out (zeroed; f_namelen, f_fsid, f_flags are filled in). NULL: type, block size, zeros.
     */
    long (*statfs)(struct superblock *sb, struct lx_statfs *out);
    /* NULL: nothing to do. */
    long (*sync)(struct superblock *sb);
    /* Options for /proc/mounts, beginning with a comma; NULL: none. */
    void (*show_options)(struct superblock *sb, struct strbuf *out);
    /* A dentry is freed: its fs_data. NULL: nothing. */
    void (*dentry_release)(struct dentry *dentry);
    /* The last reference is gone; `root` has been put. Free fs_data. NULL: nothing. */
    void (*release)(struct superblock *sb);
};

struct superblock {
    struct vfs *vfs;
    const struct filesystem *type;
    const struct superblock_ops *ops; /* NULL: none of them */
    unsigned refs;                    /* mounts and inodes */
    unsigned mounts;                  /* mounts alone: with the last one `root` is put */
    struct list all_link;             /* vfs.superblocks */
    uint64_t dev;                     /* st_dev */
    int64_t magic;                    /* f_type */
    uint32_t block_size;              /* f_bsize, st_blksize */
    unsigned name_max;                /* LX_NAME_MAX unless said otherwise */
    uint64_t max_bytes;               /* largest size of a file: INT64_MAX unless said otherwise */
    unsigned flags;                   /* LX_MS_RDONLY: for all its mounts */
    bool inode_flags;    /* knows chattr(1)'s flags: no file has one, and none can be set */
    bool keep_dentries;  /* unused positive dentries are remembered (vfs.lru); memory file systems
                            need not, theirs are pinned */
    struct dentry *root; /* a reference; set by filesystem->mount */
    uint64_t next_ino;   /* for file systems that count */
    void *fs_data;
};

struct mount {
    struct superblock *sb;     /* a reference */
    unsigned refs;             /* the tree's and users' */
    struct list all_link;      /* vfs.mounts */
    struct mount *parent;      /* a reference; itself at the root */
    struct dentry *mountpoint; /* in the parent: a reference; NULL at the root */
    struct dentry *root;       /* of this mount: a reference */
    unsigned flags;            /* LX_MS_RDONLY | NOSUID | NODEV | NOEXEC | NOATIME | RELATIME */
    unsigned id;               /* as in /proc/self/mountinfo */
    char *source;              /* for /proc/mounts */
};

/* Make a type known. Types are static. -LX_ENOSPC: VFS_FILESYSTEMS_MAX. */
MUST_CHECK long vfs_register_filesystem(struct vfs *vfs, const struct filesystem *type);

struct mount_request {
    const char *type;    /* name of a registered type: -LX_ENODEV */
    const char *source;  /* "none" */
    const char *options; /* NULL: "" */
    unsigned flags;      /* LX_MS_* */
    const void *data;    /* see struct filesystem */
};
/* The first mount: vfs->root. `context->fs` may be NULL. */
MUST_CHECK long vfs_mount_root(struct fs_context *context, const struct mount_request *request);
/* Mount at an existing path: a directory for a directory, else -LX_ENOTDIR. */
MUST_CHECK long vfs_mount_fs(struct fs_context *context, const char *name,
                             const struct mount_request *request);
/* A mount that is in no tree (pipes, memfd): a reference in *out. */
MUST_CHECK long vfs_mount_internal(struct vfs *vfs, const struct filesystem *type,
                                   struct mount **out);
/* Boot: make a directory and those above it where they are missing, mode 0755. */
MUST_CHECK long vfs_make_directories(struct fs_context *context, const char *name);

/* Boot: an empty regular file, mode 0755, in directories that are made as above, unless there is
 * something. */
MUST_CHECK long vfs_make_file(struct fs_context *context, const char *name);

static inline void mount_get(struct mount *mount)
{
    mount->refs++;
}
void mount_put(struct mount *mount);
void superblock_get(struct superblock *sb);
void superblock_put(struct superblock *sb);
/* The mount on top of (mount, dentry), borrowed, or NULL. */
struct mount *mount_find(struct vfs *vfs, const struct mount *mount, const struct dentry *dentry);

/* -LX_EROFS when the mount or its file system is read-only. */
MUST_CHECK long mount_writable(const struct mount *mount);

#endif
