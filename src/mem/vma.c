/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The VMAs of an address space: a red-black tree by start, no two overlap, none is empty. Each node
 * sums up the largest gap below any VMA of its subtree, so that finding room for a new mapping does
 * not depend on how many there are. Counts of pages by kind follow every change, for the limits and
 * for /proc.
 */
#include "mem/mm_internal.h"

#define vma_of(n) rb_entry(n, struct vma, node)

struct vma *vma_create(struct mm *mm, const struct vma *like)
{
    struct vma *vma = arena_alloc(mm->arena, sizeof *vma);
    if (!vma)
        return NULL;
    vma->start = like->start;
    vma->end = like->end;
    vma->prot = like->prot;
    vma->flags = like->flags;
    vma->page_offset = like->page_offset;
    vma->object = like->object;
    vma->mm = mm;
    if (vma->object) {
        vma->object->ops->get(vma->object);
        list_push_back(&vma->object->mappings, &vma->object_link);
    } else {
        list_init(&vma->object_link);
    }
    return vma;
}

void vma_destroy(struct vma *vma)
{
    list_remove(&vma->object_link);
    if (vma->object)
        vma->object->ops->put(vma->object);
    arena_free(vma->mm->arena, vma);
}

/* Linux's is_data_mapping(): what RLIMIT_DATA limits. */
static bool is_data(const struct vma *vma)
{
    return (vma->prot & LX_PROT_WRITE) && !(vma->flags & (VMA_SHARED | VMA_GROWSDOWN));
}

/* Add the VMA's pages to the counts (or take them away). */
static void count(struct vma *vma, bool add)
{
    struct mm *mm = vma->mm;
    uint64_t pages = add ? vma_pages(vma) : -vma_pages(vma);
    mm->total_pages += pages;
    if (is_data(vma))
        mm->data_pages += pages;
    if (vma->flags & VMA_LOCKED)
        mm->locked_pages += pages;
    mm->peak_total_pages = MAX(mm->peak_total_pages, mm->total_pages);
}

static void sum_gaps(struct rb_node *node)
{
    struct vma *vma = vma_of(node);
    uint64_t most = vma->gap;
    if (node->left)
        most = MAX(most, vma_of(node->left)->gap_max);
    if (node->right)
        most = MAX(most, vma_of(node->right)->gap_max);
    vma->gap_max = most;
}

struct vma *vma_prev(struct vma *vma)
{
    struct rb_node *node = rb_prev(&vma->node);
    return node ? vma_of(node) : NULL;
}

struct vma *mm_next(struct vma *vma)
{
    struct rb_node *node = rb_next(&vma->node);
    return node ? vma_of(node) : NULL;
}

struct vma *mm_first(struct mm *mm)
{
    struct rb_node *node = rb_first(&mm->vmas);
    return node ? vma_of(node) : NULL;
}

static gva_t end_before(struct vma *vma)
{
    struct vma *prev = vma_prev(vma);
    return prev ? prev->end : 0;
}

/* The gap below `vma` (may be NULL) may have changed. */
static void update_gap(struct vma *vma)
{
    if (!vma)
        return;
    gva_t start = vma_guarded_start(vma), end = end_before(vma);
    uint64_t gap = start > end ? start - end : 0;
    if (gap == vma->gap)
        return;
    vma->gap = gap;
    rb_resum(&vma->node, sum_gaps);
}

void vma_insert(struct vma *vma)
{
    struct mm *mm = vma->mm;
    struct rb_node *parent = NULL, **link = &mm->vmas.root;
    while (*link) {
        parent = *link;
        link = vma->start < vma_of(parent)->start ? &parent->left : &parent->right;
    }
    vma->gap = 0;
    rb_insert_summed(&mm->vmas, parent, link, &vma->node, sum_gaps);
    update_gap(vma);
    update_gap(mm_next(vma));
    mm->vma_count++;
    count(vma, true);
}

void vma_remove(struct vma *vma)
{
    struct mm *mm = vma->mm;
    struct vma *next = mm_next(vma);
    count(vma, false);
    rb_remove_summed(&mm->vmas, &vma->node, sum_gaps);
    update_gap(next);
    mm->vma_count--;
    if (mm->last_hit == vma)
        mm->last_hit = NULL;
}

void vma_move_bounds(struct vma *vma, gva_t start, gva_t end)
{
    count(vma, false);
    vma->start = start;
    vma->end = end;
    count(vma, true);
    update_gap(vma);
    update_gap(mm_next(vma));
}

void vma_change(struct vma *vma, unsigned prot, unsigned flags)
{
    count(vma, false);
    vma->prot = prot;
    vma->flags = flags;
    count(vma, true);
    update_gap(vma);
}

long vma_split(struct vma *vma, gva_t addr)
{
    struct vma like = *vma;
    like.start = addr;
    like.page_offset += (addr - vma->start) >> PAGE_SHIFT;
    struct vma *upper = vma_create(vma->mm, &like);
    if (!upper)
        return -LX_ENOMEM;
    vma_move_bounds(vma, vma->start, addr);
    vma_insert(upper);
    return 0;
}

/* May `b`, the neighbour above, become part of `a`? */
static bool alike(const struct vma *a, const struct vma *b)
{
    return a->end == b->start && a->prot == b->prot &&
           ((a->flags ^ b->flags) & ~(unsigned)VMA_FAULTED) == 0 && a->object == b->object &&
           b->page_offset == a->page_offset + vma_pages(a);
}

/* `a` takes over its neighbour `b`. */
static void absorb(struct vma *a, struct vma *b)
{
    gva_t end = b->end;
    a->flags |= b->flags & VMA_FAULTED;
    vma_remove(b);
    vma_destroy(b);
    vma_move_bounds(a, a->start, end);
}

struct vma *vma_merge(struct vma *vma)
{
    struct vma *next = mm_next(vma);
    if (next && alike(vma, next))
        absorb(vma, next);
    struct vma *prev = vma_prev(vma);
    if (prev && alike(prev, vma)) {
        absorb(prev, vma);
        vma = prev;
    }
    return vma;
}

struct vma *mm_find(struct mm *mm, gva_t addr)
{
    struct vma *best = mm->last_hit;
    if (best && best->start <= addr && addr < best->end)
        return best;
    best = NULL;
    struct rb_node *node = mm->vmas.root;
    while (node) {
        struct vma *vma = vma_of(node);
        if (addr >= vma->end) {
            node = node->right;
            continue;
        }
        best = vma;
        if (addr >= vma->start)
            break;
        node = node->left;
    }
    if (best)
        mm->last_hit = best;
    return best;
}

struct vma *vma_first_in(struct mm *mm, gva_t start, gva_t end)
{
    struct vma *vma = mm_find(mm, start);
    return vma && vma->start < end ? vma : NULL;
}

static bool subtree_has(const struct rb_node *node, uint64_t length)
{
    return node && vma_of(node)->gap_max >= length;
}

/* The last (or first) VMA with such a gap in a subtree that has one. */
static struct vma *outermost(struct rb_node *node, uint64_t length, bool last)
{
    for (;;) {
        struct rb_node *outer = last ? node->right : node->left;
        if (subtree_has(outer, length))
            node = outer;
        else if (vma_of(node)->gap >= length)
            return vma_of(node);
        else
            node = last ? node->left : node->right;
    }
}

/* The nearest VMA before (or after) `vma` with a gap of `length` below it, or NULL. */
static struct vma *nearest(struct vma *vma, uint64_t length, bool before)
{
    struct rb_node *node = &vma->node;
    struct rb_node *side = before ? node->left : node->right;
    if (subtree_has(side, length))
        return outermost(side, length, before);
    for (struct rb_node *up = node->parent; up; node = up, up = up->parent) {
        if (node != (before ? up->right : up->left))
            continue;
        if (vma_of(up)->gap >= length)
            return vma_of(up);
        side = before ? up->left : up->right;
        if (subtree_has(side, length))
            return outermost(side, length, before);
    }
    return NULL;
}

/* The address for `length` bytes in [low, high) and the gap [start, end), or 0. */
static gva_t fit(gva_t start, gva_t end, uint64_t length, gva_t low, gva_t high, bool highest)
{
    start = MAX(start, low);
    end = MIN(end, high);
    if (end <= start || end - start < length)
        return 0;
    return highest ? end - length : start;
}

gva_t vma_find_gap(struct mm *mm, uint64_t length, gva_t low, gva_t high, bool highest)
{
    struct rb_node *last_node = rb_last(&mm->vmas);
    struct vma *last = last_node ? vma_of(last_node) : NULL;
    struct vma *vma = mm_find(mm, highest ? high : low);
    gva_t above = last ? last->end : 0; /* from here on all is free */
    gva_t found;

    if (highest && !vma) {
        found = fit(above, TASK_SIZE, length, low, high, true);
        if (found || !last)
            return found;
        vma = last;
    }
    while (vma) {
        found = fit(end_before(vma), vma_guarded_start(vma), length, low, high, highest);
        if (found)
            return found;
        if (highest ? vma->start <= low : vma->start >= high)
            return 0;
        vma = nearest(vma, length, highest);
    }
    return highest ? 0 : fit(above, TASK_SIZE, length, low, high, false);
}
