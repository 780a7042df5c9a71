/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who runs when: turns, wake rules, deadlines and timers, waiting for the host, virtual time. */
#include "abi/errno.h"
#include "host/stream.h"
#include "sched/sched.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define TASKS 8

struct fixture {
    struct arena *arena;
    struct host *host;
    struct clock clock;
    struct sched sched;
    struct sched_entity task[TASKS];
};

static struct fixture *start(bool deterministic, unsigned tasks)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct host_config config = {.deterministic = deterministic};
    assert_int_equal(0, arena_create(1 << 22, &f->arena));
    assert_int_equal(0, host_create(&config, &f->host));
    clock_init(&f->clock, f->host, deterministic);
    sched_init(&f->sched, f->arena, f->host, &f->clock);
    for (unsigned i = 0; i < tasks; i++) {
        sched_entity_init(&f->task[i]);
        sched_add(&f->sched, &f->task[i]);
    }
    return f;
}

static void stop(struct fixture *f)
{
    for (unsigned i = 0; i < TASKS; i++) {
        if (f->task[i].run_link.next)
            sched_remove(&f->sched, &f->task[i]);
    }
    assert_int_equal(0, arena_used(f->arena));
    host_destroy(f->host);
    arena_destroy(f->arena);
    free(f);
}

/* The number of the task that sched_pick() chooses, -1: none. */
static int pick(struct fixture *f)
{
    struct sched_entity *entity = sched_pick(&f->sched);
    return entity ? (int)(entity - f->task) : -1;
}

/* The next task waits on `queue`. */
static int next_waits(struct fixture *f, struct wait_queue *queue, unsigned events, bool exclusive)
{
    int i = pick(f);
    assert_int_equal(0, wait_on(&f->sched, queue, events, exclusive));
    return i;
}

static void turns_are_taken(void **state)
{
    (void)state;
    struct fixture *f = start(true, 3);
    assert_int_equal(0, pick(f));
    assert_int_equal(0, pick(f)); /* until its slice is over */
    assert_int_equal(SCHED_SLICE, f->task[0].slice_left);
    for (int i = 1; i < 7; i++) {
        sched_yield_current(&f->sched);
        assert_int_equal(i % 3, pick(f));
    }
    sched_remove(&f->sched, &f->task[1]);
    assert_int_equal(0, pick(f));
    sched_yield_current(&f->sched);
    assert_int_equal(2, pick(f));
    sched_stop(&f->sched, &f->task[2]);
    assert_int_equal(0, pick(f));
    sched_wake(&f->sched, &f->task[2]); /* stopped: not by a wake */
    sched_yield_current(&f->sched);
    assert_int_equal(0, pick(f));
    sched_continue(&f->sched, &f->task[2]);
    sched_yield_current(&f->sched);
    assert_int_equal(2, pick(f));
    f->task[0].nice = 19;
    f->task[2].nice = -20;
    sched_yield_current(&f->sched);
    assert_int_equal(SCHED_SLICE * 88818 / 1024, f->task[2].slice_left);
    stop(f);
}

static void exclusive_waiters_wake_one_by_one(void **state)
{
    (void)state;
    struct fixture *f = start(true, 5);
    struct wait_queue queue;
    wait_queue_init(&queue);
    for (int i = 0; i < 5; i++)
        next_waits(f, &queue, 0, i != 1 && i != 3);
    assert_int_equal(-1, pick(f));
    /*
     * The first exclusive one, and those before it that are not; 3 is not exclusive and wakes too.
     */
    assert_int_equal(3, wait_queue_wake_one(&f->sched, &queue, 0));
    assert_int_equal(0, pick(f));
    sched_remove(&f->sched, &f->task[0]);
    assert_int_equal(1, pick(f));
    sched_remove(&f->sched, &f->task[1]);
    assert_int_equal(3, pick(f));
    sched_remove(&f->sched, &f->task[3]);
    assert_int_equal(-1, pick(f));
    assert_int_equal(2, wait_queue_wake_all(&f->sched, &queue, 0));
    assert_int_equal(0, wait_queue_wake_all(&f->sched, &queue, 0));
    assert_int_equal(2, pick(f));
    stop(f);
}

static void one_wake_ends_all_waits(void **state)
{
    (void)state;
    struct fixture *f = start(true, 2);
    struct wait_queue a, b;
    wait_queue_init(&a);
    wait_queue_init(&b);
    next_waits(f, &a, 0, false); /* task 0 */
    assert_int_equal(0, wait_on(&f->sched, &b, 0, false));
    assert_int_equal(0, wait_on(&f->sched, &a, 0, false)); /* twice on one queue */
    wait_until(&f->sched, clock_monotonic(&f->clock) + 1000);
    assert_true(arena_used(f->arena) > 0);
    next_waits(f, &a, 0, false); /* task 1 */
    assert_int_equal(-1, pick(f));
    assert_int_equal(2, wait_queue_wake_all(&f->sched, &a, 0));
    assert_true(list_empty(&a.waiters) && list_empty(&b.waiters));
    assert_false(f->task[0].has_deadline);
    assert_int_equal(0, arena_used(f->arena));
    assert_int_equal(0, pick(f));
    assert_false(wait_timed_out(&f->sched));
    stop(f);
}

static void events_select(void **state)
{
    (void)state;
    struct fixture *f = start(true, 3);
    struct wait_queue queue;
    wait_queue_init(&queue);
    next_waits(f, &queue, HOST_READABLE, false);
    next_waits(f, &queue, HOST_WRITABLE, false);
    next_waits(f, &queue, 0, false);
    assert_int_equal(-1, pick(f));
    assert_int_equal(2, wait_queue_wake_all(&f->sched, &queue, HOST_WRITABLE));
    assert_int_equal(1, pick(f));
    assert_int_equal(1, wait_queue_wake_all(&f->sched, &queue, 0));
    stop(f);
}

static void a_result_after_registering_goes_on(void **state)
{
    (void)state;
    struct fixture *f = start(true, 2);
    struct wait_queue queue;
    wait_queue_init(&queue);
    next_waits(f, &queue, 0, false);
    sched_wake(&f->sched, f->sched.current);
    assert_true(list_empty(&queue.waiters));
    assert_int_equal(0, pick(f)); /* not behind task 1 */
    stop(f);
}

static void no_memory_is_an_answer(void **state)
{
    (void)state;
    struct fixture *f = start(true, 1);
    struct wait_queue queue;
    wait_queue_init(&queue);
    next_waits(f, &queue, 0, false);
    arena_fail_at(f->arena, 1);
    assert_int_equal(-LX_ENOMEM, wait_on(&f->sched, &queue, 0, false));
    sched_wake(&f->sched, f->sched.current);
    assert_int_equal(0, pick(f));
    stop(f);
}

/* --- time --- */

struct counted {
    struct timer timer;
    struct fixture *f;
    uint64_t fired_at;
    unsigned times;
    uint64_t period;
};

static void counted_fire(struct timer *timer)
{
    struct counted *c = (struct counted *)timer;
    c->fired_at = clock_monotonic(&c->f->clock);
    c->times++;
    if (c->period)
        timer_arm(&c->f->sched, timer, timer->due + c->period);
}

static void time_jumps_to_deadlines_in_order(void **state)
{
    (void)state;
    struct fixture *f = start(true, 3);
    uint64_t now = clock_monotonic(&f->clock);
    static const uint64_t after[3] = {3000, 1000, 2000};
    for (int i = 0; i < 3; i++) {
        assert_int_equal(i, pick(f));
        wait_until(&f->sched, now + after[i]);
    }
    struct counted timer = {.f = f};
    timer_init(&timer.timer, counted_fire);
    timer_arm(&f->sched, &timer.timer, now + 2500);
    static const int order[3] = {1, 2, 0};
    for (int i = 0; i < 3; i++) {
        assert_int_equal(-1, pick(f));
        while (f->sched.ready.next == &f->sched.ready)
            assert_true(sched_idle(&f->sched, UINT64_MAX));
        assert_int_equal(order[i], pick(f));
        assert_true(wait_timed_out(&f->sched));
        assert_int_equal(now + 1000 * (uint64_t)(i + 1), clock_monotonic(&f->clock));
        sched_remove(&f->sched, &f->task[order[i]]);
    }
    assert_int_equal(now + 2500, timer.fired_at);
    assert_false(timer.timer.armed);
    assert_false(sched_idle(&f->sched, UINT64_MAX)); /* nothing can come any more */
    stop(f);
}

static void timers_repeat_and_the_limit_ends(void **state)
{
    (void)state;
    struct fixture *f = start(true, 1);
    uint64_t now = clock_monotonic(&f->clock);
    struct counted timer = {.f = f, .period = 100};
    timer_init(&timer.timer, counted_fire);
    timer_arm(&f->sched, &timer.timer, now + 100);
    struct wait_queue queue;
    wait_queue_init(&queue);
    next_waits(f, &queue, 0, false);
    while (sched_idle(&f->sched, now + 1050))
        ;
    assert_int_equal(10, timer.times);
    assert_int_equal(now + 1050, clock_monotonic(&f->clock));
    timer_disarm(&f->sched, &timer.timer);
    timer_disarm(&f->sched, &timer.timer);
    /* Executed instructions are time too. */
    timer_arm(&f->sched, &timer.timer, now + 2000);
    timer.period = 0;
    f->clock.insns += 949;
    sched_tick(&f->sched);
    assert_int_equal(10, timer.times);
    f->clock.insns += 1;
    sched_tick(&f->sched);
    assert_int_equal(11, timer.times);
    wait_queue_fini(&f->sched, &queue);
    stop(f);
}

static void live_time_passes(void **state)
{
    (void)state;
    struct fixture *f = start(false, 1);
    pick(f);
    uint64_t now = clock_monotonic(&f->clock);
    assert_true(now >= UINT64_C(1000000000));
    wait_until(&f->sched, now + 3000000);
    while (pick(f) < 0)
        assert_true(sched_idle(&f->sched, UINT64_MAX));
    assert_true(wait_timed_out(&f->sched));
    assert_true(clock_monotonic(&f->clock) >= now + 3000000);
    stop(f);
}

/* --- the host --- */

static void a_host_stream_wakes(void **state)
{
    (void)state;
    for (int deterministic = 0; deterministic < 2; deterministic++) {
        struct fixture *f = start(deterministic, 2);
        int ends[2];
        assert_int_equal(0, pipe(ends));
        host_handle_t reader;
        assert_int_equal(0, host_open_stream(f->host, ends[0], &reader));
        struct host_watch watch;
        host_watch_init(&watch, reader);
        pick(f);
        assert_int_equal(0, wait_on_host(&f->sched, &watch, HOST_READABLE));
        pick(f);
        assert_int_equal(0, wait_on_host(&f->sched, &watch, HOST_READABLE));
        assert_int_equal(-1, pick(f));
        host_wake(f->host);
        assert_true(sched_idle(&f->sched, UINT64_MAX)); /* woken for nothing: still waiting */
        assert_int_equal(-1, pick(f));
        assert_int_equal(1, write(ends[1], "x", 1));
        assert_true(sched_idle(&f->sched, UINT64_MAX));
        assert_int_equal(0, pick(f));
        sched_remove(&f->sched, &f->task[0]);
        assert_int_equal(1, pick(f));

        /* While somebody runs, the tick looks once a slice. */
        assert_int_equal(0, wait_on_host(&f->sched, &watch, HOST_READABLE));
        sched_add(&f->sched, &f->task[0]);
        assert_int_equal(0, pick(f));
        f->clock.insns += SCHED_SLICE - 1;
        sched_tick(&f->sched);
        assert_int_equal(SCHED_WAITING, f->task[1].state);
        f->clock.insns += 1;
        sched_tick(&f->sched);
        assert_int_equal(SCHED_READY, f->task[1].state);
        host_watch_fini(&f->sched, &watch);
        close(ends[0]);
        close(ends[1]);
        stop(f);
    }
}

static void a_watch_without_waiters_is_nothing_to_wait_for(void **state)
{
    (void)state;
    struct fixture *f = start(true, 1);
    int ends[2];
    assert_int_equal(0, pipe(ends));
    host_handle_t reader;
    assert_int_equal(0, host_open_stream(f->host, ends[0], &reader));
    struct host_watch watch;
    host_watch_init(&watch, reader);
    pick(f);
    uint64_t now = clock_monotonic(&f->clock);
    assert_int_equal(0, wait_on_host(&f->sched, &watch, HOST_READABLE));
    wait_until(&f->sched, now + 1000000);
    assert_true(sched_idle(&f->sched, UINT64_MAX)); /* a millisecond of real time, then the jump */
    assert_int_equal(0, pick(f));
    assert_true(wait_timed_out(&f->sched));
    assert_int_equal(now + 1000000, clock_monotonic(&f->clock));
    sched_remove(&f->sched, &f->task[0]);
    assert_false(sched_idle(&f->sched, UINT64_MAX));
    host_watch_fini(&f->sched, &watch);
    close(ends[0]);
    close(ends[1]);
    stop(f);
}

static void hundreds_of_watches(void **state)
{
    (void)state;
    enum { MANY = 300 };
    for (int fail = 0; fail < 2; fail++) {
        struct fixture *f = start(false, 1);
        static struct host_watch watches[MANY];
        int ends[2], quiet[2];
        assert_int_equal(0, pipe(ends));
        assert_int_equal(0, pipe(quiet));
        pick(f);
        for (int i = 0; i < MANY; i++) {
            host_handle_t handle;
            int fd = i == MANY - 1 ? ends[0] : quiet[0];
            assert_int_equal(0, host_open_stream(f->host, fd, &handle));
            host_watch_init(&watches[i], handle);
            assert_int_equal(0, wait_on_host(&f->sched, &watches[i], HOST_READABLE));
        }
        assert_int_equal(1, write(ends[1], "x", 1));
        if (fail)
            arena_fail_at(f->arena, 1);
        int rounds = 0;
        while (pick(f) < 0) {
            /* pick() forgot who is current: nothing else may rely on it */
            assert_true(sched_idle(&f->sched, UINT64_MAX));
            rounds++;
        }
        assert_true(rounds <= 10);
        for (int i = 0; i < MANY; i++)
            host_watch_fini(&f->sched, &watches[i]);
        close(ends[0]);
        close(ends[1]);
        close(quiet[0]);
        close(quiet[1]);
        stop(f);
    }
}

/* 100,000 random steps over random waits: the invariants hold after each, and nothing is lost. */
static void invariants(struct fixture *f)
{
    unsigned ready = 0;
    struct list *link;
    for (link = f->sched.ready.next; link != &f->sched.ready; link = link->next)
        ready++;
    for (int i = 0; i < TASKS; i++) {
        struct sched_entity *e = &f->task[i];
        assert_int_equal(e->state == SCHED_READY, !list_empty(&e->run_link));
        if (e->state == SCHED_READY)
            ready--;
        if (e->state != SCHED_WAITING)
            assert_true(list_empty(&e->waiters) && !e->has_deadline);
    }
    assert_int_equal(0, ready);
}

static void random_steps(void **state)
{
    (void)state;
    struct fixture *f = start(true, TASKS);
    struct wait_queue queues[3];
    for (int i = 0; i < 3; i++)
        wait_queue_init(&queues[i]);
    srand(1);
    for (int step = 0; step < 100000; step++) {
        struct sched_entity *e = sched_pick(&f->sched);
        struct wait_queue *queue = &queues[rand() % 3];
        switch (rand() % 8) {
        case 0:
        case 1:
        case 2:
            for (int n = rand() % 4; e && n >= 0; n--)
                assert_int_equal(
                    0, wait_on(&f->sched, &queues[rand() % 3], (unsigned)rand() % 8, rand() & 1));
            break;
        case 3:
            if (e)
                wait_until(&f->sched, clock_monotonic(&f->clock) + (uint64_t)(rand() % 1000));
            break;
        case 4:
            wait_queue_wake_all(&f->sched, queue, (unsigned)rand() % 8);
            break;
        case 5:
            wait_queue_wake_one(&f->sched, queue, 0);
            break;
        case 6:
            if (rand() & 1)
                sched_stop(&f->sched, &f->task[rand() % TASKS]);
            else
                for (int i = 0; i < TASKS; i++)
                    sched_continue(&f->sched, &f->task[i]);
            break;
        default:
            sched_yield_current(&f->sched);
            if (!e)
                sched_idle(&f->sched, UINT64_MAX);
        }
        f->clock.insns += 50;
        sched_tick(&f->sched);
        invariants(f);
    }
    for (int i = 0; i < 3; i++)
        wait_queue_fini(&f->sched, &queues[i]);
    stop(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(turns_are_taken),
        cmocka_unit_test(exclusive_waiters_wake_one_by_one),
        cmocka_unit_test(one_wake_ends_all_waits),
        cmocka_unit_test(events_select),
        cmocka_unit_test(a_result_after_registering_goes_on),
        cmocka_unit_test(no_memory_is_an_answer),
        cmocka_unit_test(time_jumps_to_deadlines_in_order),
        cmocka_unit_test(timers_repeat_and_the_limit_ends),
        cmocka_unit_test(live_time_passes),
        cmocka_unit_test(a_host_stream_wakes),
        cmocka_unit_test(a_watch_without_waiters_is_nothing_to_wait_for),
        cmocka_unit_test(hundreds_of_watches),
        cmocka_unit_test(random_steps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
