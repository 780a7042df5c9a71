/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tasks as calls: clone(2), clone3(2), fork(2), vfork(2), wait4(2), waitid(2), pidfd_open(2),
 * pidfd_send_signal(2) and pidfd_getfd(2). The work is src/proc's.
 */
#include "syscall_table/handlers.h"

#include "abi/errno.h"
#include "abi/fcntl.h"
#include "mem/uaccess.h"
#include "proc/clone.h"
#include "proc/inspect.h"
#include "proc/pid.h"
#include "proc/pidfd.h"
#include "proc/wait.h"

enum { PHASE_CLONE, PHASE_VFORK };

/* Clone once; with CLONE_VFORK stay until the child has given the memory back (its number is in
 * word[0]). */
static long clone_and_wait(struct task *task, const struct clone_request *request)
{
    struct task_call *call = &task->call;
    if (call->phase == PHASE_CLONE) {
        long tid = clone_task(task, request);
        if (tid < 0 || !(request->flags & LX_CLONE_VFORK))
            return tid;
        call->word[0] = (uint64_t)tid;
        call->phase = PHASE_VFORK;
        call->on_signal = 0; /* only death ends this wait */
    }
    if (!clone_vfork_pending(task, (int)call->word[0]))
        return (long)call->word[0];
    wait_until(&task->kernel->sched, UINT64_MAX);
    return BLOCKED;
}

long sys_fork(struct task *task)
{
    struct clone_request request = {.exit_signal = LX_SIGCHLD};
    return clone_and_wait(task, &request);
}

long sys_vfork(struct task *task)
{
    struct clone_request request = {.flags = LX_CLONE_VFORK | LX_CLONE_VM,
                                    .exit_signal = LX_SIGCHLD};
    return clone_and_wait(task, &request);
}

long sys_clone(struct task *task, uint64_t flags, gva_t stack, gva_t parent_tid, gva_t child_tid,
               uint64_t tls)
{
    flags = (uint32_t)flags;
    struct clone_request request = {
        .flags = flags & ~LX_CSIGNAL & ~LX_CLONE_DETACHED,
        .exit_signal = (int)(flags & LX_CSIGNAL),
        .stack = stack,
        .tls = tls,
        .parent_tid = parent_tid,
        .child_tid = child_tid,
        .pidfd = parent_tid,
    };
    if (flags & LX_CLONE_PIDFD) {
        if (flags & (LX_CLONE_PARENT_SETTID | LX_CLONE_DETACHED))
            return -LX_EINVAL;
    }
    return clone_and_wait(task, &request);
}

/* struct clone_args of linux/sched.h, its third version. */
struct lx_clone_args {
    uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
    uint64_t set_tid, set_tid_size, cgroup;
};
#define CLONE_ARGS_FIRST 64
/* Nested pid namespaces that a child can be numbered in. */
#define SET_TID_MAX 32

static long get_clone_args(struct task *task, gva_t addr, uint64_t size, struct lx_clone_args *args)
{
    if (size > PAGE_SIZE)
        return -LX_E2BIG;
    if (size < CLONE_ARGS_FIRST)
        return -LX_EINVAL;
    return user_get_struct(task->mm, args, sizeof *args, addr, size);
}

/*
 * What Linux asks of the struct before it reads the numbers that `set_tid` points at. *tid is the
 * first.
 */
static long get_set_tid(struct task *task, const struct lx_clone_args *args, int32_t *tid)
{
    if (args->set_tid_size > SET_TID_MAX || (!args->set_tid && args->set_tid_size) ||
        (args->set_tid && !args->set_tid_size))
        return -LX_EINVAL;
    if ((args->exit_signal & ~LX_CSIGNAL) || args->exit_signal > LX_NSIG)
        return -LX_EINVAL;
    if ((args->flags & LX_CLONE_INTO_CGROUP) && args->cgroup > INT32_MAX)
        return -LX_EINVAL;
    int32_t tids[SET_TID_MAX];
    if (user_read(task->mm, tids, args->set_tid, args->set_tid_size * sizeof *tids))
        return -LX_EFAULT;
    *tid = args->set_tid_size ? tids[0] : 0;
    return 0;
}

static long check_clone_args(const struct lx_clone_args *args)
{
    if (args->flags & (LX_CSIGNAL | LX_CLONE_DETACHED))
        return -LX_EINVAL;
    if ((args->flags & (LX_CLONE_THREAD | LX_CLONE_PARENT)) && args->exit_signal)
        return -LX_EINVAL;
    if ((args->stack == 0) != (args->stack_size == 0))
        return -LX_EINVAL;
    if ((args->flags & LX_CLONE_PIDFD) && (args->flags & LX_CLONE_PARENT_SETTID) &&
        args->pidfd == args->parent_tid)
        return -LX_EINVAL;
    if (args->stack && (args->stack >= TASK_SIZE || args->stack_size > TASK_SIZE - args->stack))
        return -LX_EINVAL;
    return 0;
}

long sys_clone3(struct task *task, gva_t cl_args, uint64_t size)
{
    struct lx_clone_args args;
    if (task->call.phase == PHASE_VFORK) {
        struct clone_request again = {.flags = LX_CLONE_VFORK};
        return clone_and_wait(task, &again);
    }
    long err = get_clone_args(task, cl_args, size, &args);
    int32_t set_tid = 0;
    if (!err)
        err = get_set_tid(task, &args, &set_tid);
    if (!err)
        err = check_clone_args(&args);
    if (err)
        return err;
    struct clone_request request = {
        .flags = args.flags,
        .exit_signal = (int)args.exit_signal,
        .stack = args.stack ? args.stack + args.stack_size : 0,
        .tls = args.tls,
        .parent_tid = args.parent_tid,
        .child_tid = args.child_tid,
        .pidfd = args.pidfd,
        .set_tid = set_tid,
        .set_tid_size = (unsigned)args.set_tid_size,
    };
    return clone_and_wait(task, &request);
}

static long put_rusage(struct task *task, gva_t addr, const struct usage *usage)
{
    struct lx_rusage rusage;
    usage_to_rusage(usage, &rusage);
    return addr ? user_put(task->mm, addr, &rusage) : 0;
}

long sys_wait4(struct task *task, int pid, gva_t wstatus, uint32_t options, gva_t rusage)
{
    const unsigned known =
        LX_WNOHANG | LX_WUNTRACED | LX_WCONTINUED | LX_WNOTHREAD | LX_WALL | LX_WCLONE;
    if (options & ~known)
        return -LX_EINVAL;
    if (pid == INT32_MIN)
        return -LX_ESRCH;
    struct wait_request request = {.options = options | LX_WEXITED};
    if (pid > 0)
        request.which = WAIT_PID, request.id = pid;
    else if (pid != -1)
        request.which = WAIT_PGID, request.id = pid ? -pid : task->process->pgid;

    struct wait_result result;
    long err = wait_child(task, &request, &result);
    if (err || result.pid == 0)
        return err;
    if (wstatus && user_put(task->mm, wstatus, &result.wait_status))
        return -LX_EFAULT;
    err = put_rusage(task, rusage, &result.usage);
    return err ? err : result.pid;
}

/* waitid's idtype and id. */
static long wait_target(struct task *task, int idtype, int id, struct wait_request *request,
                        bool *nonblocking)
{
    bool is_pidfd;
    struct file *file;
    struct process *process;
    *nonblocking = false;
    switch (idtype) {
    case 0: /* P_ALL */
        request->which = WAIT_ANY;
        return 0;
    case 1: /* P_PID */
        request->which = WAIT_PID;
        request->id = id;
        return id <= 0 ? -LX_EINVAL : 0;
    case 2: /* P_PGID */
        request->which = WAIT_PGID;
        request->id = id ? id : task->process->pgid;
        return id < 0 ? -LX_EINVAL : 0;
    case 3: /* P_PIDFD */
        if (id < 0)
            return -LX_EINVAL;
        file = fdtable_get(task->fds, id);
        process = file ? pidfd_process(file, &is_pidfd) : NULL;
        if (!file || !is_pidfd)
            return -LX_EBADF;
        *nonblocking = file->flags & LX_O_NONBLOCK;
        request->which = WAIT_PID;
        request->id = process && pidfd_leads(file) ? process->tgid : -1;
        return 0;
    default:
        return -LX_EINVAL;
    }
}

/*
 * Linux writes the fields it has, not the whole of siginfo_t, and writes them also when nothing was
 * found (guest/task/wait_options). `err` is what the call returns if that goes well.
 */
static long put_report(struct task *task, gva_t infop, const struct wait_result *result, long err)
{
    struct lx_siginfo info = {0};
    if (result->pid) {
        info.signo = LX_SIGCHLD;
        info.code = result->code;
        info.chld.pid = result->pid;
        info.chld.uid = result->uid;
        info.chld.status = result->status;
    }
    const size_t head = offsetof(struct lx_siginfo, code) + sizeof info.code;
    const size_t chld = offsetof(struct lx_siginfo, chld);
    const size_t length = offsetof(struct lx_siginfo, chld.status) + sizeof info.chld.status - chld;
    if (!infop)
        return err;
    if (user_write(task->mm, infop, &info, head) ||
        user_write(task->mm, infop + chld, (const char *)&info + chld, length))
        return -LX_EFAULT;
    return err;
}

/* wait_target() and wait_child(): 0, the child if there was one in *result; BLOCKED, or an error.
 */
static long find_report(struct task *task, int idtype, int id, uint32_t options,
                        struct wait_result *result)
{
    const unsigned known = LX_WNOHANG | LX_WUNTRACED | LX_WEXITED | LX_WCONTINUED | LX_WNOWAIT |
                           LX_WNOTHREAD | LX_WALL | LX_WCLONE;
    if ((options & ~known) || !(options & (LX_WEXITED | LX_WUNTRACED | LX_WCONTINUED)))
        return -LX_EINVAL;
    struct wait_request request = {.options = options};
    bool nonblocking;
    long err = wait_target(task, idtype, id, &request, &nonblocking);
    if (err)
        return err;
    if (nonblocking)
        request.options |= LX_WNOHANG;
    err = wait_child(task, &request, result);
    if (!err && result->pid == 0 && nonblocking && !(options & LX_WNOHANG))
        err = -LX_EAGAIN;
    return err;
}

long sys_waitid(struct task *task, int idtype, int id, gva_t infop, uint32_t options, gva_t rusage)
{
    struct wait_result result = {0};
    long err = find_report(task, idtype, id, options, &result);
    if (err == BLOCKED)
        return err;
    if (result.pid && put_rusage(task, rusage, &result.usage))
        return -LX_EFAULT;
    return put_report(task, infop, &result, err);
}

long sys_pidfd_open(struct task *task, int pid, uint32_t flags)
{
    if (flags & ~(uint32_t)(LX_O_NONBLOCK | LX_PIDFD_THREAD))
        return -LX_EINVAL;
    if (pid <= 0)
        return -LX_EINVAL;
    struct process *process = pid_find_process(task->kernel, pid);
    struct task *thread = pid_find_task(task->kernel, pid);
    bool of_thread = flags & LX_PIDFD_THREAD;
    if (of_thread && !process && thread)
        process = thread->process;
    if (!process)
        return thread ? -LX_ENOENT : -LX_ESRCH;
    struct file *file;
    long err = pidfd_create(process, of_thread ? pid : 0, flags, &file);
    if (err)
        return err;
    return fdtable_install(task->fds, file, task_rlimit(task, LX_RLIMIT_NOFILE), true);
}

long sys_pidfd_getfd(struct task *task, int pidfd, int targetfd, uint32_t flags)
{
    if (flags)
        return -LX_EINVAL;
    bool is_pidfd;
    struct file *file = fdtable_get(task->fds, pidfd);
    if (!file || (!pidfd_process(file, &is_pidfd) && !is_pidfd))
        return -LX_EBADF;
    struct task *target = pidfd_thread(file);
    if (!target)
        return -LX_ESRCH;
    if (!task_may_inspect(task, target))
        return -LX_EPERM;
    struct file *theirs = fdtable_get_any(target->fds, targetfd);
    if (!theirs)
        return -LX_EBADF;
    file_get(theirs);
    return fdtable_install(task->fds, theirs, task_rlimit(task, LX_RLIMIT_NOFILE), true);
}

/* What is left of a process that is being killed goes at once anyway. */
long sys_process_mrelease(struct task *task, int pidfd, uint32_t flags)
{
    if (flags)
        return -LX_EINVAL;
    bool is_pidfd;
    if (pidfd_is_self(pidfd))
        return -LX_EINVAL; /* who asks is not being killed */
    struct file *file = fdtable_get(task->fds, pidfd);
    struct process *process = file ? pidfd_process(file, &is_pidfd) : NULL;
    if (!file || !is_pidfd)
        return -LX_EBADF;
    if (!process || process->zombie)
        return -LX_ESRCH;
    return process->exiting ? 0 : -LX_EINVAL;
}
