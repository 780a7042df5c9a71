/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef FUZZ_SYSCALLS_ARGUMENTS_H
#define FUZZ_SYSCALLS_ARGUMENTS_H
/*
 * Calls for the fuzzer: a number and six arguments, made of the kinds that the table gives them,
 * with what they point to.
 */
#include "proc/task.h"

/* Guest memory that arguments point to; the page behind it is not there. */
#define FUZZ_REGION UINT64_C(0x20000000)
#define FUZZ_REGION_SIZE 65536
#define FUZZ_STACK (FUZZ_REGION + 57344)

void fuzz_seed(uint64_t seed);
uint64_t fuzz_random(void);
/* The next call of `task`: its number; its memory is prepared. */
uint64_t fuzz_call(struct task *task, uint64_t args[6]);

#endif
