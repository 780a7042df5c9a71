/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wait4(2) and waitid(2): look at each child, take what the options ask for, else wait on the
 * process's queue of waiters, which every change of a child's state wakes.
 */
#include "proc/wait.h"

#include "abi/errno.h"
#include "proc/exit.h"

static bool is_asked_for(const struct task *task, const struct process *child,
                         const struct wait_request *request)
{
    if ((request->options & LX_WNOTHREAD) && child->parent_tid != task->tid)
        return false;
    if (request->which == WAIT_PID && child->tgid != request->id)
        return false;
    if (request->which == WAIT_PGID && child->pgid != request->id)
        return false;
    if (request->options & LX_WALL)
        return true;
    /* "Clone" children report something else than SIGCHLD. */
    bool clone_child = child->exit_signal != LX_SIGCHLD;
    return clone_child == ((request->options & LX_WCLONE) != 0);
}

static struct usage usage_with_children(const struct process *child)
{
    struct usage usage = usage_of_process(child);
    usage_add(&usage, &child->children_usage);
    return usage;
}

static void fill(const struct process *child, int code, int status, int wait_status,
                 struct wait_result *result)
{
    *result = (struct wait_result){
        .pid = child->tgid,
        .uid = child->exit_uid,
        .code = code,
        .status = status,
        .wait_status = wait_status,
        .usage = usage_with_children(child),
    };
}

/* Has this child something to report? Takes it, unless WNOWAIT. */
static bool take_report(struct task *task, struct process *child, unsigned options,
                        struct wait_result *result)
{
    bool keep = options & LX_WNOWAIT;
    if (child->zombie && !(options & LX_WEXITED))
        return false; /* Linux: it tells of nothing else (guest/task/wait_options) */
    if (child->zombie) {
        int status = child->exit_status;
        bool killed = (status & 0x7f) != 0;
        fill(child, killed ? killed_code(status) : LX_CLD_EXITED,
             killed ? status & 0x7f : status >> 8, status, result);
        if (!keep) {
            usage_add(&task->process->children_usage, &result->usage);
            process_release(child);
        }
        return true;
    }
    if (child->stopped && child->stop_reportable && (options & LX_WUNTRACED)) {
        fill(child, LX_CLD_STOPPED, child->stop_signal, child->stop_signal << 8 | 0x7f, result);
        child->stop_reportable = keep;
        return true;
    }
    if (child->continue_reportable && (options & LX_WCONTINUED)) {
        fill(child, LX_CLD_CONTINUED, LX_SIGCONT, 0xffff, result);
        child->continue_reportable = keep;
        return true;
    }
    return false;
}

long wait_child(struct task *task, const struct wait_request *request, struct wait_result *result)
{
    struct process *process = task->process;
    struct process *child, *next;
    bool any = false;
    list_for_each_safe (child, next, &process->children, sibling_link) {
        if (!is_asked_for(task, child, request))
            continue;
        /* Linux: a zombie whose end is not asked for is no child any more
         * (guest/task/wait_options). */
        any |= !child->zombie || (request->options & LX_WEXITED);
        if (take_report(task, child, request->options, result))
            return 0;
    }
    if (!any)
        return -LX_ECHILD;
    *result = (struct wait_result){0};
    if (request->options & LX_WNOHANG)
        return 0;
    long err = wait_on(&task->kernel->sched, &process->child_waiters, 0, false);
    return err ? err : BLOCKED;
}
