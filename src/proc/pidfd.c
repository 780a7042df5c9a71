/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A pidfd keeps the struct process alive, not the process: when it has been waited for, the file
 * refers to nobody.
 */
#include "proc/pidfd.h"

#include "abi/errno.h"
#include "abi/fcntl.h"
#include "abi/poll.h"
#include "mem/uaccess.h"
#include "proc/exit.h"
#include "proc/pid.h"

struct pidfd {
    struct file file;
    struct process *process; /* counted in process->pidfd_refs */
    int tid;                 /* PIDFD_THREAD: the thread; its number is held. 0: the process */
};

static struct pidfd *pidfd_of(struct file *file)
{
    return container_of(file, struct pidfd, file);
}

/* The thread, as long as it runs. */
static struct task *live_thread(const struct pidfd *pidfd)
{
    struct kernel *kernel = pidfd->process->kernel;
    struct task *task = pidfd->process->freed ? NULL : pid_find_task(kernel, pidfd->tid);
    return task && task->process == pidfd->process && task->sched.state != SCHED_DEAD ? task : NULL;
}

static bool is_of_leader(const struct pidfd *pidfd)
{
    return !pidfd->tid || pidfd->tid == pidfd->process->tgid;
}

static unsigned pidfd_poll(struct file *file, struct poll_table *table)
{
    const struct pidfd *pidfd = pidfd_of(file);
    struct process *process = pidfd->process;
    poll_wait(table, file, &process->exit_waiters);
    if (process->freed || process->release_pending)
        return LX_POLLIN | LX_POLLRDNORM | LX_POLLHUP;
    bool ended = pidfd->tid ? !live_thread(pidfd) : process->zombie;
    /* Linux: nothing is left of a thread that has ended; a leader stays (guest/task/pidfd_thread).
     */
    bool gone = ended && pidfd->tid && pidfd->tid != process->tgid;
    return (ended ? LX_POLLIN | LX_POLLRDNORM : 0) | (gone ? LX_POLLHUP : 0);
}

static void pidfd_show(struct file *file, struct strbuf *out)
{
    const struct pidfd *pidfd = pidfd_of(file);
    int pid = pidfd->process->freed ? -1 : pidfd->process->tgid;
    if (pidfd->tid)
        pid = pidfd->tid == pidfd->process->tgid || live_thread(pidfd) ? pidfd->tid : -1;
    strbuf_printf(out, "Pid:\t%d\nNSpid:\t%d\n", pid, pid);
}

/* struct pidfd_info of linux/pidfd.h, its first version. */
struct lx_pidfd_info {
    uint64_t mask, cgroup;
    uint32_t pid, tgid, ppid;
    uint32_t ruid, rgid, euid, egid, suid, sgid, fsuid, fsgid;
    int32_t exit_code;
};
_Static_assert(sizeof(struct lx_pidfd_info) == 64, "struct pidfd_info's size");
enum { INFO_PID = 1 << 0, INFO_CREDS = 1 << 1, INFO_EXIT = 1 << 3 };

/* PIDFD_GET_INFO, _IOWR(0xff, 11, ...) whatever the size. */
#define LX_PIDFD_GET_INFO 0xc000ff0bu
#define LX_IOC_SIZE_SHIFT 16
#define LX_IOC_SIZE_MASK 0x3fffu

/* The thread or leader, zombies too; NULL when it has been waited for. */
static const struct task *task_told(const struct pidfd *pidfd)
{
    const struct process *process = pidfd->process;
    if (process->freed || process->release_pending)
        return NULL;
    return is_of_leader(pidfd) ? process->leader : live_thread(pidfd);
}

static void tell_task(const struct task *task, struct lx_pidfd_info *info)
{
    const struct cred *cred = &task->cred;
    const struct process *parent = task->process->parent;
    info->mask |= INFO_PID | INFO_CREDS;
    info->pid = (uint32_t)task->tid;
    info->tgid = (uint32_t)task->process->tgid;
    info->ppid = parent ? (uint32_t)parent->tgid : 0;
    info->ruid = cred->uid;
    info->rgid = cred->gid;
    info->euid = cred->euid;
    info->egid = cred->egid;
    info->suid = cred->suid;
    info->sgid = cred->sgid;
    info->fsuid = cred->fsuid;
    info->fsgid = cred->fsgid;
}

/* Linux: who asks for it gets the exit status once the process has been waited for
 * (guest/task/pidfd_info). */
static long get_info(const struct pidfd *pidfd, struct mm *mm, gva_t addr, size_t size)
{
    uint64_t asked;
    struct lx_pidfd_info info = {0};
    if (!addr)
        return -LX_EINVAL;
    if (user_get(mm, &asked, addr))
        return -LX_EFAULT;
    const struct task *task = task_told(pidfd);
    const struct process *process = pidfd->process;
    bool waited_for = process->freed || process->release_pending;
    if (task) {
        tell_task(task, &info);
    } else if (asked & INFO_EXIT && waited_for && is_of_leader(pidfd)) {
        info.mask |= INFO_EXIT;
        info.exit_code = process->exit_status;
    } else {
        return -LX_ESRCH;
    }
    if (user_write(mm, addr, &info, sizeof info))
        return -LX_EFAULT;
    return user_clear(mm, addr + sizeof info, size - sizeof info);
}

static long pidfd_ioctl(struct file *file, struct mm *mm, unsigned request, uint64_t arg)
{
    size_t size = request >> LX_IOC_SIZE_SHIFT & LX_IOC_SIZE_MASK;
    unsigned command = request & ~(LX_IOC_SIZE_MASK << LX_IOC_SIZE_SHIFT);
    if (command != LX_PIDFD_GET_INFO || size < sizeof(struct lx_pidfd_info))
        return -LX_ENOTTY;
    return get_info(pidfd_of(file), mm, arg, size);
}

static void pidfd_release(struct file *file)
{
    struct pidfd *pidfd = pidfd_of(file);
    struct process *process = pidfd->process;
    struct arena *arena = file->vfs->arena;
    if (pidfd->tid)
        pid_release(process->kernel, pidfd->tid);
    if (--process->pidfd_refs == 0 && process->freed)
        process_free(process);
    arena_free(arena, pidfd);
}

static const struct file_ops pidfd_ops = {
    .poll = pidfd_poll,
    .show_fdinfo = pidfd_show,
    .ioctl = pidfd_ioctl,
    .release = pidfd_release,
};

long pidfd_create(struct process *process, int tid, unsigned flags, struct file **out)
{
    struct vfs *vfs = &process->kernel->vfs;
    struct pidfd *pidfd = arena_alloc(vfs->arena, sizeof *pidfd);
    if (!pidfd)
        return -LX_ENOMEM;
    pidfd->process = process;
    process->pidfd_refs++;
    pidfd->tid = tid;
    if (tid)
        pid_hold(process->kernel, tid);
    file_init(&pidfd->file, vfs, &pidfd_ops, LX_O_RDWR | flags);
    pidfd->file.kind = "anon_inode:[pidfd]";
    *out = &pidfd->file;
    return 0;
}

long pidfd_create_for_clone(struct task *parent, struct task *child, bool thread, gva_t addr)
{
    struct file *file;
    long err =
        pidfd_create(child->process, thread ? child->tid : 0, thread ? LX_PIDFD_THREAD : 0, &file);
    if (err)
        return err;
    long fd = fdtable_install(parent->fds, file, task_rlimit(parent, LX_RLIMIT_NOFILE), true);
    if (fd < 0)
        return fd;
    int number = (int)fd;
    err = user_put(parent->mm, addr, &number);
    if (err) {
        long ignored = fdtable_close(parent->fds, number);
        (void)ignored;
    }
    return err;
}

struct process *pidfd_process(struct file *file, bool *is_pidfd)
{
    *is_pidfd = file->ops == &pidfd_ops;
    if (!*is_pidfd)
        return NULL;
    struct process *process = pidfd_of(file)->process;
    return process->freed || process->release_pending ? NULL : process;
}

bool pidfd_is_thread(struct file *file)
{
    return file->ops == &pidfd_ops && pidfd_of(file)->tid;
}

int pidfd_tid(struct file *file)
{
    const struct pidfd *pidfd = pidfd_of(file);
    return pidfd->tid ? pidfd->tid : pidfd->process->tgid;
}

bool pidfd_leads(struct file *file)
{
    return is_of_leader(pidfd_of(file));
}

struct task *pidfd_thread(struct file *file)
{
    const struct pidfd *pidfd = pidfd_of(file);
    struct process *process = pidfd->process;
    if (pidfd->tid)
        return live_thread(pidfd);
    if (process->freed || process->release_pending || !process->thread_count)
        return NULL;
    return list_first(&process->threads, struct task, thread_link);
}
