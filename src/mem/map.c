/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mmap(2), munmap(2) and brk(2): where a mapping goes, whether limits allow it, and what it
 * replaces. Errors come in the order of Linux's do_mmap() (tests/guest/mem/mmap_errors).
 */
#include "mem/mm_internal.h"
#include "mem/shmem.h"

#define LOW_2G ((gva_t)0x80000000)
#define LOW_1G ((gva_t)0x40000000)
#define LOW_4G ((gva_t)0x100000000)

bool mm_is_accountable(unsigned prot, unsigned flags)
{
    return (prot & LX_PROT_WRITE) && !(flags & (VMA_SHARED | VMA_NORESERVE));
}

bool mm_may_commit(const struct mm *mm, uint64_t pages)
{
    return pages <= ram_size(mm->ram) >> PAGE_SHIFT;
}

bool mm_may_lock(const struct mm *mm, uint64_t pages)
{
    return mm->locked_pages + pages <= mm->limits.memlock_bytes >> PAGE_SHIFT;
}

bool mm_may_hold_data(const struct mm *mm, uint64_t pages)
{
    const struct mm_limits *limits = &mm->limits;
    uint64_t wanted = mm->data_pages + pages;
    if (wanted <= limits->data_bytes >> PAGE_SHIFT)
        return true;
    /* Linux: a soft limit of 0 is for the heap alone (guest/mem/brk). */
    return limits->data_bytes == 0 && wanted <= limits->data_max_bytes >> PAGE_SHIFT;
}

bool mm_may_expand(const struct mm *mm, uint64_t pages, unsigned prot, unsigned flags)
{
    if (mm->total_pages + pages > mm->limits.as_bytes >> PAGE_SHIFT)
        return false;
    bool data = (prot & LX_PROT_WRITE) && !(flags & (VMA_SHARED | VMA_GROWSDOWN));
    return !data || mm_may_hold_data(mm, pages);
}

long mm_place(struct mm *mm, gva_t hint, uint64_t length, unsigned flags)
{
    if (length > TASK_SIZE)
        return -LX_ENOMEM;
    if (flags & (LX_MAP_FIXED | LX_MAP_FIXED_NOREPLACE)) {
        if (hint > TASK_SIZE - length)
            return -LX_ENOMEM;
        if (hint & ~PAGE_MASK)
            return -LX_EINVAL;
        return hint < MMAP_MIN_ADDR ? -LX_EPERM : (long)hint;
    }
    bool low = flags & LX_MAP_32BIT;
    hint = PAGE_ALIGN_DOWN(hint);
    if (hint && hint <= (low ? LOW_2G : TASK_SIZE) - MIN(length, low ? LOW_2G : TASK_SIZE)) {
        struct vma *vma = mm_find(mm, hint);
        if (!vma || hint + length <= vma_guarded_start(vma))
            return (long)hint;
    }
    gva_t found;
    if (low) {
        found = vma_find_gap(mm, length, LOW_1G, LOW_2G, false);
    } else {
        gva_t lowest = flags & LX_MAP_ABOVE4G ? LOW_4G : MMAP_MIN_ADDR;
        found = vma_find_gap(mm, length, lowest, mm->mmap_top, true);
        if (!found)
            found = vma_find_gap(mm, length, PAGE_ALIGN_DOWN(TASK_SIZE / 3), TASK_SIZE, false);
    }
    return found ? (long)found : -LX_ENOMEM;
}

/* Pages already mapped in [start, end). */
static uint64_t pages_in(struct mm *mm, gva_t start, gva_t end)
{
    uint64_t pages = 0;
    struct vma *vma = vma_first_in(mm, start, end);
    for (; vma && vma->start < end; vma = mm_next(vma))
        pages += (MIN(vma->end, end) - MAX(vma->start, start)) >> PAGE_SHIFT;
    return pages;
}

static bool any_sealed(struct mm *mm, gva_t start, gva_t end)
{
    struct vma *vma = vma_first_in(mm, start, end);
    for (; vma && vma->start < end; vma = mm_next(vma))
        if (vma->flags & VMA_SEALED)
            return true;
    return false;
}

/* Cut [start, end) out of one VMA that reaches beyond it on one side or both; afterwards no part of
 * it is in the range. */
static long trim(struct vma *vma, gva_t start, gva_t end)
{
    if (vma->start < start) {
        if (vma->end > end) {
            long err = vma_split(vma, end);
            if (err)
                return err;
        }
        vma_move_bounds(vma, vma->start, start);
        return 0;
    }
    vma->page_offset += (end - vma->start) >> PAGE_SHIFT;
    vma_move_bounds(vma, end, vma->end);
    return 0;
}

long mm_unmap_range(struct mm *mm, gva_t start, gva_t end)
{
    struct vma *vma = vma_first_in(mm, start, end);
    if (!vma)
        return 0;
    if (vma->start < start && vma->end > end && mm->vma_count >= MM_VMA_MAX)
        return -LX_ENOMEM;
    if (any_sealed(mm, start, end))
        return -LX_EPERM;

    /* The only thing that can fail comes first: one VMA around the whole range is cut in two. */
    if (vma->start < start && vma->end > end) {
        long err = trim(vma, start, end);
        if (err)
            return err;
    }
    mm_zap(mm, start, end);
    while ((vma = vma_first_in(mm, start, end)) != NULL) {
        if (vma->start < start || vma->end > end) {
            if (trim(vma, start, end))
                return -LX_ENOMEM;
            continue;
        }
        vma_remove(vma);
        vma_destroy(vma);
    }
    struct vma *next = mm_find(mm, end);
    struct rb_node *last = rb_last(&mm->vmas);
    struct vma *prev = next ? vma_prev(next) : last ? rb_entry(last, struct vma, node) : NULL;
    pt_free_tables(mm->ram, mm->pml4, start, end, prev ? prev->end : 0,
                   next ? next->start : TASK_SIZE);
    return 0;
}

long mm_unmap(struct mm *mm, gva_t addr, uint64_t length)
{
    if ((addr & ~PAGE_MASK) || addr > TASK_SIZE || length > TASK_SIZE - addr)
        return -LX_EINVAL;
    gva_t end = addr + PAGE_ALIGN_UP(length);
    if (end == addr)
        return -LX_EINVAL;
    return mm_unmap_range(mm, addr, end);
}

static bool is_file(const struct mm_map_request *request)
{
    return request->is_file || request->object;
}

/* What mmap's flags ask for as a VMA's. */
static unsigned vma_flags_of(const struct mm *mm, const struct mm_map_request *request)
{
    unsigned flags = VMA_MAYWRITE;
    if (request->flags & LX_MAP_GROWSDOWN)
        flags |= VMA_GROWSDOWN;
    if (request->flags & LX_MAP_NORESERVE)
        flags |= VMA_NORESERVE;
    if ((request->flags & LX_MAP_LOCKED) || mm->lock_future)
        flags |= VMA_LOCKED;
    if (mm->lock_future && mm->lock_on_fault)
        flags |= VMA_LOCKONFAULT;
    if (request->no_exec)
        flags |= VMA_NOEXEC;
    return flags;
}

/* mmap(2)'s flags that MAP_SHARED_VALIDATE lets through for files (Linux's LEGACY_MAP_MASK). */
#define LEGACY_FLAGS                                                                               \
    ((unsigned)(LX_MAP_SHARED | LX_MAP_PRIVATE | LX_MAP_FIXED | LX_MAP_ANONYMOUS |                 \
                LX_MAP_DENYWRITE | LX_MAP_EXECUTABLE | LX_MAP_GROWSDOWN | LX_MAP_LOCKED |          \
                LX_MAP_NORESERVE | LX_MAP_POPULATE | LX_MAP_NONBLOCK | LX_MAP_STACK |              \
                LX_MAP_HUGETLB | LX_MAP_32BIT | LX_MAP_ABOVE4G) |                                  \
     (21u << 26) | (30u << 26))

static long check_file_type(const struct mm_map_request *request, uint64_t length, unsigned *flags)
{
    uint64_t most = request->max_bytes;
    if (most && (length > most || request->offset > most - length))
        return -LX_EOVERFLOW;
    switch (request->flags & LX_MAP_TYPE) {
    case LX_MAP_SHARED_VALIDATE:
        if (request->flags & ~LEGACY_FLAGS)
            return -LX_EOPNOTSUPP;
        /* fall through */
    case LX_MAP_SHARED:
        if ((request->prot & LX_PROT_WRITE) && !request->may_write)
            return -LX_EACCES;
        *flags |= VMA_SHARED;
        if (!request->may_write)
            *flags &= ~(unsigned)VMA_MAYWRITE;
        /* fall through */
    case LX_MAP_PRIVATE:
        if (request->file_error)
            return request->file_error;
        if (request->flags & LX_MAP_GROWSDOWN)
            return -LX_EINVAL;
        return 0;
    default:
        return -LX_EINVAL;
    }
}

static long check_anonymous_type(const struct mm_map_request *request, unsigned *flags)
{
    switch (request->flags & LX_MAP_TYPE) {
    case LX_MAP_SHARED:
        if (request->flags & LX_MAP_GROWSDOWN)
            return -LX_EINVAL;
        *flags |= VMA_SHARED;
        return 0;
    case LX_MAP_DROPPABLE:
        if (request->flags & (LX_MAP_LOCKED | LX_MAP_HUGETLB | LX_MAP_GROWSDOWN))
            return -LX_EINVAL;
        *flags |= VMA_NORESERVE | VMA_WIPEONFORK | VMA_DONTDUMP;
        *flags &= ~(unsigned)(VMA_LOCKED | VMA_LOCKONFAULT);
        return 0;
    case LX_MAP_PRIVATE:
        return 0;
    default:
        return -LX_EINVAL;
    }
}

/* Everything that mmap(2) refuses; *addr is the place, *flags the VMA's. */
static long check_map(struct mm *mm, const struct mm_map_request *request, uint64_t length,
                      gva_t *addr, unsigned *flags)
{
    if (mm->vma_count > MM_VMA_MAX)
        return -LX_ENOMEM;
    gva_t hint = request->addr;
    bool fixed = request->flags & (LX_MAP_FIXED | LX_MAP_FIXED_NOREPLACE);
    if (!fixed && (hint = PAGE_ALIGN_DOWN(hint)) != 0 && hint < MMAP_MIN_ADDR)
        hint = MMAP_MIN_ADDR;
    long at = mm_place(mm, hint, length, request->flags);
    if (at < 0)
        return at;
    *addr = (gva_t)at;
    if ((request->flags & LX_MAP_FIXED_NOREPLACE) && vma_first_in(mm, *addr, *addr + length))
        return -LX_EEXIST;
    if ((request->flags & LX_MAP_LOCKED) && mm->limits.memlock_bytes == 0)
        return -LX_EPERM;
    *flags = vma_flags_of(mm, request);
    if ((*flags & VMA_LOCKED) && !mm_may_lock(mm, length >> PAGE_SHIFT))
        return -LX_EAGAIN;
    long err = is_file(request) ? check_file_type(request, length, flags)
                                : check_anonymous_type(request, flags);
    if (err)
        return err;

    unsigned prot = request->prot;
    if (mm_denies_exec(mm, prot, prot))
        return -LX_EACCES;
    uint64_t pages = length >> PAGE_SHIFT;
    uint64_t replaced = fixed ? pages_in(mm, *addr, *addr + length) : 0;
    if (fixed && any_sealed(mm, *addr, *addr + length))
        return -LX_EPERM;
    if (!mm_may_expand(mm, pages - replaced, prot, *flags))
        return -LX_ENOMEM;
    bool commits = is_file(request) ? mm_is_accountable(prot, *flags)
                                    : mm_is_accountable(prot, *flags & ~(unsigned)VMA_SHARED) ||
                                          (*flags & (VMA_SHARED | VMA_NORESERVE)) == VMA_SHARED;
    if (commits && !mm_may_commit(mm, pages))
        return -LX_ENOMEM;
    if (mm_is_accountable(prot, *flags))
        *flags |= VMA_ACCOUNT;
    return 0;
}

/* Put the checked mapping at [addr, addr + length). */
static long map_at(struct mm *mm, const struct mm_map_request *request, gva_t addr, uint64_t length,
                   unsigned flags)
{
    struct vma like = {
        .start = addr,
        .end = addr + length,
        .prot = request->prot & (LX_PROT_READ | LX_PROT_WRITE | LX_PROT_EXEC),
        .flags = flags,
        .object = request->object,
        .page_offset = request->object ? request->offset >> PAGE_SHIFT : addr >> PAGE_SHIFT,
    };
    struct vm_object *shared = NULL;
    if (!request->object && (flags & VMA_SHARED)) {
        long err = shmem_create(mm->arena, mm->ram, length >> PAGE_SHIFT, &shared);
        if (err)
            return err;
        like.object = shared;
        like.page_offset = 0;
    }
    struct vma *vma = vma_create(mm, &like);
    if (shared)
        shared->ops->put(shared); /* the VMA has its own reference */
    if (!vma)
        return -LX_ENOMEM;
    long err = mm_unmap_range(mm, like.start, like.end);
    if (err) {
        vma_destroy(vma);
        return err;
    }
    vma_insert(vma);
    vma_merge(vma);
    return 0;
}

long mm_map(struct mm *mm, const struct mm_map_request *request)
{
    if (request->offset & ~PAGE_MASK)
        return -LX_EINVAL;
    if (request->flags & LX_MAP_HUGETLB) /* there are no huge pages to be had */
        return is_file(request) ? -LX_EINVAL : -LX_ENOMEM;
    if (request->length == 0)
        return -LX_EINVAL;
    uint64_t length = PAGE_ALIGN_UP(request->length);
    if (length == 0)
        return -LX_ENOMEM;

    gva_t addr;
    unsigned flags;
    long err = check_map(mm, request, length, &addr, &flags);
    if (!err)
        err = map_at(mm, request, addr, length, flags);
    if (err)
        return err;
    bool populate = (request->flags & (LX_MAP_POPULATE | LX_MAP_NONBLOCK)) == LX_MAP_POPULATE;
    if (populate || (flags & (VMA_LOCKED | VMA_LOCKONFAULT)) == VMA_LOCKED)
        mm_populate(mm, addr, addr + length);
    return (long)addr;
}

/* Let the heap reach up to `end` (page-aligned). */
static long grow_heap(struct mm *mm, gva_t old_end, gva_t end)
{
    uint64_t pages = (end - old_end) >> PAGE_SHIFT;
    struct vma *next = mm_find(mm, old_end);
    if (next && end + PAGE_SIZE > vma_guarded_start(next))
        return -LX_ENOMEM;
    unsigned flags = VMA_MAYWRITE | VMA_ACCOUNT;
    if (mm->lock_future)
        flags |= VMA_LOCKED | (mm->lock_on_fault ? VMA_LOCKONFAULT : 0);
    unsigned prot = LX_PROT_READ | LX_PROT_WRITE;
    if ((flags & VMA_LOCKED) && !mm_may_lock(mm, pages))
        return -LX_EAGAIN;
    if (!mm_may_expand(mm, pages, prot, flags) || mm->vma_count > MM_VMA_MAX ||
        !mm_may_commit(mm, pages))
        return -LX_ENOMEM;
    struct vma *vma = vma_create(mm, &(struct vma){.start = old_end,
                                                   .end = end,
                                                   .prot = prot,
                                                   .flags = flags,
                                                   .page_offset = old_end >> PAGE_SHIFT});
    if (!vma)
        return -LX_ENOMEM;
    vma_insert(vma);
    vma_merge(vma);
    if ((flags & (VMA_LOCKED | VMA_LOCKONFAULT)) == VMA_LOCKED)
        mm_populate(mm, old_end, end);
    return 0;
}

long mm_brk(struct mm *mm, gva_t brk)
{
    if (brk < mm->brk_start || brk > TASK_SIZE - PAGE_SIZE)
        return (long)mm->brk;
    uint64_t data = mm->data_end - mm->data_start;
    if (mm->limits.data_bytes != LX_RLIM_INFINITY &&
        brk - mm->brk_start + data > mm->limits.data_bytes)
        return (long)mm->brk;
    gva_t old_end = PAGE_ALIGN_UP(mm->brk), end = PAGE_ALIGN_UP(brk);
    long err = 0;
    if (end < old_end)
        err = mm_unmap_range(mm, end, old_end);
    else if (end > old_end)
        err = grow_heap(mm, old_end, end);
    if (!err)
        mm->brk = brk;
    return (long)mm->brk;
}
