/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory of another process, or of oneself by this way: process_vm_readv(2), process_vm_writev(2),
 * process_madvise(2).
 */
#include "syscall_table/handlers.h"

#include "abi/capability.h"
#include "abi/errno.h"
#include "abi/mman.h"
#include "mem/mm.h"
#include "proc/inspect.h"
#include "proc/pid.h"
#include "proc/pidfd.h"

/*
 * How far one can reach from `addr`. Linux looks at the mapping, not at what the processor would
 * allow: one that is only written or executed cannot be read so, and a stack does not grow
 * (guest/mem/process_vm).
 */
static size_t reach(struct mm *mm, gva_t addr, size_t want, bool write)
{
    const struct vma *vma = mm_find(mm, addr);
    if (!vma || addr < vma->start || !(vma->prot & (write ? LX_PROT_WRITE : LX_PROT_READ)))
        return 0;
    return MIN(want, vma->end - addr);
}

/* Move bytes between `local` and one range of `mm`. How many, until either side ends. */
static size_t move_range(struct mm *mm, struct uio *local, struct uio_segment range, bool write)
{
    char page[1024];
    size_t done = 0;
    while (done < range.length && uio_remaining(local)) {
        size_t want = MIN(sizeof page, range.length - done);
        want = MIN(want, uio_remaining(local));
        want = reach(mm, range.base + done, want, write);
        if (want == 0)
            break;
        if (write) {
            ssize_t taken = uio_take(local, page, want);
            if (taken <= 0)
                break;
            size_t written = user_write_some(mm, range.base + done, page, (size_t)taken);
            done += written;
            if (written < want)
                break;
        } else {
            size_t got = user_read_some(mm, page, range.base + done, want);
            ssize_t put = uio_put(local, page, got);
            if (put > 0)
                done += (size_t)put;
            if (put < (ssize_t)want)
                break;
        }
    }
    return done;
}

static long move_all(struct task *task, int pid, struct uio *local, const struct uio *remote,
                     bool write)
{
    if (uio_remaining(remote) == 0)
        return 0;
    struct task *other = pid_find_task(task->kernel, pid);
    if (!other || !other->mm)
        return -LX_ESRCH;
    if (!task_may_inspect(task, other))
        return -LX_EPERM;
    size_t total = 0;
    for (unsigned i = 0; i < remote->count && uio_remaining(local); i++) {
        struct uio_segment range = remote->vector ? remote->vector[i] : remote->one;
        size_t want = MIN(range.length, uio_remaining(local));
        size_t done = move_range(other->mm, local, range, write);
        total += done;
        if (done < want)
            break;
    }
    return total ? (long)total : -LX_EFAULT;
}

static long process_vm(struct task *task, int pid, gva_t local_iov, uint64_t local_count,
                       gva_t remote_iov, uint64_t remote_count, uint64_t flags, bool write)
{
    if (flags)
        return -LX_EINVAL;
    struct uio local, remote;
    long result = uio_init_vector(&local, task->mm, task->kernel->arena, local_iov, local_count);
    if (result)
        return result;
    if (uio_remaining(&local)) {
        result = uio_init_ranges(&remote, task->mm, task->kernel->arena, remote_iov, remote_count);
        if (!result) {
            result = move_all(task, pid, &local, &remote, write);
            uio_fini(&remote);
        }
    }
    uio_fini(&local);
    return result;
}

long sys_process_vm_readv(struct task *task, int pid, gva_t local_iov, uint64_t liovcnt,
                          gva_t remote_iov, uint64_t riovcnt, uint64_t flags)
{
    return process_vm(task, pid, local_iov, liovcnt, remote_iov, riovcnt, flags, false);
}

long sys_process_vm_writev(struct task *task, int pid, gva_t local_iov, uint64_t liovcnt,
                           gva_t remote_iov, uint64_t riovcnt, uint64_t flags)
{
    return process_vm(task, pid, local_iov, liovcnt, remote_iov, riovcnt, flags, true);
}

/* Advice that may be given to another process. */
static bool remote_advice(int advice)
{
    return advice == LX_MADV_COLD || advice == LX_MADV_PAGEOUT || advice == LX_MADV_WILLNEED ||
           advice == LX_MADV_COLLAPSE;
}

static long advise_all(struct mm *mm, const struct uio *ranges, int advice)
{
    uint64_t total = 0;
    for (unsigned i = 0; i < ranges->count; i++) {
        struct uio_segment range = ranges->vector ? ranges->vector[i] : ranges->one;
        long err = mm_advise(mm, range.base, range.length, advice);
        if (err)
            return total ? (long)total : err;
        total += range.length;
    }
    return (long)total;
}

long sys_process_madvise(struct task *task, int pidfd, gva_t iovec, uint64_t vlen, int advice,
                         uint32_t flags)
{
    if (flags)
        return -LX_EINVAL;
    struct uio ranges;
    long result = uio_init_vector(&ranges, task->mm, task->kernel->arena, iovec, vlen);
    if (result)
        return result;
    struct file *file = fdtable_get(task->fds, pidfd);
    bool is_pidfd = false, self = pidfd_is_self(pidfd);
    struct process *process = file ? pidfd_process(file, &is_pidfd) : NULL;
    struct task *other = self ? task : process ? process->leader : NULL;
    if (!is_pidfd && !self)
        result = -LX_EBADF;
    else if (!other || !other->mm)
        result = -LX_ESRCH;
    else if (other->mm != task->mm && !remote_advice(advice))
        result = -LX_EINVAL;
    else if (!task_may_inspect(task, other) ||
             (other->mm != task->mm && !cred_capable(&task->cred, LX_CAP_SYS_NICE)))
        result = -LX_EPERM;
    else
        result = advise_all(other->mm, &ranges, advice);
    uio_fini(&ranges);
    return result;
}
