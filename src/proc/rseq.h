/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_PROC_RSEQ_H
#define LSTAR_PROC_RSEQ_H
/*
 * Restartable sequences (rseq(2)): a thread that is preempted or signalled inside a short sequence
 * goes on at its abort address.
 */
#include "proc/task.h"

/* AT_RSEQ_FEATURE_SIZE: the fields up to mm_cid; AT_RSEQ_ALIGN. */
#define RSEQ_FEATURE_SIZE 28u
#define RSEQ_ALIGN 32u

/* rseq(2) whole. -LX_EINVAL, -LX_EBUSY, -LX_EPERM, -LX_EFAULT. */
MUST_CHECK long rseq_register(struct task *task, gva_t addr, uint32_t size, uint32_t flags,
                              uint32_t signature);
/* The task, in the CPU, was preempted or is about to run a handler. A malformed sequence is
 * SIGSEGV. */
void rseq_interrupted(struct task *task);

#endif
