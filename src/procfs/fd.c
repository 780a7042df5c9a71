/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /proc/PID/fd and fdinfo: the descriptors of a process, as links that lead to the open files'
 * places, and as text.
 */
#include "procfs/internal.h"

static const struct proc_entry fd_link = {
    .name = "fd", .mode = LX_S_IFLNK | 0700, .link = proc_link_fd, .flags = PROC_INSPECT};
static const struct proc_entry fdinfo_file =
    PROC_FLAGGED("fdinfo", 0444, proc_show_fdinfo, PROC_INSPECT);

static struct file *file_of(const struct proc_view *view)
{
    if (!view->task || !view->task->fds)
        return NULL;
    return fdtable_get_any(view->task->fds, view->fd);
}

long proc_link_fd(const struct proc_view *view, struct link_target *out)
{
    struct file *file = file_of(view);
    if (!file)
        return -LX_ENOENT;
    const struct task *caller = proc_caller(view->kernel);
    struct strbuf text;
    strbuf_init(&text, view->kernel->arena, (size_t)2 * LX_PATH_MAX);
    file_format(file, caller && caller->fs ? &caller->fs->root : NULL, &text);
    long err = text.failed ? -LX_ENOMEM : proc_link_text(view->kernel, strbuf_string(&text), out);
    strbuf_fini(&text);
    if (!err)
        file_jump(file, &out->jump);
    return err;
}

void proc_show_fdinfo(const struct proc_view *view, struct strbuf *out)
{
    struct file *file = file_of(view);
    if (!file)
        return;
    unsigned flags = file->flags;
    if (fdtable_cloexec(view->task->fds, view->fd))
        flags |= LX_O_CLOEXEC;
    strbuf_printf(out, "pos:\t%llu\nflags:\t0%o\nmnt_id:\t%u\nino:\t%llu\n",
                  (unsigned long long)file->pos, flags, file->mount ? file->mount->id : 0,
                  (unsigned long long)(file->inode ? file->inode->ino : file->ino));
    if (file->ops->show_fdinfo)
        file->ops->show_fdinfo(file, out);
}

static long lookup(const struct proc_view *view, const char *name, const struct proc_entry *entry,
                   struct proc_target *out)
{
    int fd = proc_number(name);
    if (fd < 0 || !view->task || !view->task->fds || !fdtable_get_any(view->task->fds, fd))
        return -LX_ENOENT;
    *out = (struct proc_target){
        .entry = entry, .pid = view->process->tgid, .tid = view->task->tid, .fd = fd};
    return 0;
}

static int next(const struct proc_view *view, int from, const struct proc_entry *entry,
                struct proc_target *out)
{
    *out = (struct proc_target){.entry = entry};
    return view->task && view->task->fds ? fdtable_next(view->task->fds, from) : -1;
}

static long fds_lookup(const struct proc_view *view, const char *name, struct proc_target *out)
{
    return lookup(view, name, &fd_link, out);
}

static int fds_next(const struct proc_view *view, int from, struct proc_target *out)
{
    return next(view, from, &fd_link, out);
}

static long fdinfos_lookup(const struct proc_view *view, const char *name, struct proc_target *out)
{
    return lookup(view, name, &fdinfo_file, out);
}

static int fdinfos_next(const struct proc_view *view, int from, struct proc_target *out)
{
    return next(view, from, &fdinfo_file, out);
}

const struct proc_dynamic proc_fds = {.lookup = fds_lookup, .next = fds_next};
const struct proc_dynamic proc_fdinfos = {.lookup = fdinfos_lookup, .next = fdinfos_next};
