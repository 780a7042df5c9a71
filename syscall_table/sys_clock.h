/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_SYSCALL_TABLE_SYS_CLOCK_H
#define LSTAR_SYSCALL_TABLE_SYS_CLOCK_H
/*
 * What the handlers of clocks, sleeps and timers share.
 */
#include "abi/time.h"
#include "proc/task.h"

struct lx_timespec timespec_of(uint64_t ns);
/* Not negative, and nanoseconds below a second. */
bool timespec_valid(const struct lx_timespec *ts);
/* A clock's time in ns, as `task` sees it. -LX_EINVAL: no such clock. */
MUST_CHECK long clock_read(struct task *task, int id, uint64_t *out);
/* Whose CPU time a clock counts: of a thread, or of a process. */
struct cpu_clock {
    struct task *thread; /* NULL: the process's */
    struct process *process;
};
/*
 * What a CPU clock's id means to `task`, to read it or else to wait for it. -LX_EINVAL: it names
 * nobody, or somebody else's thread; -LX_EOPNOTSUPP: no CPU clock, or with a descriptor.
 */
MUST_CHECK long cpu_clock_find(struct task *task, int id, bool to_read, struct cpu_clock *out);
uint64_t cpu_clock_now(const struct cpu_clock *clock);
/* A valid timespec in ns; UINT64_MAX where that is too much. */
uint64_t timespec_ns(const struct lx_timespec *ts);

#endif
