/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The address space of the caller: mmap(2), munmap(2), mprotect(2), mremap(2), brk(2), madvise(2),
 * mincore(2), msync(2), mlock(2) and their kin. The rules are in src/mem; what a file's mode says
 * to a mapping is decided here. There are no protection keys, as on a CPU without them.
 */
#include "syscall_table/handlers.h"

#include "abi/capability.h"
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "abi/mman.h"
#include "abi/personality.h"
#include "mem/mm.h"
#include "vfs/file_attr.h"
#include "vfs/inode.h"
#include "vfs/mount.h"

/* A 64-bit set of flags for a room that knows 32: an unknown bit stays unknown. */
static unsigned narrow(uint64_t flags)
{
    return (unsigned)flags | (flags >> 32 ? 1u << 31 : 0);
}

/*
 * The address space, as one that this task may lock pages in: whoever shares it may differ in
 * capabilities, and gives them up at any time (guest/mem/mlock).
 */
static struct mm *locking_mm(struct task *task)
{
    task->mm->limits.memlock_bytes = cred_capable(&task->cred, LX_CAP_IPC_LOCK)
                                         ? LX_RLIM_INFINITY
                                         : task_rlimit(task, LX_RLIMIT_MEMLOCK);
    return task->mm;
}

/* Fill in what the file says to the mapping. */
static void ask_file(struct file *file, struct mm_map_request *request)
{
    request->is_file = true;
    request->may_write = file_writable(file);
    bool regular = file->inode && LX_S_ISREG(file->inode->mode);
    request->max_bytes = regular ? file->inode->sb->max_bytes : UINT64_MAX;
    request->no_exec = file->mount && (file->mount->flags & LX_MS_NOEXEC);
    request->file_error = file_map(file, request->prot, request->flags, &request->object);
    /* Sealed against writing: not by mprotect either (guest/file/allocate_modes). */
    long seals = file->ops->get_seals ? file->ops->get_seals(file) : 0;
    if (!(request->prot & LX_PROT_WRITE) && seals > 0 &&
        seals & (LX_F_SEAL_WRITE | LX_F_SEAL_FUTURE_WRITE))
        request->may_write = false;
}

/* READ_IMPLIES_EXEC: where the file may be executed at all. */
static unsigned implied_prot(const struct task *task, const struct file *file, uint64_t prot)
{
    bool implies = prot & LX_PROT_READ && task->personality & LX_READ_IMPLIES_EXEC;
    bool no_exec =
        file && file->mount && (file->mount->flags | file->mount->sb->flags) & LX_MS_NOEXEC;
    return narrow(prot) | (implies && !no_exec ? LX_PROT_EXEC : 0);
}

long sys_mmap(struct task *task, gva_t addr, uint64_t length, uint64_t prot, uint64_t flags, int fd,
              uint64_t offset)
{
    if (offset & ~PAGE_MASK)
        return -LX_EINVAL;
    struct mm_map_request request = {
        .addr = addr,
        .length = length,
        .flags = narrow(flags),
        .offset = offset,
    };
    struct file *file = NULL;
    if (!(flags & LX_MAP_ANONYMOUS)) {
        file = fdtable_get(task->fds, fd);
        if (!file)
            return -LX_EBADF;
    }
    request.prot = implied_prot(task, file, (unsigned)prot);
    if (file)
        ask_file(file, &request);
    long at = mm_map(locking_mm(task), &request);
    if (at >= 0 && request.object)
        file_accessed(file);
    return at;
}

long sys_munmap(struct task *task, gva_t addr, uint64_t length)
{
    return mm_unmap(task->mm, addr, length);
}

long sys_mprotect(struct task *task, gva_t addr, uint64_t length, uint64_t prot)
{
    return mm_protect(task->mm, addr, length, implied_prot(task, NULL, prot));
}

long sys_brk(struct task *task, gva_t addr)
{
    return mm_brk(locking_mm(task), addr);
}

long sys_mremap(struct task *task, gva_t old_address, uint64_t old_size, uint64_t new_size,
                uint64_t flags, gva_t new_address)
{
    return mm_remap(locking_mm(task), old_address, old_size, new_size, narrow(flags), new_address);
}

long sys_remap_file_pages(struct task *task, gva_t addr, uint64_t size, uint64_t prot,
                          uint64_t pgoff, uint64_t flags)
{
    return mm_remap_file_pages(task->mm, addr, size, narrow(prot), pgoff, narrow(flags));
}

long sys_madvise(struct task *task, gva_t addr, uint64_t length, int advice)
{
    return mm_advise(task->mm, addr, length, advice);
}

long sys_mincore(struct task *task, gva_t addr, uint64_t length, gva_t vec)
{
    return mm_incore(task->mm, addr, length, vec);
}

long sys_msync(struct task *task, gva_t addr, uint64_t length, uint32_t flags)
{
    return mm_sync(task->mm, addr, length, flags);
}

long sys_mlock(struct task *task, gva_t addr, uint64_t length)
{
    return mm_lock(locking_mm(task), addr, length, false);
}

long sys_mlock2(struct task *task, gva_t addr, uint64_t length, uint32_t flags)
{
    if (flags & ~(uint32_t)LX_MLOCK_ONFAULT)
        return -LX_EINVAL;
    return mm_lock(locking_mm(task), addr, length, flags & LX_MLOCK_ONFAULT);
}

long sys_munlock(struct task *task, gva_t addr, uint64_t length)
{
    return mm_unlock(task->mm, addr, length);
}

long sys_mlockall(struct task *task, uint32_t flags)
{
    return mm_lock_all(locking_mm(task), flags);
}

long sys_munlockall(struct task *task)
{
    return mm_unlock_all(task->mm);
}

long sys_mseal(struct task *task, gva_t addr, uint64_t length, uint64_t flags)
{
    return flags ? -LX_EINVAL : mm_seal(task->mm, addr, length);
}

#define PKEY_ACCESS_MASK 3u

long sys_pkey_alloc(struct task *task UNUSED, uint64_t flags, uint32_t access_rights)
{
    return flags || (access_rights & ~PKEY_ACCESS_MASK) ? -LX_EINVAL : -LX_ENOSPC;
}

long sys_pkey_free(struct task *task UNUSED, int pkey UNUSED)
{
    return -LX_EINVAL;
}

long sys_pkey_mprotect(struct task *task, gva_t addr, uint64_t length, uint64_t prot, int pkey)
{
    if (pkey == -1 || length == 0 || addr + PAGE_ALIGN_UP(length) <= addr)
        return mm_protect(task->mm, addr, length, narrow(prot));
    return -LX_EINVAL;
}
