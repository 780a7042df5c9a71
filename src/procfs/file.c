/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Open files of /proc and /sys. A text is made at the first read of an open file and again whenever
 * it is read from the beginning, so that one pass over a file is consistent. As on Linux most of
 * them are sequences: they cannot be sought from their end nor written at an offset; settings can.
 */
#include "procfs/internal.h"

#include "abi/poll.h"
#include "proc/inspect.h"

#define TEXT_MAX ((size_t)64 << 20)
#define WRITE_MAX 4096
/* What making a text takes of a slice besides its length, in instructions. */
#define TEXT_COST 2000

bool proc_may_inspect(const struct proc_view *view)
{
    const struct task *caller = proc_caller(view->kernel);
    return !caller || !view->task || task_may_look(caller, view->task);
}

static struct proc_file *proc_file(struct file *file)
{
    return container_of(file, struct proc_file, file);
}

bool proc_is_outdated(const struct file *file, const struct proc_view *view)
{
    const struct proc_file *own = container_of(file, const struct proc_file, file);
    return view->process && view->process->images != own->image;
}

/* The file's own words about a process that is gone, or is another program by now. 1: go on. */
static long look(const struct proc_file *file, const struct proc_inode *node,
                 struct proc_view *view)
{
    long err = proc_view_of(node, view);
    bool gone = err || (node->flags & PROC_HELD && (!view->task || !view->task->mm));
    if (gone && node->flags & PROC_LASTING)
        return 0;
    if (gone && node->flags & PROC_HELD)
        return 0;
    if (err)
        return err;
    if (node->flags & PROC_IMAGE && proc_is_outdated(&file->file, view))
        return 0;
    return 1;
}

static long make_text(struct proc_file *file, const struct proc_inode *node)
{
    struct proc_view view;
    long err = look(file, node, &view);
    if (err <= 0) {
        if (!err && !(node->flags & PROC_LASTING))
            strbuf_clear(&file->text);
        file->made |= err == 0;
        return err;
    }
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
        long err = make_text(file, proc_inode(f->inode));
        if (err)
            return err;
    }
    if (offset >= file->text.length)
        return 0;
    return uio_put(out, strbuf_string(&file->text) + offset, file->text.length - offset);
}

static ssize_t proc_write(struct file *f, struct uio *in)
{
    struct proc_inode *node = proc_inode(f->inode);
    struct proc_view view;
    char text[WRITE_MAX + 1];
    if (!node->entry->write) {
        if (node->pid)
            return -LX_EINVAL;
        return node->flags & PROC_SETTINGS ? -LX_EPERM : -LX_EIO;
    }
    long err = proc_view_of(node, &view);
    if (err)
        return err;
    ssize_t length = uio_take(in, text, WRITE_MAX);
    if (length < 0)
        return length;
    text[length] = '\0';
    err = node->entry->write(&view, text, (size_t)length);
    if (err)
        return err;
    f->pos += (uint64_t)length;
    return length;
}

static ssize_t proc_write_at(struct file *f, struct uio *in, uint64_t offset)
{
    f->pos = offset;
    return proc_write(f, in);
}

static long proc_seek(struct file *file, int64_t offset, int whence)
{
    int64_t pos;
    if (whence > LX_SEEK_CUR)
        return -LX_EINVAL;
    if (__builtin_add_overflow(whence == LX_SEEK_CUR ? (int64_t)file->pos : 0, offset, &pos))
        return -LX_EOVERFLOW;
    if (pos < 0)
        return -LX_EINVAL;
    file->pos = (uint64_t)pos;
    return pos;
}

/* Linux: a setting that has changed since it was opened, or since this was last told
 * (guest/proc/settings). */
static unsigned setting_poll(struct file *f, struct poll_table *table)
{
    const struct proc_inode *node = proc_inode(f->inode);
    struct proc_file *file = proc_file(f);
    struct kernel *kernel = kernel_of_vfs(f->vfs);
    unsigned readable = LX_POLLIN | LX_POLLRDNORM;
    if (!node->entry->changes)
        return readable | LX_POLLOUT | LX_POLLWRNORM;
    poll_wait(table, f, &kernel->names_changed);
    uint32_t now = node->entry->changes(kernel);
    if (now == file->polled)
        return readable | LX_POLLOUT | LX_POLLWRNORM;
    file->polled = now;
    return readable | LX_POLLERR | LX_POLLPRI;
}

static unsigned mounts_poll(struct file *file, struct poll_table *table)
{
    (void)file, (void)table;
    return LX_POLLIN | LX_POLLRDNORM;
}

void proc_release_file(struct file *f)
{
    struct proc_file *file = proc_file(f);
    strbuf_fini(&file->text);
    arena_free(f->vfs->arena, file);
}

static const struct file_ops sequence_ops = {
    .read_at = proc_read_at,
    .write = proc_write,
    .seek = proc_seek,
    .release = proc_release_file,
};

static const struct file_ops mounts_ops = {
    .read_at = proc_read_at,
    .write = proc_write,
    .seek = proc_seek,
    .poll = mounts_poll,
    .release = proc_release_file,
};

/* Linux: what is of a process, but for its mounts, is not spliced (guest/proc/splice). */
static const struct file_ops process_ops = {
    .read_at = proc_read_at,
    .write = proc_write,
    .seek = proc_seek,
    .release = proc_release_file,
    .no_splice_read = true,
    .no_splice_write = true,
};

static const struct file_ops plain_ops = {
    .read_at = proc_read_at,
    .write_at = proc_write_at,
    .release = proc_release_file,
    .no_splice_read = true,
    .no_splice_write = true,
};

static const struct file_ops setting_ops = {
    .read_at = proc_read_at,
    .write_at = proc_write_at,
    .poll = setting_poll,
    .release = proc_release_file,
};

static const struct file_ops *ops_of(const struct proc_inode *node)
{
    if (LX_S_ISDIR(node->inode.mode))
        return &proc_directory_file_ops;
    if (node->entry->ops)
        return node->entry->ops;
    if (node->flags & PROC_SETTINGS)
        return &setting_ops;
    if (node->flags & PROC_MOUNTS)
        return &mounts_ops;
    if (node->flags & PROC_PLAIN)
        return &plain_ops;
    return node->pid ? &process_ops : &sequence_ops;
}

static long may_open(const struct proc_inode *node, const struct proc_view *view)
{
    if (node->flags & PROC_INSPECT && !proc_may_inspect(view))
        return -LX_EACCES;
    if (node->flags & PROC_HELD && (!view->task || !view->task->mm))
        return -LX_ESRCH;
    if (node->flags & PROC_MOUNTS && (!view->task || !view->task->fs))
        return -LX_EINVAL;
    return 0;
}

long proc_open(struct fs_context *context, struct inode *inode, unsigned flags, struct file **out)
{
    struct proc_inode *node = proc_inode(inode);
    struct proc_view view;
    long err = proc_view_of(node, &view);
    if (!err)
        err = may_open(node, &view);
    if (err)
        return err;
    struct proc_file *file = arena_alloc(context->vfs->arena, sizeof *file);
    if (!file)
        return -LX_ENOMEM;
    file_init(&file->file, context->vfs, ops_of(node), flags);
    strbuf_init(&file->text, context->vfs->arena, TEXT_MAX);
    file->image = view.process ? view.process->images : 0;
    file->polled = node->entry->changes ? node->entry->changes(view.kernel) : 0;
    if (node->flags & PROC_LASTING)
        err = make_text(file, node);
    if (err) {
        file_put(&file->file);
        return err;
    }
    *out = &file->file;
    return 0;
}
