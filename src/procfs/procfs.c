/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The file systems "proc" and "sysfs": directories from tables (internal.h), files whose text is
 * made when they are read.
 *
 * An inode remembers its row and numbers (process, thread, descriptor), never pointers: each use
 * looks the process up, and a process that is gone is -LX_ESRCH. A text is made at the first read
 * of an open file and again whenever it is read from the beginning, so that one pass over a file is
 * consistent.
 */
#include "procfs/internal.h"

#include <stdio.h>
#include <string.h>

#define TEXT_MAX ((size_t)64 << 20)
#define WRITE_MAX 4096
/* What making a text takes of a slice besides its length, in instructions. */
#define TEXT_COST 2000

struct proc_inode {
    struct inode inode; /* first */
    const struct proc_entry *entry;
    int pid, tid, fd;    /* 0, 0, -1: nobody's */
    uint64_t start_time; /* of the process: a number may be given out again */
};

struct proc_file {
    struct file file; /* first */
    struct strbuf text;
    bool made;
};

static const struct inode_ops proc_inode_ops, proc_directory_ops, proc_link_ops;

static struct proc_inode *proc_inode(struct inode *inode)
{
    return container_of(inode, struct proc_inode, inode);
}

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

static long view_of(const struct proc_inode *node, struct proc_view *out)
{
    struct kernel *kernel = kernel_of_vfs(node->inode.sb->vfs);
    *out = (struct proc_view){.kernel = kernel, .fd = node->fd};
    if (!node->pid)
        return 0;
    out->process = pid_find_process(kernel, node->pid);
    if (!out->process || out->process->start_time != node->start_time)
        return -LX_ESRCH;
    out->task = thread_of(out->process, node->tid);
    if (!out->task && (node->tid != node->pid || !out->process->zombie)) {
        /* The leader has ended before the others: another thread stands for the process. */
        if (node->tid != node->pid || list_empty(&out->process->threads))
            return -LX_ESRCH;
        out->task = list_first(&out->process->threads, struct task, thread_link);
    }
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
    if (!node->pid || view_of(node, &view))
        return;
    bool own = view.task && (view.process->dumpable || LX_S_ISDIR(inode->mode));
    inode->uid = own ? view.task->cred.euid : 0;
    inode->gid = own ? view.task->cred.egid : 0;
    if (node->entry->link == proc_link_fd && view.task && view.task->fds) {
        const struct file *file = fdtable_get_any(view.task->fds, node->fd);
        inode->size = 64; /* Linux (guest/proc/fd) */
        if (file)
            inode->mode = LX_S_IFLNK | (file_readable(file) ? 0500u : 0u) |
                          (file_writable(file) ? 0300u : 0u);
    }
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
    node->inode.nlink = LX_S_ISDIR(entry->mode) ? 2 : 1;
    node->entry = entry;
    node->pid = target->pid;
    node->tid = target->tid;
    node->fd = target->fd;
    const struct process *process =
        target->pid ? pid_find_process(kernel_of_vfs(sb->vfs), target->pid) : NULL;
    node->start_time = process ? process->start_time : 0;
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
    };
    if (view_of(parent, &view))
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
    if (view_of(node, &view))
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
    long err = view_of(node, &view);
    return err ? -LX_ENOENT : node->entry->link(&view, out);
}

/* --- files --- */

static struct proc_file *proc_file(struct file *file)
{
    return container_of(file, struct proc_file, file);
}

static long make_text(struct proc_file *file)
{
    struct proc_inode *node = proc_inode(file->file.inode);
    struct proc_view view;
    long err = view_of(node, &view);
    if (err)
        return err;
    strbuf_clear(&file->text);
    file->text.failed = false;
    if (node->entry->text)
        strbuf_puts(&file->text, node->entry->text);
    if (node->entry->show)
        node->entry->show(&view, &file->text);
    sched_charge(&view.kernel->sched, TEXT_COST + file->text.length);
    file->made = !file->text.failed;
    if (file->made)
        return 0;
    return host_must_stop(view.kernel->host) ? -LX_EINTR : -LX_ENOMEM;
}

static ssize_t proc_read_at(struct file *f, struct uio *out, uint64_t offset)
{
    struct proc_file *file = proc_file(f);
    if (!file->made || offset == 0) {
        long err = make_text(file);
        if (err)
            return err;
    }
    if (offset >= file->text.length)
        return 0;
    return uio_put(out, strbuf_string(&file->text) + offset, file->text.length - offset);
}

static ssize_t proc_write_at(struct file *f, struct uio *in, uint64_t offset)
{
    (void)offset;
    struct proc_inode *node = proc_inode(f->inode);
    struct proc_view view;
    char text[WRITE_MAX + 1];
    if (!node->entry->write)
        return node->pid ? -LX_EINVAL : -LX_EPERM;
    long err = view_of(node, &view);
    if (err)
        return err;
    ssize_t length = uio_take(in, text, WRITE_MAX);
    if (length < 0)
        return length;
    text[length] = '\0';
    err = node->entry->write(&view, text, (size_t)length);
    return err ? err : length;
}

static void proc_release_file(struct file *f)
{
    struct proc_file *file = proc_file(f);
    strbuf_fini(&file->text);
    arena_free(f->vfs->arena, file);
}

static const struct file_ops proc_file_ops = {
    .read_at = proc_read_at,
    .write_at = proc_write_at,
    .release = proc_release_file,
};

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
    if (view_of(node, &view))
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

static const struct file_ops proc_directory_file_ops = {
    .iterate = proc_iterate,
    .release = proc_release_file,
};

bool proc_file_is_process(struct file *file, struct process **out)
{
    if (file->ops != &proc_directory_file_ops ||
        proc_inode(file->inode)->entry != &proc_pid_directory)
        return false;
    struct proc_view view;
    *out = view_of(proc_inode(file->inode), &view) ? NULL : view.process;
    return true;
}

static long proc_open(struct fs_context *context, struct inode *inode, unsigned flags,
                      struct file **out)
{
    struct proc_view view;
    long err = view_of(proc_inode(inode), &view);
    if (err)
        return err;
    struct proc_file *file = arena_alloc(context->vfs->arena, sizeof *file);
    if (!file)
        return -LX_ENOMEM;
    file_init(&file->file, context->vfs,
              LX_S_ISDIR(inode->mode) ? &proc_directory_file_ops : &proc_file_ops, flags);
    strbuf_init(&file->text, context->vfs->arena, TEXT_MAX);
    *out = &file->file;
    return 0;
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

static const struct inode_ops proc_directory_ops = {
    .lookup = proc_lookup,
    .revalidate = proc_revalidate,
    .create = proc_create,
    .mkdir = proc_mkdir,
    .symlink = proc_symlink,
    .mknod = proc_mknod,
    .open = proc_open,
    .getattr = proc_getattr,
    .setattr = proc_setattr,
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
