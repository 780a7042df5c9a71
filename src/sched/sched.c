/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The run queue: who is ready, in turns of a slice of instructions; and what happens when nobody
 * is.
 *
 * Invariants: an entity is in `ready` exactly when its state is SCHED_READY, the running one
 * included (it is the first, or it was). An entity that is not SCHED_WAITING is on no queue and has
 * no deadline.
 */
#include "sched/internal.h"

void sched_init(struct sched *sched, struct arena *arena, struct host *host, struct clock *clock)
{
    *sched = (struct sched){.arena = arena, .host = host, .clock = clock};
    list_init(&sched->ready);
    list_init(&sched->watches);
}

void sched_entity_init(struct sched_entity *entity)
{
    *entity = (struct sched_entity){.state = SCHED_DEAD};
    list_init(&entity->run_link);
    list_init(&entity->waiters);
    list_init(&entity->waiter.queue_link);
    list_init(&entity->waiter.entity_link);
}

static uint32_t draw(struct sched *sched)
{
    sched->chance = sched->chance * 1103515245 + 12345;
    return sched->chance;
}

/*
 * A slice for `nice`: each step is worth a quarter more or less (sched(7), "The nice value"), in
 * 1024ths of a slice. Turns go round, so that shares of the CPU are to each other as slices.
 * Where they vary the seed decides how much is left out, up to the half: another seed,
 * another schedule.
 */
static uint64_t fresh_slice(struct sched *sched, const struct sched_entity *entity)
{
    static const uint32_t weights[40] = {
        88818, 71054, 56843, 45475, 36380, 29104, 23283, 18626, 14901, 11921,
        9537,  7629,  6104,  4883,  3906,  3125,  2500,  2000,  1600,  1280,
        1024,  819,   655,   524,   419,   336,   268,   215,   172,   137,
        110,   88,    70,    56,    45,    36,    29,    23,    18,    15,
    };
    int nice = MAX(-20, MIN(19, entity->nice));
    uint64_t slice = SCHED_SLICE * weights[nice + 20] / 1024;
    if (sched->varied)
        slice -= slice / 32 * (draw(sched) >> 28);
    return slice;
}

static void make_ready(struct sched *sched, struct sched_entity *entity)
{
    entity->state = SCHED_READY;
    if (entity == sched->current) {
        list_push_front(&sched->ready, &entity->run_link);
    } else {
        entity->slice_left = fresh_slice(sched, entity);
        list_push_back(&sched->ready, &entity->run_link);
    }
}

void sched_add(struct sched *sched, struct sched_entity *entity)
{
    make_ready(sched, entity);
}

static void take_out(struct sched *sched, struct sched_entity *entity, enum sched_state state)
{
    sched_end_waits(sched, entity);
    list_remove(&entity->run_link);
    entity->state = state;
}

void sched_remove(struct sched *sched, struct sched_entity *entity)
{
    take_out(sched, entity, SCHED_DEAD);
    if (sched->current == entity)
        sched->current = NULL;
}

void sched_stop(struct sched *sched, struct sched_entity *entity)
{
    if (entity->state != SCHED_DEAD)
        take_out(sched, entity, SCHED_STOPPED);
}

void sched_continue(struct sched *sched, struct sched_entity *entity)
{
    if (entity->state == SCHED_STOPPED)
        make_ready(sched, entity);
}

void sched_begin_wait(struct sched *sched)
{
    struct sched_entity *entity = sched->current;
    if (entity->state != SCHED_READY)
        return;
    list_remove(&entity->run_link);
    entity->state = SCHED_WAITING;
}

/*
 * Now and then who is woken goes first, and the waker's turn ends. Else a thread that always wakes
 * the next just before it takes the lock again, and gives its turn away while it holds it, would
 * shut the others out for ever: turns have no other accident than this one. The sequence is the
 * same in every run.
 */
static bool goes_first(struct sched *sched)
{
    return draw(sched) >> 28 == 15;
}

void sched_wake(struct sched *sched, struct sched_entity *entity)
{
    struct sched_entity *waker = sched->current;
    if (entity->state != SCHED_WAITING)
        return;
    sched_end_waits(sched, entity);
    make_ready(sched, entity);
    if (waker == entity || !waker || waker->state != SCHED_READY || !goes_first(sched))
        return;
    list_remove(&entity->run_link);
    list_push_front(&sched->ready, &entity->run_link);
    waker->slice_left = 0;
}

void sched_yield_current(struct sched *sched)
{
    struct sched_entity *entity = sched->current;
    if (!entity || entity->state != SCHED_READY)
        return;
    entity->slice_left = fresh_slice(sched, entity);
    list_remove(&entity->run_link);
    list_push_back(&sched->ready, &entity->run_link);
}

struct sched_entity *sched_pick(struct sched *sched)
{
    struct sched_entity *next = NULL;
    if (!list_empty(&sched->ready)) {
        next = list_first(&sched->ready, struct sched_entity, run_link);
        if (next->slice_left == 0)
            next->slice_left = fresh_slice(sched, next);
    }
    if (next != sched->current && next)
        sched->switches++;
    sched->current = next;
    return next;
}

void sched_tick(struct sched *sched)
{
    if (sched->deadlines.root || sched->timers.root)
        timers_run(sched, clock_monotonic(sched->clock));
    if (list_empty(&sched->watches) || sched->clock->insns - sched->polled_at < SCHED_SLICE)
        return;
    sched->polled_at = sched->clock->insns;
    if (watches_any(sched))
        watches_poll(sched, 0);
}

bool sched_idle(struct sched *sched, uint64_t limit)
{
    bool watching = watches_any(sched);
    uint64_t due = timers_next(sched), now = clock_monotonic(sched->clock);
    if ((due == UINT64_MAX && !watching) || now >= limit)
        return false;
    if (due > now) {
        /*
         * Deterministic machines jump. But whoever waits for the host meanwhile may be waiting for
         * a person: it is given the real time before the jump, so that a prompt with a timeout can
         * be answered.
         */
        uint64_t until = MIN(due, limit);
        uint64_t timeout = until == UINT64_MAX ? UINT64_MAX : until - now;
        uint64_t began = host_monotonic(sched->host);
        long ready = 0;
        if (watching || !sched->clock->deterministic)
            ready = watches_poll(sched, timeout);
        if (sched->clock->deterministic && ready == 0 &&
            (!watching || host_monotonic(sched->host) - began >= timeout))
            sched->clock->skipped += timeout;
    }
    now = clock_monotonic(sched->clock);
    timers_run(sched, now);
    return now < limit;
}
