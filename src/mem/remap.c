/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mremap(2) and remap_file_pages(2). Moving takes the entries of the page tables along, no bytes.
 * What can fail for want of memory (the split of the source, the new VMA, the tables at the
 * destination) comes before the first entry is moved.
 */
#include "mem/mm_internal.h"

/* One call; lengths are rounded up to pages. */
struct remap {
    struct mm *mm;
    gva_t old;
    uint64_t old_length;
    uint64_t new_length;
    unsigned flags;
    gva_t new_addr;
};

static bool names_address(const struct remap *r)
{
    return r->flags & (LX_MREMAP_FIXED | LX_MREMAP_DONTUNMAP);
}

static long check_arguments(const struct remap *r)
{
    if ((r->flags & ~(unsigned)(LX_MREMAP_MAYMOVE | LX_MREMAP_FIXED | LX_MREMAP_DONTUNMAP)) ||
        (r->old & ~PAGE_MASK) || r->new_length == 0 || r->new_length > TASK_SIZE)
        return -LX_EINVAL;
    if (!names_address(r))
        return 0;
    if (r->new_addr > TASK_SIZE - r->new_length || (r->new_addr & ~PAGE_MASK) ||
        !(r->flags & LX_MREMAP_MAYMOVE))
        return -LX_EINVAL;
    if ((r->flags & LX_MREMAP_DONTUNMAP) && r->old_length != r->new_length)
        return -LX_EINVAL;
    if (r->old + r->old_length > r->new_addr && r->new_addr + r->new_length > r->old)
        return -LX_EINVAL;
    if (r->mm->vma_count + 2 >= MM_VMA_MAX - 3)
        return -LX_ENOMEM;
    return 0;
}

/* What the VMA says; Linux's check_prep_vma(). */
static long check_vma(const struct remap *r, const struct vma *vma)
{
    if (!vma)
        return -LX_EFAULT;
    if (vma->flags & VMA_SEALED)
        return -LX_EPERM;
    uint64_t old_length = r->old_length;
    bool expands = r->new_length > old_length;
    if (!expands && !names_address(r))
        return 0;
    if (old_length == 0 && !(vma->flags & VMA_SHARED))
        return -LX_EINVAL;
    if (r->new_length < old_length)
        old_length = r->new_length;
    if (old_length > vma->end - r->old)
        return -LX_EFAULT;
    if (!expands)
        return 0;
    uint64_t page = vma->page_offset + ((r->old - vma->start) >> PAGE_SHIFT);
    uint64_t more = (r->new_length - old_length) >> PAGE_SHIFT;
    if (page + (r->new_length >> PAGE_SHIFT) < page)
        return -LX_EINVAL;
    if ((vma->flags & VMA_LOCKED) && !mm_may_lock(r->mm, more))
        return -LX_EAGAIN;
    if (!mm_may_expand(r->mm, more, vma->prot, vma->flags))
        return -LX_ENOMEM;
    return 0;
}

/* Make the tables that the entries of [from, from + length) need at `to`. */
static long make_tables(struct mm *mm, gva_t from, uint64_t length, gva_t to, uint64_t rights)
{
    struct pt_walk walk = {.ram = mm->ram, .root = mm->pml4, .at = from, .end = from + length};
    while (pt_walk_next(&walk)) {
        gva_t first = walk.base + ((gva_t)walk.first << PAGE_SHIFT) - from + to;
        gva_t last = walk.base + ((gva_t)(walk.last - 1) << PAGE_SHIFT) - from + to;
        frame_t table;
        unsigned index;
        long err = pt_reach(mm->ram, mm->pml4, first, rights, &table, &index);
        if (!err)
            err = pt_reach(mm->ram, mm->pml4, last, rights, &table, &index);
        if (err)
            return err;
    }
    return 0;
}

/* Move the entries; make_tables() has been called. */
static void move_entries(struct mm *mm, gva_t from, uint64_t length, gva_t to, uint64_t rights)
{
    struct ram *ram = mm->ram;
    struct pt_walk walk = {.ram = ram, .root = mm->pml4, .at = from, .end = from + length};
    while (pt_walk_next(&walk)) {
        uint64_t *source = ram_write(ram, walk.table);
        frame_t table = FRAME_NONE;
        unsigned index = 0;
        for (unsigned i = walk.first; i < walk.last; i++, index++) {
            gva_t addr = walk.base + ((gva_t)i << PAGE_SHIFT) - from + to;
            if (table == FRAME_NONE || index == PT_ENTRIES)
                if (!pt_find(ram, mm->pml4, addr, &table, &index))
                    return;
            uint64_t pte = source[i];
            if (!pte)
                continue;
            source[i] = 0;
            pt_set(ram, table, index, pte & PTE_PRESENT ? pte_cut(pte, rights) : pte);
        }
    }
}

/* The source stays as it is, without pages. */
static void keep_source(const struct remap *r, struct vma *vma)
{
    unsigned clear = VMA_LOCKED | VMA_LOCKONFAULT;
    if (vma->start == r->old && vma->end == r->old + r->old_length)
        clear |= VMA_FAULTED;
    vma_change(vma, vma->prot, vma->flags & ~clear);
}

/* The source goes. The destination is in the list already: its tables may be the source's too. */
static void drop_source(struct mm *mm, struct vma *vma)
{
    struct vma *prev = vma_prev(vma), *next = mm_next(vma);
    gva_t low = prev ? prev->end : 0, high = next ? next->start : TASK_SIZE;
    gva_t start = vma->start, end = vma->end;
    vma_remove(vma);
    vma_destroy(vma);
    pt_free_tables(mm->ram, mm->pml4, start, end, low, high);
}

/* Move what `r` says out of `vma` to `to`, where nothing is mapped. */
static long move(const struct remap *r, struct vma *vma, gva_t to)
{
    struct mm *mm = r->mm;
    bool keep = r->flags & LX_MREMAP_DONTUNMAP;
    uint64_t charge = keep ? r->new_length : r->new_length - r->old_length;
    if (mm->vma_count >= MM_VMA_MAX - 3)
        return -LX_ENOMEM;
    if ((vma->flags & VMA_ACCOUNT) && !mm_may_commit(mm, charge >> PAGE_SHIFT))
        return -LX_ENOMEM;

    struct vma like = *vma;
    like.start = to;
    like.end = to + r->new_length;
    like.page_offset += (r->old - vma->start) >> PAGE_SHIFT;
    if (!vma->object && !(vma->flags & VMA_FAULTED))
        like.page_offset = to >> PAGE_SHIFT;
    struct vma *moved = vma_create(mm, &like);
    if (!moved)
        return -LX_ENOMEM;
    uint64_t rights = pte_rights(vma->prot);
    long err = make_tables(mm, r->old, r->old_length, to, rights);
    if (!err && !keep && r->old_length)
        err = vma_isolate(&vma, r->old, r->old + r->old_length);
    if (err) {
        vma_destroy(moved);
        vma_merge(vma);
        return -LX_ENOMEM;
    }
    move_entries(mm, r->old, r->old_length, to, rights);
    vma_insert(moved);
    if (keep)
        keep_source(r, vma);
    else if (r->old_length)
        drop_source(mm, vma);
    vma_merge(moved);
    ram_flush_tlb(mm->ram);
    if ((like.flags & (VMA_LOCKED | VMA_LOCKONFAULT)) == VMA_LOCKED)
        (void)mm_populate(mm, to + r->old_length, to + r->new_length);
    return (long)to;
}

/* As munmap(2) of what is beyond the new length: the old one may reach anywhere. */
static long shrink(struct remap *r)
{
    if (r->old_length > TASK_SIZE || r->old > TASK_SIZE - r->old_length)
        return -LX_EINVAL;
    long err = mm_unmap_range(r->mm, r->old + r->new_length, r->old + r->old_length);
    r->old_length = r->new_length;
    return err;
}

/* To an address that the caller named, or near it. */
static long move_to(struct remap *r)
{
    struct mm *mm = r->mm;
    unsigned place = 0;
    if (r->flags & LX_MREMAP_FIXED) {
        if (r->new_addr < MMAP_MIN_ADDR)
            return -LX_EPERM;
        place = LX_MAP_FIXED;
        long err = mm_unmap_range(mm, r->new_addr, r->new_addr + r->new_length);
        if (err)
            return err;
    }
    if (r->new_length < r->old_length) {
        long err = shrink(r);
        if (err)
            return err;
    }
    struct vma *vma = vma_first_in(mm, r->old, r->old + 1);
    if (!vma)
        return -LX_EFAULT;
    if ((r->flags & LX_MREMAP_DONTUNMAP) &&
        !mm_may_expand(mm, r->old_length >> PAGE_SHIFT, vma->prot, vma->flags))
        return -LX_ENOMEM;
    long to = mm_place(mm, r->new_addr, r->new_length, place);
    return to < 0 ? to : move(r, vma, (gva_t)to);
}

/* FIXED and of the same size: moves every mapping of the range, gaps kept (Linux since 6.17). */
static long move_many(const struct remap *r)
{
    struct mm *mm = r->mm;
    gva_t at = r->old, end = r->old + r->old_length;
    long result = -LX_EFAULT;
    if (r->old_length == 0) {
        struct remap one = *r;
        long err = check_vma(&one, vma_first_in(mm, r->old, r->old + 1));
        return err ? err : move_to(&one);
    }
    while (at < end) {
        struct vma *vma = vma_first_in(mm, at, end);
        if (!vma)
            break;
        if (at == r->old && vma->start > at)
            return -LX_EFAULT;
        struct remap one = *r;
        one.old = MAX(vma->start, r->old);
        one.new_addr = r->new_addr + (one.old - r->old);
        one.old_length = one.new_length = MIN(vma->end, end) - one.old;
        at = one.old + one.old_length;
        long err = check_vma(&one, vma);
        if (!err)
            err = move_to(&one);
        if (err < 0)
            return err;
        if (one.old == r->old)
            result = err;
    }
    return result;
}

/* Grow where it is, or else elsewhere. */
static long expand(struct remap *r, struct vma *vma)
{
    struct mm *mm = r->mm;
    uint64_t more = r->new_length - r->old_length;
    struct vma *next = mm_next(vma);
    gva_t limit = next ? next->start : TASK_SIZE;
    if (vma->end - r->old == r->old_length && more <= limit - vma->end) {
        gva_t end = vma->end;
        if ((vma->flags & VMA_ACCOUNT) && !mm_may_commit(mm, more >> PAGE_SHIFT))
            return -LX_ENOMEM;
        vma_move_bounds(vma, vma->start, end + more);
        unsigned flags = vma->flags;
        vma_merge(vma);
        if ((flags & (VMA_LOCKED | VMA_LOCKONFAULT)) == VMA_LOCKED)
            (void)mm_populate(mm, end, end + more);
        return (long)r->old;
    }
    if (!(r->flags & LX_MREMAP_MAYMOVE))
        return -LX_ENOMEM;
    long to = mm_place(mm, 0, r->new_length, 0);
    return to < 0 ? to : move(r, vma, (gva_t)to);
}

long mm_remap(struct mm *mm, gva_t old, uint64_t old_length, uint64_t new_length, unsigned flags,
              gva_t new_addr)
{
    struct remap r = {
        .mm = mm,
        .old = old,
        .old_length = PAGE_ALIGN_UP(old_length),
        .new_length = PAGE_ALIGN_UP(new_length),
        .flags = flags,
        .new_addr = new_addr,
    };
    long err = check_arguments(&r);
    if (err)
        return err;
    if ((flags & LX_MREMAP_FIXED) && r.old_length == r.new_length)
        return move_many(&r);
    struct vma *vma = old < TASK_SIZE ? vma_first_in(mm, old, old + 1) : NULL;
    err = check_vma(&r, vma);
    if (err)
        return err;
    if (names_address(&r))
        return move_to(&r);
    if (r.new_length == r.old_length)
        return (long)old;
    if (r.new_length < r.old_length) {
        err = shrink(&r);
        return err ? err : (long)old;
    }
    return expand(&r, vma);
}

long mm_remap_file_pages(struct mm *mm, gva_t addr, uint64_t length, unsigned prot, uint64_t page,
                         unsigned flags)
{
    if (prot)
        return -LX_EINVAL;
    gva_t start = PAGE_ALIGN_DOWN(addr);
    length = PAGE_ALIGN_DOWN(length);
    if (start + length <= start || page + (length >> PAGE_SHIFT) < page)
        return -LX_EINVAL;
    struct vma *vma = start < TASK_SIZE ? vma_first_in(mm, start, start + 1) : NULL;
    if (!vma || !(vma->flags & VMA_SHARED) || start + length > vma->end)
        return -LX_EINVAL;
    struct mm_map_request request = {
        .addr = start,
        .length = length,
        .prot = vma->prot,
        .flags = LX_MAP_SHARED | LX_MAP_FIXED | LX_MAP_POPULATE | (flags & LX_MAP_NONBLOCK),
        .object = vma->object,
        .offset = page << PAGE_SHIFT,
        .may_write = vma->flags & VMA_MAYWRITE,
        .no_exec = vma->flags & VMA_NOEXEC,
    };
    long at = mm_map(mm, &request);
    return at < 0 ? at : 0;
}
