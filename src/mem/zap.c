/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pages taken out of page tables, by address and by object.
 */
#include "mem/mm_internal.h"

/* Take out the entries of one table for which (pte & mask) == want. True if any was present. */
static bool zap_table(struct mm *mm, const struct pt_walk *walk, uint64_t mask, uint64_t want)
{
    const uint64_t *ptes = ram_read(mm->ram, walk->table);
    uint64_t *writable = NULL;
    bool any = false;
    for (unsigned i = walk->first; i < walk->last; i++) {
        uint64_t pte = ptes[i];
        if (!pte || (pte & mask) != want)
            continue;
        if (!writable)
            writable = ram_write(mm->ram, walk->table);
        writable[i] = 0;
        if (!(pte & PTE_PRESENT))
            continue;
        any = true;
        if (pte_frame(pte) != RAM_ZERO_FRAME)
            mm->resident_pages--;
        ram_put(mm->ram, pte_frame(pte));
    }
    return any;
}

static void zap(struct mm *mm, gva_t start, gva_t end, uint64_t mask, uint64_t want)
{
    struct pt_walk walk = {.ram = mm->ram, .root = mm->pml4, .at = start, .end = end};
    bool any = false;
    while (pt_walk_next(&walk))
        any |= zap_table(mm, &walk, mask, want);
    if (any)
        ram_flush_tlb(mm->ram);
}

void mm_zap(struct mm *mm, gva_t start, gva_t end)
{
    zap(mm, start, end, 0, 0);
}

void mm_zap_keeping_guards(struct mm *mm, gva_t start, gva_t end)
{
    zap(mm, start, end, PTE_PRESENT, PTE_PRESENT);
}

/* The addresses where `vma` maps pages [first, first + count) of its object; false: none. */
static bool mapped_range(const struct vma *vma, uint64_t first, uint64_t pages, gva_t *start,
                         gva_t *end)
{
    uint64_t vma_first = vma->page_offset, vma_last = vma_first + vma_pages(vma);
    uint64_t last = first + pages < first ? UINT64_MAX : first + pages;
    uint64_t from = MAX(first, vma_first), to = MIN(last, vma_last);
    if (from >= to)
        return false;
    *start = vma->start + ((from - vma_first) << PAGE_SHIFT);
    *end = vma->start + ((to - vma_first) << PAGE_SHIFT);
    return true;
}

void vm_object_unmap_pages(struct vm_object *object, uint64_t first, uint64_t count)
{
    struct vma *vma;
    gva_t start, end;
    list_for_each (vma, &object->mappings, object_link)
        if (mapped_range(vma, first, count, &start, &end))
            zap(vma->mm, start, end, PTE_PRESENT, PTE_PRESENT);
}

void vm_object_punch_pages(struct vm_object *object, uint64_t first, uint64_t count)
{
    struct vma *vma;
    gva_t start, end;
    list_for_each (vma, &object->mappings, object_link)
        if (mapped_range(vma, first, count, &start, &end))
            zap(vma->mm, start, end, PTE_PRESENT | PTE_OWN, PTE_PRESENT);
}

void vm_object_clean_pages(struct vm_object *object, uint64_t first, uint64_t count)
{
    struct vma *vma;
    gva_t start, end;
    list_for_each (vma, &object->mappings, object_link) {
        if (!(vma->flags & VMA_SHARED) || !mapped_range(vma, first, count, &start, &end))
            continue;
        struct mm *mm = vma->mm;
        struct pt_walk walk = {.ram = mm->ram, .root = mm->pml4, .at = start, .end = end};
        bool any = false;
        while (pt_walk_next(&walk)) {
            for (unsigned i = walk.first; i < walk.last; i++) {
                uint64_t pte = pt_get(mm->ram, walk.table, i);
                if (!(pte & PTE_PRESENT) || !(pte & (PTE_WRITE | PTE_DIRTY)))
                    continue;
                pt_set(mm->ram, walk.table, i, pte & ~(PTE_WRITE | PTE_DIRTY));
                any = true;
            }
        }
        if (any)
            ram_flush_tlb(mm->ram);
    }
}
