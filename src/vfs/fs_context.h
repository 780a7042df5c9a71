/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_VFS_FS_CONTEXT_H
#define LSTAR_VFS_FS_CONTEXT_H
/*
 * What a path walk needs to know of whoever asks: never a task.
 */
#include "base/compiler.h"

#define NGROUPS_KEPT 64

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
    struct fdtable *fds;     /* for /proc/self/fd and dirfd */
    uint64_t file_size_limit; /* RLIMIT_FSIZE */
};

#endif
