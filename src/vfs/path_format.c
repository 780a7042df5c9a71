/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a place in the tree back to text: getcwd(2), /proc/PID/fd, /proc/PID/maps.
 */
#include <string.h>

#include "abi/fcntl.h"
#include "base/strbuf.h"
#include "vfs/anon.h"
#include "vfs/file.h"
#include "vfs/path.h"
#include "vfs/vfs.h"

#define COMPONENTS_MAX 4096

/* The place one up, seen from `root`. False: at `root`, or at the top (*reached: it was `root`). */
static bool go_up(struct path *at, const struct path *root, bool *reached)
{
    for (;;) {
        if (root && at->mount == root->mount && at->dentry == root->dentry) {
            *reached = true;
            return false;
        }
        if (at->dentry != at->mount->root)
            return true;
        if (at->mount->parent == at->mount) {
            *reached = !root;
            return false;
        }
        at->dentry = at->mount->mountpoint;
        at->mount = at->mount->parent;
    }
}

bool path_is_below(const struct path *path, const struct path *root)
{
    bool reached = false;
    struct path at = *path;
    while (go_up(&at, root, &reached) && !dentry_is_root(at.dentry))
        at.dentry = at.dentry->parent;
    return reached;
}

void path_format(struct vfs *vfs, const struct path *path, const struct path *root,
                 struct strbuf *out)
{
    (void)vfs;
    if (path->dentry->flags & DENTRY_ANON) {
        strbuf_puts(out, path->dentry->name);
        return;
    }
    if (list_empty(&path->mount->all_link))
        root = NULL; /* memfd: in no tree */
    /* From the end to the front: the text is shorter than what a path may be, or it is cut. */
    char text[2 * LX_PATH_MAX];
    size_t start = sizeof text;
    bool reached = false;
    struct path at = *path;
    for (unsigned i = 0; i < COMPONENTS_MAX && go_up(&at, root, &reached); i++) {
        if (at.dentry->length + 1 > start)
            break;
        start -= at.dentry->length;
        memcpy(text + start, at.dentry->name, at.dentry->length);
        text[--start] = '/';
        if (dentry_is_root(at.dentry))
            break;
        at.dentry = at.dentry->parent;
    }
    if (start == sizeof text)
        text[--start] = '/';
    strbuf_add(out, text + start, sizeof text - start);
    if (path->dentry->flags & DENTRY_UNLINKED)
        strbuf_puts(out, " (deleted)");
}

void file_format(struct file *file, const struct path *root, struct strbuf *out)
{
    if (file->dentry) {
        struct path path = {file->mount, file->dentry};
        path_format(file->vfs, &path, root, out);
    } else {
        strbuf_puts(out, file->kind ? file->kind : "anon_inode:");
    }
}

void inode_format(struct inode *inode, struct dentry *name, struct strbuf *out)
{
    if (!name)
        name = inode->alias;
    if (!name)
        return;
    struct vfs *vfs = inode->sb->vfs;
    /* The first mount that shows all of it; else it is in no tree. */
    struct path path = {vfs->memory ? vfs->memory : vfs->anonymous, name};
    struct mount *mount;
    list_for_each (mount, &vfs->mounts, all_link) {
        if (mount->sb == inode->sb) {
            path.mount = mount;
            break;
        }
    }
    path_format(vfs, &path, NULL, out);
}

void file_jump(struct file *file, struct path *out)
{
    if (file->dentry)
        *out = (struct path){file->mount, file->dentry};
    else
        *out = (struct path){file->vfs->anonymous, file->vfs->anonymous->root};
    path_get(out);
}
