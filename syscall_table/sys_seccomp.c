/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * seccomp(2). The filters are src/proc/seccomp.c's.
 */
#include "syscall_table/handlers.h"

#include "abi/errno.h"
#include "mem/uaccess.h"
#include "proc/seccomp.h"

static long action_available(struct task *task, gva_t args)
{
    uint32_t action;
    if (user_get(task->mm, &action, args))
        return -LX_EFAULT;
    switch (action) {
    case LX_SECCOMP_RET_KILL_PROCESS:
    case LX_SECCOMP_RET_KILL_THREAD:
    case LX_SECCOMP_RET_TRAP:
    case LX_SECCOMP_RET_ERRNO:
    case LX_SECCOMP_RET_TRACE:
    case LX_SECCOMP_RET_LOG:
    case LX_SECCOMP_RET_ALLOW:
        return 0;
    default:
        return -LX_EOPNOTSUPP;
    }
}

long sys_seccomp(struct task *task, uint32_t operation, uint32_t flags, gva_t args)
{
    switch (operation) {
    case LX_SECCOMP_SET_MODE_STRICT:
        return flags || args ? -LX_EINVAL : seccomp_set_strict(task);
    case LX_SECCOMP_SET_MODE_FILTER:
        return seccomp_add_filter(task, flags, args);
    case LX_SECCOMP_GET_ACTION_AVAIL:
        return flags ? -LX_EINVAL : action_available(task, args);
    case LX_SECCOMP_GET_NOTIF_SIZES: {
        /* struct seccomp_notif, its answer, struct seccomp_data; there are no listeners yet */
        const uint16_t sizes[3] = {80, 24, 64};
        return flags ? -LX_EINVAL : user_put(task->mm, args, &sizes);
    }
    default:
        return -LX_EINVAL;
    }
}
