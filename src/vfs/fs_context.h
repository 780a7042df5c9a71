/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_VFS_FS_CONTEXT_H
#define LSTAR_VFS_FS_CONTEXT_H
/*
 * What a path walk needs to know of whoever asks: never a task.
 */
#include "base/compiler.h"

#define NGROUPS_KEPT 64

struct mount;
struct dentry;
struct vfs;
struct fdtable;

/* credentials(7), as permission checks use them. */
struct cred {
    uint32_t uid, euid, suid, fsuid;
    uint32_t gid, egid, sgid, fsgid;
    uint32_t groups[NGROUPS_KEPT];
    unsigned group_count;
    uint64_t cap_effective, cap_permitted, cap_inheritable, cap_bounding, cap_ambient;
    unsigned securebits;
    bool no_new_privs;
};

/* Is capability number `cap` (abi/capability.h) in the effective set? */
static inline bool cred_capable(const struct cred *cred, int cap)
{
    return (cred->cap_effective >> cap) & 1;
}

/* A place in the tree: references to both. */
struct path {
    struct mount *mount;
    struct dentry *dentry;
};

/* Shared by tasks with CLONE_FS. */
struct fs_struct {
    unsigned refs;
    struct path root;
    struct path cwd;
    unsigned umask;
};

struct fs_context {
    struct vfs *vfs;
    struct fs_struct *fs;
    const struct cred *cred;
    struct fdtable *fds;      /* for dirfd; NULL: the kernel's own work, only LX_AT_FDCWD */
    uint64_t file_size_limit; /* RLIMIT_FSIZE */
    int tgid;                 /* who holds record locks, whose /proc/self it is; 0: the kernel */
    int tid;                  /* whose /proc/thread-self it is */
    /*
     * An open file whose opening waits (a FIFO): kept while the call does, put when it ends
     * otherwise. NULL: what would wait is -LX_EAGAIN.
     */
    struct file **opening;
};

/* An fs_struct at `root` (two more references are taken) with umask 022. -LX_ENOMEM. */
MUST_CHECK long fs_struct_create(struct vfs *vfs, const struct path *root, struct fs_struct **out);
/* A copy with one reference: clone(2) without CLONE_FS. -LX_ENOMEM. */
MUST_CHECK long fs_struct_clone(struct vfs *vfs, const struct fs_struct *fs,
                                struct fs_struct **out);
void fs_struct_put(struct vfs *vfs, struct fs_struct *fs);

#endif
