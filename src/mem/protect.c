/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mprotect(2). The VMAs change; the page tables only lose rights, mostly by one store for 2 MiB,
 * and get new ones when a fault asks for them. Linux applies the change VMA by VMA and stops at the
 * first that refuses or is missing.
 */
#include "mem/mm_internal.h"

/* What one VMA says to `prot`; *flags are its flags afterwards. Linux's mprotect_fixup(). */
static long check_one(const struct vma *vma, uint64_t pages, unsigned prot, unsigned *flags)
{
    struct mm *mm = vma->mm;
    *flags = vma->flags;
    if ((prot & LX_PROT_WRITE) && (vma->flags & VMA_SHARED) && !(vma->flags & VMA_MAYWRITE))
        return -LX_EACCES;
    if ((prot & LX_PROT_EXEC) && (vma->flags & VMA_NOEXEC))
        return -LX_EACCES;
    if (vma->flags & VMA_SEALED)
        return -LX_EPERM;
    if (prot & LX_PROT_WRITE) {
        bool was_data = vma->prot & LX_PROT_WRITE;
        if (!was_data && !mm_may_expand(mm, 0, prot, vma->flags))
            return -LX_ENOMEM;
        if (!was_data && !(vma->flags & (VMA_SHARED | VMA_GROWSDOWN)) &&
            !mm_may_hold_data(mm, pages))
            return -LX_ENOMEM;
        if (!was_data && !(vma->flags & (VMA_ACCOUNT | VMA_SHARED | VMA_NORESERVE))) {
            if (!mm_may_commit(mm, pages))
                return -LX_ENOMEM;
            *flags |= VMA_ACCOUNT;
        }
    } else if ((vma->flags & (VMA_ACCOUNT | VMA_FAULTED)) == VMA_ACCOUNT && !vma->object) {
        *flags &= ~(unsigned)VMA_ACCOUNT;
    }
    return 0;
}

long vma_isolate(struct vma **vma, gva_t start, gva_t end)
{
    struct mm *mm = (*vma)->mm;
    if ((*vma)->start < start) {
        if (mm->vma_count >= MM_VMA_MAX || vma_split(*vma, start))
            return -LX_ENOMEM;
        *vma = mm_next(*vma);
    }
    if ((*vma)->end > end)
        if (mm->vma_count >= MM_VMA_MAX || vma_split(*vma, end))
            return -LX_ENOMEM;
    return 0;
}

long vma_set_flags(struct vma **vma, gva_t start, gva_t end, unsigned set, unsigned clear)
{
    unsigned flags = ((*vma)->flags & ~clear) | set;
    if (flags == (*vma)->flags)
        return 0;
    long err = vma_isolate(vma, start, end);
    if (err)
        return err;
    vma_change(*vma, (*vma)->prot, flags);
    *vma = vma_merge(*vma);
    return 0;
}

bool mm_denies_exec(const struct mm *mm, unsigned old_prot, unsigned prot)
{
    if (!(mm->mdwe & LX_PR_MDWE_REFUSE_EXEC_GAIN) || !(prot & LX_PROT_EXEC))
        return false;
    return prot & LX_PROT_WRITE || !(old_prot & LX_PROT_EXEC);
}

/* Change the part of *vma in [start, end). *vma becomes the VMA that holds the last byte of it. */
static long protect_one(struct vma **vma, gva_t start, gva_t end, unsigned prot)
{
    unsigned flags;
    if (mm_denies_exec((*vma)->mm, (*vma)->prot, prot))
        return -LX_EACCES;
    long err = check_one(*vma, (end - start) >> PAGE_SHIFT, prot, &flags);
    if (err)
        return err;
    if ((*vma)->prot == prot && (*vma)->flags == flags)
        return 0;
    err = vma_isolate(vma, start, end);
    if (err)
        return err;
    vma_change(*vma, prot, flags);
    *vma = vma_merge(*vma);
    return 0;
}

/* Locked private memory in [start, end) that may be written from now on: it is copied at once, as
 * Linux does. */
static void copy_locked(struct mm *mm, gva_t start, gva_t end)
{
    struct vma *vma = vma_first_in(mm, start, end);
    for (; vma && vma->start < end; vma = mm_next(vma)) {
        if ((vma->flags & (VMA_LOCKED | VMA_SHARED)) == VMA_LOCKED)
            (void)mm_populate(mm, MAX(vma->start, start), MIN(vma->end, end));
    }
}

long mm_protect(struct mm *mm, gva_t addr, uint64_t length, unsigned prot)
{
    unsigned grows = prot & (LX_PROT_GROWSDOWN | LX_PROT_GROWSUP);
    prot &= ~grows;
    if (grows == (LX_PROT_GROWSDOWN | LX_PROT_GROWSUP) || (addr & ~PAGE_MASK))
        return -LX_EINVAL;
    if (length == 0)
        return 0;
    gva_t start = addr, end = addr + PAGE_ALIGN_UP(length);
    if (end <= start)
        return -LX_ENOMEM;
    if (prot & ~(unsigned)(LX_PROT_READ | LX_PROT_WRITE | LX_PROT_EXEC | LX_PROT_SEM))
        return -LX_EINVAL;
    prot &= ~(unsigned)LX_PROT_SEM;

    struct vma *vma = mm_find(mm, start);
    if (!vma)
        return -LX_ENOMEM;
    if (grows & LX_PROT_GROWSDOWN) {
        if (vma->start >= end)
            return -LX_ENOMEM;
        start = vma->start;
        if (!(vma->flags & VMA_GROWSDOWN))
            return -LX_EINVAL;
    } else if (vma->start > start) {
        return -LX_ENOMEM;
    } else if (grows & LX_PROT_GROWSUP) {
        return -LX_EINVAL;
    }

    long err = 0;
    bool copies = false;
    gva_t at = start;
    while (at < end) {
        vma = mm_find(mm, at);
        if (!vma || vma->start > at) {
            err = -LX_ENOMEM;
            break;
        }
        gva_t to = MIN(vma->end, end);
        copies |= vma->flags & VMA_LOCKED && prot & ~vma->prot & LX_PROT_WRITE;
        err = protect_one(&vma, at, to, prot);
        if (err)
            break;
        at = to;
    }
    if (at > start && pt_protect(mm->ram, mm->pml4, start, at, pte_rights(prot)))
        ram_flush_tlb(mm->ram);
    if (copies)
        copy_locked(mm, start, at);
    return err;
}
