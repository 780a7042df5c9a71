/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Page tables against an array of entries: rights of single pages and of whole tables, walks that
 * skip what is absent, tables freed.
 */
#include "mem/pagetable.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <stdlib.h>

#include "abi/errno.h"
#include "abi/mman.h"

#define PAGES 2000
#define BASE ((gva_t)0x7f00001f0000)

static uint64_t next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 33;
}

static gva_t address(unsigned page)
{
    return BASE + ((gva_t)page << PAGE_SHIFT);
}

static const unsigned prots[] = {
    LX_PROT_NONE,
    LX_PROT_READ,
    LX_PROT_READ | LX_PROT_WRITE,
    LX_PROT_READ | LX_PROT_EXEC,
    LX_PROT_READ | LX_PROT_WRITE | LX_PROT_EXEC,
};

static void rights(void **state)
{
    (void)state;
    assert_int_equal(pte_rights(LX_PROT_NONE), PTE_NX);
    assert_int_equal(pte_rights(LX_PROT_WRITE), PTE_USER | PTE_WRITE | PTE_NX);
    assert_int_equal(pte_rights(LX_PROT_EXEC), PTE_USER);
    uint64_t pte = pte_make(7, pte_rights(LX_PROT_READ));
    assert_int_equal(pte_frame(pte), 7);
    assert_true(pte_allows(pte, CPU_READ));
    assert_false(pte_allows(pte, CPU_WRITE));
    assert_false(pte_allows(pte, CPU_EXEC));
    assert_false(pte_allows(pte & ~PTE_PRESENT, CPU_READ));
    assert_false(pte_allows(pte_make(7, pte_rights(LX_PROT_NONE)), CPU_READ));
}

/*
 * What the address space does: a range gets a protection (rights are cut), and a fault gives one
 * page the rights that its range has now. No page may ever have more, and after its fault it has
 * all.
 */
static void protections(void **state)
{
    (void)state;
    static uint64_t limit[PAGES]; /* the rights that the page's range has */
    static bool present[PAGES];
    struct ram *ram;
    frame_t root;
    assert_int_equal(ram_create((uint64_t)8 << 20, &ram), 0);
    assert_int_equal(pt_create(ram, &root), 0);
    uint64_t seed = 9;
    for (unsigned i = 0; i < PAGES; i++)
        limit[i] = pte_rights(LX_PROT_READ | LX_PROT_WRITE);
    for (int step = 0; step < 40000; step++) {
        unsigned page = (unsigned)(next_random(&seed) % PAGES);
        if (next_random(&seed) % 20 == 0) {
            unsigned most = next_random(&seed) % 2 ? PAGES : 20;
            unsigned count = 1 + (unsigned)(next_random(&seed) % MIN(most, PAGES - page));
            uint64_t now = pte_rights(prots[next_random(&seed) % ARRAY_SIZE(prots)]);
            pt_protect(ram, root, address(page), address(page + count), now);
            for (unsigned i = page; i < page + count; i++)
                limit[i] = now;
        } else if (next_random(&seed) % 3) {
            frame_t table;
            unsigned index;
            assert_int_equal(pt_reach(ram, root, address(page), limit[page], &table, &index), 0);
            pt_set(ram, table, index, pte_make(page + 1, limit[page]));
            present[page] = true;
            assert_int_equal(pt_lookup(ram, root, address(page)), pte_make(page + 1, limit[page]));
        }
        uint64_t pte = pt_lookup(ram, root, address(page));
        assert_int_equal(!!(pte & PTE_PRESENT), present[page]);
        if (present[page]) {
            assert_int_equal(pte_frame(pte), page + 1);
            assert_int_equal(pte, pte_cut(pte, limit[page]));
        }
    }

    /* A walk finds each entry once, in order. */
    struct pt_walk walk = {.ram = ram, .root = root, .at = 0, .end = TASK_SIZE};
    unsigned page = 0;
    while (pt_walk_next(&walk)) {
        for (unsigned i = walk.first; i < walk.last; i++) {
            if (!pt_get(ram, walk.table, i))
                continue;
            while (!present[page])
                page++;
            assert_int_equal(walk.base + ((gva_t)i << PAGE_SHIFT), address(page++));
        }
    }
    while (page < PAGES && !present[page])
        page++;
    assert_int_equal(page, PAGES);

    pt_free_tables(ram, root, 0, TASK_SIZE, 0, TASK_SIZE);
    assert_int_equal(ram_used(ram), 1);
    ram_put(ram, root);
    ram_destroy(ram);
}

static void free_what_is_empty(void **state)
{
    (void)state;
    struct ram *ram;
    frame_t root, table;
    unsigned index;
    assert_int_equal(ram_create((uint64_t)8 << 20, &ram), 0);
    assert_int_equal(pt_create(ram, &root), 0);
    static const gva_t at[] = {0x1000, 0x200000, 0x40000000, 0x8000000000, 0x7fffffffe000};
    for (unsigned i = 0; i < ARRAY_SIZE(at); i++)
        assert_int_equal(pt_reach(ram, root, at[i], PTE_NX, &table, &index), 0);
    /* 5 lowest tables, 4 above them, 3 above those, the root. */
    assert_int_equal(ram_used(ram), 13);
    pt_free_tables(ram, root, 0x200000, 0x201000, 0x1000, 0x40000000);
    assert_int_equal(ram_used(ram), 12);
    pt_free_tables(ram, root, 0x200000, 0x201000, 0x1000, 0x40000000);
    pt_free_tables(ram, root, 0x40000000, 0x40001000, 0x40001000, 0x8000000000);
    assert_int_equal(ram_used(ram), 12);
    pt_free_tables(ram, root, 0x40000000, 0x40001000, 0x40000000, 0x8000000000);
    assert_int_equal(ram_used(ram), 10);
    pt_free_tables(ram, root, 0x7fffffffe000, TASK_SIZE, 0x8000001000, TASK_SIZE);
    assert_int_equal(ram_used(ram), 7);
    pt_free_tables(ram, root, 0, TASK_SIZE, 0, TASK_SIZE);
    assert_int_equal(ram_used(ram), 1);

    /* Out of frames on the way: an error, and what was made can be freed. */
    for (uint64_t n = 1; n <= 4; n++) {
        ram_fail_at(ram, n);
        long err = pt_reach(ram, root, 0x5000000000, PTE_NX, &table, &index);
        assert_int_equal(err, n <= 3 ? -LX_ENOMEM : 0);
        ram_fail_at(ram, 0);
        pt_free_tables(ram, root, 0, TASK_SIZE, 0, TASK_SIZE);
        assert_int_equal(ram_used(ram), 1);
    }
    ram_destroy(ram);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rights),
        cmocka_unit_test(protections),
        cmocka_unit_test(free_what_is_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
