/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_MEM_PAGETABLE_H
#define LSTAR_MEM_PAGETABLE_H
/*
 * Four-level page tables in the format of x86-64 hardware (Intel SDM volume 3, 4.5), in frames of
 * the machine's RAM.
 *
 * Rights in the tables are a cache of the VMAs' and may fall short of them: the page fault that
 * follows puts that right. They never exceed them. An entry of the level above (one for 2 MiB) may
 * take rights away from all its pages at once: so mprotect(2) costs one store for 2 MiB. A page's
 * own PTE_WRITE says that its frame may be written without asking (no copy on write, no file to
 * tell).
 */
#include "mem/ram.h"

#define PTE_PRESENT ((uint64_t)1 << 0)
#define PTE_WRITE ((uint64_t)1 << 1)
#define PTE_USER ((uint64_t)1 << 2)
#define PTE_ACCESSED ((uint64_t)1 << 5)
#define PTE_DIRTY ((uint64_t)1 << 6)
#define PTE_OWN ((uint64_t)1 << 9) /* ours: the page is private memory, not a page of an object */
#define PTE_GUARD                                                                                  \
    ((uint64_t)1                                                                                   \
     << 10) /* ours, in an entry that is not present: a guard page (MADV_GUARD_INSTALL) */
#define PTE_NX ((uint64_t)1 << 63)
#define PTE_FRAME_MASK ((uint64_t)0x000ffffffffff000)

#define PT_ENTRIES 512u
#define PT_SPAN                                                                                    \
    ((uint64_t)PT_ENTRIES << PAGE_SHIFT) /* bytes of addresses that one lowest table covers */

static inline frame_t pte_frame(uint64_t pte)
{
    return (frame_t)((pte & PTE_FRAME_MASK) >> PAGE_SHIFT);
}

static inline uint64_t pte_make(frame_t frame, uint64_t bits)
{
    return ram_phys(frame) | bits | PTE_PRESENT;
}

/* The rights of `prot` (LX_PROT_*) as bits of an entry: of PTE_USER, PTE_WRITE and PTE_NX. */
uint64_t pte_rights(unsigned prot);

/* `entry` without the rights that `rights` lacks. */
static inline uint64_t pte_cut(uint64_t entry, uint64_t rights)
{
    return (entry & (rights | ~(PTE_WRITE | PTE_USER))) | (rights & PTE_NX);
}

/* `entry`, if present, allows the access? */
static inline bool pte_allows(uint64_t entry, enum cpu_access access)
{
    uint64_t need = PTE_PRESENT | PTE_USER | (access == CPU_WRITE ? PTE_WRITE : 0);
    return (entry & need) == need && !(access == CPU_EXEC && (entry & PTE_NX));
}

/* An empty top-level table. -LX_ENOMEM. */
MUST_CHECK long pt_create(struct ram *ram, frame_t *root);
/* The page's entry with the rights that are left after all levels; 0 when there is none. */
uint64_t pt_lookup(struct ram *ram, frame_t root, gva_t addr);
/* Where the page's entry lies: table and index; false when no table covers it. */
bool pt_find(struct ram *ram, frame_t root, gva_t addr, frame_t *table, unsigned *index);
/*
 * As pt_find(), making tables; afterwards no upper level withholds any of `rights` (pte_rights())
 * from the page. -LX_ENOMEM leaves at most empty tables behind.
 */
MUST_CHECK long pt_reach(struct ram *ram, frame_t root, gva_t addr, uint64_t rights, frame_t *table,
                         unsigned *index);

static inline uint64_t pt_get(struct ram *ram, frame_t table, unsigned index)
{
    return ((const uint64_t *)ram_read(ram, table))[index];
}

static inline void pt_set(struct ram *ram, frame_t table, unsigned index, uint64_t pte)
{
    ((uint64_t *)ram_write(ram, table))[index] = pte;
}

/* The lowest tables in [at, end), absent ones skipped. Set ram, root, at and end; page-aligned. */
struct pt_walk {
    struct ram *ram;
    frame_t root;
    gva_t at; /* where to go on */
    gva_t end;
    frame_t table;  /* the table found */
    unsigned first; /* its first entry in range */
    unsigned last;  /* the entry after its last in range */
    gva_t base;     /* the address of entry 0 */
    frame_t upper;  /* the table above, and this one's entry in it */
    unsigned upper_index;
};
bool pt_walk_next(struct pt_walk *walk);

/*
 * Give the pages of [start, end) `rights`: no page has more afterwards, some may have less until
 * they fault. True if any may have lost some: flush the TLB.
 */
bool pt_protect(struct ram *ram, frame_t root, gva_t start, gva_t end, uint64_t rights);

/*
 * Free the tables of [start, end) as far as they lie wholly in [low, high), where no page is
 * mapped. low = 0 and high = TASK_SIZE: the root's too.
 */
void pt_free_tables(struct ram *ram, frame_t root, gva_t start, gva_t end, gva_t low, gva_t high);

#endif
