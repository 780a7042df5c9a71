/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /proc/PID/maps, smaps and smaps_rollup (proc(5)), and the counts of pages that other files show.
 * What is resident is read from the page tables.
 */
#include "procfs/internal.h"

#include <string.h>

#include "abi/mman.h"
#include "mem/pagetable.h"

#define NAME_COLUMN 73
#define KB(pages) ((unsigned long long)(pages) << (PAGE_SHIFT - 10))

/* Resident pages of one VMA. */
struct resident {
    uint64_t own, object; /* private memory; pages of what is mapped */
    uint64_t dirty;       /* of both: written */
    uint64_t shared;      /* of private memory: also somebody else's since a fork */
    uint64_t surplus;     /* of that, bytes that are counted as the others' */
};

static void count_resident(const struct vma *vma, struct resident *sum, uint64_t *tables)
{
    struct mm *mm = vma->mm;
    struct pt_walk walk = {.ram = mm->ram, .root = mm->pml4, .at = vma->start, .end = vma->end};
    while (pt_walk_next(&walk)) {
        if (tables)
            ++*tables;
        for (unsigned i = walk.first; i < walk.last; i++) {
            uint64_t pte = pt_get(mm->ram, walk.table, i);
            if (!(pte & PTE_PRESENT) || pte_frame(pte) == RAM_ZERO_FRAME)
                continue;
            bool own = (pte & PTE_OWN) || !vma->object;
            uint64_t users = own ? ram_refs(mm->ram, pte_frame(pte)) : 1;
            sum->own += own;
            sum->shared += users > 1;
            sum->surplus += PAGE_SIZE - PAGE_SIZE / users;
            sum->object += !own;
            sum->dirty += own || (pte & PTE_DIRTY);
        }
    }
}

void proc_count_pages(struct mm *mm, struct proc_pages *out)
{
    *out = (struct proc_pages){.tables = 2};
    struct resident all = {0};
    for (struct vma *vma = mm_first(mm); vma; vma = mm_next(vma)) {
        uint64_t pages = (vma->end - vma->start) >> PAGE_SHIFT;
        count_resident(vma, &all, &out->tables);
        if (vma->flags & VMA_GROWSDOWN)
            out->stack += pages;
        if (!(vma->prot & LX_PROT_EXEC) || !vma->object)
            continue;
        if (vma->start < mm->code_end && vma->end > mm->code_start)
            out->text += pages;
        else
            out->libraries += pages;
    }
    out->anon = all.own;
    out->file = all.object;
}

static void add_padded(struct strbuf *out, size_t line, const char *name)
{
    while (!out->failed && out->length - line < NAME_COLUMN)
        strbuf_putc(out, ' ');
    for (; *name; name++) {
        if (*name == '\n')
            strbuf_puts(out, "\\012");
        else
            strbuf_putc(out, *name);
    }
}

static const char *special_name(const struct vma *vma)
{
    const struct mm *mm = vma->mm;
    if (vma->flags & VMA_STACK || (vma->start < mm->stack_top && vma->end >= mm->stack_top))
        return "[stack]";
    if (vma->start < mm->brk && vma->end > mm->brk_start)
        return "[heap]";
    return NULL;
}

/* What stands before the paths of files below the reader's root; empty: it has the machine's. */
static void reader_root(const struct proc_view *view, struct strbuf *out)
{
    const struct task *caller = proc_caller(view->kernel);
    strbuf_init(out, view->kernel->arena, (size_t)2 * LX_PATH_MAX);
    if (caller && caller->fs)
        path_format(&view->kernel->vfs, &caller->fs->root, NULL, out);
    if (out->length == 1)
        strbuf_clear(out);
}

static const char *below(const char *path, const char *root)
{
    size_t length = strlen(root);
    return strncmp(path, root, length) == 0 && path[length] == '/' ? path + length : path;
}

void proc_format_vma(struct vma *vma, const char *root, struct strbuf *out)
{
    size_t line = out->length;
    struct strbuf name;
    uint64_t dev = 0, ino = 0, offset = 0;
    strbuf_init(&name, vma->mm->arena, (size_t)2 * LX_PATH_MAX);
    if (vma->object) {
        vma->object->ops->describe(vma->object, &name, &dev, &ino);
        offset = vma->page_offset << PAGE_SHIFT;
    }
    strbuf_printf(out, "%08llx-%08llx %c%c%c%c %08llx %02x:%02x %llu ",
                  (unsigned long long)vma->start, (unsigned long long)vma->end,
                  vma->prot & LX_PROT_READ ? 'r' : '-', vma->prot & LX_PROT_WRITE ? 'w' : '-',
                  vma->prot & LX_PROT_EXEC ? 'x' : '-', vma->flags & VMA_SHARED ? 's' : 'p',
                  (unsigned long long)offset, lx_major(dev), lx_minor(dev),
                  (unsigned long long)ino);
    const char *special = vma->object ? NULL : special_name(vma);
    if (vma->object || special)
        add_padded(out, line, special ? special : below(strbuf_string(&name), root));
    strbuf_putc(out, '\n');
    strbuf_fini(&name);
}

/* There may be many mappings: no more of them when the text has failed, or the machine shall stop.
 */
static struct vma *next_vma(const struct proc_view *view, struct vma *vma, struct strbuf *out)
{
    if (!out->failed && host_must_stop(view->kernel->host))
        out->failed = true;
    return out->failed ? NULL : mm_next(vma);
}

void proc_show_maps(const struct proc_view *view, struct strbuf *out)
{
    if (!view->task || !view->task->mm)
        return;
    struct strbuf root;
    reader_root(view, &root);
    for (struct vma *vma = mm_first(view->task->mm); vma; vma = next_vma(view, vma, out))
        proc_format_vma(vma, strbuf_string(&root), out);
    strbuf_fini(&root);
}

static void show_resident(const struct resident *resident, uint64_t locked, struct strbuf *out)
{
    uint64_t rss = resident->own + resident->object;
    uint64_t clean = rss - resident->dirty;
    const struct {
        const char *name;
        uint64_t kb;
    } rows[] = {
        {"Rss", KB(rss)},
        {"Pss", KB(rss) - (resident->surplus >> 10)},
        {"Pss_Dirty", KB(resident->dirty) - (resident->surplus >> 10)},
        {"Shared_Clean", 0},
        {"Shared_Dirty", KB(resident->shared)},
        {"Private_Clean", KB(clean)},
        {"Private_Dirty", KB(resident->dirty - resident->shared)},
        {"Referenced", KB(rss)},
        {"Anonymous", KB(resident->own)},
        {"KSM", 0},
        {"LazyFree", 0},
        {"AnonHugePages", 0},
        {"ShmemPmdMapped", 0},
        {"FilePmdMapped", 0},
        {"Shared_Hugetlb", 0},
        {"Private_Hugetlb", 0},
        {"Swap", 0},
        {"SwapPss", 0},
        {"Locked", KB(locked)},
    };
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        strbuf_printf(out, "%s:%*llu kB\n", rows[i].name,
                      (int)(23 - __builtin_strlen(rows[i].name)), (unsigned long long)rows[i].kb);
}

static void show_vma_flags(const struct vma *vma, struct strbuf *out)
{
    const struct {
        bool set;
        const char *name;
    } flags[] = {
        {vma->prot & LX_PROT_READ, "rd"},
        {vma->prot & LX_PROT_WRITE, "wr"},
        {vma->prot & LX_PROT_EXEC, "ex"},
        /* Linux: a shared mapping of a file that is open for reading only shares nothing
         * (guest/proc/maps). */
        {(vma->flags & VMA_SHARED) && (vma->flags & VMA_MAYWRITE), "sh"},
        {true, "mr"},
        {vma->flags & VMA_MAYWRITE, "mw"},
        {!(vma->flags & VMA_NOEXEC), "me"},
        {vma->flags & VMA_SHARED, "ms"},
        {vma->flags & VMA_GROWSDOWN, "gd"},
        {vma->flags & VMA_LOCKED, "lo"},
        {vma->flags & VMA_SEQUENTIAL, "sr"},
        {vma->flags & VMA_RANDOM, "rr"},
        {vma->flags & VMA_DONTFORK, "dc"},
        {vma->flags & VMA_LOCKONFAULT, "lf"},
        {vma->flags & VMA_ACCOUNT, "ac"},
        {vma->flags & VMA_NORESERVE, "nr"},
        {vma->flags & VMA_WIPEONFORK, "wf"},
        {vma->flags & VMA_DONTDUMP, "dd"},
        {vma->flags & VMA_HUGEPAGE, "hg"},
        {vma->flags & VMA_NOHUGEPAGE, "nh"},
        {vma->flags & VMA_MERGEABLE, "mg"},
        {vma->flags & VMA_SEALED, "sl"},
    };
    strbuf_puts(out, "VmFlags: ");
    for (size_t i = 0; i < ARRAY_SIZE(flags); i++) {
        if (flags[i].set)
            strbuf_printf(out, "%s ", flags[i].name);
    }
    strbuf_putc(out, '\n');
}

void proc_show_smaps(const struct proc_view *view, struct strbuf *out)
{
    if (!view->task || !view->task->mm)
        return;
    struct strbuf root;
    reader_root(view, &root);
    for (struct vma *vma = mm_first(view->task->mm); vma; vma = next_vma(view, vma, out)) {
        struct resident resident = {0};
        uint64_t pages = (vma->end - vma->start) >> PAGE_SHIFT;
        proc_format_vma(vma, strbuf_string(&root), out);
        strbuf_printf(out, "Size:%19llu kB\nKernelPageSize:%9u kB\nMMUPageSize:%12u kB\n",
                      KB(pages), 4u, 4u);
        count_resident(vma, &resident, NULL);
        show_resident(&resident, vma->flags & VMA_LOCKED ? pages : 0, out);
        strbuf_puts(out, "THPeligible:           0\n");
        show_vma_flags(vma, out);
    }
    strbuf_fini(&root);
}

void proc_show_smaps_rollup(const struct proc_view *view, struct strbuf *out)
{
    struct vma *vma = view->task && view->task->mm ? mm_first(view->task->mm) : NULL;
    if (!vma)
        return;
    struct resident resident = {0};
    gva_t start = vma->start, end = start;
    size_t line = out->length;
    for (; vma; vma = mm_next(vma)) {
        count_resident(vma, &resident, NULL);
        end = vma->end;
    }
    strbuf_printf(out, "%08llx-%08llx ---p 00000000 00:00 0 ", (unsigned long long)start,
                  (unsigned long long)end);
    add_padded(out, line, "[rollup]");
    strbuf_putc(out, '\n');
    show_resident(&resident, view->task->mm->locked_pages, out);
}
