/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_VFS_WALK_H
#define LSTAR_VFS_WALK_H
/*
 * A path walk that is under way, for path.c and open.c only: everything up to the last component,
 * then the last one as the caller likes it, again while that is a symbolic link which is followed.
 */
#include "vfs/path.h"
#include "vfs/vfs.h"

/* A link in the middle of whose text the walk is: what comes after the link, and what keeps the
 * text alive. */
struct walk_link {
    const char *rest;    /* of the path that named the link */
    const char *text;    /* to be freed; NULL: the inode's own */
    struct inode *inode; /* a reference */
};

struct walk {
    struct fs_context *context;
    unsigned flags;   /* PATH_* */
    struct path at;   /* where it is: references */
    struct path root; /* where "/" is and ".." ends: references when own_root */
    bool own_root;
    unsigned followed;   /* symbolic links so far */
    unsigned depth;      /* entries of `links` */
    const char *rest;    /* of the path, not looked at yet */
    enum path_last last; /* the last component */
    const char *name;    /* of the last component */
    size_t length;
    uint32_t hash;
    bool slash; /* slashes follow it */
    struct walk_link links[PATH_LINKS_MAX];
};

/* Start at `dirfd`, "/" or `base` (not NULL: instead of dirfd). walk_end() also after an error. */
MUST_CHECK long walk_begin(struct walk *walk, struct fs_context *context, int dirfd,
                           const struct path *base, const char *name, unsigned flags);
/* Go on to the last component. */
MUST_CHECK long walk_to_last(struct walk *walk);
/* Take the last component: 0: walk->at is it; 1: it was a link and is followed, walk_to_last()
 * again. */
MUST_CHECK long walk_last(struct walk *walk, bool follow);
/* `dentry` (a reference, consumed) is the child that the last component names: what walk_last()
 * does once it is found. */
MUST_CHECK long walk_step(struct walk *walk, struct dentry *dentry, bool follow);
/* All of it: begin, and to the end; walk->at is the place. */
MUST_CHECK long walk_all(struct walk *walk);
void walk_end(struct walk *walk);

#endif
