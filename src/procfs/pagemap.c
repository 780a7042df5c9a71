/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /proc/PID/pagemap (proc(5), the kernel's admin-guide/mm/pagemap): eight bytes for each page of an
 * address space. Frame numbers are the machine's own affair: they are not shown, as to a reader
 * without CAP_SYS_ADMIN.
 */
#include "procfs/internal.h"

#include "mem/pagetable.h"

#define ENTRY sizeof(uint64_t)
#define PM_EXCLUSIVE (UINT64_C(1) << 56)
#define PM_GUARD (UINT64_C(1) << 58)
#define PM_FILE (UINT64_C(1) << 61)
#define PM_PRESENT (UINT64_C(1) << 63)

/* Entries made at once. */
#define BATCH 256

static uint64_t entry_of(struct mm *mm, gva_t addr)
{
    uint64_t pte = pt_lookup(mm->ram, mm->pml4, addr);
    if (!(pte & PTE_PRESENT))
        return pte == PTE_GUARD ? PM_GUARD : 0;
    frame_t frame = pte_frame(pte);
    if (frame == RAM_ZERO_FRAME)
        return PM_PRESENT;
    bool own = pte & PTE_OWN;
    /* An object has a reference to its page as well. */
    bool alone = ram_refs(mm->ram, frame) <= (own ? 1 : 2);
    return PM_PRESENT | (own ? 0 : PM_FILE) | (alone ? PM_EXCLUSIVE : 0);
}

/* Linux: it ends where user addresses do; whole entries only (guest/proc/pagemap). */
static ssize_t pagemap_read(struct file *file, struct uio *out, uint64_t offset)
{
    struct mm *mm = proc_memory_of(file);
    uint64_t entries[BATCH], done = 0;
    if (offset % ENTRY || uio_remaining(out) % ENTRY)
        return -LX_EINVAL;
    while (mm && uio_remaining(out) > 0) {
        uint64_t page = offset / ENTRY + done / ENTRY, end = TASK_SIZE >> PAGE_SHIFT;
        uint64_t count = page < end ? MIN(uio_remaining(out) / ENTRY, end - page) : 0;
        count = MIN(count, BATCH);
        for (uint64_t i = 0; i < count; i++)
            entries[i] = entry_of(mm, (page + i) << PAGE_SHIFT);
        ssize_t n = count ? uio_put(out, entries, count * ENTRY) : 0;
        if (n <= 0)
            return done ? (ssize_t)done : n;
        done += (uint64_t)n;
        if (ram_must_stop(mm->ram))
            break;
    }
    return (ssize_t)done;
}

const struct file_ops proc_pagemap_ops = {
    .read_at = pagemap_read,
    .seek = proc_memory_seek,
    .release = proc_release_file,
    .no_splice_read = true,
};
