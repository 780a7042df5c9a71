/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who am I: process, user, group and capability numbers, read (getpid(2), getuid(2), getresuid(2),
 * getgroups(2), getpgid(2), capget(2)). What changes them is in sys_cred.c.
 */
#include "syscall_table/handlers.h"

#include "abi/capability.h"
#include "abi/errno.h"
#include "abi/prctl.h"
#include "mem/uaccess.h"
#include "proc/pid.h"

long sys_getpid(struct task *task)
{
    return task->process->tgid;
}

long sys_gettid(struct task *task)
{
    return task->tid;
}

long sys_getppid(struct task *task)
{
    return task->process->parent ? task->process->parent->tgid : 0;
}

long sys_getuid(struct task *task)
{
    return task->cred.uid;
}

long sys_geteuid(struct task *task)
{
    return task->cred.euid;
}

long sys_getgid(struct task *task)
{
    return task->cred.gid;
}

long sys_getegid(struct task *task)
{
    return task->cred.egid;
}

static long put_three(struct task *task, const gva_t to[3], const uint32_t ids[3])
{
    for (int i = 0; i < 3; i++) {
        long err = user_put(task->mm, to[i], &ids[i]);
        if (err)
            return err;
    }
    return 0;
}

long sys_getresuid(struct task *task, gva_t ruid, gva_t euid, gva_t suid)
{
    const struct cred *cred = &task->cred;
    return put_three(task, (gva_t[]){ruid, euid, suid},
                     (uint32_t[]){cred->uid, cred->euid, cred->suid});
}

long sys_getresgid(struct task *task, gva_t rgid, gva_t egid, gva_t sgid)
{
    const struct cred *cred = &task->cred;
    return put_three(task, (gva_t[]){rgid, egid, sgid},
                     (uint32_t[]){cred->gid, cred->egid, cred->sgid});
}

long sys_getgroups(struct task *task, int size, gva_t list)
{
    const struct cred *cred = &task->cred;

    if (size < 0)
        return -LX_EINVAL;
    if (size == 0)
        return cred->group_count;
    if ((unsigned)size < cred->group_count)
        return -LX_EINVAL;
    long err = user_write(task->mm, list, cred->groups, cred->group_count * sizeof cred->groups[0]);
    return err ? err : cred->group_count;
}

long sys_getpgrp(struct task *task)
{
    return task->process->pgid;
}

/* The process that `pid` means, which may be any of its threads; 0 is the caller. NULL: none. */
static struct process *process_of(struct task *task, int pid)
{
    struct task *found = pid == 0 ? task : pid_find_task(task->kernel, pid);
    return found ? found->process : NULL;
}

long sys_getpgid(struct task *task, int pid)
{
    struct process *process = process_of(task, pid);
    return process ? process->pgid : -LX_ESRCH;
}

long sys_getsid(struct task *task, int pid)
{
    struct process *process = process_of(task, pid);
    return process ? process->sid : -LX_ESRCH;
}

/*
 * The words of 32 capabilities that the header's version has: 1 or 2. -LX_EINVAL: unknown, and the
 * header now names the version to use.
 */
static long capability_words(struct task *task, gva_t header)
{
    uint32_t version;
    if (user_get(task->mm, &version, header))
        return -LX_EFAULT;
    if (version == LX_CAPABILITY_VERSION_1)
        return 1;
    if (version == LX_CAPABILITY_VERSION_2 || version == LX_CAPABILITY_VERSION_3)
        return 2;
    version = LX_CAPABILITY_VERSION_3;
    return user_put(task->mm, header, &version) ? -LX_EFAULT : -LX_EINVAL;
}

static long header_pid(struct task *task, gva_t header, int32_t *pid)
{
    return user_get(task->mm, pid, header + offsetof(struct lx_cap_header, pid));
}

long sys_capget(struct task *task, gva_t header, gva_t data)
{
    long words = capability_words(task, header);
    if (words == -LX_EINVAL && !data)
        return 0; /* asked for the version only */
    if (words < 0 || !data)
        return words < 0 ? words : 0;

    int32_t pid;
    if (header_pid(task, header, &pid))
        return -LX_EFAULT;
    if (pid < 0)
        return -LX_EINVAL;
    struct task *target = pid ? pid_find_task(task->kernel, pid) : task;
    if (!target)
        return -LX_ESRCH;

    struct lx_cap_data sets[2];
    for (int i = 0; i < 2; i++) {
        sets[i].effective = (uint32_t)(target->cred.cap_effective >> (32 * i));
        sets[i].permitted = (uint32_t)(target->cred.cap_permitted >> (32 * i));
        sets[i].inheritable = (uint32_t)(target->cred.cap_inheritable >> (32 * i));
    }
    return user_write(task->mm, data, sets, (size_t)words * sizeof sets[0]);
}

long sys_capset(struct task *task, gva_t header, gva_t data)
{
    long words = capability_words(task, header);
    if (words < 0)
        return words;
    int32_t pid;
    if (header_pid(task, header, &pid))
        return -LX_EFAULT;
    if (pid != 0 && pid != task->tid)
        return -LX_EPERM;
    struct lx_cap_data sets[2] = {0};
    if (user_read(task->mm, sets, data, (size_t)words * sizeof sets[0]))
        return -LX_EFAULT;

    struct cred *cred = &task->cred;
    uint64_t known = (UINT64_C(1) << 41) - 1;
    uint64_t effective = (sets[0].effective | (uint64_t)sets[1].effective << 32) & known;
    uint64_t permitted = (sets[0].permitted | (uint64_t)sets[1].permitted << 32) & known;
    uint64_t inheritable = (sets[0].inheritable | (uint64_t)sets[1].inheritable << 32) & known;
    bool setpcap = cred_capable(cred, LX_CAP_SETPCAP);

    /* capabilities(7), "Programmatically adjusting capability sets". */
    if (!setpcap && (inheritable & ~(cred->cap_inheritable | cred->cap_permitted)))
        return -LX_EPERM;
    if (inheritable & ~(cred->cap_inheritable | cred->cap_bounding))
        return -LX_EPERM;
    if ((permitted & ~cred->cap_permitted) || (effective & ~permitted))
        return -LX_EPERM;
    cred->cap_effective = effective;
    cred->cap_permitted = permitted;
    cred->cap_inheritable = inheritable;
    cred->cap_ambient &= permitted & inheritable;
    return 0;
}
