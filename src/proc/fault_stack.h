/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_PROC_FAULT_STACK_H
#define LSTAR_PROC_FAULT_STACK_H
/*
 * Which faults are #SS and not #GP.
 */
#include "proc/task.h"

/* The current task's instruction at `rip` raised #GP(0): is it a non-canonical address of the stack
 * segment? */
bool fault_is_of_stack(struct task *task, gva_t rip);

#endif
