/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_MEM_MM_INTERNAL_H
#define LSTAR_MEM_MM_INTERNAL_H
/*
 * What the files of src/mem share about address spaces; nobody else includes it.
 */
#include "abi/errno.h"
#include "abi/mman.h"
#include "abi/prctl.h"
#include "abi/resource.h"
#include "mem/mm.h"
#include "mem/pagetable.h"

/* Linux's stack_guard_gap: what a growing stack keeps free below itself. */
#define STACK_GUARD_GAP (256 * PAGE_SIZE)
/* Linux's vm.mmap_min_addr: below only with the privilege that no guest has; a page for hints. */
#define MMAP_MIN_ADDR PAGE_SIZE

/* --- vma.c: the tree of VMAs --- */

/*
 * A VMA that is not in the tree yet, with a reference to `object`. NULL: no memory. The limit on
 * their number is the caller's to check.
 */
MUST_CHECK struct vma *vma_create(struct mm *mm, const struct vma *like);
/* Give it up; it is not in the tree (any more). */
void vma_destroy(struct vma *vma);
/* Into and out of the tree, and the address space's counts of pages. */
void vma_insert(struct vma *vma);
void vma_remove(struct vma *vma);
/* Change the bounds of a VMA in the tree, counts included. The caller sees to page_offset. */
void vma_move_bounds(struct vma *vma, gva_t start, gva_t end);
/* Change protection or flags, counts included. */
void vma_change(struct vma *vma, unsigned prot, unsigned flags);
/* Cut in two at `addr`, strictly inside. *vma keeps the lower part. -LX_ENOMEM; the limit on their
 * number is not checked. */
MUST_CHECK long vma_split(struct vma *vma, gva_t addr);
/* Join with its neighbours where they are alike. Returns the VMA that holds it now. */
struct vma *vma_merge(struct vma *vma);
struct vma *vma_prev(struct vma *vma);
/* The first VMA that overlaps [start, end), or NULL. */
struct vma *vma_first_in(struct mm *mm, gva_t start, gva_t end);

static inline uint64_t vma_pages(const struct vma *vma)
{
    return (vma->end - vma->start) >> PAGE_SHIFT;
}

/* Where a VMA begins, its guard included: a mapping that the kernel places ends below. */
static inline gva_t vma_guarded_start(const struct vma *vma)
{
    if (!(vma->flags & VMA_GROWSDOWN))
        return vma->start;
    return vma->start > STACK_GUARD_GAP ? vma->start - STACK_GUARD_GAP : 0;
}

/* `length` free bytes in [low, high), the highest or lowest there are; 0: none. */
gva_t vma_find_gap(struct mm *mm, uint64_t length, gva_t low, gva_t high, bool highest);

/* --- zap.c: pages taken out --- */

/* Take the pages of [start, end) out of the page tables; flushes the TLB if there were any. */
void mm_zap(struct mm *mm, gva_t start, gva_t end);

/* The same, but guard pages stay. */
void mm_zap_keeping_guards(struct mm *mm, gva_t start, gva_t end);

/* --- map.c --- */

/* Does RLIMIT_DATA allow `pages` more of private writable memory? */
bool mm_may_hold_data(const struct mm *mm, uint64_t pages);
/* Linux's may_expand_vm(): do RLIMIT_AS and RLIMIT_DATA allow `pages` more of this kind? */
bool mm_may_expand(const struct mm *mm, uint64_t pages, unsigned prot, unsigned flags);
/* Linux's heuristic overcommit: is there that much memory at all? */
bool mm_may_commit(const struct mm *mm, uint64_t pages);
/* Does a private mapping of this kind count as committed memory? */
bool mm_is_accountable(unsigned prot, unsigned flags);
/* Linux's mlock_future_ok(). */
/* PR_SET_MDWE: pages must not be executable that may be written, nor become so later. */
bool mm_denies_exec(const struct mm *mm, unsigned old_prot, unsigned prot);
bool mm_may_lock(const struct mm *mm, uint64_t pages);
/* Unmap without checks. May run out of memory (splits), or -LX_EPERM: sealed. */
MUST_CHECK long mm_unmap_range(struct mm *mm, gva_t start, gva_t end);
/* Placement: Linux's __get_unmapped_area(). An address or an error. */
MUST_CHECK long mm_place(struct mm *mm, gva_t hint, uint64_t length, unsigned flags);

/* --- protect.c --- */

/*
 * Split so that *vma lies wholly in [start, end), which it overlaps; *vma becomes that part.
 * -LX_ENOMEM, the limit on their number included.
 */
MUST_CHECK long vma_isolate(struct vma **vma, gva_t start, gva_t end);

/*
 * Set the flags `set` and clear `clear` in the part of *vma that lies in [start, end); splits and
 * merges. *vma becomes the VMA that holds the part. -LX_ENOMEM.
 */
MUST_CHECK long vma_set_flags(struct vma **vma, gva_t start, gva_t end, unsigned set,
                              unsigned clear);

/* --- fault.c --- */

/* Fault in what can be faulted in of [start, end): for MAP_POPULATE and locked mappings. -LX_EFAULT
 * and -LX_ENOMEM end it. */
long mm_populate(struct mm *mm, gva_t start, gva_t end);
/* The page of `addr`, which lies in `vma`, made accessible. 0, or -LX_EFAULT with *fault. */
MUST_CHECK long mm_fault_page(struct vma *vma, gva_t addr, enum cpu_access access,
                              struct mm_fault *fault);
/* Let the stack `vma` grow down to hold `addr`. -LX_ENOMEM: limits or the guard gap forbid it. */
MUST_CHECK long mm_grow_down(struct vma *vma, gva_t addr);

static inline bool vma_allows(const struct vma *vma, enum cpu_access access)
{
    if (access == CPU_WRITE)
        return vma->prot & LX_PROT_WRITE;
    if (access == CPU_EXEC)
        return vma->prot & LX_PROT_EXEC;
    return vma->prot & (LX_PROT_READ | LX_PROT_WRITE | LX_PROT_EXEC);
}

#endif
