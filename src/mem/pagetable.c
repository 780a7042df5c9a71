/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Page tables. Level 3 is the root (512 GiB an entry), level 0 the lowest (a page an entry).
 * Entries of levels 1 to 3 allow everything, except that those of level 1 may withhold rights from
 * the 2 MiB below. All stores go through ram_write(), so that snapshots hold.
 */
#include "mem/pagetable.h"

#include "abi/errno.h"
#include "abi/mman.h"

#define RIGHTS (PTE_WRITE | PTE_USER | PTE_NX)
#define TABLE_BITS (PTE_PRESENT | PTE_WRITE | PTE_USER | PTE_ACCESSED)

static unsigned index_at(gva_t addr, unsigned level)
{
    return (unsigned)(addr >> (PAGE_SHIFT + 9 * level)) & (PT_ENTRIES - 1);
}

/* The address after the range that one entry of `level` covers around `addr`. */
static gva_t next_entry(gva_t addr, unsigned level)
{
    unsigned shift = PAGE_SHIFT + 9 * level;
    return ((addr >> shift) + 1) << shift;
}

/* Does `entry` withhold any of `rights`? */
static bool withholds(uint64_t entry, uint64_t rights)
{
    return pte_cut(rights, entry & RIGHTS) != rights;
}

uint64_t pte_rights(unsigned prot)
{
    if (!(prot & (LX_PROT_READ | LX_PROT_WRITE | LX_PROT_EXEC)))
        return PTE_NX;
    return PTE_USER | (prot & LX_PROT_WRITE ? PTE_WRITE : 0) | (prot & LX_PROT_EXEC ? 0 : PTE_NX);
}

long pt_create(struct ram *ram, frame_t *root)
{
    return ram_alloc(ram, root);
}

uint64_t pt_lookup(struct ram *ram, frame_t root, gva_t addr)
{
    frame_t table = root;
    uint64_t rights = PTE_WRITE | PTE_USER;
    for (unsigned level = 3; level > 0; level--) {
        uint64_t entry = pt_get(ram, table, index_at(addr, level));
        if (!(entry & PTE_PRESENT))
            return 0;
        rights = pte_cut(rights, entry & RIGHTS);
        table = pte_frame(entry);
    }
    uint64_t pte = pt_get(ram, table, index_at(addr, 0));
    return pte & PTE_PRESENT ? pte_cut(pte, rights) : 0;
}

/* The lowest table for `addr`, and the one above it; *level is where the way ended, 0 when it was
 * found. */
static frame_t descend(struct ram *ram, frame_t root, gva_t addr, frame_t *upper, unsigned *level)
{
    frame_t table = root;
    *upper = FRAME_NONE;
    for (*level = 3; *level > 0; --*level) {
        uint64_t entry = pt_get(ram, table, index_at(addr, *level));
        if (!(entry & PTE_PRESENT))
            return FRAME_NONE;
        *upper = table;
        table = pte_frame(entry);
    }
    return table;
}

bool pt_find(struct ram *ram, frame_t root, gva_t addr, frame_t *table, unsigned *index)
{
    frame_t upper;
    unsigned level;
    *table = descend(ram, root, addr, &upper, &level);
    *index = index_at(addr, 0);
    return level == 0;
}

/* Move what the entry of level 1 withholds into the entries of its table. */
static void push_down(struct ram *ram, frame_t upper, unsigned upper_index, frame_t table)
{
    uint64_t entry = pt_get(ram, upper, upper_index);
    uint64_t *ptes = ram_write(ram, table);
    for (unsigned i = 0; i < PT_ENTRIES; i++)
        if (ptes[i] & PTE_PRESENT)
            ptes[i] = pte_cut(ptes[i], entry & RIGHTS);
    pt_set(ram, upper, upper_index, pte_make(pte_frame(entry), TABLE_BITS));
}

long pt_reach(struct ram *ram, frame_t root, gva_t addr, uint64_t rights, frame_t *out,
              unsigned *index)
{
    frame_t table = root;
    for (unsigned level = 3; level > 0; level--) {
        unsigned i = index_at(addr, level);
        uint64_t entry = pt_get(ram, table, i);
        frame_t below = pte_frame(entry);
        if (!(entry & PTE_PRESENT)) {
            long err = ram_alloc(ram, &below);
            if (err)
                return err;
            pt_set(ram, table, i, pte_make(below, TABLE_BITS));
        } else if (unlikely(withholds(entry, rights))) {
            push_down(ram, table, i, below);
        }
        table = below;
    }
    *out = table;
    *index = index_at(addr, 0);
    return 0;
}

bool pt_walk_next(struct pt_walk *walk)
{
    while (walk->at < walk->end) {
        unsigned level;
        gva_t at = walk->at;
        walk->table = descend(walk->ram, walk->root, at, &walk->upper, &level);
        if (level > 0) {
            walk->at = next_entry(at, level);
            continue;
        }
        walk->at = next_entry(at, 1);
        walk->base = at & ~(PT_SPAN - 1);
        walk->first = index_at(at, 0);
        gva_t last = MIN(walk->end, walk->at) - 1;
        walk->last = index_at(last, 0) + 1;
        walk->upper_index = index_at(at, 1);
        return true;
    }
    return false;
}

/* `pte`, present, with `rights`: PTE_WRITE comes back only where nothing has to be asked. */
static uint64_t with_rights(const struct ram *ram, uint64_t pte, uint64_t rights)
{
    uint64_t now = (pte & ~(PTE_WRITE | PTE_USER | PTE_NX)) | (rights & (PTE_USER | PTE_NX));
    bool asked = (pte & PTE_DIRTY) && (!(pte & PTE_OWN) || ram_refs(ram, pte_frame(pte)) == 1);
    if ((rights & PTE_WRITE) && ((pte & PTE_WRITE) || asked))
        now |= PTE_WRITE;
    return now;
}

/* pt_protect() for entries [walk->first, walk->last) of one table. True if any lost rights. */
static bool protect_entries(const struct pt_walk *walk, uint64_t rights)
{
    const uint64_t *ptes = ram_read(walk->ram, walk->table);
    uint64_t *writable = NULL;
    bool lost = false;
    for (unsigned i = walk->first; i < walk->last; i++) {
        uint64_t pte = ptes[i];
        if (!(pte & PTE_PRESENT))
            continue;
        uint64_t now = with_rights(walk->ram, pte, rights);
        if (now == pte)
            continue;
        if (!writable)
            writable = ram_write(walk->ram, walk->table);
        writable[i] = now;
        lost |= withholds(now, pte & RIGHTS);
    }
    return lost;
}

bool pt_protect(struct ram *ram, frame_t root, gva_t start, gva_t end, uint64_t rights)
{
    bool lost = false;
    struct pt_walk walk = {.ram = ram, .root = root, .at = start, .end = end};
    while (pt_walk_next(&walk)) {
        if (walk.first != 0 || walk.last != PT_ENTRIES) {
            lost |= protect_entries(&walk, rights);
            continue;
        }
        uint64_t entry = pt_get(ram, walk.upper, walk.upper_index);
        uint64_t now = pte_make(walk.table, (TABLE_BITS & ~RIGHTS) | rights);
        lost |= withholds(now, entry & RIGHTS);
        if (now != entry)
            pt_set(ram, walk.upper, walk.upper_index, now);
    }
    return lost;
}

/* Free the table below the entry of `level` that covers `addr`. Returns the level where the way
 * down ended. */
static unsigned free_table(struct ram *ram, frame_t root, gva_t addr, unsigned level)
{
    frame_t table = root;
    for (unsigned l = 3;; l--) {
        uint64_t entry = pt_get(ram, table, index_at(addr, l));
        if (!(entry & PTE_PRESENT))
            return l;
        if (l == level) {
            pt_set(ram, table, index_at(addr, l), 0);
            ram_put(ram, pte_frame(entry));
            return l;
        }
        table = pte_frame(entry);
    }
}

void pt_free_tables(struct ram *ram, frame_t root, gva_t start, gva_t end, gva_t low, gva_t high)
{
    /* Lower levels first: a table is freed after all below it. */
    for (unsigned level = 1; level <= 3; level++) {
        gva_t span = (gva_t)1 << (PAGE_SHIFT + 9 * level);
        gva_t at = MAX(start & ~(span - 1), (low + span - 1) & ~(span - 1));
        gva_t top = high >= TASK_SIZE ? (gva_t)1 << 47 : high & ~(span - 1);
        top = MIN(top, (end + span - 1) & ~(span - 1));
        while (at < top)
            at = next_entry(at, free_table(ram, root, at, level));
    }
}
