/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * msync(2) and mincore(2).
 */
#include "mem/mm_internal.h"
#include "mem/uaccess.h"

static long sync_vma(const struct vma *vma, gva_t start, gva_t end, unsigned flags)
{
    if ((flags & LX_MS_INVALIDATE) && (vma->flags & VMA_LOCKED))
        return -LX_EBUSY;
    struct vm_object *object = vma->object;
    if (!(flags & LX_MS_SYNC) || !object || !object->ops->sync || !(vma->flags & VMA_SHARED))
        return 0;
    uint64_t first = vma->page_offset + ((start - vma->start) >> PAGE_SHIFT);
    uint64_t count = (end - start) >> PAGE_SHIFT;
    vm_object_clean_pages(object, first, count);
    return object->ops->sync(object, first, count);
}

long mm_sync(struct mm *mm, gva_t addr, uint64_t length, unsigned flags)
{
    if ((flags & ~(unsigned)(LX_MS_ASYNC | LX_MS_INVALIDATE | LX_MS_SYNC)) || (addr & ~PAGE_MASK) ||
        ((flags & LX_MS_ASYNC) && (flags & LX_MS_SYNC)))
        return -LX_EINVAL;
    gva_t end = addr + PAGE_ALIGN_UP(length);
    if (end < addr)
        return -LX_ENOMEM;
    long result = 0;
    for (gva_t at = addr; at < end;) {
        struct vma *vma = vma_first_in(mm, at, end);
        if (!vma)
            return -LX_ENOMEM;
        if (vma->start > at) {
            result = -LX_ENOMEM;
            at = vma->start;
        }
        gva_t to = MIN(vma->end, end);
        long err = sync_vma(vma, at, to, flags);
        if (err)
            return err;
        at = to;
    }
    return result;
}

static bool page_in_memory(const struct vma *vma, gva_t addr)
{
    struct mm *mm = vma->mm;
    frame_t table;
    unsigned index;
    if (pt_find(mm->ram, mm->pml4, addr, &table, &index)) {
        uint64_t pte = pt_get(mm->ram, table, index);
        if (pte)
            return pte & PTE_PRESENT;
    }
    if (!vma->object)
        return false;
    uint64_t page = vma->page_offset + ((addr - vma->start) >> PAGE_SHIFT);
    return !vma->object->ops->resident || vma->object->ops->resident(vma->object, page);
}

long mm_incore(struct mm *mm, gva_t addr, uint64_t length, gva_t vec)
{
    if (addr & ~PAGE_MASK)
        return -LX_EINVAL;
    if (addr > TASK_SIZE || length > TASK_SIZE - addr)
        return -LX_ENOMEM;
    uint64_t pages = PAGE_ALIGN_UP(length) >> PAGE_SHIFT;
    if (vec > TASK_SIZE || pages > TASK_SIZE - vec)
        return -LX_EFAULT;

    while (pages) {
        unsigned char answer[256];
        unsigned count = 0;
        for (; count < MIN(pages, sizeof answer); count++, addr += PAGE_SIZE) {
            struct vma *vma = vma_first_in(mm, addr, addr + 1);
            if (!vma)
                break;
            answer[count] = page_in_memory(vma, addr);
        }
        if (count == 0)
            return -LX_ENOMEM;
        if (user_write(mm, vec, answer, count))
            return -LX_EFAULT;
        vec += count;
        pages -= count;
        if (pages && ram_must_stop(mm->ram))
            return -LX_EAGAIN;
    }
    return 0;
}
