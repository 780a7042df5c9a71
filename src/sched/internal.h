/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_SCHED_INTERNAL_H
#define LSTAR_SCHED_INTERNAL_H
/*
 * What the files of src/sched share.
 */
#include "sched/sched.h"

/* The current entity leaves the run queue: it waits. */
void sched_begin_wait(struct sched *sched);
/* In the tree of deadlines and out of it. */
void deadline_set(struct sched *sched, struct sched_entity *entity, uint64_t deadline);
void deadline_clear(struct sched *sched, struct sched_entity *entity);
/* Fire timers and deadlines that are due at `now`, in the order of their times. */
void timers_run(struct sched *sched, uint64_t now);
/* When the first timer or deadline is due; UINT64_MAX: none. */
uint64_t timers_next(struct sched *sched);
/* Does anyone wait for the host? */
bool watches_any(struct sched *sched);
/*
 * Look at the watches, waiting at most `timeout` ns for the first, and wake whom it concerns. How
 * many were ready.
 */
long watches_poll(struct sched *sched, uint64_t timeout);

#endif
