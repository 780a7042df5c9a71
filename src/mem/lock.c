/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mlock(2) and its kin, and mseal(2). Nothing is ever swapped out here: locking counts pages
 * against the limit and faults them in.
 */
#include "mem/mm_internal.h"

#define LOCK_FLAGS ((unsigned)(VMA_LOCKED | VMA_LOCKONFAULT))

/* The range of whole pages around [addr, addr + length). */
static void whole_pages(gva_t addr, uint64_t length, gva_t *start, gva_t *end)
{
    *start = PAGE_ALIGN_DOWN(addr);
    *end = *start + PAGE_ALIGN_UP(length + (addr & ~PAGE_MASK));
}

/* Give all of [start, end) the flags `set` in place of `clear`; stops at the first hole. */
static long set_range(struct mm *mm, gva_t start, gva_t end, unsigned set, unsigned clear)
{
    if (end < start)
        return -LX_EINVAL;
    for (gva_t at = start; at < end;) {
        struct vma *vma = vma_first_in(mm, at, end);
        if (!vma || vma->start > at)
            return -LX_ENOMEM;
        gva_t to = MIN(vma->end, end);
        long err = vma_set_flags(&vma, at, to, set, clear);
        if (err)
            return err;
        at = to;
    }
    return 0;
}

/* Pages of [start, end) that are locked already. */
static uint64_t locked_in(struct mm *mm, gva_t start, gva_t end)
{
    uint64_t pages = 0;
    struct vma *vma = vma_first_in(mm, start, end);
    for (; vma && vma->start < end; vma = mm_next(vma))
        if (vma->flags & VMA_LOCKED)
            pages += (MIN(vma->end, end) - MAX(vma->start, start)) >> PAGE_SHIFT;
    return pages;
}

long mm_lock(struct mm *mm, gva_t addr, uint64_t length, bool on_fault)
{
    if (mm->limits.memlock_bytes == 0)
        return -LX_EPERM;
    gva_t start, end;
    whole_pages(addr, length, &start, &end);
    uint64_t pages = (end - start) >> PAGE_SHIFT, limit = mm->limits.memlock_bytes >> PAGE_SHIFT;
    if (mm->limits.memlock_bytes != LX_RLIM_INFINITY && mm->locked_pages + pages > limit &&
        mm->locked_pages + pages - locked_in(mm, start, end) > limit)
        return -LX_ENOMEM;
    unsigned set = VMA_LOCKED | (on_fault ? VMA_LOCKONFAULT : 0);
    long err = set_range(mm, start, end, set, LOCK_FLAGS);
    if (err || on_fault || start == end)
        return err;
    err = mm_populate(mm, start, end);
    if (err)
        return err == -LX_EFAULT ? -LX_ENOMEM : -LX_EAGAIN; /* as POSIX has it */
    return 0;
}

long mm_unlock(struct mm *mm, gva_t addr, uint64_t length)
{
    gva_t start, end;
    whole_pages(addr, length, &start, &end);
    return set_range(mm, start, end, 0, LOCK_FLAGS);
}

/* Every VMA; running out of VMAs leaves the rest as it is, as Linux does. */
static void set_all(struct mm *mm, unsigned set)
{
    struct vma *vma = mm_first(mm);
    while (vma) {
        (void)!vma_set_flags(&vma, vma->start, vma->end, set, LOCK_FLAGS);
        vma = mm_next(vma);
    }
}

long mm_lock_all(struct mm *mm, unsigned flags)
{
    unsigned all = LX_MCL_CURRENT | LX_MCL_FUTURE | LX_MCL_ONFAULT;
    if (!flags || (flags & ~all) || flags == LX_MCL_ONFAULT)
        return -LX_EINVAL;
    if (mm->limits.memlock_bytes == 0)
        return -LX_EPERM;
    bool current = flags & LX_MCL_CURRENT;
    if (current && mm->total_pages > mm->limits.memlock_bytes >> PAGE_SHIFT)
        return -LX_ENOMEM;
    bool on_fault = flags & LX_MCL_ONFAULT;
    mm->lock_future = flags & LX_MCL_FUTURE;
    mm->lock_on_fault = mm->lock_future && on_fault;
    if (!current)
        return 0;
    set_all(mm, VMA_LOCKED | (on_fault ? VMA_LOCKONFAULT : 0));
    if (on_fault)
        return 0;
    for (struct vma *vma = mm_first(mm); vma; vma = mm_next(vma))
        (void)mm_populate(mm, vma->start, vma->end);
    return 0;
}

long mm_unlock_all(struct mm *mm)
{
    mm->lock_future = mm->lock_on_fault = false;
    set_all(mm, 0);
    return 0;
}

long mm_seal(struct mm *mm, gva_t addr, uint64_t length)
{
    uint64_t rounded = PAGE_ALIGN_UP(length);
    if ((addr & ~PAGE_MASK) || (length && !rounded) || addr + rounded < addr)
        return -LX_EINVAL;
    gva_t end = addr + rounded;
    for (gva_t at = addr; at < end;) {
        struct vma *vma = vma_first_in(mm, at, end);
        if (!vma || vma->start > at)
            return -LX_ENOMEM;
        at = vma->end;
    }
    return set_range(mm, addr, end, VMA_SEALED, 0);
}
