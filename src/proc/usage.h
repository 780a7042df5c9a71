/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_PROC_USAGE_H
#define LSTAR_PROC_USAGE_H
/*
 * What tasks and processes have used (getrusage(2), times(2)). An instruction counts as one
 * nanosecond in the program, a system call as SYSTEM_CALL_NS in the kernel, whatever it does: so
 * the same run uses the same every time.
 */
#include <stdint.h>

struct lx_rusage;
struct mm;
struct process;
struct task;

#define SYSTEM_CALL_NS 200

struct usage {
    uint64_t user;   /* ns */
    uint64_t system; /* ns */
    uint64_t minor_faults;
    uint64_t major_faults;
    uint64_t voluntary;    /* context switches: it had to wait */
    uint64_t involuntary;  /* its slice was over */
    uint64_t max_resident; /* pages, of the largest of its address spaces */
};

/* A task's times; the rest is its address space's, so its process's. */
struct usage usage_of_task(const struct task *task);
/* A process's with all its threads, those that are gone as well; its waited-for children's are in
 * process->children_usage. */
struct usage usage_of_process(const struct process *process);
/* Counts are added up; of the sizes the larger one holds. */
void usage_add(struct usage *to, const struct usage *from);
/* `task` ends: its process keeps its times. */
void usage_keep_times(const struct task *task);
/* A task of `process` is about to leave `mm`: what only the address space knows is kept. */
void usage_keep_memory(struct process *process, const struct mm *mm);
void usage_to_rusage(const struct usage *usage, struct lx_rusage *out);

#endif
