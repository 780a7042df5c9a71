/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Changing identity: setuid(2) and its kin, setgroups(2), with what becomes of capabilities
 * (capabilities(7), "Effect of user ID changes").
 */
#include "syscall_table/handlers.h"

#include "abi/capability.h"
#include "abi/errno.h"
#include "abi/prctl.h"
#include "mem/uaccess.h"
#include "proc/clone.h"

#define KEEP UINT32_MAX /* -1: leave as it is */
/* Capabilities that follow the file system uid. */
#define FS_CAPS                                                                                    \
    (UINT64_C(1) << LX_CAP_CHOWN | UINT64_C(1) << LX_CAP_DAC_OVERRIDE |                            \
     UINT64_C(1) << LX_CAP_DAC_READ_SEARCH | UINT64_C(1) << LX_CAP_FOWNER |                        \
     UINT64_C(1) << LX_CAP_FSETID | UINT64_C(1) << LX_CAP_LINUX_IMMUTABLE |                        \
     UINT64_C(1) << LX_CAP_MKNOD | UINT64_C(1) << 32)

/* After real, effective, saved uid changed: from `old` to what `cred` has. */
static void fix_capabilities(struct cred *cred, const struct cred *old)
{
    if (cred->securebits & LX_SECBIT_NO_SETUID_FIXUP)
        return;
    bool had_root = old->uid == 0 || old->euid == 0 || old->suid == 0;
    bool has_root = cred->uid == 0 || cred->euid == 0 || cred->suid == 0;
    if (had_root && !has_root) {
        if (!(cred->securebits & LX_SECBIT_KEEP_CAPS)) {
            cred->cap_permitted = 0;
            cred->cap_effective = 0;
        }
        cred->cap_ambient = 0;
    }
    if (old->euid == 0 && cred->euid != 0)
        cred->cap_effective = 0;
    if (old->euid != 0 && cred->euid == 0)
        cred->cap_effective = cred->cap_permitted;
}

/* prctl(2), PR_SET_DUMPABLE and PR_SET_PDEATHSIG: what a change of identity clears. */
static void not_dumpable(struct task *task)
{
    task->process->dumpable = false;
    task->pdeath_signal = 0;
}

/* The new credentials hold from now on; a changed effective id makes the process not dumpable. */
static long commit(struct task *task, struct cred *cred)
{
    const struct cred *old = &task->cred;
    fix_capabilities(cred, old);
    if (cred->uid != old->uid) /* execve(2), EAGAIN */
        task->over_nproc = cred->uid != 0 && tasks_of_user(task->kernel, cred->uid) >
                                                 task_rlimit(task, LX_RLIMIT_NPROC);
    if (cred->euid != old->euid || cred->egid != old->egid || cred->fsuid != old->fsuid ||
        cred->fsgid != old->fsgid || (cred->cap_permitted & ~old->cap_permitted)) {
        not_dumpable(task);
    }
    task->cred = *cred;
    return 0;
}

long sys_setuid(struct task *task, uint32_t uid)
{
    struct cred cred = task->cred;
    if (uid == KEEP)
        return -LX_EINVAL;
    if (cred_capable(&cred, LX_CAP_SETUID))
        cred.uid = cred.suid = uid;
    else if (uid != cred.uid && uid != cred.suid)
        return -LX_EPERM;
    cred.euid = cred.fsuid = uid;
    return commit(task, &cred);
}

long sys_setgid(struct task *task, uint32_t gid)
{
    struct cred cred = task->cred;
    if (gid == KEEP)
        return -LX_EINVAL;
    if (cred_capable(&cred, LX_CAP_SETGID))
        cred.gid = cred.sgid = gid;
    else if (gid != cred.gid && gid != cred.sgid)
        return -LX_EPERM;
    cred.egid = cred.fsgid = gid;
    return commit(task, &cred);
}

/* setreuid and setregid on one triple: may real and effective become `r` and `e`? */
static long set_two(uint32_t r, uint32_t e, bool capable, uint32_t *real, uint32_t *effective,
                    uint32_t *saved)
{
    uint32_t old_real = *real;
    if (r != KEEP) {
        if (r != *real && r != *effective && !capable)
            return -LX_EPERM;
        *real = r;
    }
    if (e != KEEP) {
        if (e != old_real && e != *effective && e != *saved && !capable)
            return -LX_EPERM;
        *effective = e;
    }
    if (r != KEEP || (e != KEEP && e != old_real))
        *saved = *effective;
    return 0;
}

long sys_setreuid(struct task *task, uint32_t ruid, uint32_t euid)
{
    struct cred cred = task->cred;
    long err =
        set_two(ruid, euid, cred_capable(&cred, LX_CAP_SETUID), &cred.uid, &cred.euid, &cred.suid);
    if (err)
        return err;
    cred.fsuid = cred.euid;
    return commit(task, &cred);
}

long sys_setregid(struct task *task, uint32_t rgid, uint32_t egid)
{
    struct cred cred = task->cred;
    long err =
        set_two(rgid, egid, cred_capable(&cred, LX_CAP_SETGID), &cred.gid, &cred.egid, &cred.sgid);
    if (err)
        return err;
    cred.fsgid = cred.egid;
    return commit(task, &cred);
}

/* setresuid and setresgid: each of three may become any of the old three. */
static long set_three(const uint32_t wanted[3], bool capable, uint32_t *real, uint32_t *effective,
                      uint32_t *saved)
{
    const uint32_t old[3] = {*real, *effective, *saved};
    uint32_t *slots[3] = {real, effective, saved};
    for (int i = 0; i < 3; i++) {
        uint32_t id = wanted[i];
        if (id == KEEP)
            continue;
        if (!capable && id != old[0] && id != old[1] && id != old[2])
            return -LX_EPERM;
        *slots[i] = id;
    }
    return 0;
}

/* Does a call of three change nothing? Then the identity for files stays, too, where it is another.
 */
static bool changes_none(const uint32_t wanted[3], const uint32_t old[3], uint32_t for_files)
{
    for (int i = 0; i < 3; i++) {
        if (wanted[i] != KEEP && wanted[i] != old[i])
            return false;
    }
    return wanted[1] == KEEP || wanted[1] == for_files;
}

long sys_setresuid(struct task *task, uint32_t ruid, uint32_t euid, uint32_t suid)
{
    struct cred cred = task->cred;
    const uint32_t wanted[3] = {ruid, euid, suid}, old[3] = {cred.uid, cred.euid, cred.suid};
    if (changes_none(wanted, old, cred.fsuid))
        return 0;
    long err =
        set_three(wanted, cred_capable(&cred, LX_CAP_SETUID), &cred.uid, &cred.euid, &cred.suid);
    if (err)
        return err;
    cred.fsuid = cred.euid;
    return commit(task, &cred);
}

long sys_setresgid(struct task *task, uint32_t rgid, uint32_t egid, uint32_t sgid)
{
    struct cred cred = task->cred;
    const uint32_t wanted[3] = {rgid, egid, sgid}, old[3] = {cred.gid, cred.egid, cred.sgid};
    if (changes_none(wanted, old, cred.fsgid))
        return 0;
    long err =
        set_three(wanted, cred_capable(&cred, LX_CAP_SETGID), &cred.gid, &cred.egid, &cred.sgid);
    if (err)
        return err;
    cred.fsgid = cred.egid;
    return commit(task, &cred);
}

long sys_setfsuid(struct task *task, uint32_t fsuid)
{
    struct cred *cred = &task->cred;
    uint32_t old = cred->fsuid;
    bool allowed = fsuid == cred->uid || fsuid == cred->euid || fsuid == cred->suid ||
                   fsuid == cred->fsuid || cred_capable(cred, LX_CAP_SETUID);
    if (fsuid == KEEP || !allowed)
        return old;
    if (fsuid != old)
        not_dumpable(task);
    cred->fsuid = fsuid;
    if (!(cred->securebits & LX_SECBIT_NO_SETUID_FIXUP)) {
        if (old == 0 && fsuid != 0)
            cred->cap_effective &= ~FS_CAPS;
        if (old != 0 && fsuid == 0)
            cred->cap_effective |= cred->cap_permitted & FS_CAPS;
    }
    return old;
}

long sys_setfsgid(struct task *task, uint32_t fsgid)
{
    struct cred *cred = &task->cred;
    uint32_t old = cred->fsgid;
    bool allowed = fsgid == cred->gid || fsgid == cred->egid || fsgid == cred->sgid ||
                   fsgid == cred->fsgid || cred_capable(cred, LX_CAP_SETGID);
    if (fsgid == KEEP || !allowed)
        return old;
    if (fsgid != old)
        not_dumpable(task);
    cred->fsgid = fsgid;
    return old;
}

long sys_setgroups(struct task *task, int size, gva_t list)
{
    uint32_t groups[NGROUPS_KEPT];
    if (!cred_capable(&task->cred, LX_CAP_SETGID))
        return -LX_EPERM;
    if ((unsigned)size > 65536)
        return -LX_EINVAL;
    /* More than are kept is refused, not cut: a group left out would change who may do what. */
    if (size > NGROUPS_KEPT)
        return -LX_ENOMEM;
    if (user_read(task->mm, groups, list, (size_t)size * sizeof *groups))
        return -LX_EFAULT;
    for (int i = 0; i < size; i++)
        if (groups[i] == KEEP)
            return -LX_EINVAL;
    /* Linux: they are kept in order (guest/ids/groups). */
    for (int i = 0; i < size; i++) {
        int at = i;
        for (; at > 0 && task->cred.groups[at - 1] > groups[i]; at--)
            task->cred.groups[at] = task->cred.groups[at - 1];
        task->cred.groups[at] = groups[i];
    }
    task->cred.group_count = (unsigned)size;
    return 0;
}
