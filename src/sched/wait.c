/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Wait queues, and the host's descriptors as things to wait for.
 *
 * A waiter is on one queue and belongs to one entity. Waking an entity ends all of its waits at
 * once, also those on the queue that is being walked: so a walk moves the waiters aside and takes
 * them back one by one from the front. It holds for any waiter that goes away meanwhile, and keeps
 * their order. Order is first come, first woken.
 */
#include "sched/internal.h"

#include "abi/errno.h"

void wait_queue_init(struct wait_queue *queue)
{
    list_init(&queue->waiters);
}

/* A waiter that is on no queue: the entity's own, or a new one. NULL: no memory. */
static struct waiter *free_waiter(struct sched *sched, struct sched_entity *entity)
{
    struct waiter *waiter = &entity->waiter;
    if (list_empty(&waiter->queue_link))
        return waiter;
    waiter = arena_alloc(sched->arena, sizeof *waiter);
    if (waiter)
        waiter->allocated = true;
    return waiter;
}

long wait_on(struct sched *sched, struct wait_queue *queue, unsigned events, bool exclusive)
{
    struct sched_entity *entity = sched->current;
    struct waiter *waiter = free_waiter(sched, entity);
    if (!waiter)
        return -LX_ENOMEM;
    waiter->entity = entity;
    waiter->notify = NULL;
    waiter->events = events;
    waiter->exclusive = exclusive;
    list_push_back(&queue->waiters, &waiter->queue_link);
    list_push_back(&entity->waiters, &waiter->entity_link);
    sched_begin_wait(sched);
    return 0;
}

void wait_until(struct sched *sched, uint64_t deadline)
{
    struct sched_entity *entity = sched->current;
    entity->timed_out = false;
    sched_begin_wait(sched);
    if (deadline == UINT64_MAX || (entity->has_deadline && entity->deadline <= deadline))
        return;
    deadline_set(sched, entity, deadline);
}

bool wait_timed_out(struct sched *sched)
{
    return sched->current->timed_out;
}

static void waiter_end(struct sched *sched, struct waiter *waiter)
{
    list_remove(&waiter->queue_link);
    list_remove(&waiter->entity_link);
    if (waiter->allocated)
        arena_free(sched->arena, waiter);
}

void sched_end_waits(struct sched *sched, struct sched_entity *entity)
{
    while (!list_empty(&entity->waiters))
        waiter_end(sched, list_first(&entity->waiters, struct waiter, entity_link));
    deadline_clear(sched, entity);
}

/*
 * `most_exclusive` of the exclusive waiters, and all that are not. How many were woken or took the
 * notice.
 */
static unsigned wake(struct sched *sched, struct wait_queue *queue, unsigned events,
                     unsigned most_exclusive)
{
    unsigned woken = 0;
    struct list aside;
    list_init(&aside);
    list_splice_back(&aside, &queue->waiters);
    while (!list_empty(&aside)) {
        struct waiter *waiter = list_first(&aside, struct waiter, queue_link);
        list_remove(&waiter->queue_link);
        list_push_back(&queue->waiters, &waiter->queue_link);
        if (events && waiter->events && !(events & waiter->events))
            continue;
        bool exclusive = waiter->exclusive;
        if (exclusive && most_exclusive == 0)
            continue;
        bool taken = true;
        if (waiter->notify)
            taken = waiter->notify(waiter, events);
        else
            sched_wake(sched, waiter->entity);
        woken += taken;
        most_exclusive -= exclusive && taken;
    }
    return woken;
}

unsigned wait_queue_wake_all(struct sched *sched, struct wait_queue *queue, unsigned events)
{
    if (list_empty(&queue->waiters))
        return 0;
    return wake(sched, queue, events, UINT32_MAX);
}

unsigned wait_queue_wake_one(struct sched *sched, struct wait_queue *queue, unsigned events)
{
    if (list_empty(&queue->waiters))
        return 0;
    return wake(sched, queue, events, 1);
}

void wait_queue_fini(struct sched *sched, struct wait_queue *queue)
{
    wake(sched, queue, 0, UINT32_MAX);
    /* Left are those that are notified, not woken: their owners free them. */
    while (!list_empty(&queue->waiters))
        list_remove(queue->waiters.next);
}

/* --- watches --- */

void host_watch_init(struct host_watch *watch, host_handle_t handle)
{
    *watch = (struct host_watch){.handle = handle};
    list_init(&watch->link);
    wait_queue_init(&watch->waiters);
}

void host_watch_fini(struct sched *sched, struct host_watch *watch)
{
    list_remove(&watch->link);
    wait_queue_fini(sched, &watch->waiters);
}

void host_watch_arm(struct sched *sched, struct host_watch *watch, unsigned events)
{
    if (list_empty(&watch->link)) {
        list_push_back(&sched->watches, &watch->link);
        watch->events = 0;
    }
    watch->events |= events & (HOST_READABLE | HOST_WRITABLE);
}

long wait_on_host(struct sched *sched, struct host_watch *watch, unsigned events)
{
    long err = wait_on(sched, &watch->waiters, events, false);
    if (!err)
        host_watch_arm(sched, watch, events);
    return err;
}

bool watches_any(struct sched *sched)
{
    struct host_watch *watch, *next;
    list_for_each_safe (watch, next, &sched->watches, link) {
        if (list_empty(&watch->waiters.waiters))
            list_remove(&watch->link);
    }
    return !list_empty(&sched->watches);
}

#define FEW_WATCHES 64
#define ROUND_NS UINT64_C(10000000)

/*
 * Wake whom `ready` concerns. With that the watch is done: whoever still cares arms it again.
 * Others may wait for what is not ready yet: for them it goes on.
 */
static void watch_fire(struct sched *sched, struct host_watch *watch, unsigned ready)
{
    if (ready & (HOST_ERROR | HOST_HANGUP))
        ready |= HOST_READABLE | HOST_WRITABLE;
    watch->events &= ~ready;
    if (watch->events == 0)
        list_remove(&watch->link);
    wait_queue_wake_all(sched, &watch->waiters, ready);
}

long watches_poll(struct sched *sched, uint64_t timeout)
{
    struct host_poll few[FEW_WATCHES], *polls = few;
    unsigned count = 0;
    struct host_watch *watch;
    list_for_each (watch, &sched->watches, link)
        count++;
    if (count > FEW_WATCHES) {
        polls = arena_alloc(sched->arena, count * sizeof *polls);
        if (!polls) { /* no memory: by turns, the first ones each time */
            polls = few;
            count = FEW_WATCHES;
            timeout = MIN(timeout, ROUND_NS);
        }
    }
    unsigned i = 0;
    list_for_each (watch, &sched->watches, link) {
        if (i == count)
            break;
        polls[i++] = (struct host_poll){.handle = watch->handle, .events = watch->events};
    }
    long ready = host_wait(sched->host, polls, count, timeout);

    /* Those that were looked at go to the back, or fire; nothing joins the list meanwhile. */
    for (i = 0; i < count && ready > 0; i++) {
        watch = list_first(&sched->watches, struct host_watch, link);
        list_remove(&watch->link);
        list_push_back(&sched->watches, &watch->link);
        if (polls[i].ready)
            watch_fire(sched, watch, polls[i].ready);
    }
    if (polls != few)
        arena_free(sched->arena, polls);
    return ready;
}
