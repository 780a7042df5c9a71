/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_VFS_INODE_H
#define LSTAR_VFS_INODE_H
/*
 * What a name stands for: a file, a directory, a link, a device; and what each file system must be
 * able to do with it. A file system embeds struct inode at the head of its own struct.
 */
#include "abi/stat.h"
#include "base/list.h"
#include "sched/sched.h"
#include "vfs/fs_context.h"

struct dentry;
struct file;
struct inode;
struct mount;
struct pipe;
struct strbuf;
struct superblock;

/* Seconds since the epoch, may be negative; 0 <= nsec < 10^9 except where a comment says so. */
struct timestamp {
    int64_t sec;
    uint32_t nsec;
};

static inline int timestamp_compare(struct timestamp a, struct timestamp b)
{
    if (a.sec != b.sec)
        return a.sec < b.sec ? -1 : 1;
    return a.nsec == b.nsec ? 0 : a.nsec < b.nsec ? -1 : 1;
}

/* stat(2) and statx(2) in one: handlers encode it. */
struct kstat {
    uint64_t dev, ino, nlink, rdev;
    uint32_t mode, uid, gid;
    uint32_t blksize;
    uint64_t size, blocks;
    struct timestamp atime, mtime, ctime, btime;
    bool has_btime;
    uint64_t attributes, attributes_mask; /* LX_STATX_ATTR_* */
    uint64_t mount_id;                    /* filled by the VFS */
};

/* What setattr shall change. */
enum attr_valid {
    ATTR_MODE = 1 << 0,
    ATTR_UID = 1 << 1,
    ATTR_GID = 1 << 2,
    ATTR_SIZE = 1 << 3,
    ATTR_ATIME = 1 << 4,
    ATTR_MTIME = 1 << 5,
    ATTR_CTIME = 1 << 6, /* always set by the VFS when anything is */
};

struct attr {
    unsigned valid; /* ATTR_* */
    uint32_t mode;  /* permission bits only (07777) */
    uint32_t uid, gid;
    uint64_t size;
    struct timestamp atime, mtime, ctime;
};

/* Where a symbolic link leads. */
struct link_target {
    const char *text; /* followed as a path, and what readlink(2) shows; NULL with `jump`: shown by
                         path_format() */
    bool text_owned;  /* arena_free() it afterwards; false: borrowed, lives as long as the inode and
                         its text */
    struct path jump; /* magic link (/proc/PID/exe, /proc/PID/fd/N): go there without a walk;
                         references, dentry NULL: none */
};

/*
 * Each member may be NULL; the comment says what happens then. No function here returns BLOCKED
 * except `open`. Arguments are checked: permissions, read-only mounts, existence, name lengths up
 * to superblock->name_max, types, sticky bits, RENAME flags' meaning. `dentry` is a negative one
 * (dentry->inode NULL, in `dir`, its name set) where something is made: success ends with
 * dentry_instantiate(dentry, inode).
 */
struct inode_ops {
    /* --- directories --- */
    /*
     * A name that is not cached: when it exists, dentry_instantiate() it and return 0; -LX_ENOENT
     * when not. NULL: the cached dentries are the directory (memory file systems pin them:
     * dentry_pin()).
     */
    long (*lookup)(struct fs_context *context, struct inode *dir, struct dentry *dentry);
    /* Is a cached positive dentry still what the directory holds? Called at each step over it.
     * NULL: always. */
    bool (*revalidate)(struct fs_context *context, struct inode *dir, struct dentry *dentry);
    /* A regular file. `mode` has type and permissions, umask applied. NULL: -LX_EACCES. */
    long (*create)(struct fs_context *context, struct inode *dir, struct dentry *dentry,
                   uint32_t mode);
    /* NULL: -LX_EPERM, also for mknod, link, symlink, unlink, rmdir, rename. */
    long (*mkdir)(struct fs_context *context, struct inode *dir, struct dentry *dentry,
                  uint32_t mode);
    long (*mknod)(struct fs_context *context, struct inode *dir, struct dentry *dentry,
                  uint32_t mode, uint64_t rdev);
    /* `dentry` becomes another name of `inode`. Changes inode->nlink and times itself, as do the
     * next three. */
    long (*link)(struct fs_context *context, struct inode *inode, struct inode *dir,
                 struct dentry *dentry);
    long (*symlink)(struct fs_context *context, struct inode *dir, struct dentry *dentry,
                    const char *text);
    /* The VFS takes the dentry out of the cache afterwards (dentry_unhash()): its inode lives on
     * while it is open. */
    long (*unlink)(struct fs_context *context, struct inode *dir, struct dentry *dentry);
    /* -LX_ENOTEMPTY is the file system's to find. */
    long (*rmdir)(struct fs_context *context, struct inode *dir, struct dentry *dentry);
    /* flags: LX_RENAME_*. The VFS moves the dentries afterwards (dentry_move(), dentry_exchange()).
     * -LX_EINVAL for flags it cannot do. */
    long (*rename)(struct fs_context *context, struct inode *old_dir, struct dentry *old_dentry,
                   struct inode *new_dir, struct dentry *new_dentry, unsigned flags);
    /* O_TMPFILE: a file without a name; the dentry is unhashed. NULL: -LX_EOPNOTSUPP. */
    long (*tmpfile)(struct fs_context *context, struct inode *dir, struct dentry *dentry,
                    uint32_t mode);

    /* --- links --- */
    /* Required for symbolic links. */
    long (*get_link)(struct fs_context *context, struct inode *inode, struct link_target *out);

    /* --- all --- */
    /*
     * A new open file in *out, made by the file system around its own struct (file_init()); the VFS
     * sets its inode, dentry and mount afterwards (file_attach()). `flags`: LX_O_*, checked;
     * O_TRUNC is done by the VFS through setattr with ATTR_SIZE. NULL: FIFOs, device nodes are
     * opened by the VFS; the rest is -LX_ENXIO. May return BLOCKED.
     */
    long (*open)(struct fs_context *context, struct inode *inode, unsigned flags,
                 struct file **out);
    /* stat(2). Fill *out; dev, mount_id are set by the VFS beforehand. NULL: inode_fill_stat(). */
    long (*getattr)(struct fs_context *context, struct inode *inode, struct kstat *out);
    /* NULL: inode_apply_attr(), ATTR_SIZE is -LX_EINVAL. Permissions are checked. `context` may be
     * NULL for timestamps that reads and writes cause. */
    long (*setattr)(struct fs_context *context, struct inode *inode, const struct attr *attr);
    /* May `context` do `mask` (MAY_*)? NULL: inode_permission_generic() by mode, owner and
     * capabilities. */
    long (*permission)(struct fs_context *context, struct inode *inode, unsigned mask);
    /*
     * Extended attributes; names are whole ("user.x"), values kernel copies. NULL: -LX_EOPNOTSUPP.
     * get: the value's size, copied when `room` is not 0 (-LX_ERANGE when it is too small); list:
     * NUL-separated names; set with `value` NULL removes.
     */
    long (*get_xattr)(struct fs_context *context, struct inode *inode, const char *name,
                      void *value, size_t room);
    long (*set_xattr)(struct fs_context *context, struct inode *inode, const char *name,
                      const void *value, size_t size, unsigned flags);
    long (*list_xattr)(struct fs_context *context, struct inode *inode, char *names, size_t room);
    /* The last reference is gone: free what the file system owns, then the struct. nlink is 0: and
     * the file itself. Required. */
    void (*release)(struct inode *inode);
};

struct inode {
    const struct inode_ops *ops;
    struct superblock *sb; /* a reference */
    unsigned refs;
    uint32_t mode; /* LX_S_IF* and permissions */
    uint64_t ino;
    uint32_t nlink;
    uint32_t uid, gid;
    uint64_t rdev;   /* device nodes: lx_makedev() */
    uint64_t size;   /* bytes */
    uint64_t blocks; /* of 512 bytes */
    struct timestamp atime, mtime, ctime, btime;
    unsigned flags;  /* INODE_* */
    uint8_t rw_hint; /* F_SET_RW_HINT: kept, not used */
    int writers;     /* opened for writing so often; < 0: being executed, opening for writing is
                        -LX_ETXTBSY */
    struct dentry *alias;     /* one of its names, not a reference; NULL: none cached */
    struct pipe *pipe;        /* FIFOs while they are open */
    struct file_locks *locks; /* flock(2), fcntl(2); NULL: none ever */
};

enum inode_flags {
    INODE_NO_ATIME = 1 << 0,  /* reads do not change atime */
    INODE_NO_CMTIME = 1 << 1, /* writes do not change times: the file system sees to it */
    INODE_LINKABLE = 1 << 2,  /* nlink is 0 but link(2) may name it: O_TMPFILE without O_EXCL */
};

/* permission masks: as access(2), and two refinements. */
enum may {
    MAY_EXEC = 1,
    MAY_WRITE = 2,
    MAY_READ = 4,
};

/* One reference, the caller's; nlink 1, times now, ids 0. The caller allocated the struct around
 * it. -LX_ENOMEM over the limit. */
MUST_CHECK long inode_init(struct inode *inode, struct superblock *sb, const struct inode_ops *ops,
                           uint32_t mode, uint64_t ino);
/* Undo inode_init(): what every release does before it frees the struct. */
void inode_fini(struct inode *inode);
/* Owner and group of something new in `dir`: fsuid, fsgid or a set-group-ID directory's group
 * (directories inherit the bit). */
void inode_init_owner(struct fs_context *context, struct inode *inode, const struct inode *dir);

static inline void inode_get(struct inode *inode)
{
    inode->refs++;
}
/* Calls ops->release when it was the last. */
void inode_put(struct inode *inode);

void inode_fill_stat(const struct inode *inode, struct kstat *out);
/* Copy what attr->valid names into the inode. ATTR_SIZE is ignored. */
void inode_apply_attr(struct inode *inode, const struct attr *attr);
/* The check of path walks, opens and access(2): read-only file systems, then ops->permission.
 * -LX_EACCES, -LX_EROFS. */
MUST_CHECK long inode_permission(struct fs_context *context, struct inode *inode, unsigned mask);
MUST_CHECK long inode_permission_generic(const struct cred *cred, const struct inode *inode,
                                         unsigned mask);
/* Owner, or LX_CAP_FOWNER. */
bool inode_owner_or_capable(const struct cred *cred, const struct inode *inode);
bool cred_in_group(const struct cred *cred, uint32_t gid);
/* It was read through `mount` (NULL: none): access time, by the rules of relatime. */
void inode_accessed(struct inode *inode, const struct mount *mount);
/* Modification and change time are now. */
void inode_touch(struct inode *inode);
/* Being executed: writers are refused meanwhile. -LX_ETXTBSY when it is open for writing. */
MUST_CHECK long inode_deny_write(struct inode *inode);
void inode_allow_write(struct inode *inode);

#endif
