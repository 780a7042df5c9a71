/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_SCHED_SCHED_H
#define LSTAR_SCHED_SCHED_H
/*
 * Who runs, who waits, for what and until when. A waiting task stands on wait queues and/or has a
 * deadline; when it wakes, its handler is called again and looks at its condition again. Nothing
 * here knows what a task is but its sched_entity.
 */
#include "base/arena.h"
#include "base/list.h"
#include "base/rbtree.h"
#include "host/host.h"
#include "sched/clock.h"

struct sched;

/* Something to wait for. Whoever makes the condition true wakes. */
struct wait_queue {
    struct list waiters; /* struct waiter.queue_link */
};

/*
 * One entity on one queue. Embedded in the entity for the usual single wait, allocated for poll and
 * its kin.
 */
struct waiter {
    struct list queue_link;      /* in wait_queue.waiters; itself when on none */
    struct list entity_link;     /* in sched_entity.waiters */
    struct sched_entity *entity; /* who is woken */
    /* Instead of waking: called in the waker's context (epoll); was it of use? NULL: wake `entity`.
     */
    bool (*notify)(struct waiter *waiter, unsigned events);
    unsigned events; /* which poll events interest it; 0: all */
    bool exclusive;  /* wake_one stops here */
    bool allocated;  /* freed with arena_free() when the wait ends */
};

enum sched_state {
    SCHED_READY,   /* in the run queue, or running */
    SCHED_WAITING, /* on wait queues and/or with a deadline */
    SCHED_STOPPED, /* job control or ptrace; not runnable */
    SCHED_DEAD,
};

struct sched_entity {
    struct list run_link; /* in sched.ready */
    enum sched_state state;
    struct list waiters;          /* its waiters; ended together */
    struct waiter waiter;         /* the first of them needs no allocation */
    struct rb_node deadline_node; /* in sched.deadlines when has_deadline */
    bool has_deadline;
    uint64_t deadline;  /* CLOCK_MONOTONIC ns */
    bool timed_out;     /* the deadline woke it: cleared when the call ends */
    bool interruptible; /* a signal may end this wait */
    int nice;
    int priority;         /* real-time priority, 1 to 99; 0: none */
    uint64_t slice_left;  /* instructions */
    uint64_t insns;       /* executed: its CPU time */
    uint64_t voluntary;   /* times that it gave the CPU away because it had to wait */
    uint64_t involuntary; /* times that its slice was over and others were ready */
};

/* A kernel timer: `fire` is called from sched_run_timers() when it is due. */
struct timer {
    struct rb_node node;
    bool armed;
    uint64_t due; /* CLOCK_MONOTONIC ns */
    void (*fire)(struct timer *timer);
};

/* A host descriptor that tasks wait for while the machine idles. */
struct host_watch {
    struct list link; /* in sched.watches while someone waits */
    host_handle_t handle;
    struct wait_queue waiters; /* woken with HOST_* as events when ready */
    unsigned events;           /* HOST_* wanted */
};

struct sched {
    struct arena *arena;
    struct host *host;
    struct clock *clock;
    struct list ready;            /* entities, next first */
    struct sched_entity *current; /* whose call or slice is being run */
    struct rb_tree deadlines;     /* entities by deadline */
    struct rb_tree timers;        /* armed timers by due */
    struct list watches;          /* host_watch */
    uint64_t switches;
    bool varied;        /* slices differ: a deterministic machine with a seed */
    uint32_t chance;    /* sched_wake()'s: whether who is woken goes first */
    uint64_t polled_at; /* clock->insns when sched_tick() last looked at the watches */
};

#define SCHED_SLICE UINT64_C(200000) /* instructions */

void sched_init(struct sched *sched, struct arena *arena, struct host *host, struct clock *clock);
void sched_entity_init(struct sched_entity *entity);
void wait_queue_init(struct wait_queue *queue);

/*
 * Put the current entity on `queue`; the caller returns BLOCKED. Uses no memory for the first queue
 * of a wait. -LX_ENOMEM.
 */
MUST_CHECK long wait_on(struct sched *sched, struct wait_queue *queue, unsigned events,
                        bool exclusive);
/*
 * The current entity wakes at `deadline` at the latest (CLOCK_MONOTONIC ns); the caller returns
 * BLOCKED.
 */
void wait_until(struct sched *sched, uint64_t deadline);
/* Did the deadline wake the current entity? */
bool wait_timed_out(struct sched *sched);
/*
 * Wake everyone (events: which poll events happened; 0 = any) or the first exclusive waiter (and
 * all that are not). How many.
 */
unsigned wait_queue_wake_all(struct sched *sched, struct wait_queue *queue, unsigned events);
unsigned wait_queue_wake_one(struct sched *sched, struct wait_queue *queue, unsigned events);
/* The queue's owner goes away. */
void wait_queue_fini(struct sched *sched, struct wait_queue *queue);

/*
 * Make an entity ready: its waits end. Nothing when it is ready, stopped or dead. For the current
 * entity (its handler registered for waits and then returned a result): it goes on running.
 */
void sched_wake(struct sched *sched, struct sched_entity *entity);
/* End all waits of an entity without making it ready. */
void sched_end_waits(struct sched *sched, struct sched_entity *entity);
/* A new entity becomes ready. An entity goes away: its waits end; it is dead. */
void sched_add(struct sched *sched, struct sched_entity *entity);
void sched_remove(struct sched *sched, struct sched_entity *entity);
/*
 * Job control: not runnable, its waits ended, until sched_continue(). Nothing when it is dead, or
 * not stopped.
 */
void sched_stop(struct sched *sched, struct sched_entity *entity);
void sched_continue(struct sched *sched, struct sched_entity *entity);
/*
 * The call under way works much: as if so many instructions had been executed, for the slice only.
 * Else whoever makes such calls takes thousands of them in one turn.
 */
static inline void sched_charge(struct sched *sched, uint64_t insns)
{
    struct sched_entity *entity = sched->current;
    if (entity)
        entity->slice_left -= MIN(insns, entity->slice_left);
}
/* The current entity goes to the back of the run queue. */
void sched_yield_current(struct sched *sched);

/*
 * `fire` may arm its timer again, later than now: a period that is over is for its owner to skip.
 */
void timer_init(struct timer *timer, void (*fire)(struct timer *timer));
void timer_arm(struct sched *sched, struct timer *timer, uint64_t due);
void timer_disarm(struct sched *sched, struct timer *timer);

/*
 * Watch a host handle for readiness on behalf of the current entity; the caller returns BLOCKED.
 * -LX_ENOMEM.
 */
MUST_CHECK long wait_on_host(struct sched *sched, struct host_watch *watch, unsigned events);
void host_watch_init(struct host_watch *watch, host_handle_t handle);
/*
 * Have the watch looked at until each of `events` was ready once, for waiters that are on
 * watch->waiters already (poll and epoll): name those events that do not hold now. It is dropped
 * when nobody waits on it any more.
 */
void host_watch_arm(struct sched *sched, struct host_watch *watch, unsigned events);
void host_watch_fini(struct sched *sched, struct host_watch *watch);

/*
 * Fire due timers and deadlines; look at the host's watches, at most once a slice. Cheap enough for
 * every trap.
 */
void sched_tick(struct sched *sched);
/* The next entity to run, made current; NULL when none is ready. */
struct sched_entity *sched_pick(struct sched *sched);
/*
 * Nobody is ready: wait for the host or the next deadline, at most until `limit` (CLOCK_MONOTONIC
 * ns, UINT64_MAX: none). In deterministic machines time jumps. False: nothing can ever wake anyone
 * (deadlock), or the limit came.
 */
bool sched_idle(struct sched *sched, uint64_t limit);

#endif
