/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_VFS_DENTRY_H
#define LSTAR_VFS_DENTRY_H
/*
 * Names: one dentry for each name in each directory that somebody uses or that is worth
 * remembering. A dentry refers to its parent, and to its inode; without inode it is negative: a
 * name that does not exist (only while something is being made). Memory file systems have no
 * directories but these: they pin each dentry (dentry_pin()) until it is unlinked.
 */
#include "base/list.h"
#include "vfs/inode.h"

struct vfs;

#define DENTRY_INLINE_NAME 40
#define DENTRY_FIRST_OFFSET 3

struct dentry {
    unsigned refs;            /* users, children, the pin; 0: on the LRU list */
    unsigned flags;           /* DENTRY_* */
    struct superblock *sb;    /* borrowed: the inode or the parent refers to it */
    struct dentry *parent;    /* a reference; itself at a root */
    struct inode *inode;      /* a reference; NULL: negative */
    const char *name;         /* NUL-terminated: inline_name, or a struct dentry_name's text */
    uint32_t length;          /* of the name */
    uint32_t hash;            /* of the name */
    struct list hash_link;    /* in vfs.dentry_hash; itself when unhashed */
    struct list children;     /* dentries below, newest first */
    struct list sibling_link; /* in parent->children */
    struct list lru_link;     /* in vfs.lru */
    uint64_t offset; /* position in its directory: unique, growing from DENTRY_FIRST_OFFSET on */
    uint64_t next_offset; /* directories: the next child's */
    void *fs_data;        /* the file system's; see superblock ops->dentry_release */
    char inline_name[DENTRY_INLINE_NAME];
};

enum dentry_flags {
    DENTRY_PINNED = 1 << 0,   /* one reference is the memory file system's */
    DENTRY_MOUNTED = 1 << 1,  /* something is mounted here, in some mount */
    DENTRY_UNLINKED = 1 << 2, /* the name is gone: "(deleted)" */
    DENTRY_ANON = 1 << 3,     /* a pipe or the like: its name is shown as it is */
};

/* A root dentry of `sb` for `inode` (the reference is consumed, also on error). -LX_ENOMEM. */
MUST_CHECK long dentry_create_root(struct superblock *sb, struct inode *inode, struct dentry **out);
/* A negative dentry `name` in `parent`, unhashed, one reference. -LX_ENOMEM. */
MUST_CHECK long dentry_create(struct dentry *parent, const char *name, size_t length,
                              struct dentry **out);
/* `dentry` stands for `inode` from now on (the reference is consumed) and can be found, unless it
 * is DENTRY_UNLINKED or _ANON. */
void dentry_instantiate(struct dentry *dentry, struct inode *inode);
/* A file without a name, unhashed, got its inode: "#" and its number is what it is shown as. */
void dentry_name_by_number(struct dentry *dentry);
/* Memory file systems: the name exists until dentry_unpin(). */
void dentry_pin(struct dentry *dentry);
void dentry_unpin(struct dentry *dentry);

void dentry_use_again(struct dentry *dentry);
void dentry_unused(struct dentry *dentry);
static inline void dentry_get(struct dentry *dentry)
{
    if (dentry->refs++ == 0)
        dentry_use_again(dentry);
}
/* With the last reference it goes to the LRU list, or away. */
static inline void dentry_put(struct dentry *dentry)
{
    if (--dentry->refs == 0)
        dentry_unused(dentry);
}

/* The hash of a name, as dentry.hash. */
static inline uint32_t dentry_hash_name(const char *name, size_t length)
{
    uint32_t hash = 0x811c9dc5u;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (uint8_t)name[i]) * 0x01000193u;
    return hash;
}
/* The cached child, borrowed, or NULL. */
struct dentry *dentry_find(struct dentry *parent, const char *name, size_t length);
/*
 * The child: cached and valid, or looked up. A reference in *out. -LX_ENOENT, or the file system's
 * error. The caller checked that `parent` is a directory that may be searched.
 */
MUST_CHECK long dentry_lookup(struct fs_context *context, struct dentry *parent, const char *name,
                              size_t length, struct dentry **out);
/* The name is gone: it is not found any more. Drops the pin. */
void dentry_unhash(struct dentry *dentry);
/* rename(2): `dentry` takes the place of `target` (negative or positive), which is unhashed. */
void dentry_move(struct dentry *dentry, struct dentry *target);
void dentry_exchange(struct dentry *a, struct dentry *b);
/* Is `ancestor` `dentry` itself or above it? */
bool dentry_is_below(const struct dentry *dentry, const struct dentry *ancestor);
/* Forget cached dentries without users: of one superblock, or all (NULL). */
void dentry_prune(struct vfs *vfs, struct superblock *sb);

static inline bool dentry_is_root(const struct dentry *dentry)
{
    return dentry->parent == dentry;
}

#endif
