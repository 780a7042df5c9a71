/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signals as calls: actions, masks and the alternate stack are kept here, sending and delivery are
 * src/proc's (sigaction(2), sigprocmask(2), sigaltstack(2), kill(2), tgkill(2), sigsuspend(2),
 * sigtimedwait(2)).
 */
#include "syscall_table/handlers.h"

#include <string.h>

#include "abi/capability.h"
#include "abi/errno.h"
#include "mem/uaccess.h"
#include "proc/pid.h"
#include "proc/pidfd.h"
#include "proc/sigframe.h"
#include "proc/siginfo.h"
#include "proc/signal.h"
#include "procfs/procfs.h"
#include "syscall_table/sys_clock.h"

/* pidfd_send_signal(2)'s flags. */
#define LX_PIDFD_SIGNAL_THREAD 1u
#define LX_PIDFD_SIGNAL_THREAD_GROUP 2u
#define LX_PIDFD_SIGNAL_PROCESS_GROUP 4u

#define SIGSET_SIZE sizeof(uint64_t)
#define UNBLOCKABLE (LX_SIGMASK(LX_SIGKILL) | LX_SIGMASK(LX_SIGSTOP))
/* Others are cleared: this is how a program learns which flags exist (sigaction(2)). */
#define KNOWN_FLAGS                                                                                \
    (LX_SA_NOCLDSTOP | LX_SA_NOCLDWAIT | LX_SA_SIGINFO | LX_SA_ONSTACK | LX_SA_RESTART |           \
     LX_SA_NODEFER | LX_SA_RESETHAND | LX_SA_EXPOSE_TAGBITS | LX_SA_RESTORER)

long sys_rt_sigaction(struct task *task, int sig, gva_t act, gva_t oldact, uint64_t size)
{
    struct lx_ksigaction action, old;

    if (size != SIGSET_SIZE)
        return -LX_EINVAL;
    if (act && user_get(task->mm, &action, act))
        return -LX_EFAULT;
    if (sig < 1 || sig > LX_NSIG)
        return -LX_EINVAL;
    old = task->sighand->action[sig - 1];
    if (act) {
        action.flags &= KNOWN_FLAGS;
        long err = signal_set_action(task, sig, &action);
        if (err)
            return err;
    }
    return oldact ? user_put(task->mm, oldact, &old) : 0;
}

long sys_rt_sigprocmask(struct task *task, int how, gva_t set, gva_t oldset, uint64_t size)
{
    uint64_t old = task->sigmask, mask;

    if (size != SIGSET_SIZE)
        return -LX_EINVAL;
    if (set) {
        if (user_get(task->mm, &mask, set))
            return -LX_EFAULT;
        switch (how) {
        case LX_SIG_BLOCK:
            mask |= old;
            break;
        case LX_SIG_UNBLOCK:
            mask = old & ~mask;
            break;
        case LX_SIG_SETMASK:
            break;
        default:
            return -LX_EINVAL;
        }
        signal_set_mask(task, mask);
    }
    return oldset ? user_put(task->mm, oldset, &old) : 0;
}

long sys_rt_sigpending(struct task *task, gva_t set, uint64_t size)
{
    if (size > SIGSET_SIZE)
        return -LX_EINVAL;
    uint64_t pending = (task->pending.set | task->process->pending.set) & task->sigmask;
    return user_write(task->mm, set, &pending, size);
}

long sys_rt_sigreturn(struct task *task)
{
    sigframe_return(task);
    return SYSCALL_NO_RESULT;
}

long sys_sigaltstack(struct task *task, gva_t ss, gva_t old_ss)
{
    uint64_t sp = cpu_gprs(task->kernel->cpu)[CPU_RSP];
    struct lx_stack stack, old = task->altstack;

    if (ss && user_get(task->mm, &stack, ss))
        return -LX_EFAULT;
    old.flags =
        (int32_t)((uint32_t)altstack_state(task, sp) | ((uint32_t)old.flags & LX_SS_AUTODISARM));
    old.padding = 0;
    if (ss) {
        long err = altstack_set(task, &stack, sp, LX_MINSIGSTKSZ);
        if (err)
            return err;
    }
    return old_ss ? user_put(task->mm, old_ss, &old) : 0;
}

/* kill(2): who may send to whom. */
static long may_signal(const struct task *task, const struct task *target, int sig)
{
    const struct cred *mine = &task->cred, *other = &target->cred;

    if (sig < 0 || sig > LX_NSIG)
        return -LX_EINVAL;
    if (task->process == target->process || cred_capable(mine, LX_CAP_KILL) ||
        mine->euid == other->suid || mine->euid == other->uid || mine->uid == other->suid ||
        mine->uid == other->uid)
        return 0;
    if (sig == LX_SIGCONT && task->process->sid == target->process->sid)
        return 0;
    return -LX_EPERM;
}

static struct lx_siginfo sender_info(const struct task *task, int sig, int code)
{
    struct lx_siginfo info = {.signo = sig, .code = code};
    info.rt.pid = task->process->tgid;
    info.rt.uid = task->cred.uid;
    return info;
}

static long send_process(struct task *task, struct process *process, int sig,
                         const struct lx_siginfo *info)
{
    /* Its leader may have ended before the others; of a zombie nothing but the permission is asked.
     */
    bool lives = process->thread_count > 0;
    struct task *target =
        lives ? list_first(&process->threads, struct task, thread_link) : process->leader;
    if (!target)
        return sig < 0 || sig > LX_NSIG ? -LX_EINVAL : 0;
    long err = may_signal(task, target, sig);
    return err || sig == 0 || !lives ? err : signal_send(target, sig, info);
}

/*
 * kill(2) of many: 0 when one could be sent to, else the last error, -LX_ESRCH when there is
 * nobody. Of all processes (`pgid` 0) those that may not be sent to do not count
 * (guest/signal/permission).
 */
static long send_many(struct task *task, int pgid, int sig, const struct lx_siginfo *info)
{
    long result = -LX_ESRCH;
    bool one = false;
    struct process *process, *next;

    list_for_each_safe (process, next, &task->kernel->processes, all_link) {
        bool wanted = pgid ? process->pgid == pgid
                           : process != task->process && process != task->kernel->init->process;
        if (!wanted)
            continue;
        long err = send_process(task, process, sig, info);
        result = err == -LX_EPERM && !pgid ? 0 : err;
        one = one || result == 0;
    }
    return one ? 0 : result;
}

long sys_kill(struct task *task, int pid, int sig)
{
    struct lx_siginfo info = sender_info(task, sig, LX_SI_USER);

    if (pid > 0) {
        struct process *process = pid_find_process(task->kernel, pid);
        return process ? send_process(task, process, sig, &info) : -LX_ESRCH;
    }
    if (pid == INT32_MIN)
        return -LX_ESRCH;
    if (pid == -1)
        return send_many(task, 0, sig, &info);
    return send_many(task, pid ? -pid : task->process->pgid, sig, &info);
}

/* `tgid` 0: whatever process the thread is of. */
static long send_thread(struct task *task, int tgid, int tid, int sig,
                        const struct lx_siginfo *info)
{
    struct task *target = pid_find_task(task->kernel, tid);
    if (!target || (tgid && target->process->tgid != tgid))
        return -LX_ESRCH;
    long err = may_signal(task, target, sig);
    /* Linux: one that has ended and is not waited for takes everything (guest/signal/zombie). */
    if (err || sig == 0 || target->sched.state == SCHED_DEAD)
        return err;
    return signal_send_thread(target, sig, info);
}

long sys_tgkill(struct task *task, int tgid, int tid, int sig)
{
    struct lx_siginfo info = sender_info(task, sig, LX_SI_TKILL);
    if (tgid <= 0 || tid <= 0)
        return -LX_EINVAL;
    return send_thread(task, tgid, tid, sig, &info);
}

long sys_tkill(struct task *task, int tid, int sig)
{
    struct lx_siginfo info = sender_info(task, sig, LX_SI_TKILL);
    return tid <= 0 ? -LX_EINVAL : send_thread(task, 0, tid, sig, &info);
}

/* Codes of the kernel and of kill(2) cannot be forged for others (rt_sigqueueinfo(2)): but for
 * one's own number. */
static bool may_claim(const struct task *task, const struct lx_siginfo *info, int pid)
{
    return (info->code < 0 && info->code != LX_SI_TKILL) || pid == task->tid;
}

long sys_rt_sigqueueinfo(struct task *task, int pid, int sig, gva_t info)
{
    struct lx_siginfo copy;

    long err = siginfo_from_user(task->mm, info, sig, &copy);
    if (err)
        return err;
    if (!may_claim(task, &copy, pid))
        return -LX_EPERM;
    struct process *process = pid_find_process(task->kernel, pid);
    return process ? send_process(task, process, sig, &copy) : -LX_ESRCH;
}

long sys_rt_tgsigqueueinfo(struct task *task, int tgid, int tid, int sig, gva_t info)
{
    struct lx_siginfo copy;

    long err = siginfo_from_user(task->mm, info, sig, &copy);
    if (err)
        return err;
    if (tgid <= 0 || tid <= 0)
        return -LX_EINVAL;
    if (!may_claim(task, &copy, tid))
        return -LX_EPERM;
    return send_thread(task, tgid, tid, sig, &copy);
}

/* Whom a pidfd, a directory of /proc, or a number that stands for oneself names. */
struct pidfd_target {
    struct process *process; /* NULL: gone */
    int number;
    bool thread; /* the thread of that number, not the process */
};

static long find_target(struct task *task, int pidfd, struct pidfd_target *out)
{
    bool is_pidfd;
    if (pidfd_is_self(pidfd)) {
        bool thread = pidfd == LX_PIDFD_SELF_THREAD;
        *out =
            (struct pidfd_target){task->process, thread ? task->tid : task->process->tgid, thread};
        return 0;
    }
    struct file *file = fdtable_get(task->fds, pidfd);
    struct process *process = file ? pidfd_process(file, &is_pidfd) : NULL;
    if (!file || (!is_pidfd && !proc_file_is_process(file, &process)))
        return -LX_EBADF;
    *out = (struct pidfd_target){
        .process = process,
        .number = is_pidfd  ? pidfd_tid(file)
                  : process ? process->tgid
                            : 0,
        .thread = is_pidfd && pidfd_is_thread(file),
    };
    return 0;
}

long sys_pidfd_send_signal(struct task *task, int pidfd, int sig, gva_t info, uint32_t flags)
{
    bool group = flags & LX_PIDFD_SIGNAL_PROCESS_GROUP;
    struct pidfd_target target;

    if (flags & ~(uint32_t)(LX_PIDFD_SIGNAL_THREAD | LX_PIDFD_SIGNAL_THREAD_GROUP |
                            LX_PIDFD_SIGNAL_PROCESS_GROUP) ||
        (flags & (flags - 1)))
        return -LX_EINVAL;
    long err = find_target(task, pidfd, &target);
    if (err)
        return err;
    struct process *process = target.process;
    /* Without a flag it goes to what the file refers to. */
    bool thread = flags ? flags & LX_PIDFD_SIGNAL_THREAD : target.thread;
    struct lx_siginfo copy = sender_info(task, sig, thread ? LX_SI_TKILL : LX_SI_USER);
    if (info) {
        int claimed;
        if (user_get(task->mm, &claimed, info))
            return -LX_EFAULT;
        err = siginfo_from_user(task->mm, info, claimed, &copy);
        if (err)
            return err;
        if (claimed != sig)
            return -LX_EINVAL;
        if (!may_claim(task, &copy, process && !group ? process->tgid : 0))
            return -LX_EPERM;
    }
    if (!process)
        return -LX_ESRCH;
    if (group)
        return send_many(task, target.number, sig, &copy);
    if (thread)
        return send_thread(task, 0, target.number, sig, &copy);
    return send_process(task, process, sig, &copy);
}

/* Wait for a signal with a handler, or one that kills. */
static long wait_for_signal(struct task *task)
{
    task->call.on_signal = LX_ERESTARTNOHAND;
    if (!task->call.interrupted)
        wait_until(&task->kernel->sched, UINT64_MAX);
    return BLOCKED;
}

long sys_pause(struct task *task)
{
    return wait_for_signal(task);
}

long sys_rt_sigsuspend(struct task *task, gva_t set, uint64_t size)
{
    uint64_t mask;

    if (task->call.phase == 0) {
        if (size != SIGSET_SIZE)
            return -LX_EINVAL;
        if (user_get(task->mm, &mask, set))
            return -LX_EFAULT;
        task->saved_sigmask = task->sigmask;
        task->restore_sigmask = true;
        signal_set_mask(task, mask);
        task->call.phase = 1;
    }
    return wait_for_signal(task);
}

/* call.word[0]: the signals waited for; word[1]: the mask to go back to. */
static long begin_timedwait(struct task *task, gva_t set, gva_t timeout, uint64_t size)
{
    struct task_call *call = &task->call;
    struct lx_timespec ts;
    uint64_t now = clock_monotonic(&task->kernel->clock);

    if (size != SIGSET_SIZE)
        return -LX_EINVAL;
    if (user_get(task->mm, &call->word[0], set))
        return -LX_EFAULT;
    call->word[0] &= ~UNBLOCKABLE;
    call->deadline = UINT64_MAX;
    if (timeout) {
        if (user_get(task->mm, &ts, timeout))
            return -LX_EFAULT;
        if (!timespec_valid(&ts))
            return -LX_EINVAL;
        uint64_t length = timespec_ns(&ts);
        call->deadline = length > INT64_MAX - now ? UINT64_MAX : now + length;
    }
    call->phase = 1;
    return 0;
}

long sys_rt_sigtimedwait(struct task *task, gva_t set, gva_t info, gva_t timeout, uint64_t size)
{
    struct task_call *call = &task->call;
    struct lx_siginfo taken;

    bool first = call->phase == 0;
    if (first) {
        long err = begin_timedwait(task, set, timeout, size);
        if (err)
            return err;
        call->word[1] = task->sigmask;
    }
    signal_set_mask(task, call->word[1]);
    task->real_blocked = 0;
    int sig = signal_take(task, ~call->word[0], &taken);
    if (sig)
        return info && user_put(task->mm, info, &taken) ? -LX_EFAULT : sig;
    if (call->interrupted)
        return -LX_EINTR;
    if (clock_monotonic(&task->kernel->clock) >= call->deadline)
        return -LX_EAGAIN;
    /* While it waits the signals are not blocked, so that sending one wakes. */
    signal_set_mask(task, call->word[1] & ~call->word[0]);
    task->real_blocked = call->word[1];
    wait_until(&task->kernel->sched, call->deadline);
    return BLOCKED;
}
