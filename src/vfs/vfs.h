/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_VFS_VFS_H
#define LSTAR_VFS_VFS_H
/*
 * The virtual file system of one machine: its caches, its mounts, its limits. And one function for
 * each thing that a system call asks of it by path; what is asked of an open file is in file.h and
 * file_attr.h.
 *
 * The layers: a path (path.h) is walked over dentries (dentry.h: names, cached) to an inode
 * (inode.h: what the name stands for); a file system (mount.h) brings both to life; an open file
 * (file.h) reads and writes; descriptors (fdtable.h) name open files. References are plain counts:
 * there is one host thread. "Borrowed" results live until the call ends or something is put.
 */
#include "base/arena.h"
#include "base/list.h"
#include "mem/ram.h"
#include "sched/sched.h"
#include "vfs/fs_context.h"
#include "vfs/inode.h"

struct file;
struct filesystem;
struct open_how;
struct lx_statfs;
struct strbuf;

#define VFS_FILESYSTEMS_MAX 16

struct vfs {
    struct arena *arena;
    struct ram *ram;
    struct sched *sched;
    struct clock *clock;
    struct host *host;

    struct list *dentry_hash; /* buckets of dentry.hash_link, by parent and name */
    unsigned hash_bits;       /* of the number of buckets */
    unsigned hash_count;      /* dentries in it */
    struct list lru;          /* dentries that nobody refers to, oldest first (dentry.lru_link) */
    unsigned lru_count;
    unsigned lru_limit; /* more are forgotten: 1024 */

    struct list mounts;      /* mount.all_link, oldest first; anonymous ones are not in it */
    struct list superblocks; /* superblock.all_link */
    struct mount
        *root; /* what a new fs_struct starts at; a reference. NULL until vfs_mount_root() */
    struct mount *anonymous; /* where files without a name live (anon.c) */
    struct mount *pipes;     /* and pipes among them */
    struct mount
        *memory; /* the tmpfs of memfd_create(2) and shared memory; NULL until it is needed */
    const struct filesystem *filesystems[VFS_FILESYSTEMS_MAX];
    unsigned filesystem_count;
    unsigned next_mount_id;
    unsigned next_dev; /* minor of the next superblock's device 0:n */
    uint64_t next_ino; /* of anonymous inodes */
    uint32_t next_cookie;
    uint64_t epoll_round; /* walks over epolls so far: each marks where it has been */

    unsigned file_count, file_limit;   /* open file descriptions; over the limit: -LX_ENFILE */
    unsigned inode_count, inode_limit; /* over the limit: -LX_ENOMEM */
    struct list locks;                 /* file_lock.all_link, newest first */
    unsigned lock_count, lock_limit;   /* record locks; over the limit: -LX_ENOLCK */
    unsigned mount_count, mount_limit; /* over the limit: -LX_ENOSPC */
    uint64_t pipe_pages,
        pipe_pages_limit; /* capacity of all pipes; over the limit pipes shrink to one page */

    /* A file with O_ASYNC has something for its owner. NULL: nobody is told. */
    void (*signal_owner)(struct file *file, int code);
    /* Opens device nodes by inode->rdev and type; set by devfs. NULL, or it does not know:
     * -LX_ENXIO. */
    long (*open_device)(struct fs_context *context, struct inode *inode, unsigned flags,
                        struct file **out);
    /* What /dev/tty and /dev/console open: a terminal's inode, set by its room. References; dentry
     * NULL: -LX_ENXIO. */
    struct path terminal;
    /* Is it the caller's controlling terminal? Set with `terminal`. */
    bool (*has_terminal)(struct vfs *vfs);
    /* Standard streams for /dev/stdin and its like: not used by vfs itself. */
    host_handle_t stdio[3];
};

/* Caches and limits; no mounts yet. All pointers are borrowed. -LX_ENOMEM. */
MUST_CHECK long vfs_init(struct vfs *vfs, struct arena *arena, struct ram *ram, struct sched *sched,
                         struct clock *clock, struct host *host);

/* CLOCK_REALTIME as timestamps keep it. */
struct timestamp vfs_now(struct vfs *vfs);

/*
 * By path. `dirfd`: LX_AT_FDCWD or a descriptor; `name`: a kernel copy, NUL-terminated, at most
 * LX_PATH_MAX with it. Flags unknown to the call have been refused by the handler; errors are those
 * of the manual page, in Linux's order.
 */
/* What is wrong with the flags alone: asked before the path is looked at. vfs_open() asks it too.
 */
MUST_CHECK long vfs_check_open(const struct open_how *how);
MUST_CHECK long vfs_open(struct fs_context *context, int dirfd, const char *name,
                         const struct open_how *how, struct file **out);
/* flags: LX_AT_EMPTY_PATH, LX_AT_SYMLINK_NOFOLLOW, LX_AT_NO_AUTOMOUNT. */
MUST_CHECK long vfs_stat(struct fs_context *context, int dirfd, const char *name, unsigned flags,
                         struct kstat *out);
MUST_CHECK long vfs_access(struct fs_context *context, int dirfd, const char *name, unsigned mode,
                           unsigned flags);
/* The link's text, into `out`. */
MUST_CHECK long vfs_readlink(struct fs_context *context, int dirfd, const char *name,
                             struct strbuf *out);
MUST_CHECK long vfs_mkdir(struct fs_context *context, int dirfd, const char *name, uint32_t mode);
/* A type that mknod(2) cannot make: -LX_EINVAL, -LX_EPERM for directories. */
MUST_CHECK long vfs_check_node(uint32_t mode);
/* `mode` with its type, 0 = regular; `rdev` as lx_makedev() gives it. */
MUST_CHECK long vfs_mknod(struct fs_context *context, int dirfd, const char *name, uint32_t mode,
                          uint64_t rdev);
MUST_CHECK long vfs_unlink(struct fs_context *context, int dirfd, const char *name);
MUST_CHECK long vfs_rmdir(struct fs_context *context, int dirfd, const char *name);
MUST_CHECK long vfs_symlink(struct fs_context *context, const char *text, int dirfd,
                            const char *name);
/* flags: LX_AT_SYMLINK_FOLLOW, LX_AT_EMPTY_PATH. */
MUST_CHECK long vfs_link(struct fs_context *context, int old_dirfd, const char *old_name,
                         int new_dirfd, const char *new_name, unsigned flags);
/* flags: LX_RENAME_*. */
MUST_CHECK long vfs_rename(struct fs_context *context, int old_dirfd, const char *old_name,
                           int new_dirfd, const char *new_name, unsigned flags);
MUST_CHECK long vfs_truncate(struct fs_context *context, const char *name, int64_t length);
MUST_CHECK long vfs_chdir(struct fs_context *context, const char *name);
MUST_CHECK long vfs_fchdir(struct fs_context *context, int fd);
MUST_CHECK long vfs_chroot(struct fs_context *context, const char *name);
/* The current directory as text with "(unreachable)" where that is so. -LX_ENOENT: it was removed.
 */
MUST_CHECK long vfs_getcwd(struct fs_context *context, struct strbuf *out);
/* flags: LX_AT_SYMLINK_NOFOLLOW, LX_AT_EMPTY_PATH. */
MUST_CHECK long vfs_chmod(struct fs_context *context, int dirfd, const char *name, uint32_t mode,
                          unsigned flags);
/* UINT32_MAX: as it is. */
MUST_CHECK long vfs_chown(struct fs_context *context, int dirfd, const char *name, uint32_t uid,
                          uint32_t gid, unsigned flags);
/* `times`: access and modification time, nsec LX_UTIME_NOW or _OMIT allowed, checked here; NULL:
 * both now. `name` NULL: `dirfd` itself. */
MUST_CHECK long vfs_utimens(struct fs_context *context, int dirfd, const char *name,
                            const struct timestamp times[2], unsigned flags);
MUST_CHECK long vfs_statfs(struct fs_context *context, const char *name, struct lx_statfs *out);
/* Of the mounted file system with this st_dev: ustat(2). -LX_EINVAL: there is none. */
MUST_CHECK long vfs_statfs_device(struct vfs *vfs, uint64_t dev, struct lx_statfs *out);
/* sync(2): all file systems. */
void vfs_sync(struct vfs *vfs);

#endif
