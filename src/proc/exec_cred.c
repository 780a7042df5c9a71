/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capabilities(7), "Transformation of capabilities during execve()" and "Capabilities and execution
 * of programs by root", for files without capabilities of their own; set-user-ID and set-group-ID
 * bits unless the mount or no_new_privs forbids them.
 */
#include "proc/exec_cred.h"

#include "abi/mount.h"
#include "abi/stat.h"
#include "vfs/mount.h"

#define SECBIT_NOROOT 1u     /* securebits: uid 0 is nobody special */
#define SECBIT_KEEP_CAPS 16u /* for one setuid(2), not for programs */

static void apply_set_id_bits(struct cred *cred, const struct file *file)
{
    const struct inode *inode = file->inode;
    if (cred->no_new_privs || (file->mount && file->mount->flags & LX_MS_NOSUID))
        return;
    if (inode->mode & LX_S_ISUID)
        cred->euid = inode->uid;
    /* Without group execution the bit once meant mandatory locking. */
    if ((inode->mode & (LX_S_ISGID | LX_S_IXGRP)) == (LX_S_ISGID | LX_S_IXGRP))
        cred->egid = inode->gid;
}

void exec_cred_compute(const struct cred *old, const struct file *file, struct exec_cred *out)
{
    struct cred *cred = &out->cred;
    *cred = *old;
    apply_set_id_bits(cred, file);
    bool set_id = cred->euid != old->uid || cred->egid != old->gid;
    bool root = (cred->uid == 0 || cred->euid == 0) && !(cred->securebits & SECBIT_NOROOT);
    bool effective_root = cred->euid == 0 && !(cred->securebits & SECBIT_NOROOT);
    if (set_id)
        cred->cap_ambient = 0;

    cred->cap_permitted = root ? cred->cap_bounding | cred->cap_inheritable : 0;
    cred->cap_permitted |= cred->cap_ambient;
    cred->cap_effective = effective_root ? cred->cap_permitted : cred->cap_ambient;
    cred->suid = cred->fsuid = cred->euid;
    cred->sgid = cred->fsgid = cred->egid;

    bool grown = cred->uid != 0 && (effective_root || cred->cap_permitted & ~cred->cap_ambient);
    out->secure = set_id || grown;
    out->changed = cred->euid != cred->uid || cred->egid != cred->gid;
    cred->securebits &= ~SECBIT_KEEP_CAPS;
}
