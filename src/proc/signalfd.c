/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * signalfd(2). The file belongs to no task: reading and polling look at the signals of whoever does
 * it. Senders wake the readers through the queue of the target's process.
 */
#include "proc/signalfd.h"

#include "abi/errno.h"
#include "abi/fcntl.h"
#include "abi/poll.h"
#include "proc/siginfo.h"
#include "proc/signal.h"

struct signalfd {
    struct file file;
    struct kernel *kernel;
    uint64_t mask;
};

/* struct signalfd_siginfo */
struct lx_signalfd_siginfo {
    uint32_t signo;
    int32_t err, code;
    uint32_t pid, uid;
    int32_t fd;
    uint32_t tid, band, overrun, trapno;
    int32_t status, value_int;
    uint64_t value_ptr, utime, stime, addr;
    uint16_t addr_lsb, padding2;
    int32_t syscall;
    uint64_t call_addr;
    uint32_t arch;
    uint8_t padding[28];
};
_Static_assert(sizeof(struct lx_signalfd_siginfo) == 128, "struct signalfd_siginfo's size");

static const struct file_ops signalfd_ops;

static void fill_sender(const struct lx_siginfo *info, struct lx_signalfd_siginfo *out)
{
    out->pid = (uint32_t)info->rt.pid;
    out->uid = info->rt.uid;
}

static void fill_value(uint64_t value, struct lx_signalfd_siginfo *out)
{
    out->value_ptr = value;
    out->value_int = (int32_t)(uint32_t)value;
}

static void fill_child(const struct lx_siginfo *info, struct lx_signalfd_siginfo *out)
{
    fill_sender(info, out);
    out->status = info->chld.status;
    out->utime = (uint64_t)info->chld.utime;
    out->stime = (uint64_t)info->chld.stime;
}

static void fill(const struct lx_siginfo *info, struct lx_signalfd_siginfo *out)
{
    *out = (struct lx_signalfd_siginfo){
        .signo = (uint32_t)info->signo, .err = info->err, .code = info->code};
    switch (siginfo_layout(info)) {
    case SIGINFO_KILL:
        fill_sender(info, out);
        break;
    case SIGINFO_RT:
        fill_sender(info, out);
        fill_value(info->rt.value, out);
        break;
    case SIGINFO_TIMER:
        out->tid = (uint32_t)info->timer.timerid;
        out->overrun = (uint32_t)info->timer.overrun;
        fill_value(info->timer.value, out);
        break;
    case SIGINFO_CHLD:
        fill_child(info, out);
        break;
    case SIGINFO_FAULT:
        out->addr = info->fault.addr;
        break;
    case SIGINFO_POLL:
        out->band = (uint32_t)info->poll.band;
        out->fd = info->poll.fd;
        break;
    case SIGINFO_SYS:
        out->call_addr = info->sys.call_addr;
        out->syscall = info->sys.syscall;
        out->arch = info->sys.arch;
        break;
    }
}

static struct task *reader(const struct signalfd *s)
{
    return container_of(s->kernel->sched.current, struct task, sched);
}

static ssize_t signalfd_read(struct file *file, struct uio *out)
{
    struct signalfd *s = container_of(file, struct signalfd, file);
    struct task *task = reader(s);
    struct lx_signalfd_siginfo record;
    ssize_t done = 0;
    if (uio_remaining(out) < sizeof record)
        return -LX_EINVAL;
    while (uio_remaining(out) >= sizeof record) {
        struct lx_siginfo info;
        if (!signal_take(task, ~s->mask, &info))
            break;
        fill(&info, &record);
        if (uio_put(out, &record, sizeof record) < (ssize_t)sizeof record)
            return done ? done : -LX_EFAULT;
        done += (ssize_t)sizeof record;
    }
    return done ? done : file_wait(file, &task->process->signal_waiters);
}

static unsigned signalfd_poll(struct file *file, struct poll_table *table)
{
    struct signalfd *s = container_of(file, struct signalfd, file);
    struct task *task = reader(s);
    poll_wait(table, file, &task->process->signal_waiters);
    return (task->pending.set | task->process->pending.set) & s->mask ? LX_POLLIN : 0;
}

static void signalfd_show(struct file *file, struct strbuf *out)
{
    strbuf_printf(out, "sigmask:\t%016llx\n",
                  (unsigned long long)container_of(file, struct signalfd, file)->mask);
}

static void signalfd_release(struct file *file)
{
    arena_free(file->vfs->arena, container_of(file, struct signalfd, file));
}

static const struct file_ops signalfd_ops = {
    .read = signalfd_read,
    .poll = signalfd_poll,
    .show_fdinfo = signalfd_show,
    .no_splice_read = true,
    .release = signalfd_release,
};

static uint64_t takeable(uint64_t mask)
{
    return mask & ~(LX_SIGMASK(LX_SIGKILL) | LX_SIGMASK(LX_SIGSTOP));
}

long signalfd_create(struct kernel *kernel, uint64_t mask, unsigned flags, struct file **out)
{
    struct signalfd *s = arena_alloc(kernel->arena, sizeof *s);
    if (!s)
        return -LX_ENOMEM;
    s->kernel = kernel;
    s->mask = takeable(mask);
    file_init(&s->file, &kernel->vfs, &signalfd_ops, LX_O_RDWR | (flags & LX_O_NONBLOCK));
    s->file.seek_ignored = true;
    s->file.nowait = true;
    s->file.kind = "anon_inode:[signalfd]";
    *out = &s->file;
    return 0;
}

long signalfd_set_mask(struct file *file, uint64_t mask)
{
    if (file->ops != &signalfd_ops)
        return -LX_EINVAL;
    container_of(file, struct signalfd, file)->mask = takeable(mask);
    return 0;
}
