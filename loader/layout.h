/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_LOADER_LAYOUT_H
#define LSTAR_LOADER_LAYOUT_H
/*
 * Where things go in a fresh address space: Linux's places (x86-64, four-level tables, top down),
 * with or without chance.
 */
#include "base/compiler.h"

/*
 * What chance decides; all zero with `enabled` false: the addresses of personality(2)'s
 * ADDR_NO_RANDOMIZE.
 */
struct layout_random {
    bool enabled;
    uint32_t stack;      /* 22 bits, pages below the top */
    uint32_t mmap;       /* 28 bits, pages below the mappings' top */
    uint32_t image;      /* 28 bits, pages above the place of position-independent programs */
    uint32_t brk;        /* 18 bits, pages above the end of the program */
    uint32_t stack_skip; /* bytes of the stack left empty, below LAYOUT_STACK_SKIP_MAX */
};

#define LAYOUT_STACK_SKIP_MAX 8192

/*
 * Where position-independent programs with an interpreter begin, and where the heap of those
 * without begins: 2/3 of user space.
 */
#define LAYOUT_IMAGE_BASE (TASK_SIZE / 3 * 2)

/* The end of the initial stack. */
gva_t layout_stack_top(const struct layout_random *random);
/* Mappings are placed below. `stack_limit`: RLIMIT_STACK, for which room is left. */
gva_t layout_mmap_top(const struct layout_random *random, uint64_t stack_limit);
/* A position-independent program with an interpreter; `alignment` as image_alignment() tells. */
gva_t layout_image_base(const struct layout_random *random, uint64_t alignment);
/*
 * The heap of a program that ends at `end`; `moved`: that is LAYOUT_IMAGE_BASE, away from the
 * program.
 */
gva_t layout_brk(const struct layout_random *random, gva_t end, bool moved);

#endif
