/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The file systems "proc" and "sysfs": directories from tables (internal.h), files whose text is
 * made when they are read.
 *
 * An inode remembers its row and numbers (process, thread, descriptor), never pointers: each use
 * looks the process up, and a process that is gone is -LX_ESRCH. Open files: file.c.
 */
#include "procfs/internal.h"

#include <stdio.h>
#include <string.h>

static const struct inode_ops proc_inode_ops, proc_directory_ops, proc_link_ops;

struct task *proc_caller(struct kernel *kernel)
{
    struct sched_entity *entity = kernel->sched.current;
    return entity ? container_of(entity, struct task, sched) : kernel->init;
}

int proc_number(const char *name)
{
    int number = 0;
    if (name[0] == '0' && name[1])
        return -1;
    for (const char *c = name; *c; c++) {
        if (*c < '0' || *c > '9' || c - name > 8)
            return -1;
        number = number * 10 + (*c - '0');
    }
    return *name ? number : -1;
}

long proc_link_to(struct path place, struct link_target *out)
{
    *out = (struct link_target){.jump = place};
    return 0;
}

long proc_link_text(struct kernel *kernel, const char *text, struct link_target *out)
{
    char *copy = arena_strdup(kernel->arena, text);
    if (!copy)
        return -LX_ENOMEM;
    *out = (struct link_target){.text = copy, .text_owned = true};
    return 0;
}

/* --- views --- */

static struct task *thread_of(const struct process *process, int tid)
{
    struct task *task;
    list_for_each (task, &process->threads, thread_link) {
        if (task->tid == tid)
            return task;
    }
    return NULL;
}

long proc_view_of(const struct proc_inode *node, struct proc_view *out)
{
    struct kernel *kernel = kernel_of_vfs(node->inode.sb->vfs);
    *out = (struct proc_view){.kernel = kernel, .fd = node->fd};
    if (!node->pid)
        return 0;
    out->process = pid_find_process(kernel, node->pid);
    if (!out->process || out->process->start_time != node->start_time)
        return -LX_ESRCH;
    out->task = thread_of(out->process, node->tid);
    if (!out->task && node->tid != node->pid)
        return -LX_ESRCH;
    /* An ended leader, of a zombie or of threads that go on: a name and ids, and nothing more. */
    if (!out->task)
        out->task = out->process->leader;
    return 0;
}

/* --- inodes --- */

/*
 * Numbers that stay the same however often an inode is made anew: from the directory's and the
 * name.
 */
static uint64_t number_of(const struct inode *dir, const char *name)
{
    uint64_t hash = dir->ino * UINT64_C(0x9e3779b97f4a7c15) ^ UINT64_C(0xcbf29ce484222325);
    for (; *name; name++)
        hash = (hash ^ (unsigned char)*name) * UINT64_C(0x100000001b3);
    return (hash >> 16 & UINT64_C(0xffffffffff)) + 2;
}

/* Owner and, for descriptors, rights: of the process as it is now. */
static void take_attributes(struct proc_inode *node)
{
    struct proc_view view;
    struct inode *inode = &node->inode;
    inode->atime = inode->mtime = inode->ctime = vfs_now(inode->sb->vfs);
    if (!node->pid || proc_view_of(node, &view))
        return;
    bool own = view.task &&
               (inode->mode == (LX_S_IFDIR | 0555) || (view.task->mm && view.process->dumpable));
    inode->uid = own ? view.task->cred.euid : 0;
    inode->gid = own ? view.task->cred.egid : 0;
    if (node->entry->link == proc_link_fd && view.task && view.task->fds) {
        const struct file *file = fdtable_get_any(view.task->fds, node->fd);
        if (file)
            inode->mode = LX_S_IFLNK | (file_readable(file) ? 0500u : 0u) |
                          (file_writable(file) ? 0300u : 0u);
    }
}

/* A directory's links: its own two, and one a directory in it. */
static uint32_t count_links(const struct proc_inode *node)
{
    const struct proc_entry *entry = node->entry;
    uint32_t links = LX_S_ISDIR(entry->mode) ? 2 : 1;
    struct proc_view view;
    for (const struct proc_entry *row = entry->children; row && row->name; row++)
        links += LX_S_ISDIR(row->mode);
    if (entry->dynamic == &proc_threads && !proc_view_of(node, &view))
        links += proc_thread_count(view.process);
    return links;
}

/* Linux: a descriptor's link is 64, its directory as many as there are (guest/proc/fd). */
static uint64_t size_of(const struct proc_inode *node)
{
    struct proc_view view;
    if (node->entry->link == proc_link_fd)
        return 64;
    if (node->entry->dynamic != &proc_fds || proc_view_of(node, &view) || !view.task ||
        !view.task->fds)
        return 0;
    uint64_t count = 0;
    for (int fd = -1; (fd = fdtable_next(view.task->fds, fd + 1)) >= 0;)
        count++;
    return count;
}

static void proc_release_inode(struct inode *inode)
{
    struct arena *arena = inode->sb->vfs->arena;
    inode_fini(inode);
    arena_free(arena, proc_inode(inode));
}

static long inode_create(struct superblock *sb, const struct proc_target *target, uint64_t ino,
                         struct proc_inode **out)
{
    struct proc_inode *node = arena_alloc(sb->vfs->arena, sizeof *node);
    if (!node)
        return -LX_ENOMEM;
    const struct proc_entry *entry = target->entry;
    const struct inode_ops *ops = LX_S_ISDIR(entry->mode)   ? &proc_directory_ops
                                  : LX_S_ISLNK(entry->mode) ? &proc_link_ops
                                                            : &proc_inode_ops;
    long err = inode_init(&node->inode, sb, ops, entry->mode, ino);
    if (err) {
        arena_free(sb->vfs->arena, node);
        return err;
    }
    node->inode.flags = INODE_NO_ATIME | INODE_NO_CMTIME;
    node->entry = entry;
    node->flags = entry->flags | (target->settings ? PROC_SETTINGS | PROC_PLAIN : 0);
    node->pid = target->pid;
    node->tid = target->tid;
    node->fd = target->fd;
    const struct process *process =
        target->pid ? pid_find_process(kernel_of_vfs(sb->vfs), target->pid) : NULL;
    node->start_time = process ? process->start_time : 0;
    node->inode.nlink = count_links(node);
    take_attributes(node);
    *out = node;
    return 0;
}

static const struct proc_entry *find_child(const struct proc_entry *entry, const char *name)
{
    for (const struct proc_entry *child = entry->children; child && child->name; child++) {
        if (!strcmp(child->name, name))
            return child;
    }
    return NULL;
}

static long proc_lookup(struct fs_context *context, struct inode *dir, struct dentry *dentry)
{
    (void)context;
    struct proc_inode *parent = proc_inode(dir);
    struct proc_view view;
    struct proc_target target = {
        .entry = find_child(parent->entry, dentry->name),
        .pid = parent->pid,
        .tid = parent->tid,
        .fd = -1,
        .settings = parent->flags & PROC_SETTINGS,
    };
    if (proc_view_of(parent, &view))
        return -LX_ENOENT;
    if (!target.entry) {
        const struct proc_dynamic *dynamic = parent->entry->dynamic;
        if (!dynamic || dynamic->lookup(&view, dentry->name, &target))
            return -LX_ENOENT;
    }
    struct proc_inode *node;
    long err = inode_create(dir->sb, &target, number_of(dir, dentry->name), &node);
    if (!err)
        dentry_instantiate(dentry, &node->inode);
    return err;
}

static bool proc_revalidate(struct fs_context *context, struct inode *dir, struct dentry *dentry)
{
    (void)context;
    (void)dir;
    struct proc_inode *node = proc_inode(dentry->inode);
    struct proc_view view;
    if (proc_view_of(node, &view))
        return false;
    if (node->fd >= 0 &&
        (!view.task || !view.task->fds || !fdtable_get_any(view.task->fds, node->fd)))
        return false;
    take_attributes(node);
    return true;
}

static long proc_getattr(struct fs_context *context, struct inode *inode, struct kstat *out)
{
    (void)context;
    take_attributes(proc_inode(inode));
    inode->nlink = count_links(proc_inode(inode));
    inode->size = size_of(proc_inode(inode));
    inode_fill_stat(inode, out);
    return 0;
}

static long proc_setattr(struct fs_context *context, struct inode *inode, const struct attr *attr)
{
    (void)context;
    (void)inode;
    /* O_TRUNC of a setting means nothing; the rest is not to be changed. */
    return attr->valid & ~(unsigned)(ATTR_SIZE | ATTR_CTIME | ATTR_MTIME) ? -LX_EPERM : 0;
}

static long proc_get_link(struct fs_context *context, struct inode *inode, struct link_target *out)
{
    (void)context;
    struct proc_inode *node = proc_inode(inode);
    struct proc_view view;
    if (proc_view_of(node, &view))
        return -LX_ENOENT;
    if (node->flags & PROC_INSPECT && !proc_may_inspect(&view))
        return -LX_EACCES;
    return node->entry->link(&view, out);
}

/*
 * Linux: what is below the directory of a process that is gone is -ESRCH; a process may list its
 * own descriptors even where they belong to root (guest/proc/inspect).
 */
static long proc_permission(struct fs_context *context, struct inode *inode, unsigned mask)
{
    const struct proc_inode *node = proc_inode(inode);
    struct proc_view view;
    long gone = node->pid ? proc_view_of(node, &view) : 0;
    if (gone && node->entry == &proc_pid_directory)
        return gone;
    if (!gone && node->flags & PROC_INSPECT && !proc_may_inspect(&view))
        return -LX_EACCES;
    long err = inode_permission_generic(context->cred, inode, mask);
    if (err && !gone && node->entry->dynamic == &proc_fds) {
        const struct task *caller = proc_caller(view.kernel);
        return caller && caller->process == view.process ? 0 : err;
    }
    return err;
}

/* --- directories --- */

static bool emit_entry(struct file *file, struct dirent_sink *sink, const char *name, uint32_t mode,
                       uint64_t next)
{
    if (!dirent_emit(sink, name, strlen(name), number_of(file->inode, name), dirent_type(mode),
                     file->pos))
        return false;
    file->pos = next;
    return true;
}

/* Positions: 0 and 1 the dots, then the table's rows, then what comes and goes by its number. */
static long proc_iterate(struct file *file, struct dirent_sink *sink)
{
    const struct proc_inode *node = proc_inode(file->inode);
    struct proc_view view;
    if (proc_view_of(node, &view))
        return -LX_ENOENT;
    if (!dirent_emit_dots(file, sink))
        return 0;
    uint64_t rows = 2;
    for (const struct proc_entry *row = node->entry->children; row && row->name; row++, rows++) {
        if (rows >= file->pos && !emit_entry(file, sink, row->name, row->mode, rows + 1))
            return 0;
    }
    const struct proc_dynamic *dynamic = node->entry->dynamic;
    while (dynamic && file->pos >= rows && file->pos - rows < INT32_MAX) {
        struct proc_target target;
        char name[16];
        int number = dynamic->next(&view, (int)(file->pos - rows), &target);
        if (number < 0)
            return 0;
        snprintf(name, sizeof name, "%d", number);
        file->pos = rows + (uint64_t)number;
        if (!emit_entry(file, sink, name, target.entry->mode, rows + (uint64_t)number + 1))
            return 0;
    }
    return 0;
}

/* From the end, too, which is at 0. */
static long proc_seek_directory(struct file *file, int64_t offset, int whence)
{
    if (whence > LX_SEEK_END)
        return -LX_EINVAL;
    uint64_t base = whence == LX_SEEK_CUR ? file->pos : 0;
    int64_t pos;
    if (__builtin_add_overflow((int64_t)base, offset, &pos))
        return -LX_EOVERFLOW;
    if (pos < 0)
        return -LX_EINVAL;
    file->pos = (uint64_t)pos;
    return pos;
}

const struct file_ops proc_directory_file_ops = {
    .iterate = proc_iterate,
    .seek = proc_seek_directory,
    .release = proc_release_file,
};

bool proc_file_is_process(struct file *file, struct process **out)
{
    if (file->ops != &proc_directory_file_ops ||
        proc_inode(file->inode)->entry != &proc_pid_directory)
        return false;
    struct proc_view view;
    *out = proc_view_of(proc_inode(file->inode), &view) ? NULL : view.process;
    return true;
}

static const struct inode_ops proc_inode_ops = {
    .open = proc_open,
    .getattr = proc_getattr,
    .setattr = proc_setattr,
    .release = proc_release_inode,
};

/*
 * Linux: in /proc a name that is not there cannot even be looked up to make it (guest/proc/files).
 */
static long cannot_make(const struct inode *dir, long otherwise)
{
    return dir->sb->magic == LX_PROC_SUPER_MAGIC ? -LX_ENOENT : otherwise;
}

static long proc_create(struct fs_context *context, struct inode *dir, struct dentry *dentry,
                        uint32_t mode)
{
    (void)context, (void)dentry, (void)mode;
    return cannot_make(dir, -LX_EACCES);
}

static long proc_mkdir(struct fs_context *context, struct inode *dir, struct dentry *dentry,
                       uint32_t mode)
{
    (void)context, (void)dentry, (void)mode;
    return cannot_make(dir, -LX_EPERM);
}

static long proc_symlink(struct fs_context *context, struct inode *dir, struct dentry *dentry,
                         const char *text)
{
    (void)context, (void)dentry, (void)text;
    return cannot_make(dir, -LX_EPERM);
}

static long proc_mknod(struct fs_context *context, struct inode *dir, struct dentry *dentry,
                       uint32_t mode, uint64_t rdev)
{
    (void)context, (void)dentry, (void)mode, (void)rdev;
    return cannot_make(dir, -LX_EPERM);
}

static long proc_link(struct fs_context *context, struct inode *inode, struct inode *dir,
                      struct dentry *dentry)
{
    (void)context, (void)inode, (void)dentry;
    return cannot_make(dir, -LX_EPERM);
}

static long proc_rename(struct fs_context *context, struct inode *old_dir,
                        struct dentry *old_dentry, struct inode *new_dir, struct dentry *new_dentry,
                        unsigned flags)
{
    (void)context, (void)old_dir, (void)old_dentry, (void)flags;
    return new_dentry->inode ? -LX_EPERM : cannot_make(new_dir, -LX_EPERM);
}

static const struct inode_ops proc_directory_ops = {
    .lookup = proc_lookup,
    .revalidate = proc_revalidate,
    .create = proc_create,
    .mkdir = proc_mkdir,
    .symlink = proc_symlink,
    .mknod = proc_mknod,
    .link = proc_link,
    .rename = proc_rename,
    .open = proc_open,
    .getattr = proc_getattr,
    .setattr = proc_setattr,
    .permission = proc_permission,
    .release = proc_release_inode,
};

static const struct inode_ops proc_link_ops = {
    .get_link = proc_get_link,
    .getattr = proc_getattr,
    .setattr = proc_setattr,
    .release = proc_release_inode,
};

/* --- the file systems --- */

static long mount_table(struct superblock *sb, const struct proc_entry *root, int64_t magic)
{
    struct proc_target target = {.entry = root, .fd = -1};
    struct proc_inode *node;
    sb->magic = magic;
    long err = inode_create(sb, &target, 1, &node);
    return err ? err : dentry_create_root(sb, &node->inode, &sb->root);
}

static long proc_mount(struct fs_context *context, struct superblock *sb, const char *source,
                       const char *options, const void *data)
{
    (void)context, (void)source, (void)options, (void)data;
    return mount_table(sb, &proc_root, LX_PROC_SUPER_MAGIC);
}

static long sys_mount(struct fs_context *context, struct superblock *sb, const char *source,
                      const char *options, const void *data)
{
    (void)context, (void)source, (void)options, (void)data;
    return mount_table(sb, &sys_root, LX_SYSFS_MAGIC);
}

const struct filesystem procfs_filesystem = {.name = "proc", .nodev = true, .mount = proc_mount};
const struct filesystem sysfs_filesystem = {.name = "sysfs", .nodev = true, .mount = sys_mount};
