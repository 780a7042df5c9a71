/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The end of a machine whose run was cut short: tasks give up what they own, so that shared mappings of host files are written
 * back and terminals get their modes again.
 */
#include "machine/internal.h"
#include "proc/exit.h"
#include "proc/signal.h"

void kernel_shutdown(struct kernel *kernel)
{
    kernel->strace_exit = NULL;
    kernel->strace = NULL;
    struct task *task, *next;
    list_for_each_safe(task, next, &kernel->tasks, all_link) {
        task->clear_child_tid = 0;
        task->process->exiting = true;
        task_exit(task, LX_WAIT_KILLED(LX_SIGKILL));
    }
    vfs_sync(&kernel->vfs);
}
