/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Access of one process to another's insides (ptrace(2), "Ptrace access mode checking").
 */
#include "proc/inspect.h"

#include "abi/capability.h"

bool task_may_inspect(const struct task *task, const struct task *other)
{
    if (task->process == other->process)
        return true;
    const struct cred *mine = &task->cred, *theirs = &other->cred;
    bool same = mine->uid == theirs->euid && mine->uid == theirs->suid &&
                mine->uid == theirs->uid && mine->gid == theirs->egid &&
                mine->gid == theirs->sgid && mine->gid == theirs->gid;
    return (same && other->process->dumpable) || cred_capable(mine, LX_CAP_SYS_PTRACE);
}
