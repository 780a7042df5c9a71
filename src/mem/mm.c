/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Address spaces made, copied (fork(2)) and given up. A copy shares every frame of private memory,
 * writable in neither until one of the two writes and gets its own; shared memory is faulted in
 * again from its object.
 */
#include "mem/mm_internal.h"

#include <string.h>

/* Where mappings go when nobody says better: below the room for a stack that Linux keeps. */
#define DEFAULT_MMAP_TOP (TASK_SIZE - ((gva_t)128 << 20) - STACK_GUARD_GAP)

long mm_create(struct arena *arena, struct ram *ram, struct cpu *cpu, struct mm **out)
{
    struct mm *mm = arena_alloc(arena, sizeof *mm);
    if (!mm)
        return -LX_ENOMEM;
    mm->arena = arena;
    mm->ram = ram;
    mm->cpu = cpu;
    mm->refs = 1;
    mm->mmap_top = DEFAULT_MMAP_TOP;
    mm->limits = (struct mm_limits){
        .as_bytes = LX_RLIM_INFINITY,
        .data_bytes = LX_RLIM_INFINITY,
        .data_max_bytes = LX_RLIM_INFINITY,
        .stack_bytes = LX_RLIM_INFINITY,
        .memlock_bytes = LX_RLIM_INFINITY,
    };
    long err = pt_create(ram, &mm->pml4);
    if (err) {
        arena_free(arena, mm);
        return err;
    }
    *out = mm;
    return 0;
}

void mm_get(struct mm *mm)
{
    mm->refs++;
}

void mm_put(struct mm *mm)
{
    if (!mm || --mm->refs)
        return;
    mm_zap(mm, 0, TASK_SIZE);
    struct vma *vma;
    while ((vma = mm_first(mm)) != NULL) {
        vma_remove(vma);
        vma_destroy(vma);
    }
    pt_free_tables(mm->ram, mm->pml4, 0, TASK_SIZE, 0, TASK_SIZE);
    ram_put(mm->ram, mm->pml4);
    arena_free(mm->arena, mm);
}

/* Share what one table of the parent maps in `vma`. */
static long share_table(struct mm *child, const struct pt_walk *walk, const struct vma *vma)
{
    struct ram *ram = child->ram;
    uint64_t rights = pte_rights(vma->prot);
    frame_t table;
    unsigned unused;
    long err = pt_reach(ram, child->pml4, walk->base, PTE_NX, &table, &unused);
    if (err)
        return err;
    uint64_t *from = ram_write(ram, walk->table), *to = ram_write(ram, table);
    for (unsigned i = walk->first; i < walk->last; i++) {
        uint64_t pte = from[i];
        if (!pte)
            continue;
        if (pte & PTE_PRESENT) {
            pte &= ~PTE_WRITE;
            from[i] = pte;
            ram_get(ram, pte_frame(pte));
            if (pte_frame(pte) != RAM_ZERO_FRAME)
                child->resident_pages++;
            pte = (pte & ~(PTE_USER | PTE_NX)) | (rights & (PTE_USER | PTE_NX));
        }
        to[i] = pte;
    }
    return 0;
}

static long clone_vma(struct mm *child, struct vma *vma)
{
    struct vma like = *vma;
    like.flags &= ~(unsigned)(VMA_LOCKED | VMA_LOCKONFAULT);
    if (vma->flags & VMA_WIPEONFORK)
        like.flags &= ~(unsigned)VMA_FAULTED;
    struct vma *copy = vma_create(child, &like);
    if (!copy)
        return -LX_ENOMEM;
    vma_insert(copy);
    if (!(like.flags & VMA_FAULTED))
        return 0; /* no pages of its own: what it has can be faulted in again */

    struct mm *mm = vma->mm;
    struct pt_walk walk = {.ram = mm->ram, .root = mm->pml4, .at = vma->start, .end = vma->end};
    while (pt_walk_next(&walk)) {
        long err = share_table(child, &walk, vma);
        if (err)
            return err;
    }
    return 0;
}

unsigned mm_mdwe_inherited(const struct mm *mm)
{
    return mm->mdwe & LX_PR_MDWE_NO_INHERIT ? 0 : mm->mdwe;
}

long mm_clone(struct mm *mm, struct mm **out)
{
    struct mm *child;
    long err = mm_create(mm->arena, mm->ram, mm->cpu, &child);
    if (err)
        return err;
    frame_t pml4 = child->pml4;
    *child = *mm;
    child->refs = 1;
    child->pml4 = pml4;
    child->vmas = (struct rb_tree){NULL};
    child->vma_count = 0;
    child->last_hit = NULL;
    child->total_pages = child->peak_total_pages = 0;
    child->resident_pages = child->peak_resident_pages = 0;
    child->data_pages = child->locked_pages = 0;
    child->minor_faults = child->major_faults = 0;
    child->lock_future = child->lock_on_fault = false;
    child->mdwe = mm_mdwe_inherited(mm);

    for (struct vma *vma = mm_first(mm); vma && !err; vma = mm_next(vma))
        if (!(vma->flags & VMA_DONTFORK))
            err = clone_vma(child, vma);
    ram_flush_tlb(mm->ram); /* the parent's private pages cannot be written any more */
    if (err) {
        mm_put(child);
        return err;
    }
    child->peak_resident_pages = child->resident_pages;
    *out = child;
    return 0;
}
