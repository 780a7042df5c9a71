/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * madvise(2). Each VMA of the range is advised in turn; holes make the result -LX_ENOMEM but do not
 * stop it, a VMA that refuses does. There are no huge pages and no swap: advice about them is kept
 * where Linux keeps it, and otherwise without effect. MADV_FREE gives pages back at once, which it
 * may.
 */
#include "abi/signal.h"
#include "mem/mm_internal.h"

static bool known(int advice)
{
    /* MADV_HWPOISON and MADV_SOFT_OFFLINE are for kernels with memory failure handling. */
    return (advice >= LX_MADV_NORMAL && advice <= LX_MADV_DONTNEED) ||
           (advice >= LX_MADV_FREE && advice <= LX_MADV_COLLAPSE) ||
           advice == LX_MADV_GUARD_INSTALL || advice == LX_MADV_GUARD_REMOVE;
}

/* What a sealed mapping refuses: advice that discards memory that its owner could not overwrite. */
static bool discards(int advice)
{
    switch (advice) {
    case LX_MADV_FREE:
    case LX_MADV_DONTNEED:
    case LX_MADV_DONTNEED_LOCKED:
    case LX_MADV_REMOVE:
    case LX_MADV_DONTFORK:
    case LX_MADV_WIPEONFORK:
    case LX_MADV_GUARD_INSTALL:
        return true;
    default:
        return false;
    }
}

/* Advice that is a flag of the VMA. False: it is not. */
static bool flag_advice(int advice, unsigned *set, unsigned *clear)
{
    static const struct {
        int advice;
        unsigned set, clear;
    } table[] = {
        {LX_MADV_NORMAL, 0, VMA_RANDOM | VMA_SEQUENTIAL},
        {LX_MADV_RANDOM, VMA_RANDOM, VMA_SEQUENTIAL},
        {LX_MADV_SEQUENTIAL, VMA_SEQUENTIAL, VMA_RANDOM},
        {LX_MADV_DONTFORK, VMA_DONTFORK, 0},
        {LX_MADV_DOFORK, 0, VMA_DONTFORK},
        {LX_MADV_WIPEONFORK, VMA_WIPEONFORK, 0},
        {LX_MADV_KEEPONFORK, 0, VMA_WIPEONFORK},
        {LX_MADV_DONTDUMP, VMA_DONTDUMP, 0},
        {LX_MADV_DODUMP, 0, VMA_DONTDUMP},
        {LX_MADV_MERGEABLE, VMA_MERGEABLE, 0},
        {LX_MADV_UNMERGEABLE, 0, VMA_MERGEABLE},
        {LX_MADV_HUGEPAGE, VMA_HUGEPAGE, VMA_NOHUGEPAGE},
        {LX_MADV_NOHUGEPAGE, VMA_NOHUGEPAGE, VMA_HUGEPAGE},
    };
    for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
        if (table[i].advice != advice)
            continue;
        *set = table[i].set;
        *clear = table[i].clear;
        return true;
    }
    return false;
}

static long advise_flags(struct vma **vma, gva_t start, gva_t end, int advice, unsigned set,
                         unsigned clear)
{
    if (advice == LX_MADV_WIPEONFORK && (*vma)->object)
        return -LX_EINVAL;
    if ((advice == LX_MADV_MERGEABLE || advice == LX_MADV_UNMERGEABLE) &&
        ((*vma)->flags & VMA_SHARED))
        return 0;
    long err = vma_set_flags(vma, start, end, set, clear);
    return err ? -LX_EAGAIN : 0;
}

static long advise_remove(const struct vma *vma, gva_t start, gva_t end)
{
    if ((vma->flags & VMA_LOCKED) || !vma->object)
        return -LX_EINVAL;
    if (!(vma->flags & VMA_SHARED) || !(vma->flags & VMA_MAYWRITE))
        return -LX_EACCES;
    if (!vma->object->ops->remove)
        return -LX_EOPNOTSUPP;
    uint64_t first = vma->page_offset + ((start - vma->start) >> PAGE_SHIFT);
    return vma->object->ops->remove(vma->object, first, (end - start) >> PAGE_SHIFT);
}

static long advise_guard(struct vma *vma, gva_t start, gva_t end)
{
    struct mm *mm = vma->mm;
    if (vma->flags & VMA_LOCKED)
        return -LX_EINVAL;
    mm_zap(mm, start, end);
    vma->flags |= VMA_FAULTED; /* fork(2) has something to copy */
    gva_t at = start;
    while (at < end) {
        frame_t table;
        unsigned index;
        if (pt_reach(mm->ram, mm->pml4, at, PTE_NX, &table, &index))
            return -LX_ENOMEM;
        uint64_t *ptes = ram_write(mm->ram, table);
        for (; index < PT_ENTRIES && at < end; index++, at += PAGE_SIZE)
            ptes[index] = PTE_GUARD;
    }
    return 0;
}

static void unguard(struct mm *mm, gva_t start, gva_t end)
{
    struct pt_walk walk = {.ram = mm->ram, .root = mm->pml4, .at = start, .end = end};
    while (pt_walk_next(&walk))
        for (unsigned i = walk.first; i < walk.last; i++)
            if (pt_get(mm->ram, walk.table, i) == PTE_GUARD)
                pt_set(mm->ram, walk.table, i, 0);
}

/* MADV_POPULATE_READ and WRITE, which tell why not. */
static long advise_populate(struct mm *mm, gva_t start, gva_t end, bool write)
{
    enum cpu_access access = write ? CPU_WRITE : CPU_READ;
    uint64_t budget = ram_size(mm->ram) >> PAGE_SHIFT;
    for (gva_t at = start; at < end; at += PAGE_SIZE) {
        if (budget-- == 0)
            return -LX_ENOMEM;
        struct vma *vma = vma_first_in(mm, at, at + 1);
        struct mm_fault fault;
        if (!vma)
            return -LX_ENOMEM;
        if (!vma_allows(vma, access) || (!write && !(vma->prot & LX_PROT_READ)))
            return -LX_EINVAL;
        if (mm_fault_page(vma, at, access, &fault))
            return fault.signal == LX_SIGKILL ? -LX_ENOMEM : -LX_EFAULT;
    }
    return 0;
}

/* Advice for the part [start, end) of *vma. */
static long advise_vma(struct vma **vma, gva_t start, gva_t end, int advice)
{
    unsigned set, clear;
    struct mm *mm = (*vma)->mm;
    bool anonymous = !(*vma)->object;
    bool locked = (*vma)->flags & VMA_LOCKED;
    if (((*vma)->flags & VMA_SEALED) && anonymous && discards(advice) &&
        !((*vma)->prot & LX_PROT_WRITE))
        return -LX_EPERM;
    if (flag_advice(advice, &set, &clear))
        return advise_flags(vma, start, end, advice, set, clear);

    switch (advice) {
    case LX_MADV_REMOVE:
        return advise_remove(*vma, start, end);
    case LX_MADV_FREE:
        if (locked || !anonymous)
            return -LX_EINVAL;
        mm_zap_keeping_guards(mm, start, end);
        return 0;
    case LX_MADV_DONTNEED:
        if (locked)
            return -LX_EINVAL;
        /* fall through */
    case LX_MADV_DONTNEED_LOCKED:
        mm_zap_keeping_guards(mm, start, end);
        return 0;
    case LX_MADV_COLD:
    case LX_MADV_PAGEOUT:
        return locked ? -LX_EINVAL : 0;
    case LX_MADV_COLLAPSE:
        return -LX_EINVAL;
    case LX_MADV_GUARD_INSTALL:
        return advise_guard(*vma, start, end);
    case LX_MADV_GUARD_REMOVE:
        unguard(mm, start, end);
        return 0;
    default:
        return 0; /* MADV_WILLNEED */
    }
}

long mm_advise(struct mm *mm, gva_t addr, uint64_t length, int advice)
{
    uint64_t rounded = PAGE_ALIGN_UP(length);
    if (!known(advice) || (addr & ~PAGE_MASK) || (length && !rounded) || addr + rounded < addr)
        return -LX_EINVAL;
    gva_t end = addr + rounded;
    if (end == addr)
        return 0;
    if (advice == LX_MADV_POPULATE_READ || advice == LX_MADV_POPULATE_WRITE)
        return advise_populate(mm, addr, end, advice == LX_MADV_POPULATE_WRITE);

    long result = 0;
    gva_t at = addr;
    while (at < end) {
        struct vma *vma = vma_first_in(mm, at, end);
        if (!vma)
            return -LX_ENOMEM;
        if (vma->start > at) {
            result = -LX_ENOMEM;
            at = vma->start;
        }
        gva_t to = MIN(vma->end, end);
        long err = advise_vma(&vma, at, to, advice);
        if (err)
            return err;
        at = to;
    }
    return result;
}
