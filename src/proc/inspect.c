/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Access of one process to another's insides (ptrace(2), "Ptrace access mode checking").
 */
#include "proc/inspect.h"

#include "abi/capability.h"

/* Who looks, as `uid` and `gid`, and what he may do. */
struct looker {
    uint32_t uid, gid;
    uint64_t capabilities;
};

static bool may_look(const struct task *task, const struct looker *as, const struct task *other)
{
    if (task->process == other->process)
        return true;
    const struct cred *theirs = &other->cred;
    bool same = as->uid == theirs->euid && as->uid == theirs->suid && as->uid == theirs->uid &&
                as->gid == theirs->egid && as->gid == theirs->sgid && as->gid == theirs->gid;
    bool stronger = theirs->cap_permitted & ~as->capabilities;
    return (same && other->process->dumpable && !stronger) ||
           cred_capable(&task->cred, LX_CAP_SYS_PTRACE);
}

bool task_may_inspect(const struct task *task, const struct task *other)
{
    const struct cred *mine = &task->cred;
    return may_look(task, &(struct looker){mine->uid, mine->gid, mine->cap_permitted}, other);
}

bool task_may_look(const struct task *task, const struct task *other)
{
    const struct cred *mine = &task->cred;
    return may_look(task, &(struct looker){mine->fsuid, mine->fsgid, mine->cap_effective}, other);
}
