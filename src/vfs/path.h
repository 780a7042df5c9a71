/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_VFS_PATH_H
#define LSTAR_VFS_PATH_H
/*
 * From a path name to a place in the tree: path_resolution(7), symlink(7), openat2(2).
 */
#include "vfs/dentry.h"
#include "vfs/mount.h"

struct file;
struct strbuf;

#define PATH_LINKS_MAX 40

enum path_flags {
    PATH_FOLLOW = 1 << 0,    /* follow a symbolic link as the last component */
    PATH_EMPTY = 1 << 1,     /* "" is dirfd itself (LX_AT_EMPTY_PATH); else -LX_ENOENT */
    PATH_DIRECTORY = 1 << 2, /* -LX_ENOTDIR when it is no directory */
    /* openat2's LX_RESOLVE_* shifted here by PATH_RESOLVE(). */
    PATH_NO_XDEV = 1 << 8,
    PATH_NO_MAGICLINKS = 1 << 9,
    PATH_NO_SYMLINKS = 1 << 10,
    PATH_BENEATH = 1 << 11,
    PATH_IN_ROOT = 1 << 12,
    PATH_CACHED = 1 << 13,
};
#define PATH_RESOLVE(resolve) ((unsigned)(resolve) << 8)

/* The last component, not looked up yet. */
enum path_last {
    PATH_LAST_NAME, /* an ordinary name */
    PATH_LAST_ROOT, /* the path is "/" */
    PATH_LAST_DOT,
    PATH_LAST_DOTDOT,
};

struct path_parent {
    struct path path; /* its directory: references */
    enum path_last kind;
    const char *name; /* borrowed from the caller's string; not terminated */
    size_t length;
    bool slash; /* slashes follow: it must be a directory */
};

/* All of it: references in *out. */
MUST_CHECK long path_walk(struct fs_context *context, int dirfd, const char *name, unsigned flags,
                          struct path *out);
/* All but the last component. */
MUST_CHECK long path_walk_parent(struct fs_context *context, int dirfd, const char *name,
                                 unsigned flags, struct path_parent *out);
/* From a directory instead of a descriptor: the kernel's own walks. `base` is borrowed. */
MUST_CHECK long path_walk_from(struct fs_context *context, const struct path *base,
                               const char *name, unsigned flags, struct path *out);

static inline void path_get(const struct path *path)
{
    mount_get(path->mount);
    dentry_get(path->dentry);
}
void path_put(struct path *path);

static inline bool path_equal(const struct path *a, const struct path *b)
{
    return a->mount == b->mount && a->dentry == b->dentry;
}

/*
 * The path as text, seen from `root` (NULL: the machine's): "/a/b", "/a/b (deleted)", "pipe:[7]";
 * from the machine's root when it is not below `root`. Failures are the buffer's.
 */
void path_format(struct vfs *vfs, const struct path *path, const struct path *root,
                 struct strbuf *out);
bool path_is_below(const struct path *path, const struct path *root);
/* The path of an open file as /proc/PID/fd/N, maps and fdinfo show it, also for files without a
 * name ("anon_inode:[eventpoll]"). */
void file_format(struct file *file, const struct path *root, struct strbuf *out);
/* What /proc/PID/maps shows of a mapped file: by `name` (NULL: one of its names), seen from the
 * machine's root. */
void inode_format(struct inode *inode, struct dentry *name, struct strbuf *out);
/* Where a magic link to an open file jumps: references. */
void file_jump(struct file *file, struct path *out);

#endif
