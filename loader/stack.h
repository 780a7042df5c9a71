/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_LOADER_STACK_H
#define LSTAR_LOADER_STACK_H
/*
 * The initial stack of a program: strings, auxiliary vector, environment, arguments (System V ABI
 * for x86-64, 3.4.1; getauxval(3)).
 */
#include "abi/auxv.h"
#include "loader/map.h"

/* Strings packed one after another, each with its NUL. */
struct stack_strings {
    const char *bytes;
    size_t length; /* bytes */
    unsigned count;
};

struct stack_request {
    gva_t top; /* as layout_stack_top() tells */
    bool executable;
    uint64_t limit;                  /* RLIMIT_STACK */
    unsigned skip;                   /* bytes left empty by chance, < 8192 */
    struct stack_strings argv, envp; /* borrowed */
    const char *filename;            /* AT_EXECFN */
    uint8_t random[16];              /* AT_RANDOM */
    uint64_t minsigstksz;            /* AT_MINSIGSTKSZ */
    uint64_t hwcap, hwcap2;
    uint64_t uid, euid, gid, egid;
    bool secure;                /* AT_SECURE: set-user-ID and its kin */
    uint64_t rseq_feature_size; /* AT_RSEQ_FEATURE_SIZE; 0: no rseq(2), no entries */
    uint64_t rseq_align;
};

/*
 * The bytes that strings may take under this stack limit; `count`: how many strings there are.
 * -LX_E2BIG when their pointers alone take more.
 */
MUST_CHECK long stack_string_room(uint64_t stack_limit, uint64_t count);

/* Map the stack, before anything else is mapped: with room for all that stack_fill() writes. */
MUST_CHECK long stack_map(struct mm *mm, const struct stack_request *request);
/*
 * Write it; fills mm's places of arguments and environment, and its auxv. *sp: the stack pointer at
 * the first instruction.
 */
MUST_CHECK long stack_fill(struct mm *mm, const struct stack_request *request,
                           const struct image *program, const struct map_result *map, gva_t *sp);

#endif
