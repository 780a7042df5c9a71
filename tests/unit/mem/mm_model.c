/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Address spaces against a model that knows of every page whether it is mapped, what may be done
 * with it and what it holds: random mmap, munmap, mprotect, mremap, madvise, fork, reads and
 * writes. Afterwards no frame and no byte of the arena is left over.
 */
#include "mem/mm.h"
#include "mem/uaccess.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "abi/errno.h"
#include "abi/mman.h"
#include "abi/signal.h"

#define PAGES 3000 /* of the window that is tested: more than two lowest tables */
#define WINDOW ((gva_t)0x10001c5000)
#define SPACES 3

struct page {
    bool mapped;
    bool shared;
    bool wipe; /* MADV_WIPEONFORK */
    unsigned prot;
    uint32_t *value; /* shared: where its value is */
    uint32_t own;    /* private: its value */
};

struct space {
    struct mm *mm;
    struct page pages[PAGES];
};

struct world {
    struct arena *arena;
    struct ram *ram;
    struct space *spaces[SPACES];
    uint32_t shared_values[400000];
    unsigned shared_count;
    uint64_t seed;
};

static uint64_t next_random(struct world *world, uint64_t below)
{
    world->seed = world->seed * 6364136223846793005u + 1442695040888963407u;
    return (world->seed >> 33) % below;
}

static uint32_t *value_of(struct page *page)
{
    return page->shared ? page->value : &page->own;
}

static gva_t address(unsigned page)
{
    return WINDOW + ((gva_t)page << PAGE_SHIFT);
}

static bool all_mapped(const struct space *space, unsigned first, unsigned count)
{
    for (unsigned i = first; i < first + count; i++)
        if (!space->pages[i].mapped)
            return false;
    return true;
}

static unsigned mapped_prefix(const struct space *space, unsigned first, unsigned count)
{
    unsigned i = 0;
    while (i < count && space->pages[first + i].mapped)
        i++;
    return i;
}

static unsigned random_prot(struct world *world)
{
    static const unsigned prots[] = {
        LX_PROT_NONE,
        LX_PROT_READ,
        LX_PROT_READ | LX_PROT_WRITE,
        LX_PROT_READ | LX_PROT_WRITE,
        LX_PROT_READ | LX_PROT_EXEC,
        LX_PROT_READ | LX_PROT_WRITE | LX_PROT_EXEC,
    };
    return prots[next_random(world, ARRAY_SIZE(prots))];
}

static void do_map(struct world *world, struct space *space, unsigned first, unsigned count)
{
    bool shared = next_random(world, 4) == 0;
    if (shared && world->shared_count + count > ARRAY_SIZE(world->shared_values))
        shared = false;
    unsigned prot = random_prot(world);
    struct mm_map_request request = {
        .addr = address(first),
        .length = (uint64_t)count << PAGE_SHIFT,
        .prot = prot,
        .flags = LX_MAP_FIXED | LX_MAP_ANONYMOUS | (shared ? LX_MAP_SHARED : LX_MAP_PRIVATE),
    };
    if (next_random(world, 8) == 0)
        request.flags |= LX_MAP_POPULATE;
    assert_int_equal(mm_map(space->mm, &request), request.addr);
    for (unsigned i = first; i < first + count; i++) {
        struct page *page = &space->pages[i];
        *page = (struct page){.mapped = true, .shared = shared, .prot = prot};
        if (shared)
            page->value = &world->shared_values[world->shared_count++];
    }
}

static void do_unmap(struct space *space, unsigned first, unsigned count)
{
    assert_int_equal(mm_unmap(space->mm, address(first), (uint64_t)count << PAGE_SHIFT), 0);
    for (unsigned i = first; i < first + count; i++)
        space->pages[i] = (struct page){0};
}

static void do_protect(struct world *world, struct space *space, unsigned first, unsigned count)
{
    unsigned prot = random_prot(world);
    long result = mm_protect(space->mm, address(first), (uint64_t)count << PAGE_SHIFT, prot);
    assert_int_equal(result, all_mapped(space, first, count) ? 0 : -LX_ENOMEM);
    unsigned done = mapped_prefix(space, first, count);
    for (unsigned i = first; i < first + done; i++)
        space->pages[i].prot = prot;
}

static void do_dontneed(struct space *space, unsigned first, unsigned count)
{
    long result =
        mm_advise(space->mm, address(first), (uint64_t)count << PAGE_SHIFT, LX_MADV_DONTNEED);
    assert_int_equal(result, all_mapped(space, first, count) ? 0 : -LX_ENOMEM);
    for (unsigned i = first; i < first + count; i++)
        space->pages[i].own = 0;
}

static void do_wipe(struct world *world, struct space *space, unsigned first, unsigned count)
{
    bool wipe = next_random(world, 2);
    for (unsigned i = first; i < first + count; i++)
        if (!space->pages[i].mapped || space->pages[i].shared)
            return;
    assert_int_equal(mm_advise(space->mm, address(first), (uint64_t)count << PAGE_SHIFT,
                               wipe ? LX_MADV_WIPEONFORK : LX_MADV_KEEPONFORK),
                     0);
    for (unsigned i = first; i < first + count; i++)
        space->pages[i].wipe = wipe;
}

/* Moves, grows or shrinks within one run of pages that the model knows to be one mapping. */
static void do_remap(struct world *world, struct space *space, unsigned first, unsigned count)
{
    struct mm *mm = space->mm;
    struct vma *vma = mm_find(mm, address(first));
    if (!vma || vma->start > address(first) || vma->end < address(first + count) ||
        (vma->flags & VMA_SHARED))
        return;
    unsigned to = (unsigned)next_random(world, PAGES - count);
    if (to < first + count && first < to + count)
        return;
    struct page moved[PAGES];
    memcpy(moved, &space->pages[first], count * sizeof *moved);
    assert_int_equal(mm_remap(mm, address(first), (uint64_t)count << PAGE_SHIFT,
                              (uint64_t)count << PAGE_SHIFT, LX_MREMAP_MAYMOVE | LX_MREMAP_FIXED,
                              address(to)),
                     address(to));
    for (unsigned i = 0; i < count; i++)
        space->pages[first + i] = (struct page){0};
    memcpy(&space->pages[to], moved, count * sizeof *moved);
}

static void do_fork(struct world *world, unsigned from)
{
    unsigned to = (unsigned)next_random(world, SPACES);
    if (to == from)
        return;
    struct space *parent = world->spaces[from], *child = world->spaces[to];
    mm_put(child->mm);
    assert_int_equal(mm_clone(parent->mm, &child->mm), 0);
    memcpy(child->pages, parent->pages, sizeof child->pages);
    for (unsigned i = 0; i < PAGES; i++)
        if (child->pages[i].wipe)
            child->pages[i].own = 0;
}

/* The access, once as the kernel's and once as the CPU's. */
static void do_access(struct world *world, struct space *space, unsigned index, bool write)
{
    struct mm *mm = space->mm;
    struct page *page = &space->pages[index];
    gva_t addr = address(index) + next_random(world, 1000) * 4;
    gva_t word = address(index);
    bool allowed = page->mapped && (write ? page->prot & LX_PROT_WRITE : page->prot != 0);

    if (next_random(world, 2)) {
        struct mm_fault fault;
        enum cpu_access access = write ? CPU_WRITE : CPU_READ;
        struct cpu_translation translation;
        if (!mm_translate(mm, addr, access, &translation)) {
            long err = mm_fault(mm, addr, access, &fault);
            assert_int_equal(err, allowed ? 0 : -LX_EFAULT);
            if (err) {
                assert_int_equal(fault.signal, LX_SIGSEGV);
                assert_int_equal(fault.addr, addr);
                assert_int_equal(fault.code, page->mapped ? LX_SEGV_ACCERR : LX_SEGV_MAPERR);
                return;
            }
            assert_true(mm_translate(mm, addr, access, &translation));
        }
        assert_true(allowed);
        assert_true(translation.grants & access);
        if (!(page->prot & LX_PROT_WRITE))
            assert_false(translation.grants & CPU_WRITE);
    }
    uint32_t value = 0;
    if (write) {
        value = (uint32_t)next_random(world, UINT32_MAX) + 1;
        assert_int_equal(user_put(mm, word, &value), allowed ? 0 : -LX_EFAULT);
        if (allowed)
            *value_of(page) = value;
    } else {
        assert_int_equal(user_get(mm, &value, word), allowed ? 0 : -LX_EFAULT);
        if (allowed)
            assert_int_equal(value, *value_of(page));
    }
}

/* VMAs are in order, apart, within bounds, with the right protection, and the counts agree. */
static void check(struct space *space)
{
    struct mm *mm = space->mm;
    uint64_t total = 0, data = 0;
    unsigned count = 0, page = 0;
    gva_t end = 0;
    for (struct vma *vma = mm_first(mm); vma; vma = mm_next(vma)) {
        assert_true(vma->start >= end && vma->start < vma->end);
        end = vma->end;
        count++;
        total += (vma->end - vma->start) >> PAGE_SHIFT;
        if ((vma->prot & LX_PROT_WRITE) && !(vma->flags & VMA_SHARED))
            data += (vma->end - vma->start) >> PAGE_SHIFT;
        for (; address(page) < vma->start; page++)
            assert_false(space->pages[page].mapped);
        for (; address(page) < vma->end; page++) {
            assert_true(space->pages[page].mapped);
            assert_int_equal(space->pages[page].prot, vma->prot);
            assert_int_equal(space->pages[page].shared, !!(vma->flags & VMA_SHARED));
        }
    }
    for (; page < PAGES; page++)
        assert_false(space->pages[page].mapped);
    assert_int_equal(mm->vma_count, count);
    assert_int_equal(mm->total_pages, total);
    assert_int_equal(mm->data_pages, data);
    assert_true(mm->resident_pages <= total);
}

static void step(struct world *world)
{
    unsigned which = (unsigned)next_random(world, SPACES);
    struct space *space = world->spaces[which];
    unsigned first = (unsigned)next_random(world, PAGES);
    unsigned most = next_random(world, 10) == 0 ? PAGES : 40;
    unsigned count = 1 + (unsigned)next_random(world, MIN(most, PAGES - first));
    switch (next_random(world, 40)) {
    case 0:
    case 1:
    case 2:
        do_map(world, space, first, count);
        break;
    case 3:
        do_unmap(space, first, count);
        break;
    case 4:
    case 5:
    case 6:
        do_protect(world, space, first, count);
        break;
    case 7:
        do_dontneed(space, first, count);
        break;
    case 8:
        do_wipe(world, space, first, count);
        break;
    case 9:
    case 10:
        do_remap(world, space, first, MIN(count, PAGES / 2));
        break;
    case 11:
        if (next_random(world, 8) == 0)
            do_fork(world, which);
        break;
    case 12:
        check(space);
        break;
    default:
        for (int i = 0; i < 10; i++) {
            unsigned page = first + (unsigned)next_random(world, count);
            do_access(world, space, page, next_random(world, 2));
        }
    }
}

static void random_operations(void **state)
{
    (void)state;
    static const uint64_t seeds[] = {1, 2, 3};
    for (unsigned s = 0; s < ARRAY_SIZE(seeds); s++) {
        struct world *world = calloc(1, sizeof *world);
        world->seed = seeds[s];
        assert_int_equal(arena_create((size_t)64 << 20, &world->arena), 0);
        assert_int_equal(ram_create((uint64_t)256 << 20, &world->ram), 0);
        for (unsigned i = 0; i < SPACES; i++) {
            world->spaces[i] = calloc(1, sizeof **world->spaces);
            assert_int_equal(mm_create(world->arena, world->ram, NULL, &world->spaces[i]->mm), 0);
        }
        for (int i = 0; i < 30000; i++)
            step(world);
        for (unsigned i = 0; i < SPACES; i++) {
            check(world->spaces[i]);
            mm_put(world->spaces[i]->mm);
            free(world->spaces[i]);
        }
        assert_int_equal(ram_used(world->ram), 0);
        assert_int_equal(arena_used(world->arena), 0);
        ram_destroy(world->ram);
        arena_destroy(world->arena);
        free(world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_operations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
