/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Job control of the one terminal. The host's terminal makes signals of keys for lstar's process;
 * here they become the guest's, for the process group that the guest says is in the foreground.
 */
#include "tty/job_control.h"

#include "abi/errno.h"
#include "proc/exit.h"
#include "proc/signal.h"

/* Interrupts in a row that nobody listened to: then whoever types them wants the machine ended. */
#define UNHEARD_LIMIT 2

int terminal_session(const struct kernel *kernel)
{
    if (kernel->tty_sid)
        return MAX(kernel->tty_sid, 0);
    return kernel->init ? kernel->init->process->sid : 0;
}

int terminal_foreground(const struct kernel *kernel)
{
    if (kernel->tty_pgrp)
        return kernel->tty_pgrp;
    return kernel->init ? kernel->init->process->pgid : 0;
}

bool terminal_is_own(const struct kernel *kernel)
{
    const struct task *task = kernel->current;
    return task && task->process->sid == terminal_session(kernel);
}

static bool in_background(const struct kernel *kernel)
{
    return terminal_is_own(kernel) && kernel->current->process->pgid != terminal_foreground(kernel);
}

static bool is_deaf(const struct task *task, int signal)
{
    return (task->sigmask & LX_SIGMASK(signal)) ||
           task->sighand->action[signal - 1].handler == LX_SIG_IGN;
}

static long stop_group(struct kernel *kernel, int signal)
{
    int pgid = kernel->current->process->pgid;
    if (pgrp_is_orphaned(kernel, pgid, NULL))
        return -LX_EIO;
    signal_send_pgrp(kernel, pgid, signal);
    return -LX_ERESTARTSYS;
}

long terminal_may_read(struct kernel *kernel)
{
    if (!in_background(kernel))
        return 0;
    return is_deaf(kernel->current, LX_SIGTTIN) ? -LX_EIO : stop_group(kernel, LX_SIGTTIN);
}

long terminal_may_change(struct kernel *kernel)
{
    if (!in_background(kernel) || is_deaf(kernel->current, LX_SIGTTOU))
        return 0;
    return stop_group(kernel, LX_SIGTTOU);
}

long terminal_set_foreground(struct kernel *kernel, int pgrp)
{
    const struct process *process;
    bool exists = false;
    if (pgrp < 0)
        return -LX_EINVAL;
    list_for_each (process, &kernel->processes, all_link) {
        if (process->pgid != pgrp)
            continue;
        exists = true;
        if (process->sid != terminal_session(kernel))
            continue;
        kernel->tty_pgrp = pgrp;
        return 0;
    }
    return exists ? -LX_EPERM : -LX_ESRCH;
}

long terminal_take(struct kernel *kernel, bool steal)
{
    const struct task *task = kernel->current;
    const struct process *process = task->process;
    if (process->sid != process->tgid)
        return -LX_EPERM;
    if (terminal_is_own(kernel))
        return 0;
    if (terminal_session(kernel) && !(steal && task->cred.euid == 0))
        return -LX_EPERM;
    kernel->tty_sid = process->sid;
    kernel->tty_pgrp = process->pgid;
    return 0;
}

long terminal_give_up(struct kernel *kernel)
{
    const struct process *process = kernel->current->process;
    if (!terminal_is_own(kernel) || process->sid != process->tgid)
        return -LX_ENOTTY;
    signal_send_pgrp(kernel, terminal_foreground(kernel), LX_SIGHUP);
    signal_send_pgrp(kernel, terminal_foreground(kernel), LX_SIGCONT);
    kernel->tty_sid = -1;
    return 0;
}

/* Does any member of the group take this signal, by a handler or by its default action? */
static bool somebody_listens(struct kernel *kernel, int pgid, int signal)
{
    struct process *process;
    list_for_each (process, &kernel->processes, all_link) {
        const struct task *task;
        if (process->pgid != pgid)
            continue;
        list_for_each (task, &process->threads, thread_link)
            if (!is_deaf(task, signal))
                return true;
    }
    return false;
}

static bool interrupt(struct kernel *kernel, int signal)
{
    int pgid = terminal_foreground(kernel);
    if (somebody_listens(kernel, pgid, signal))
        kernel->tty_unheard = 0;
    else
        kernel->tty_unheard++;
    signal_send_pgrp(kernel, pgid, signal);
    return kernel->tty_unheard < UNHEARD_LIMIT;
}

/* The line is gone: the session's leader, if it is the guest's, and who is in the foreground. */
static void hang_up(struct kernel *kernel)
{
    int pgid = terminal_foreground(kernel);
    struct process *process;
    list_for_each (process, &kernel->processes, all_link) {
        if (process->tgid != terminal_session(kernel) || process->pgid == pgid ||
            !process->thread_count)
            continue;
        struct task *leader = list_first(&process->threads, struct task, thread_link);
        signal_send_kernel(leader, LX_SIGHUP);
        signal_send_kernel(leader, LX_SIGCONT);
    }
    signal_send_pgrp(kernel, pgid, LX_SIGHUP);
    signal_send_pgrp(kernel, pgid, LX_SIGCONT);
}

bool terminal_keys(struct kernel *kernel)
{
    unsigned keys = host_take_keys(kernel->host);
    bool heard = true;
    if (!keys || !kernel->init)
        return true;
    if (keys & HOST_KEY_INTERRUPT)
        heard &= interrupt(kernel, LX_SIGINT);
    if (keys & HOST_KEY_QUIT)
        heard &= interrupt(kernel, LX_SIGQUIT);
    if (keys & HOST_KEY_SUSPEND)
        signal_send_pgrp(kernel, terminal_foreground(kernel), LX_SIGTSTP);
    if (keys & HOST_KEY_WINDOW)
        signal_send_pgrp(kernel, terminal_foreground(kernel), LX_SIGWINCH);
    if (keys & HOST_KEY_HANGUP)
        hang_up(kernel);
    return heard;
}

bool terminal_may_wake(struct kernel *kernel)
{
    static const int signals[] = {LX_SIGINT, LX_SIGQUIT, LX_SIGTSTP, LX_SIGHUP, LX_SIGWINCH};
    int pgid = terminal_foreground(kernel);
    const struct process *process;
    if (!kernel->job_control || !kernel->init)
        return false;
    if (pgid != kernel->init->process->pgid)
        return true;
    list_for_each (process, &kernel->processes, all_link) {
        if (process->pgid != pgid || !process->thread_count)
            continue;
        const struct task *task = list_first(&process->threads, struct task, thread_link);
        for (unsigned i = 0; i < ARRAY_SIZE(signals); i++)
            if (task->sighand->action[signals[i] - 1].handler > LX_SIG_IGN)
                return true;
    }
    return false;
}
