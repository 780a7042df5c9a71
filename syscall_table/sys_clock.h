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
/* A valid timespec in ns; UINT64_MAX where that is too much. */
uint64_t timespec_ns(const struct lx_timespec *ts);

#endif
