/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Timers that signal: setitimer(2), getitimer(2), alarm(2), timer_create(2) and its kin. Those that
 * are descriptors: sys_events.c.
 */
#include "syscall_table/handlers.h"

#include "abi/errno.h"
#include "mem/uaccess.h"
#include "proc/pid.h"
#include "proc/timers.h"
#include "syscall_table/sys_clock.h"

#define SECOND UINT64_C(1000000000)

static bool timeval_valid(const struct lx_timeval *tv)
{
    return tv->sec >= 0 && tv->usec >= 0 && tv->usec < 1000000;
}

static uint64_t timeval_ns(const struct lx_timeval *tv)
{
    struct lx_timespec ts = {tv->sec, tv->usec * 1000};
    uint64_t ns = timespec_ns(&ts);
    return MIN(ns, (uint64_t)INT64_MAX);
}

static struct lx_timeval ns_timeval(uint64_t ns)
{
    ns += 999; /* what is left is never shown as nothing */
    return (struct lx_timeval){(int64_t)(ns / SECOND), (int64_t)(ns % SECOND / 1000)};
}

static struct lx_itimerval to_itimerval(const struct timer_setting *setting)
{
    return (struct lx_itimerval){
        .interval = {(int64_t)(setting->interval / SECOND),
                     (int64_t)(setting->interval % SECOND / 1000)},
        .value = ns_timeval(setting->value ? setting->value : 0),
    };
}

static struct lx_itimerval read_itimer(struct process_timer *timer)
{
    struct timer_setting setting;
    process_timer_get(timer, &setting);
    struct lx_itimerval out = to_itimerval(&setting);
    if (setting.value == 0)
        out.value = (struct lx_timeval){0, 0};
    return out;
}

long sys_getitimer(struct task *task, int which, gva_t curr_value)
{
    if (which < 0 || which > 2)
        return -LX_EINVAL;
    struct lx_itimerval now = read_itimer(&task->process->timers.itimer[which]);
    return user_put(task->mm, curr_value, &now);
}

long sys_setitimer(struct task *task, int which, gva_t new_value, gva_t old_value)
{
    struct lx_itimerval new = {0};
    if (new_value && user_get(task->mm, &new, new_value))
        return -LX_EFAULT;
    if (!timeval_valid(&new.value) || !timeval_valid(&new.interval) || which < 0 || which > 2)
        return -LX_EINVAL;
    struct process_timer *timer = &task->process->timers.itimer[which];
    struct lx_itimerval old = read_itimer(timer);
    struct timer_setting setting = {timeval_ns(&new.value), timeval_ns(&new.interval), 0};
    process_timer_set(timer, &setting);
    return old_value ? user_put(task->mm, old_value, &old) : 0;
}

long sys_alarm(struct task *task, uint32_t seconds)
{
    struct process_timer *timer = &task->process->timers.itimer[LX_ITIMER_REAL];
    struct timer_setting old, new = {seconds * SECOND, 0, 0};
    process_timer_get(timer, &old);
    process_timer_set(timer, &new);
    /* Linux: rounded to the nearest second, but never to none (guest/time/alarm). */
    uint64_t left = (old.value + SECOND / 2) / SECOND;
    return old.value && !left ? 1 : (long)left;
}

/* struct sigevent */
struct lx_sigevent {
    uint64_t value;
    int32_t signo;
    int32_t notify;
    int32_t tid;
    int32_t padding[11];
};
_Static_assert(sizeof(struct lx_sigevent) == 64, "struct sigevent's size");

enum { SIGEV_SIGNAL = 0, SIGEV_NONE = 1, SIGEV_THREAD = 2, SIGEV_THREAD_ID = 4 };

/* What a clock's timer counts, into `timer`. -LX_EINVAL: there is no such clock; -LX_EOPNOTSUPP: it
 * has no timers. */
static long set_clock(struct task *task, int clock, struct process_timer *timer)
{
    struct cpu_clock cpu;
    long err;
    timer->clock = clock;
    switch (clock) {
    case LX_CLOCK_REALTIME:
    case LX_CLOCK_MONOTONIC:
    case LX_CLOCK_BOOTTIME:
    case LX_CLOCK_TAI:
        timer->base = TIMER_REAL;
        return 0;
    case LX_CLOCK_REALTIME_ALARM:
    case LX_CLOCK_BOOTTIME_ALARM:
    case LX_CLOCK_MONOTONIC_RAW:
    case LX_CLOCK_REALTIME_COARSE:
    case LX_CLOCK_MONOTONIC_COARSE:
        return -LX_EOPNOTSUPP;
    default:
        err = cpu_clock_find(task, clock, false, &cpu);
        if (err)
            return clock < 0 ? err : -LX_EINVAL;
        timer->base = cpu.thread ? TIMER_THREAD_CPU : TIMER_PROCESS_CPU;
        timer->cpu_id = cpu.thread ? cpu.thread->tid : cpu.process->tgid;
        return 0;
    }
}

static long check_sigevent(struct task *task, const struct lx_sigevent *event)
{
    struct task *target;
    switch (event->notify) {
    case SIGEV_NONE:
        return 0;
    case SIGEV_THREAD_ID:
        target = pid_find_task(task->kernel, event->tid);
        if (!target || target->process != task->process)
            return -LX_EINVAL;
        break;
    case SIGEV_SIGNAL:
    case SIGEV_THREAD:
        break;
    default:
        return -LX_EINVAL;
    }
    return event->signo > 0 && event->signo <= LX_NSIG ? 0 : -LX_EINVAL;
}

long sys_timer_create(struct task *task, int clockid, gva_t sevp, gva_t timerid)
{
    struct lx_sigevent event = {.signo = LX_SIGALRM};
    if (sevp && user_get(task->mm, &event, sevp))
        return -LX_EFAULT;
    struct process_timer wanted = {.cpu_id = 0};
    long err = set_clock(task, clockid, &wanted);
    if (!err)
        err = check_sigevent(task, &event);
    if (err)
        return err;
    struct process_timer *timer = process_timer_new(task->process);
    if (!timer)
        return -LX_EAGAIN;
    timer->base = wanted.base;
    timer->clock = clockid;
    timer->cpu_id = wanted.cpu_id;
    timer->signal = event.notify == SIGEV_NONE ? 0 : event.signo;
    timer->thread = event.notify == SIGEV_THREAD_ID ? event.tid : 0;
    timer->value = sevp ? event.value : (uint64_t)timer->id;
    err = user_put(task->mm, timerid, &timer->id);
    if (err)
        process_timer_free(timer);
    return err;
}

static long put_itimerspec(struct task *task, gva_t addr, const struct timer_setting *setting)
{
    struct lx_itimerspec spec = {timespec_of(setting->interval), timespec_of(setting->value)};
    return user_put(task->mm, addr, &spec);
}

long sys_timer_gettime(struct task *task, int timerid, gva_t curr_value)
{
    struct process_timer *timer = process_timer_find(task->process, timerid);
    if (!timer)
        return -LX_EINVAL;
    struct timer_setting setting;
    process_timer_get(timer, &setting);
    return put_itimerspec(task, curr_value, &setting);
}

long sys_timer_settime(struct task *task, int timerid, uint32_t flags, gva_t new_value,
                       gva_t old_value)
{
    struct lx_itimerspec spec;
    if (!new_value)
        return -LX_EINVAL;
    if (user_get(task->mm, &spec, new_value))
        return -LX_EFAULT;
    if (!timespec_valid(&spec.value) || !timespec_valid(&spec.interval))
        return -LX_EINVAL;
    struct process_timer *timer = process_timer_find(task->process, timerid);
    if (!timer)
        return -LX_EINVAL;
    struct timer_setting old, new = {timespec_ns(&spec.value), timespec_ns(&spec.interval), 0};
    process_timer_get(timer, &old);
    if (new.value && (flags & LX_TIMER_ABSTIME)) {
        uint64_t now;
        long err = clock_read(task, timer->clock, &now);
        if (err)
            return err;
        new.late = new.value > now ? 0 : now - new.value;
        new.value = new.value > now ? new.value - now : 1;
    }
    process_timer_set(timer, &new);
    return old_value ? put_itimerspec(task, old_value, &old) : 0;
}

long sys_timer_getoverrun(struct task *task, int timerid)
{
    const struct process_timer *timer = process_timer_find(task->process, timerid);
    return timer ? timer->overrun : -LX_EINVAL;
}

long sys_timer_delete(struct task *task, int timerid)
{
    struct process_timer *timer = process_timer_find(task->process, timerid);
    if (!timer)
        return -LX_EINVAL;
    process_timer_free(timer);
    return 0;
}
