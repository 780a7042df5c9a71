/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Translation and page faults. mm_translate() runs inside the engine and only looks (and marks
 * accessed and dirty); mm_fault() runs outside and changes: it brings pages in, copies on write,
 * lets stacks grow, and saves what a snapshot needs. After mm_fault() returned 0,
 * mm_translate() of the same access succeeds.
 *
 * A page of a private mapping is the zero frame, a page of the object, or one of our own (PTE_OWN).
 * Of those only the last, while nobody else refers to its frame, is ever writable.
 */
#include "abi/signal.h"
#include "mem/mm_internal.h"

#include <string.h>

bool mm_translate(struct mm *mm, gva_t addr, enum cpu_access access, struct cpu_translation *out)
{
    if (addr >= TASK_SIZE)
        return false;
    uint64_t pte = pt_lookup(mm->ram, mm->pml4, addr);
    if (!pte_allows(pte, access))
        return false;

    bool write = access == CPU_WRITE;
    unsigned wanted = CPU_READ;
    if ((pte & PTE_WRITE) && (write || (pte & PTE_DIRTY)))
        wanted |= CPU_WRITE;
    /* Execution also where it may be written: for code that changes itself. */
    if (access == CPU_EXEC || ((pte & PTE_WRITE) && pte_allows(pte, CPU_EXEC)))
        wanted |= CPU_EXEC;
    frame_t frame = pte_frame(pte);
    unsigned grants = ram_grants(mm->ram, frame, wanted);
    if (!(grants & access))
        return false;

    uint64_t marks = PTE_ACCESSED | (write ? PTE_DIRTY : 0);
    if ((pte & marks) != marks) {
        frame_t table;
        unsigned index;
        if (pt_find(mm->ram, mm->pml4, addr, &table, &index))
            pt_set(mm->ram, table, index, pt_get(mm->ram, table, index) | marks);
    }
    out->phys = ram_phys(frame);
    out->grants = grants;
    return true;
}

/* A page is being put where `*pte` was. */
struct page_slot {
    struct vma *vma;
    gva_t addr; /* of the page */
    frame_t table;
    unsigned index;
    uint64_t pte; /* what stands there */
};

/* Replace the entry; consumes the frame's reference. `bits`: of PTE_WRITE, PTE_OWN, PTE_DIRTY. */
static frame_t install(struct page_slot *slot, frame_t frame, uint64_t bits)
{
    struct vma *vma = slot->vma;
    struct mm *mm = vma->mm;
    uint64_t old = slot->pte;
    uint64_t rights = pte_rights(vma->prot);
    uint64_t pte = pte_make(frame, (rights & ~PTE_WRITE) | PTE_ACCESSED | bits);
    pt_set(mm->ram, slot->table, slot->index, pte);

    if (frame != RAM_ZERO_FRAME)
        mm->resident_pages++;
    if (bits & PTE_OWN)
        vma->flags |= VMA_FAULTED;
    if (old & PTE_PRESENT) {
        if (pte_frame(old) != RAM_ZERO_FRAME)
            mm->resident_pages--;
        ram_put(mm->ram, pte_frame(old));
        if (pte_frame(old) != frame && mm->cpu)
            cpu_flush_page(mm->cpu, slot->addr);
    }
    mm->peak_resident_pages = MAX(mm->peak_resident_pages, mm->resident_pages);
    return frame;
}

#define OWN_WRITABLE (PTE_WRITE | PTE_OWN | PTE_DIRTY)

/* A private copy of `from`. */
static long install_copy(struct page_slot *slot, frame_t from, frame_t *out)
{
    struct ram *ram = slot->vma->mm->ram;
    frame_t copy;
    long err = ram_alloc_dirty(ram, &copy);
    if (err)
        return err;
    memcpy(ram_write(ram, copy), ram_read(ram, from), PAGE_SIZE);
    *out = install(slot, copy, OWN_WRITABLE);
    return 0;
}

/* A private page of zeros: the shared one until it is written. */
static long install_zero(struct page_slot *slot, bool write, frame_t *out)
{
    struct ram *ram = slot->vma->mm->ram;
    if (!write) {
        ram_get(ram, RAM_ZERO_FRAME);
        *out = install(slot, RAM_ZERO_FRAME, 0);
        return 0;
    }
    frame_t frame;
    long err = ram_alloc(ram, &frame);
    if (!err)
        *out = install(slot, frame, OWN_WRITABLE);
    return err;
}

/* A page of the VMA's object, as it is or as a private copy. */
static long install_object(struct page_slot *slot, bool write, frame_t *out)
{
    struct vma *vma = slot->vma;
    struct ram *ram = vma->mm->ram;
    bool shared = vma->flags & VMA_SHARED;
    uint64_t page = vma->page_offset + ((slot->addr - vma->start) >> PAGE_SHIFT);
    frame_t frame;
    long err = vma->object->ops->get_page(vma->object, page, write && shared, &frame);
    if (err)
        return err;
    if (shared || !write) {
        *out = install(slot, frame, write ? PTE_WRITE | PTE_DIRTY : 0);
        return 0;
    }
    err = install_copy(slot, frame, out);
    ram_put(ram, frame);
    return err;
}

/* The page is there, but must not be written yet. */
static long make_writable(struct page_slot *slot, frame_t *out)
{
    struct vma *vma = slot->vma;
    frame_t frame = pte_frame(slot->pte);
    if (vma->flags & VMA_SHARED)
        return install_object(slot, true, out);
    if (frame == RAM_ZERO_FRAME)
        return install_zero(slot, true, out);
    if (!(slot->pte & PTE_OWN) || ram_refs(vma->mm->ram, frame) > 1)
        return install_copy(slot, frame, out);
    ram_get(vma->mm->ram, frame); /* install() drops the old entry's */
    *out = install(slot, frame, OWN_WRITABLE);
    return 0;
}

/* Make the page present with the rights that the access needs. */
static long resolve(struct page_slot *slot, enum cpu_access access, frame_t *out)
{
    struct vma *vma = slot->vma;
    struct ram *ram = vma->mm->ram;
    bool write = access == CPU_WRITE;
    if (!(slot->pte & PTE_PRESENT)) {
        vma->mm->minor_faults++;
        return vma->object ? install_object(slot, write, out) : install_zero(slot, write, out);
    }
    if (write && !(slot->pte & PTE_WRITE)) {
        vma->mm->minor_faults++;
        return make_writable(slot, out);
    }
    /* Rights that the VMA has and the entry lacks, or only the frame has to be prepared. */
    uint64_t rights = pte_rights(vma->prot) & ~PTE_WRITE;
    uint64_t kept = PTE_FRAME_MASK | PTE_OWN | PTE_DIRTY | PTE_WRITE;
    uint64_t pte = (slot->pte & kept) | rights | PTE_PRESENT | PTE_ACCESSED;
    if (pte != slot->pte)
        pt_set(ram, slot->table, slot->index, pte);
    *out = pte_frame(pte);
    return 0;
}

static long fail(struct mm_fault *fault, int signal, int code)
{
    fault->signal = signal;
    fault->code = code;
    return -LX_EFAULT;
}

long mm_fault_page(struct vma *vma, gva_t addr, enum cpu_access access, struct mm_fault *fault)
{
    struct mm *mm = vma->mm;
    struct page_slot slot = {.vma = vma, .addr = PAGE_ALIGN_DOWN(addr)};
    frame_t frame = FRAME_NONE;
    long err = pt_reach(mm->ram, mm->pml4, addr, pte_rights(vma->prot), &slot.table, &slot.index);
    if (!err) {
        slot.pte = pt_get(mm->ram, slot.table, slot.index);
        if (slot.pte == PTE_GUARD)
            return fail(fault, LX_SIGSEGV, LX_SEGV_MAPERR);
        err = resolve(&slot, access, &frame);
    }
    if (err == -LX_ENOMEM)
        return fail(fault, LX_SIGKILL, 0);
    if (err)
        return fail(fault, LX_SIGBUS, LX_BUS_ADRERR);
    ram_prepare(mm->ram, frame, access);
    return 0;
}

long mm_grow_down(struct vma *vma, gva_t addr)
{
    struct mm *mm = vma->mm;
    gva_t start = PAGE_ALIGN_DOWN(addr);
    uint64_t size = vma->end - start, pages = (vma->start - start) >> PAGE_SHIFT;
    struct vma *prev = vma_prev(vma);

    if (start < MMAP_MIN_ADDR)
        return -LX_ENOMEM;
    if (prev && !(prev->flags & VMA_GROWSDOWN) && prev->prot != LX_PROT_NONE &&
        start < prev->end + STACK_GUARD_GAP)
        return -LX_ENOMEM;
    if (prev && start < prev->end)
        return -LX_ENOMEM;
    if (!mm_may_expand(mm, pages, vma->prot, vma->flags) || size > mm->limits.stack_bytes)
        return -LX_ENOMEM;
    if ((vma->flags & VMA_LOCKED) && !mm_may_lock(mm, pages))
        return -LX_ENOMEM;
    if (!mm_may_commit(mm, pages) || pages > vma->page_offset)
        return -LX_ENOMEM;
    vma->page_offset -= pages;
    vma_move_bounds(vma, start, vma->end);
    if (vma->flags & VMA_LOCKED)
        mm_populate(mm, start, start + (pages << PAGE_SHIFT));
    return 0;
}

long mm_fault(struct mm *mm, gva_t addr, enum cpu_access access, struct mm_fault *fault)
{
    fault->addr = addr;
    struct vma *vma = addr < TASK_SIZE ? mm_find(mm, addr) : NULL;
    if (!vma)
        return fail(fault, LX_SIGSEGV, LX_SEGV_MAPERR);
    if (addr < vma->start && (!(vma->flags & VMA_GROWSDOWN) || mm_grow_down(vma, addr)))
        return fail(fault, LX_SIGSEGV, LX_SEGV_MAPERR);
    if (!vma_allows(vma, access))
        return fail(fault, LX_SIGSEGV, LX_SEGV_ACCERR);
    return mm_fault_page(vma, addr, access, fault);
}

long mm_frame(struct mm *mm, gva_t addr, enum cpu_access access, frame_t *out)
{
    if (addr >= TASK_SIZE)
        return -LX_EFAULT;
    uint64_t pte = pt_lookup(mm->ram, mm->pml4, addr);
    if (unlikely(!pte_allows(pte, access))) {
        struct mm_fault fault;
        if (mm_fault(mm, addr, access, &fault)) {
            mm->starved |= fault.signal == LX_SIGKILL;
            return -LX_EFAULT;
        }
        pte = pt_lookup(mm->ram, mm->pml4, addr);
    } else if (access == CPU_WRITE && !(pte & PTE_DIRTY)) {
        frame_t table;
        unsigned index;
        if (pt_find(mm->ram, mm->pml4, addr, &table, &index))
            pt_set(mm->ram, table, index, pt_get(mm->ram, table, index) | PTE_DIRTY);
    }
    *out = pte_frame(pte);
    return 0;
}

long mm_frame_forced(struct mm *mm, gva_t addr, bool write, frame_t *out)
{
    enum cpu_access access = write ? CPU_WRITE : CPU_READ;
    struct vma *vma = addr < TASK_SIZE ? mm_find(mm, addr) : NULL;
    if (!vma || addr < vma->start || vma_allows(vma, access))
        return mm_frame(mm, addr, access, out);
    struct mm_fault fault;
    if (write && vma->flags & VMA_SHARED)
        return -LX_EFAULT;
    if (mm_fault_page(vma, addr, access, &fault)) {
        mm->starved |= fault.signal == LX_SIGKILL;
        return -LX_EFAULT;
    }
    frame_t table;
    unsigned index;
    if (!pt_find(mm->ram, mm->pml4, addr, &table, &index))
        return -LX_EFAULT;
    uint64_t pte = pt_get(mm->ram, table, index);
    pt_set(mm->ram, table, index, pte & ~PTE_WRITE);
    if (write && mm->cpu)
        cpu_flush_page(mm->cpu, PAGE_ALIGN_DOWN(addr));
    *out = pte_frame(pte);
    return 0;
}

/* Pages populated before it is asked whether that shall end. */
#define PAGES_UNASKED 256

long mm_populate(struct mm *mm, gva_t start, gva_t end)
{
    struct mm_fault fault;
    uint64_t budget = ram_size(mm->ram) >> PAGE_SHIFT; /* pages of zeros would go on for ever */
    struct vma *vma = vma_first_in(mm, start, end);
    for (; vma && vma->start < end; vma = mm_next(vma)) {
        if (vma->prot == LX_PROT_NONE)
            return -LX_EFAULT;
        /* As on Linux, private writable pages are written, so that nothing is left to copy. */
        bool write = (vma->prot & LX_PROT_WRITE) && !(vma->flags & VMA_SHARED);
        gva_t to = MIN(end, vma->end);
        for (gva_t at = MAX(start, vma->start); at < to; at += PAGE_SIZE) {
            if (budget-- == 0)
                return -LX_ENOMEM;
            if (budget % PAGES_UNASKED == 0 && ram_must_stop(mm->ram))
                return -LX_EINTR;
            if (mm_fault_page(vma, at, write ? CPU_WRITE : CPU_READ, &fault))
                return fault.signal == LX_SIGKILL ? -LX_ENOMEM : -LX_EFAULT;
        }
    }
    return 0;
}
