/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_PROC_FAULT_H
#define LSTAR_PROC_FAULT_H
/*
 * What the CPU could not do by itself: page faults that memory resolves or that become signals,
 * exceptions that always do.
 */
#include "proc/task.h"

/* The current task's page fault. Afterwards the instruction is tried again, or a signal is pending.
 */
void fault_page(struct task *task, gva_t addr, enum cpu_access access);
/* The way back to the guest refuses the selectors of a forged frame. */
void fault_iret(struct task *task);
/* The current task's exception `vector` (Intel SDM volume 3, 6.15), with Linux's signal, code and
 * address. */
void fault_exception(struct task *task, unsigned vector, uint32_t error_code);

/* No frame is left: the task is killed, as by Linux's OOM killer. Of the first process it is the
 * end of the run (KERNEL_NO_MEMORY). */
void fault_no_memory(struct task *task);

#endif
