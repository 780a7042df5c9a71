/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /proc/PID/ns (namespaces(7)): links that name the namespaces a process is in. There is one of
 * each kind, the first: what a link leads to is a file that cannot be read, whose inode number is
 * the namespace's, so that two processes can be compared.
 */
#include "procfs/internal.h"

#include <stdio.h>
#include <string.h>

#include "vfs/dentry_cache.h"

/* Linux's numbers of the first namespaces. */
enum first_namespace {
    NS_MNT = 0xeffffff8,
    NS_NET = 0xeffffff9,
    NS_TIME = 0xeffffffa,
    NS_CGROUP = 0xeffffffb,
    NS_PID = 0xeffffffc,
    NS_USER = 0xeffffffd,
    NS_UTS = 0xeffffffe,
    NS_IPC = 0xefffffff,
};

static void ns_release_file(struct file *file)
{
    arena_free(file->vfs->arena, file);
}

static const struct file_ops ns_file_ops = {.release = ns_release_file};

static long ns_open(struct fs_context *context, struct inode *inode, unsigned flags,
                    struct file **out)
{
    (void)inode;
    struct file *file = arena_alloc(context->vfs->arena, sizeof *file);
    if (!file)
        return -LX_ENOMEM;
    file_init(file, context->vfs, &ns_file_ops, flags);
    *out = file;
    return 0;
}

static long ns_setattr(struct fs_context *context, struct inode *inode, const struct attr *attr)
{
    (void)inode, (void)attr;
    return context ? -LX_EPERM : 0;
}

/* Linux: as if it were immutable (guest/proc/ns). */
static long ns_permission(struct fs_context *context, struct inode *inode, unsigned mask)
{
    if (mask & MAY_WRITE)
        return -LX_EPERM;
    return inode_permission_generic(context->cred, inode, mask);
}

static void ns_release(struct inode *inode)
{
    struct arena *arena = inode->sb->vfs->arena;
    inode_fini(inode);
    arena_free(arena, inode);
}

static const struct inode_ops ns_inode_ops = {
    .open = ns_open,
    .setattr = ns_setattr,
    .permission = ns_permission,
    .release = ns_release,
};

/* The place of a namespace: in no tree, as a pipe's. */
static long ns_place(struct vfs *vfs, uint64_t number, const char *name, struct path *out)
{
    struct mount *mount = vfs->anonymous;
    struct inode *inode = arena_alloc(vfs->arena, sizeof *inode);
    if (!inode)
        return -LX_ENOMEM;
    long err = inode_init(inode, mount->sb, &ns_inode_ops, LX_S_IFREG | 0444, number);
    if (err) {
        arena_free(vfs->arena, inode);
        return err;
    }
    err = dentry_create(mount->root, name, strlen(name), &out->dentry);
    if (err) {
        inode_put(inode);
        return err;
    }
    out->dentry->flags |= DENTRY_ANON;
    dentry_instantiate(out->dentry, inode);
    out->mount = mount;
    mount_get(mount);
    return 0;
}

static long link_ns(const struct proc_view *view, const char *kind, uint64_t number,
                    struct link_target *out)
{
    /* A zombie has left all but two of them. */
    if (!view->task || (!view->task->fs && number != NS_PID && number != NS_USER))
        return -LX_ENOENT;
    char text[32];
    snprintf(text, sizeof text, "%s:[%llu]", kind, (unsigned long long)number);
    long err = proc_link_text(view->kernel, text, out);
    return err ? err : ns_place(&view->kernel->vfs, number, text, &out->jump);
}

#define NS_LINK(function, kind, number)                                                            \
    static long function(const struct proc_view *view, struct link_target *out)                    \
    {                                                                                              \
        return link_ns(view, kind, number, out);                                                   \
    }
NS_LINK(link_cgroup, "cgroup", NS_CGROUP)
NS_LINK(link_ipc, "ipc", NS_IPC)
NS_LINK(link_mnt, "mnt", NS_MNT)
NS_LINK(link_net, "net", NS_NET)
NS_LINK(link_pid, "pid", NS_PID)
NS_LINK(link_time, "time", NS_TIME)
NS_LINK(link_user, "user", NS_USER)
NS_LINK(link_uts, "uts", NS_UTS)

static long link_for_children(const struct proc_view *view, struct link_target *out)
{
    return view->task && view->task->fs ? link_pid(view, out) : -LX_ENOENT;
}

#define NS_ENTRY(name_, link_)                                                                     \
    {                                                                                              \
        .name = (name_), .mode = LX_S_IFLNK | 0777, .link = (link_), .flags = PROC_INSPECT         \
    }

const struct proc_entry proc_ns_entries[] = {
    NS_ENTRY("cgroup", link_cgroup),
    NS_ENTRY("ipc", link_ipc),
    NS_ENTRY("mnt", link_mnt),
    NS_ENTRY("net", link_net),
    NS_ENTRY("pid", link_pid),
    NS_ENTRY("pid_for_children", link_for_children),
    NS_ENTRY("time", link_time),
    NS_ENTRY("time_for_children", link_time),
    NS_ENTRY("user", link_user),
    NS_ENTRY("uts", link_uts),
    PROC_END,
};
