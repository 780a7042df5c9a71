/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interval timers (setitimer(2), timer_create(2)). A periodic timer of timer_create is armed again
 * when its signal is delivered, not before; what it missed is its overrun. So a period of 1 ns
 * costs as much as the signals that the guest takes.
 */
#include "proc/timers.h"

#include <limits.h>

#include "abi/errno.h"
#include "abi/time.h"
#include "proc/pid.h"
#include "proc/signal.h"
#include "proc/task.h"

#define SECOND UINT64_C(1000000000)

static struct kernel *kernel_of(const struct process_timer *timer)
{
    return timer->process->kernel;
}

static bool is_foreign(const struct process_timer *timer)
{
    return timer->base == TIMER_PROCESS_CPU && timer->cpu_id &&
           timer->cpu_id != timer->process->tgid;
}

uint64_t process_timer_now(const struct process_timer *timer)
{
    const struct task *task;
    const struct process *process = timer->process;
    switch (timer->base) {
    case TIMER_REAL:
        return clock_monotonic(&kernel_of(timer)->clock);
    case TIMER_PROCESS_CPU:
        if (is_foreign(timer))
            process = pid_find_process(kernel_of(timer), timer->cpu_id);
        return process ? process_cpu_time(process) : 0;
    case TIMER_PROCESS_USER:
        return usage_of_process(process).user;
    case TIMER_THREAD_CPU:
        task = pid_find_task(kernel_of(timer), timer->cpu_id);
        return task ? task_cpu_time(task) : 0;
    }
    return 0;
}

/* Periods that are over by `now`; due moves behind it. */
static uint64_t advance(struct process_timer *timer, uint64_t now)
{
    if (!timer->due || now < timer->due)
        return 0;
    if (!timer->interval) {
        timer->due = 0;
        return 1;
    }
    uint64_t elapsed = now - timer->due + timer->late;
    timer->due = now + timer->interval - elapsed % timer->interval;
    timer->late = 0;
    return elapsed / timer->interval + 1;
}

static void arm(struct process_timer *timer)
{
    struct sched *sched = &kernel_of(timer)->sched;
    if (timer->base != TIMER_REAL) {
        if (!timer->due)
            return;
        timer->process->timers.cpu_armed = true;
        if (is_foreign(timer))
            kernel_of(timer)->foreign_cpu_timers = true;
    } else if (timer->due) {
        timer_arm(sched, &timer->timer, timer->due);
    } else {
        timer_disarm(sched, &timer->timer);
    }
}

/* setitimer's: a signal of the kernel's, period after period. */
static void expire_itimer(struct process_timer *timer)
{
    advance(timer, process_timer_now(timer));
    arm(timer);
    struct task *target = timer->process->leader;
    if (timer->process->thread_count)
        target = list_first(&timer->process->threads, struct task, thread_link);
    signal_send_kernel(target, timer->signal);
}

static void expire_posix(struct process_timer *timer)
{
    struct process *process = timer->process;
    if (!timer->signal || !process->thread_count) {
        advance(timer, process_timer_now(timer));
        arm(timer);
        return;
    }
    struct lx_siginfo info = {.signo = timer->signal, .code = LX_SI_TIMER, .padding = 1};
    info.timer.timerid = timer->id;
    info.timer.value = timer->value;
    struct task *target = timer->thread ? pid_find_task(kernel_of(timer), timer->thread) : NULL;
    if (timer->thread && (!target || target->process != process))
        return;
    timer->waits_for_delivery = true;
    uint64_t due = timer->due;
    timer->due = 0;
    struct task *any = list_first(&process->threads, struct task, thread_link);
    long err = target ? signal_send_thread(target, timer->signal, &info)
                      : signal_send(any, timer->signal, &info);
    if (err || !signal_is_queued(process, target, timer->signal)) {
        /* Ignored, or no room in the queue: it goes on without, at most every millisecond. */
        timer->waits_for_delivery = false;
        timer->due = due;
        advance(timer, process_timer_now(timer));
        if (timer->due)
            timer->due = MAX(timer->due, process_timer_now(timer) + SECOND / 1000);
        arm(timer);
        return;
    }
    timer->due = due; /* what the overrun is counted from */
}

static void expire(struct process_timer *timer)
{
    if (timer->id < 0)
        expire_itimer(timer);
    else
        expire_posix(timer);
}

static void on_fire(struct timer *timer)
{
    expire(container_of(timer, struct process_timer, timer));
}

void process_timer_delivered(struct process *process, struct lx_siginfo *info)
{
    struct process_timer *timer = process_timer_find(process, info->timer.timerid);
    if (!timer || !timer->waits_for_delivery)
        return;
    timer->waits_for_delivery = false;
    uint64_t periods = advance(timer, process_timer_now(timer));
    timer->overrun = periods > INT_MAX ? INT_MAX : periods ? (int)(periods - 1) : 0;
    info->timer.overrun = timer->overrun;
    arm(timer);
}

void process_timer_get(struct process_timer *timer, struct timer_setting *out)
{
    uint64_t now = process_timer_now(timer), due = timer->due;
    if (due && timer->interval && now >= due)
        due = now + timer->interval - (now - due + timer->late) % timer->interval;
    *out = (struct timer_setting){.interval = timer->interval};
    if (due > now)
        out->value = due - now;
    else if (due && timer->id < 0)
        out->value = 1; /* about to fire: setitimer(2) never shows an armed timer as 0 */
}

/* Linux: what it had sent before does not come any more (guest/time/posix_timers). */
static void forget_signal(struct process_timer *timer)
{
    if (timer->waits_for_delivery)
        signal_forget_timer(timer->process, timer->id);
    timer->waits_for_delivery = false;
}

void process_timer_set(struct process_timer *timer, const struct timer_setting *setting)
{
    uint64_t now = process_timer_now(timer);
    timer->interval = setting->interval;
    timer->late = setting->late;
    /* Linux: disarmed, only those of ITIMER_VIRTUAL and ITIMER_PROF have a period
     * (guest/time/itimers). */
    if (!setting->value && (timer->id >= 0 || timer->base == TIMER_REAL))
        timer->interval = 0;
    forget_signal(timer);
    timer->overrun = 0;
    timer->due = 0;
    if (setting->value)
        timer->due = setting->value > INT64_MAX - now ? INT64_MAX : now + setting->value;
    arm(timer);
}

void process_timers_init(struct process *process)
{
    static const int signals[3] = {LX_SIGALRM, LX_SIGVTALRM, LX_SIGPROF};
    static const enum timer_base bases[3] = {TIMER_REAL, TIMER_PROCESS_USER, TIMER_PROCESS_CPU};
    struct process_timers *timers = &process->timers;
    list_init(&timers->list);
    for (int i = 0; i < 3; i++) {
        timers->itimer[i] = (struct process_timer){
            .process = process,
            .id = -1,
            .base = bases[i],
            .signal = signals[i],
        };
        timer_init(&timers->itimer[i].timer, on_fire);
        list_init(&timers->itimer[i].link);
    }
}

struct process_timer *process_timer_find(struct process *process, int id)
{
    struct process_timer *timer;
    list_for_each (timer, &process->timers.list, link)
        if (timer->id == id)
            return timer;
    return NULL;
}

struct process_timer *process_timer_new(struct process *process)
{
    struct process_timers *timers = &process->timers;
    if (timers->count >= PROCESS_TIMERS_MAX)
        return NULL;
    /* Linux: the place of its signal is taken at once (guest/signal/queue). */
    if (!signal_charge(process, false))
        return NULL;
    struct process_timer *timer = arena_alloc(process->kernel->arena, sizeof *timer);
    if (!timer) {
        signal_uncharge(process);
        return NULL;
    }
    do {
        timer->id = timers->next_id;
        timers->next_id = timers->next_id == INT_MAX ? 0 : timers->next_id + 1;
    } while (process_timer_find(process, timer->id));
    timer->process = process;
    timer_init(&timer->timer, on_fire);
    list_push_back(&timers->list, &timer->link);
    timers->count++;
    return timer;
}

void process_timer_free(struct process_timer *timer)
{
    struct kernel *kernel = kernel_of(timer);
    forget_signal(timer);
    timer_disarm(&kernel->sched, &timer->timer);
    list_remove(&timer->link);
    timer->process->timers.count--;
    signal_uncharge(timer->process);
    arena_free(kernel->arena, timer);
}

void process_timers_exec(struct process *process)
{
    struct process_timer *timer, *next;
    list_for_each_safe (timer, next, &process->timers.list, link)
        process_timer_free(timer);
}

void process_timers_fini(struct process *process)
{
    process_timers_exec(process);
    for (int i = 0; i < 3; i++) {
        timer_disarm(&process->kernel->sched, &process->timers.itimer[i].timer);
        process->timers.itimer[i].due = 0;
    }
}

static void check(struct process_timer *timer, bool *armed)
{
    if (timer->base == TIMER_REAL || !timer->due || timer->waits_for_delivery)
        return;
    if (process_timer_now(timer) >= timer->due)
        expire(timer);
    *armed = *armed || timer->due;
    if (is_foreign(timer))
        kernel_of(timer)->foreign_cpu_timers = true;
}

static void check_timers(struct process *process)
{
    if (!process->timers.cpu_armed)
        return;
    bool armed = false;
    for (int i = 0; i < 3; i++)
        check(&process->timers.itimer[i], &armed);
    struct process_timer *timer, *next;
    list_for_each_safe (timer, next, &process->timers.list, link)
        check(timer, &armed);
    process->timers.cpu_armed = armed;
}

/* Some process counts another's time: all are looked at. */
static void check_foreign_timers(struct kernel *kernel)
{
    struct process *process;
    kernel->foreign_cpu_timers = false;
    list_for_each (process, &kernel->processes, all_link)
        check_timers(process);
}

/* RLIMIT_CPU: SIGXCPU at the soft limit and each second after it, SIGKILL at the hard one. */
static void check_cpu_limit(struct task *task)
{
    struct process *process = task->process;
    struct lx_rlimit64 *limit = &process->rlimits[LX_RLIMIT_CPU];
    if (limit->cur == LX_RLIM_INFINITY)
        return;
    uint64_t seconds = process_cpu_time(process) / SECOND;
    if (seconds >= limit->max) {
        signal_send_kernel(task, LX_SIGKILL);
    } else if (seconds >= limit->cur) {
        signal_send_kernel(task, LX_SIGXCPU);
        limit->cur++;
    }
}

void process_check_cpu_time(struct task *task)
{
    struct kernel *kernel = task->kernel;
    check_cpu_limit(task);
    check_timers(task->process);
    if (unlikely(kernel->foreign_cpu_timers))
        check_foreign_timers(kernel);
    if (kernel->cpu_time_woken == kernel->clock.insns)
        return; /* nobody has run since, but who looked at the clock */
    kernel->cpu_time_woken = kernel->clock.insns;
    wait_queue_wake_all(&kernel->sched, &kernel->cpu_time_waiters, 0);
}
