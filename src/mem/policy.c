/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory policies of ranges (mbind(2)). There is one node: policies are kept and told.
 */
#include "mem/mm_internal.h"

static unsigned policy_of(const struct vma *vma)
{
    return (vma->flags & VMA_POLICY) >> VMA_POLICY_SHIFT;
}

long mm_bind(struct mm *mm, gva_t start, gva_t end, unsigned policy)
{
    gva_t at = start;
    struct vma *vma = vma_first_in(mm, start, end);
    if (!vma)
        return -LX_EFAULT;
    for (; policy && at < end; vma = mm_next(vma)) { /* the default may have holes */
        if (!vma || vma->start > at)
            return -LX_EFAULT;
        at = vma->end;
    }
    for (vma = vma_first_in(mm, start, end); vma && vma->start < end; vma = mm_next(vma)) {
        long err = vma_set_flags(&vma, MAX(vma->start, start), MIN(vma->end, end),
                                 policy << VMA_POLICY_SHIFT, VMA_POLICY);
        if (err)
            return err;
    }
    return 0;
}

long mm_policy(struct mm *mm, gva_t at)
{
    const struct vma *vma = mm_find(mm, at);
    return vma && vma->start <= at ? (long)policy_of(vma) : -LX_EFAULT;
}

long mm_check_policies(struct mm *mm, gva_t start, gva_t end, unsigned modes)
{
    struct vma *vma = vma_first_in(mm, start, end);
    long err = -LX_ENOENT;
    for (; vma && vma->start < end; vma = mm_next(vma)) {
        unsigned policy = policy_of(vma);
        if (policy && !(modes & 1u << (policy & POLICY_MODE)))
            return -LX_EOPNOTSUPP;
        if (policy)
            err = 0;
    }
    return err;
}
