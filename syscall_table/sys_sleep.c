/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nanosleep(2), clock_nanosleep(2). A sleep is a deadline on CLOCK_MONOTONIC, kept in task->call.
 */
#include "syscall_table/sys_clock.h"

#include "abi/errno.h"
#include "mem/uaccess.h"
#include "syscall_table/handlers.h"

enum { PHASE_START, PHASE_ASLEEP };

uint64_t timespec_ns(const struct lx_timespec *ts)
{
    uint64_t sec = (uint64_t)ts->sec, second = (uint64_t)LX_NSEC_PER_SEC;
    if (sec >= INT64_MAX / second)
        return UINT64_MAX;
    return sec * second + (uint64_t)ts->nsec;
}

/*
 * Sleep until task->call.deadline. Interrupted: `rem` (0: none) gets what is left of a relative
 * sleep, and the sleep can be gone on with by restart_syscall.
 */
static long sleep_on(struct task *task, gva_t rem, bool relative)
{
    struct task_call *call = &task->call;
    uint64_t now = clock_monotonic(&task->kernel->clock);

    if (now >= call->deadline)
        return 0;
    if (call->interrupted) {
        call->on_signal = LX_ERESTARTNOHAND;
        if (!relative)
            return BLOCKED;
        struct lx_timespec left = timespec_of(call->deadline - now);
        if (rem && user_put(task->mm, rem, &left))
            return -LX_EFAULT;
        call->on_signal = LX_ERESTART_RESTARTBLOCK;
        return BLOCKED;
    }
    wait_until(&task->kernel->sched, call->deadline);
    return BLOCKED;
}

static long get_time(struct task *task, gva_t request, struct lx_timespec *ts)
{
    if (user_get(task->mm, ts, request))
        return -LX_EFAULT;
    return timespec_valid(ts) ? 0 : -LX_EINVAL;
}

static long sleep_for(struct task *task, gva_t request, gva_t rem)
{
    struct task_call *call = &task->call;
    struct lx_timespec ts;

    if (call->phase == PHASE_START) {
        long err = get_time(task, request, &ts);
        if (err)
            return err;
        uint64_t now = clock_monotonic(&task->kernel->clock), length = timespec_ns(&ts);
        if (!call->restarted)
            call->deadline = length > INT64_MAX - now ? INT64_MAX : now + length;
        call->phase = PHASE_ASLEEP;
    }
    return sleep_on(task, rem, true);
}

long sys_nanosleep(struct task *task, gva_t request, gva_t rem)
{
    return sleep_for(task, request, rem);
}

/* The deadline in CLOCK_MONOTONIC of an absolute time of another clock. */
static long absolute_deadline(struct task *task, int id, gva_t request)
{
    struct task_call *call = &task->call;
    struct lx_timespec ts;
    uint64_t now;

    long err = get_time(task, request, &ts);
    if (!err)
        err = clock_read(task, id, &now);
    if (err)
        return err;
    uint64_t until = timespec_ns(&ts), monotonic = clock_monotonic(&task->kernel->clock);
    uint64_t length = until > now ? until - now : 0;
    call->deadline = length > INT64_MAX - monotonic ? INT64_MAX : monotonic + length;
    call->phase = PHASE_ASLEEP;
    return 0;
}

/* 0: sleeping on this clock is possible. */
static long check_sleep_clock(struct task *task, int id, gva_t request)
{
    struct lx_timespec ts;
    uint64_t now;
    long err;
    switch (id) {
    case LX_CLOCK_REALTIME_ALARM: /* nothing here wakes a machine */
    case LX_CLOCK_BOOTTIME_ALARM:
        err = get_time(task, request, &ts);
        return err ? err : -LX_EOPNOTSUPP;
    case LX_CLOCK_REALTIME:
    case LX_CLOCK_MONOTONIC:
    case LX_CLOCK_BOOTTIME:
    case LX_CLOCK_TAI:
        return 0;
    default:
        err = clock_read(task, id, &now);
        return err ? err : -LX_EOPNOTSUPP;
    }
}

/* call->deadline is by the clock. */
static void begin_cpu_sleep(struct task *task, const struct cpu_clock *clock, uint32_t flags,
                            const struct lx_timespec *ts)
{
    struct task_call *call = &task->call;
    uint64_t time = MIN(timespec_ns(ts), (uint64_t)INT64_MAX);
    call->phase = PHASE_ASLEEP;
    if (!call->restarted)
        call->deadline = flags & LX_TIMER_ABSTIME ? time : cpu_clock_now(clock) + time;
}

/* Linux: the time is looked at before whose clock it is (guest/time/sleep_cpu). */
static long find_sleep_clock(struct task *task, int id, uint32_t flags, gva_t request,
                             struct cpu_clock *clock)
{
    bool starts = task->call.phase == PHASE_START;
    struct lx_timespec ts;
    long err = cpu_clock_find(task, id, false, clock);
    if (err == -LX_EOPNOTSUPP)
        return err;
    long bad_time = starts ? get_time(task, request, &ts) : 0;
    if (bad_time)
        return bad_time;
    if (!err && clock->thread == task)
        err = -LX_EINVAL;
    if (!err && starts)
        begin_cpu_sleep(task, clock, flags, &ts);
    return err;
}

/*
 * Until a CPU clock is at call->deadline: looked at whenever a slice ends, of whomever. Linux:
 * one's own thread's clock would never get there (guest/time/sleep_cpu).
 */
static long cpu_sleep(struct task *task, int id, uint32_t flags, gva_t request, gva_t rem)
{
    struct task_call *call = &task->call;
    struct cpu_clock clock;
    long err = find_sleep_clock(task, id, flags, request, &clock);
    if (err)
        return err;
    uint64_t now = cpu_clock_now(&clock);
    if (now >= call->deadline)
        return 0;
    if (!call->interrupted) {
        err = wait_on(&task->kernel->sched, &task->kernel->cpu_time_waiters, 0, false);
        return err ? err : BLOCKED;
    }
    call->on_signal = LX_ERESTARTNOHAND;
    if (flags & LX_TIMER_ABSTIME)
        return BLOCKED;
    struct lx_timespec left = timespec_of(call->deadline - now);
    if (rem && user_put(task->mm, rem, &left))
        return -LX_EFAULT;
    call->on_signal = LX_ERESTART_RESTARTBLOCK;
    return BLOCKED;
}

long sys_clock_nanosleep(struct task *task, int id, uint32_t flags, gva_t request, gva_t rem)
{
    if (id < 0 || id == LX_CLOCK_PROCESS_CPUTIME_ID)
        return cpu_sleep(task, id, flags, request, rem);
    if (task->call.phase == PHASE_START) {
        long err = check_sleep_clock(task, id, request);
        if (!err && (flags & LX_TIMER_ABSTIME))
            err = absolute_deadline(task, id, request);
        if (err)
            return err;
    }
    if (flags & LX_TIMER_ABSTIME)
        return sleep_on(task, 0, false);
    return sleep_for(task, request, rem);
}
