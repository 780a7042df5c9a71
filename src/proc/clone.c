/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Making tasks (clone(2)). Each thing that can be shared is either referenced or copied, one
 * function each; what was taken is given back in one place when something fails.
 */
#include "proc/clone.h"

#include <string.h>

#include "abi/capability.h"
#include "abi/errno.h"
#include "mem/uaccess.h"
#include "proc/exit.h"
#include "proc/exec.h"
#include "proc/pid.h"
#include "proc/pidfd.h"
#include "proc/signal.h"
#include "vfs/path.h"

/* All flags that a current Linux knows. */
#define KNOWN_FLAGS UINT64_C(0x3ffffff00)
#define NAMESPACES                                                                                 \
    (LX_CLONE_NEWNS | LX_CLONE_NEWCGROUP | LX_CLONE_NEWUTS | LX_CLONE_NEWIPC | LX_CLONE_NEWUSER |  \
     LX_CLONE_NEWPID | LX_CLONE_NEWNET)

uint64_t tasks_of_user(const struct kernel *kernel, uint32_t uid)
{
    uint64_t owned = 0;
    const struct task *task;
    list_for_each (task, &kernel->tasks, all_link)
        owned += task->cred.uid == uid && task_exists(task);
    return owned;
}

/* Does `flags` hold all of `set`? */
static bool has(uint64_t flags, uint64_t set)
{
    return (flags & set) == set;
}

/* The combinations that clone(2) refuses, in Linux's order (guest/process/clone_flags). */
static long check_flags(const struct clone_request *request)
{
    uint64_t flags = request->flags;
    if (has(flags, LX_CLONE_NEWNS | LX_CLONE_FS) || has(flags, LX_CLONE_NEWUSER | LX_CLONE_FS))
        return -LX_EINVAL;
    if ((flags & LX_CLONE_THREAD) && !(flags & LX_CLONE_SIGHAND))
        return -LX_EINVAL;
    if ((flags & LX_CLONE_SIGHAND) && !(flags & LX_CLONE_VM))
        return -LX_EINVAL;
    if (has(flags, LX_CLONE_CLEAR_SIGHAND | LX_CLONE_SIGHAND))
        return -LX_EINVAL;
    if ((flags & LX_CLONE_THREAD) && (flags & (LX_CLONE_NEWUSER | LX_CLONE_NEWPID)))
        return -LX_EINVAL;
    /* Namespaces are not built: refused as to a user who may not make them. */
    if (flags & NAMESPACES)
        return -LX_EPERM;
    if (flags & LX_CLONE_INTO_CGROUP)
        return -LX_EBADF; /* no descriptor here is a control group */
    return 0;
}

/* What they take of a slice, in instructions: also those that fail, for want of memory at last. */
#define FORK_COST 20000
#define THREAD_COST 2000

static bool is_over_nproc(const struct task *parent)
{
    const struct cred *cred = &parent->cred;
    return cred->uid != 0 && !cred_capable(cred, LX_CAP_SYS_ADMIN) &&
           !cred_capable(cred, LX_CAP_SYS_RESOURCE) &&
           tasks_of_user(parent->kernel, cred->uid) >= task_rlimit(parent, LX_RLIMIT_NPROC);
}

/* RLIMIT_NPROC does not hold for root; TASK_MAX holds for every machine. */
static long check_limits(const struct task *parent)
{
    return parent->kernel->task_count >= TASK_MAX || is_over_nproc(parent) ? -LX_EAGAIN : 0;
}

static long share_mm(struct task *parent, struct task *child, uint64_t flags)
{
    if (flags & LX_CLONE_VM) {
        child->mm = parent->mm;
        mm_get(child->mm);
        return 0;
    }
    return mm_clone(parent->mm, &child->mm);
}

static long share_files(struct task *parent, struct task *child, uint64_t flags)
{
    if (flags & LX_CLONE_FILES) {
        child->fds = parent->fds;
        fdtable_ref(child->fds);
        return 0;
    }
    return fdtable_clone(parent->fds, &child->fds);
}

static long share_fs(struct task *parent, struct task *child, uint64_t flags)
{
    if (flags & LX_CLONE_FS) {
        child->fs = parent->fs;
        child->fs->refs++;
        return 0;
    }
    return fs_struct_clone(&parent->kernel->vfs, parent->fs, &child->fs);
}

static long share_sighand(struct task *parent, struct task *child, uint64_t flags)
{
    if (flags & LX_CLONE_SIGHAND) {
        child->sighand = parent->sighand;
        child->sighand->refs++;
        return 0;
    }
    child->sighand = arena_alloc(parent->kernel->arena, sizeof *child->sighand);
    if (!child->sighand)
        return -LX_ENOMEM;
    memcpy(child->sighand->action, parent->sighand->action, sizeof child->sighand->action);
    child->sighand->refs = 1;
    if (flags & LX_CLONE_CLEAR_SIGHAND)
        signal_reset_handlers(child);
    return 0;
}

static long share_process(struct task *parent, struct task *child,
                          const struct clone_request *request)
{
    struct process *old = parent->process;
    if (request->flags & LX_CLONE_THREAD) {
        child->process = old;
        return 0;
    }
    struct process *process = process_new(parent->kernel, child->tid);
    if (!process)
        return -LX_ENOMEM;
    process_set_group(process, old->pgid, old->sid);
    process->dumpable = old->dumpable;
    process->thp_disable = old->thp_disable;
    process->merge_memory = old->merge_memory;
    process->membarrier = old->membarrier;
    process->oom_score_adj = old->oom_score_adj;
    process->coredump_filter = old->coredump_filter;
    process->exit_signal = request->exit_signal;
    memcpy(process->rlimits, old->rlimits, sizeof process->rlimits);
    if (old->exe.dentry)
        process_set_exe(process, &old->exe);
    process->parent = old;
    process->parent_tid = parent->tid;
    if (request->flags & LX_CLONE_PARENT) {
        process->parent = old->parent ? old->parent : old;
        process->parent_tid = old->parent ? old->parent_tid : parent->tid;
        process->exit_signal = old->exit_signal;
    }
    child->process = process;
    return 0;
}

/* sched(7), "Resetting scheduling policy for child processes". */
static void copy_scheduling(const struct task *parent, struct task *child)
{
    bool reset = parent->sched_reset_on_fork;
    child->sched_policy = parent->sched_policy;
    child->sched.priority = parent->sched.priority;
    child->sched.nice = parent->sched.nice;
    bool ahead_of_others = child->sched.priority || child->sched_policy == LX_SCHED_DEADLINE;
    if (reset && ahead_of_others) {
        child->sched_policy = LX_SCHED_OTHER;
        child->sched.priority = 0;
        child->sched.nice = 0;
    } else if (reset && child->sched.nice < 0) {
        child->sched.nice = 0;
    }
}

static void copy_identity(struct task *parent, struct task *child, uint64_t flags)
{
    child->cred = parent->cred;
    if (!(flags & LX_CLONE_VM))
        child->rseq = parent->rseq;
    child->seccomp = parent->seccomp;
    seccomp_get(&child->seccomp);
    child->sigmask = parent->sigmask;
    child->personality = parent->personality;
    child->memory_policy = parent->memory_policy;
    child->tsc_forbidden = parent->tsc_forbidden;
    child->timer_slack = parent->timer_slack;
    child->default_timer_slack = parent->timer_slack;
    child->mce_kill = parent->mce_kill;
    child->io_flusher = parent->io_flusher;
    child->over_nproc = false;
    child->io_priority = parent->io_priority;
    copy_scheduling(parent, child);
    memcpy(child->comm, parent->comm, sizeof child->comm);
    /* The alternate stack stays with copies of the memory it is in, and with vfork(2). */
    if (!(flags & LX_CLONE_VM) || (flags & LX_CLONE_VFORK))
        child->altstack = parent->altstack;
    else
        child->altstack.flags = LX_SS_DISABLE;
}

/* The child's registers: the parent's, as after a system call that returned 0. */
static void copy_cpu(struct task *parent, struct task *child, const struct clone_request *request)
{
    task_save_cpu(parent);
    child->cpu = parent->cpu;
    child->cpu.gpr[CPU_RAX] = 0;
    child->cpu.gpr[CPU_RCX] = child->cpu.rip;
    child->cpu.gpr[CPU_R11] = child->cpu.rflags;
    if (request->stack)
        child->cpu.gpr[CPU_RSP] = request->stack;
    if (request->flags & LX_CLONE_SETTLS)
        child->cpu.fs_base = request->tls;
}

static void discard(struct task *child)
{
    struct kernel *kernel = child->kernel;
    struct process *process = child->process;
    if (process && process->thread_count == 0) {
        process_set_exe(process, NULL);
        process_free(process);
    }
    if (child->sighand && --child->sighand->refs == 0)
        arena_free(kernel->arena, child->sighand);
    if (child->fs)
        fs_struct_put(&kernel->vfs, child->fs);
    if (child->fds)
        fdtable_put(child->fds);
    if (child->mm)
        mm_put(child->mm);
    pid_release(kernel, child->tid);
    arena_free(kernel->arena, child);
}

static long share(struct task *parent, struct task *child, const struct clone_request *request)
{
    long err = share_process(parent, child, request);
    if (!err)
        err = share_sighand(parent, child, request->flags);
    if (!err)
        err = share_fs(parent, child, request->flags);
    if (!err)
        err = share_files(parent, child, request->flags);
    if (!err)
        err = share_mm(parent, child, request->flags);
    /* As arch_prctl(2) would refuse it (guest/task/clone_flags). */
    if (!err && (request->flags & LX_CLONE_SETTLS) && request->tls >= TASK_SIZE)
        err = -LX_EPERM;
    return err;
}

/* Numbers where the flags ask for them. Linux: a bad address is ignored (guest/process/clone_tid).
 */
static void tell_numbers(struct task *parent, struct task *child,
                         const struct clone_request *request)
{
    int tid = child->tid;
    long ignored = 0;
    if (request->flags & LX_CLONE_PARENT_SETTID)
        ignored = user_put(parent->mm, request->parent_tid, &tid);
    if (request->flags & LX_CLONE_CHILD_SETTID)
        ignored = user_put(child->mm, request->child_tid, &tid);
    (void)ignored;
    if (request->flags & LX_CLONE_CHILD_CLEARTID)
        child->clear_child_tid = request->child_tid;
}

static void start_child(struct task *parent, struct task *child,
                        const struct clone_request *request)
{
    copy_identity(parent, child, request->flags);
    copy_cpu(parent, child, request);
    task_publish(child);
    if (child->process->leader == child && child->process->parent)
        list_push_back(&child->process->parent->children, &child->process->sibling_link);
    tell_numbers(parent, child, request);
    if (request->flags & LX_CLONE_VFORK)
        child->vfork_parent = parent->tid;
    sched_add(&parent->kernel->sched, &child->sched);
}

/* The child's number: any, or the one asked for (guest/task/clone_args). */
static long child_number(const struct task *parent, const struct clone_request *request)
{
    if (!request->set_tid_size)
        return pid_alloc(parent->kernel);
    if (request->set_tid_size > 1 || request->set_tid < 1 || request->set_tid >= PID_MAX)
        return -LX_EINVAL; /* there is one pid namespace */
    if (!cred_capable(&parent->cred, LX_CAP_CHECKPOINT_RESTORE) &&
        !cred_capable(&parent->cred, LX_CAP_SYS_ADMIN))
        return -LX_EPERM;
    tasks_reap(parent->kernel); /* who was waited for has no number any more */
    return pid_is_free(parent->kernel, request->set_tid) ? request->set_tid : -LX_EEXIST;
}

long clone_task(struct task *parent, const struct clone_request *request)
{
    long err = check_flags(request);
    if (!err && (request->flags & ~KNOWN_FLAGS))
        err = -LX_EINVAL;
    /* Linux: one budget, one task (guest/sched/deadline). */
    if (!err && parent->sched_policy == LX_SCHED_DEADLINE && !parent->sched_reset_on_fork)
        err = -LX_EAGAIN;
    if (!err)
        err = check_limits(parent);
    if (err)
        return err;
    sched_charge(&parent->kernel->sched, request->flags & LX_CLONE_VM ? THREAD_COST : FORK_COST);
    long tid = child_number(parent, request);
    if (tid < 0)
        return tid;
    struct task *child = task_new(parent->kernel, (int)tid);
    if (!child)
        return -LX_ENOMEM;
    err = share(parent, child, request);
    if (!err && (request->flags & LX_CLONE_PIDFD))
        err =
            pidfd_create_for_clone(parent, child, request->flags & LX_CLONE_THREAD, request->pidfd);
    if (err) {
        discard(child);
        return err;
    }
    start_child(parent, child, request);
    return tid;
}

bool clone_vfork_pending(struct task *parent, int child_tid)
{
    struct task *child = pid_find_task(parent->kernel, child_tid);
    return child && child->vfork_parent == parent->tid;
}

void clone_release_vfork(struct task *child)
{
    /* By number: the parent may have been killed. Whoever has its number now looks again. */
    int tid = child->vfork_parent;
    child->vfork_parent = 0;
    struct task *parent = tid ? pid_find_task(child->kernel, tid) : NULL;
    if (parent)
        sched_wake(&parent->kernel->sched, &parent->sched);
}
