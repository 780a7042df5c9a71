/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_MEM_OBJECT_H
#define LSTAR_MEM_OBJECT_H
/*
 * What can be mapped: pages that come from somewhere. Files implement this, so that memory never
 * sees the file systems.
 */
#include "mem/ram.h"
#include "base/list.h"
#include "base/strbuf.h"

struct vm_object;

struct vm_object_ops {
    /*
     * The frame of page `index` (offset / PAGE_SIZE), with a reference for the caller. `write`: it
     * will be written through a shared mapping. Required. Errors: -LX_EFAULT beyond the end
     * (SIGBUS), -LX_ENOMEM, -LX_EIO (SIGBUS).
     */
    long (*get_page)(struct vm_object *object, uint64_t index, bool write, frame_t *out);
    /* A VMA begins, ends to refer to the object (also by split, merge and fork). Required. */
    void (*get)(struct vm_object *object);
    void (*put)(struct vm_object *object);
    /* Write dirty shared pages of [first, first + count) where they belong. NULL: nothing to do. */
    long (*sync)(struct vm_object *object, uint64_t first, uint64_t count);
    /* MADV_REMOVE: punch a hole. NULL: -LX_EOPNOTSUPP. */
    long (*remove)(struct vm_object *object, uint64_t first, uint64_t count);
    /* mincore(2): is page `index` in memory? NULL: always. */
    bool (*resident)(struct vm_object *object, uint64_t index);
    /* What /proc/PID/maps shows: path to `name`, and device and inode number. Required. */
    void (*describe)(struct vm_object *object, struct strbuf *name, uint64_t *dev, uint64_t *ino);
};

struct vm_object {
    const struct vm_object_ops *ops;
    struct list mappings; /* VMAs that map it (vma.object_link): for truncation and reclaim;
                             list_init()ed by its owner */
};

/* The object lost its pages from `first` on (truncate): take them out of every mapping; the next
 * touch faults again. */
void vm_object_unmap_pages(struct vm_object *object, uint64_t first, uint64_t count);
/* The object lost pages in its midst (a hole was punched): as above, but private copies of them
 * stay. */
void vm_object_punch_pages(struct vm_object *object, uint64_t first, uint64_t count);
/* The object is about to write pages back: the next write through a shared mapping asks get_page(…,
 * write) again. */
void vm_object_clean_pages(struct vm_object *object, uint64_t first, uint64_t count);

#endif
