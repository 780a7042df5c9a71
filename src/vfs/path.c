/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Path walks: path_resolution(7), symlink(7), openat2(2).
 *
 * Component by component, with one reference to the place where the walk is. Links are not
 * recursion: what is left of the path that named the link goes to a stack, of at most as many
 * entries as links may be followed. Before a name is looked up in a directory, the right to search
 * it is checked; after a name that is not the last, that it is a directory: so errors come in
 * Linux's order.
 */
#include "vfs/path.h"

#include <string.h>

#include "abi/errno.h"
#include "vfs/dentry_cache.h"
#include "vfs/fdtable.h"
#include "vfs/walk.h"

void path_put(struct path *path)
{
    struct mount *mount = path->mount;
    dentry_put(path->dentry);
    mount_put(mount);
}

/* What a component takes of a slice, in instructions: a path may have 160,000 of them. */
#define COMPONENT_COST 64

static bool is_directory(const struct dentry *dentry)
{
    return LX_S_ISDIR(dentry->inode->mode);
}

/* Move the walk; `to` holds references, which are consumed. */
static void go_to(struct walk *walk, struct path to)
{
    path_put(&walk->at);
    walk->at = to;
}

static long go_to_root(struct walk *walk)
{
    if (walk->flags & PATH_BENEATH)
        return -LX_EXDEV;
    if (walk->flags & PATH_NO_XDEV && walk->at.mount != walk->root.mount)
        return -LX_EXDEV;
    path_get(&walk->root);
    go_to(walk, walk->root);
    return 0;
}

/* Where a relative path starts: `dirfd`, or the current directory. References in walk->at. */
static long start_at(struct walk *walk, int dirfd, const char *name)
{
    struct fs_context *context = walk->context;
    if (dirfd == LX_AT_FDCWD) {
        walk->at = context->fs ? context->fs->cwd
                               : (struct path){context->vfs->root, context->vfs->root->root};
        path_get(&walk->at);
        return 0;
    }
    struct file *file = context->fds ? fdtable_get_any(context->fds, dirfd) : NULL;
    if (!file)
        return -LX_EBADF;
    struct path at;
    file_jump(file, &at);
    if (*name && !is_directory(at.dentry)) {
        path_put(&at);
        return -LX_ENOTDIR;
    }
    walk->at = at;
    return 0;
}

long walk_begin(struct walk *walk, struct fs_context *context, int dirfd, const struct path *base,
                const char *name, unsigned flags)
{
    walk->context = context;
    walk->flags = flags;
    walk->at = (struct path){NULL, NULL};
    walk->own_root = false;
    walk->followed = 0;
    walk->depth = 0;
    walk->rest = name;
    walk->last = PATH_LAST_ROOT;
    walk->slash = false;
    if (context->fs)
        walk->root = context->fs->root;
    else
        walk->root = (struct path){context->vfs->root, context->vfs->root->root};
    if (!*name && !(flags & PATH_EMPTY))
        return -LX_ENOENT;
    bool scoped = flags & (PATH_BENEATH | PATH_IN_ROOT);
    if (*name == '/' && !scoped) {
        walk->at = walk->root;
        path_get(&walk->at);
        return 0;
    }
    if (*name == '/' && flags & PATH_BENEATH)
        return -LX_EXDEV;
    if (base) {
        walk->at = *base;
        path_get(base);
    } else {
        long err = start_at(walk, dirfd, name);
        if (err)
            return err;
    }
    if (scoped) {
        walk->root = walk->at;
        path_get(&walk->root);
        walk->own_root = true;
    }
    return 0;
}

/* Drop the link whose text is used up; what follows it is next. */
static void pop_link(struct walk *walk)
{
    struct walk_link *link = &walk->links[--walk->depth];
    walk->rest = link->rest;
    arena_free(walk->context->vfs->arena, (void *)(uintptr_t)link->text);
    inode_put(link->inode);
}

void walk_end(struct walk *walk)
{
    while (walk->depth > 0)
        pop_link(walk);
    if (walk->at.dentry)
        path_put(&walk->at);
    if (walk->own_root)
        path_put(&walk->root);
}

/* Down into what is mounted here. */
static long enter_mounts(struct walk *walk)
{
    while (walk->at.dentry->flags & DENTRY_MOUNTED) {
        struct mount *mount = mount_find(walk->context->vfs, walk->at.mount, walk->at.dentry);
        if (!mount)
            return 0;
        if (walk->flags & PATH_NO_XDEV)
            return -LX_EXDEV;
        struct path to = {mount, mount->root};
        path_get(&to);
        go_to(walk, to);
    }
    return 0;
}

static long go_up(struct walk *walk)
{
    sched_charge(walk->context->vfs->sched, COMPONENT_COST);
    for (;;) {
        if (path_equal(&walk->at, &walk->root))
            return walk->flags & PATH_BENEATH ? -LX_EXDEV : 0;
        struct path at = walk->at;
        if (at.dentry != at.mount->root) {
            struct path to = {at.mount, at.dentry->parent};
            path_get(&to);
            go_to(walk, to);
            return enter_mounts(walk);
        }
        if (at.mount->parent == at.mount)
            return 0;
        if (walk->flags & PATH_NO_XDEV)
            return -LX_EXDEV;
        struct path to = {at.mount->parent, at.mount->mountpoint};
        path_get(&to);
        go_to(walk, to);
    }
}

/* Follow a magic link: it says where to go. `to` holds references. */
static long jump(struct walk *walk, struct path to)
{
    long err = 0;
    if (walk->flags & PATH_NO_MAGICLINKS)
        err = -LX_ELOOP;
    else if (walk->flags & (PATH_BENEATH | PATH_IN_ROOT) ||
             (walk->flags & PATH_NO_XDEV && to.mount != walk->at.mount))
        err = -LX_EXDEV;
    if (err) {
        path_put(&to);
        return err;
    }
    go_to(walk, to);
    return 0;
}

/*
 * `link` (borrowed) is a symbolic link in the directory where the walk is. 0: a magic link,
 * walk->at is its target; 1: its text is walked next.
 */
static long follow(struct walk *walk, struct dentry *link)
{
    if (walk->followed++ >= PATH_LINKS_MAX)
        return -LX_ELOOP;
    if (walk->flags & PATH_NO_SYMLINKS)
        return -LX_ELOOP;
    struct inode *inode = link->inode;
    struct link_target target = {0};
    if (!inode->ops->get_link)
        return -LX_EINVAL;
    inode_accessed(inode, walk->at.mount);
    long err = inode->ops->get_link(walk->context, inode, &target);
    if (err)
        return err;
    struct arena *arena = walk->context->vfs->arena;
    if (target.jump.dentry) {
        if (target.text_owned)
            arena_free(arena, (void *)(uintptr_t)target.text);
        return jump(walk, target.jump);
    }
    struct walk_link *entry = &walk->links[walk->depth++];
    entry->rest = walk->rest;
    entry->text = target.text_owned ? target.text : NULL;
    entry->inode = inode;
    inode_get(inode);
    walk->rest = target.text;
    walk->last = PATH_LAST_ROOT;
    if (*target.text == '/') {
        err = go_to_root(walk);
        if (err)
            return err;
    }
    return 1;
}

long walk_step(struct walk *walk, struct dentry *dentry, bool follow_link)
{
    sched_charge(walk->context->vfs->sched, COMPONENT_COST);
    if (unlikely(LX_S_ISLNK(dentry->inode->mode)) && follow_link) {
        long result = follow(walk, dentry);
        dentry_put(dentry);
        return result;
    }
    dentry_put(walk->at.dentry); /* not the last: `dentry` holds it */
    walk->at.dentry = dentry;
    return unlikely(dentry->flags & DENTRY_MOUNTED) ? enter_mounts(walk) : 0;
}

long walk_last(struct walk *walk, bool follow_link)
{
    if (walk->last == PATH_LAST_DOTDOT)
        return go_up(walk);
    if (walk->last != PATH_LAST_NAME)
        return 0;
    struct dentry *dentry;
    long err = dentry_lookup_hashed(walk->context, walk->at.dentry, walk->name, walk->length,
                                    walk->hash, &dentry);
    return err ? err : walk_step(walk, dentry, follow_link);
}

/* The next component of walk->rest into name, length, hash, last and slash; rest is what follows it
 * and its slashes. */
static void take_component(struct walk *walk)
{
    const char *name = walk->rest, *end = name;
    uint32_t hash = 0x811c9dc5u;
    for (; *end && *end != '/'; end++)
        hash = (hash ^ (uint8_t)*end) * 0x01000193u;
    walk->name = name;
    walk->length = (size_t)(end - name);
    walk->hash = hash;
    walk->slash = *end == '/';
    while (*end == '/')
        end++;
    walk->rest = end;
    walk->last = PATH_LAST_NAME;
    if (name[0] == '.' && walk->length == 1)
        walk->last = PATH_LAST_DOT;
    else if (name[0] == '.' && name[1] == '.' && walk->length == 2)
        walk->last = PATH_LAST_DOTDOT;
}

long walk_to_last(struct walk *walk)
{
    bool trailing_slash = walk->slash; /* of a path whose last component was a link */
    for (;;) {
        if (*walk->rest == '/') {
            while (*walk->rest == '/')
                walk->rest++;
            walk->last = PATH_LAST_ROOT;
        }
        if (!*walk->rest) { /* "", "/" or a link to "/" */
            while (walk->depth > 0 && !*walk->rest)
                pop_link(walk);
            if (!*walk->rest) {
                walk->slash = trailing_slash;
                return 0;
            }
            if (!is_directory(walk->at.dentry))
                return -LX_ENOTDIR;
        }
        long err = inode_permission(walk->context, walk->at.dentry->inode, MAY_EXEC);
        if (err)
            return err;
        take_component(walk);
        if (!*walk->rest) {
            /* The end of a link's text in the middle of a path is not the end of the path. */
            unsigned depth = walk->depth;
            while (depth > 0 && !*walk->links[depth - 1].rest)
                depth--;
            if (depth == 0) {
                walk->slash |= trailing_slash;
                return 0;
            }
        }
        err = walk_last(walk, true);
        if (err < 0)
            return err;
        if (err == 0) {
            while (walk->depth > 0 && !*walk->rest)
                pop_link(walk);
            if (!is_directory(walk->at.dentry))
                return -LX_ENOTDIR;
        }
    }
}

long walk_all(struct walk *walk)
{
    for (;;) {
        long err = walk_to_last(walk);
        if (err)
            return err;
        err = walk_last(walk, walk->flags & PATH_FOLLOW || walk->slash);
        if (err < 0)
            return err;
        if (err == 0)
            break;
    }
    if ((walk->flags & PATH_DIRECTORY || walk->slash) && !is_directory(walk->at.dentry))
        return -LX_ENOTDIR;
    return 0;
}

static long walk_to(struct fs_context *context, int dirfd, const struct path *base,
                    const char *name, unsigned flags, struct path *out)
{
    struct walk walk;
    long err = walk_begin(&walk, context, dirfd, base, name, flags);
    if (!err)
        err = walk_all(&walk);
    if (!err) {
        *out = walk.at;
        walk.at.dentry = NULL;
    }
    walk_end(&walk);
    return err;
}

long path_walk(struct fs_context *context, int dirfd, const char *name, unsigned flags,
               struct path *out)
{
    return walk_to(context, dirfd, NULL, name, flags, out);
}

long path_walk_from(struct fs_context *context, const struct path *base, const char *name,
                    unsigned flags, struct path *out)
{
    return walk_to(context, LX_AT_FDCWD, base, name, flags, out);
}

long path_walk_parent(struct fs_context *context, int dirfd, const char *name, unsigned flags,
                      struct path_parent *out)
{
    struct walk walk;
    long err = walk_begin(&walk, context, dirfd, NULL, name, flags);
    if (!err)
        err = walk_to_last(&walk);
    if (!err) {
        out->path = walk.at;
        walk.at.dentry = NULL;
        out->kind = walk.last;
        out->name = walk.name;
        out->length = walk.length;
        out->slash = walk.slash;
    }
    walk_end(&walk);
    return err;
}
