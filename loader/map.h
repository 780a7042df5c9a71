/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_LOADER_MAP_H
#define LSTAR_LOADER_MAP_H
/*
 * A program's segments, and its interpreter's, as mappings of a fresh address space. File pages are
 * mapped, not copied; only the page where .data ends and .bss begins is written to.
 */
#include "loader/image.h"
#include "loader/layout.h"
#include "mem/mm.h"

struct map_result {
    gva_t entry;            /* the first instruction: the interpreter's if there is one */
    gva_t program_entry;    /* AT_ENTRY */
    gva_t phdr;             /* AT_PHDR: the headers in memory; the bias when no segment has them */
    gva_t interpreter_base; /* AT_BASE; 0: none */
};

/*
 * Map `program` and, unless NULL, its interpreter into `mm`, whose limits, mmap_top and stack are
 * set; fills mm's places of code, data and heap. `mm` is left half filled on errors: all of them
 * come after execve's point of no return.
 */
MUST_CHECK long map_program(struct mm *mm, const struct image *program,
                            const struct loader_file *file, const struct image *interpreter,
                            const struct loader_file *interpreter_file,
                            const struct layout_random *random, struct map_result *out);

#endif
