/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading the clocks: clock_gettime(2), clock_getres(2), gettimeofday(2), time(2), times(2),
 * getrusage(2), adjtimex(2). Setting them is refused: they are the machine's. Sleeping is in
 * sys_sleep.c.
 */
#include "syscall_table/sys_clock.h"

#include "abi/capability.h"
#include "abi/errno.h"
#include "mem/uaccess.h"
#include "proc/pid.h"
#include "syscall_table/handlers.h"

struct lx_timespec timespec_of(uint64_t ns)
{
    return (struct lx_timespec){
        .sec = (int64_t)(ns / (uint64_t)LX_NSEC_PER_SEC),
        .nsec = (int64_t)(ns % (uint64_t)LX_NSEC_PER_SEC),
    };
}

static struct lx_timeval timeval_of(uint64_t ns)
{
    struct lx_timespec ts = timespec_of(ns);
    return (struct lx_timeval){.sec = ts.sec, .usec = ts.nsec / 1000};
}

static uint64_t coarse(uint64_t ns)
{
    return ns - ns % (uint64_t)LX_TICK_NSEC;
}

/*
 * A negative clock id. Linux: of a thread only within the caller's process; a process goes by the
 * number of its first thread, or to read it by the caller's own (guest/time/cpu_clock_ids).
 */
static long find_by_number(struct task *task, int id, bool to_read, struct cpu_clock *out)
{
    int pid = ~(id >> 3);

    if ((id & LX_CPUCLOCK_KIND) == LX_CPUCLOCK_FD)
        return to_read || (id & LX_CPUCLOCK_THREAD) ? -LX_EINVAL : -LX_EOPNOTSUPP;
    struct task *target = pid ? pid_find_task(task->kernel, pid) : task;
    if (!target)
        return -LX_EINVAL;
    out->process = target->process;
    out->thread = NULL;
    if (id & LX_CPUCLOCK_THREAD) {
        out->thread = target;
        return target->process == task->process ? 0 : -LX_EINVAL;
    }
    bool names_process =
        !pid || target->tid == target->process->tgid || (to_read && target == task);
    return names_process ? 0 : -LX_EINVAL;
}

long cpu_clock_find(struct task *task, int id, bool to_read, struct cpu_clock *out)
{
    *out = (struct cpu_clock){.process = task->process};
    if (id < 0)
        return find_by_number(task, id, to_read, out);
    if (id == LX_CLOCK_THREAD_CPUTIME_ID)
        out->thread = task;
    return id == LX_CLOCK_THREAD_CPUTIME_ID || id == LX_CLOCK_PROCESS_CPUTIME_ID ? 0
                                                                                 : -LX_EOPNOTSUPP;
}

uint64_t cpu_clock_now(const struct cpu_clock *clock)
{
    return clock->thread ? task_cpu_time(clock->thread) : process_cpu_time(clock->process);
}

static long read_cpu_clock(struct task *task, int id, uint64_t *out)
{
    struct cpu_clock clock;
    long err = cpu_clock_find(task, id, true, &clock);
    if (!err)
        *out = cpu_clock_now(&clock);
    return err;
}

long clock_read(struct task *task, int id, uint64_t *out)
{
    struct clock *clock = &task->kernel->clock;

    if (id < 0)
        return read_cpu_clock(task, id, out);
    switch (id) {
    case LX_CLOCK_REALTIME:
    case LX_CLOCK_TAI: /* its offset is what adjtimex says: 0 */
        *out = clock_realtime(clock);
        return 0;
    case LX_CLOCK_REALTIME_COARSE:
        *out = coarse(clock_realtime(clock));
        return 0;
    case LX_CLOCK_MONOTONIC:
    case LX_CLOCK_MONOTONIC_RAW:
        *out = clock_monotonic(clock);
        return 0;
    case LX_CLOCK_MONOTONIC_COARSE:
        *out = coarse(clock_monotonic(clock));
        return 0;
    case LX_CLOCK_BOOTTIME:
        *out = clock_boottime(clock);
        return 0;
    case LX_CLOCK_PROCESS_CPUTIME_ID:
    case LX_CLOCK_THREAD_CPUTIME_ID:
        return read_cpu_clock(task, id, out);
    default: /* the ALARM clocks need a battery-backed clock, which we have not */
        return -LX_EINVAL;
    }
}

long sys_clock_gettime(struct task *task, int id, gva_t tp)
{
    uint64_t now;
    long err = clock_read(task, id, &now);
    if (err)
        return err;
    struct lx_timespec ts = timespec_of(now);
    return user_put(task->mm, tp, &ts);
}

long sys_clock_getres(struct task *task, int id, gva_t res)
{
    uint64_t now;
    long err = clock_read(task, id, &now);
    if (err || !res)
        return err;
    bool ticks = id == LX_CLOCK_REALTIME_COARSE || id == LX_CLOCK_MONOTONIC_COARSE ||
                 (id < 0 && (id & LX_CPUCLOCK_KIND) != LX_CPUCLOCK_SCHED);
    struct lx_timespec ts = timespec_of(ticks ? (uint64_t)LX_TICK_NSEC : 1);
    return user_put(task->mm, res, &ts);
}

bool timespec_valid(const struct lx_timespec *ts)
{
    return ts->sec >= 0 && ts->nsec >= 0 && ts->nsec < LX_NSEC_PER_SEC;
}

long sys_clock_settime(struct task *task, int id, gva_t tp)
{
    struct lx_timespec ts;
    uint64_t now;

    /* Linux: only these have a setter (guest/time/settime). */
    if (id != LX_CLOCK_REALTIME && id >= 0)
        return -LX_EINVAL;
    if (user_get(task->mm, &ts, tp))
        return -LX_EFAULT;
    if (id < 0) {
        long err = read_cpu_clock(task, id, &now);
        return err ? err : -LX_EPERM;
    }
    return timespec_valid(&ts) ? -LX_EPERM : -LX_EINVAL;
}

long sys_gettimeofday(struct task *task, gva_t tv, gva_t tz)
{
    if (tv) {
        struct lx_timeval now = timeval_of(clock_realtime(&task->kernel->clock));
        if (user_put(task->mm, tv, &now))
            return -LX_EFAULT;
    }
    struct lx_timezone utc = {0};
    return tz ? user_put(task->mm, tz, &utc) : 0;
}

long sys_settimeofday(struct task *task, gva_t tv, gva_t tz)
{
    struct lx_timeval time = {0};
    struct lx_timezone zone;

    if (tv) {
        if (user_get(task->mm, &time, tv))
            return -LX_EFAULT;
        if (time.usec < 0 || time.usec > 1000000)
            return -LX_EINVAL;
    }
    if (tz && user_get(task->mm, &zone, tz))
        return -LX_EFAULT;
    if (tv && (time.sec < 0 || time.usec == 1000000))
        return -LX_EINVAL;
    return -LX_EPERM;
}

long sys_time(struct task *task, gva_t tloc)
{
    int64_t now = (int64_t)(clock_realtime(&task->kernel->clock) / (uint64_t)LX_NSEC_PER_SEC);
    if (tloc && user_put(task->mm, tloc, &now))
        return -LX_EFAULT;
    return now;
}

static int64_t ticks(uint64_t ns)
{
    return (int64_t)(ns / (uint64_t)(LX_NSEC_PER_SEC / LX_USER_HZ));
}

long sys_times(struct task *task, gva_t buf)
{
    if (buf) {
        const struct usage own = usage_of_process(task->process);
        const struct usage *children = &task->process->children_usage;
        struct lx_tms tms = {
            .utime = ticks(own.user),
            .stime = ticks(own.system),
            .cutime = ticks(children->user),
            .cstime = ticks(children->system),
        };
        if (user_put(task->mm, buf, &tms))
            return -LX_EFAULT;
    }
    return ticks(clock_boottime(&task->kernel->clock));
}

long sys_getrusage(struct task *task, int who, gva_t usage)
{
    struct lx_rusage rusage;
    struct usage used;

    switch (who) {
    case LX_RUSAGE_SELF:
        used = usage_of_process(task->process);
        break;
    case LX_RUSAGE_THREAD:
        used = usage_of_task(task);
        used.max_resident = MAX(used.max_resident, task->process->dead_usage.max_resident);
        break;
    case LX_RUSAGE_CHILDREN:
        used = task->process->children_usage;
        break;
    default:
        return -LX_EINVAL;
    }
    usage_to_rusage(&used, &rusage);
    return user_put(task->mm, usage, &rusage);
}

/* May this be asked of the clock? Setting it is refused, last of all. */
static long check_timex(const struct task *task, const struct lx_timex *timex)
{
    const int64_t freq_limit = INT64_MAX / 65536;
    unsigned modes = timex->modes;
    if ((modes & LX_ADJ_ADJTIME) && !(modes & LX_ADJ_OFFSET))
        return -LX_EINVAL;
    bool reads = (modes & LX_ADJ_ADJTIME) ? modes & LX_ADJ_OFFSET_READONLY : modes == 0;
    if (!reads && !cred_capable(&task->cred, LX_CAP_SYS_TIME))
        return -LX_EPERM;
    if (!(modes & LX_ADJ_ADJTIME) && (modes & LX_ADJ_TICK) &&
        (timex->tick < 900000 / LX_USER_HZ || timex->tick > 1100000 / LX_USER_HZ))
        return -LX_EINVAL;
    if ((modes & LX_ADJ_SETOFFSET) &&
        (timex->time.usec < 0 ||
         timex->time.usec >= ((modes & LX_ADJ_NANO) ? LX_NSEC_PER_SEC : 1000000)))
        return -LX_EINVAL;
    if ((modes & LX_ADJ_FREQUENCY) && (timex->freq < -freq_limit || timex->freq > freq_limit))
        return -LX_EINVAL;
    return reads ? 0 : -LX_EPERM;
}

/* The clock as nobody disciplines it. */
static long read_timex(struct task *task, gva_t buf)
{
    struct lx_timex timex;

    if (user_get(task->mm, &timex, buf))
        return -LX_EFAULT;
    long err = check_timex(task, &timex);
    if (err)
        return err;
    timex = (struct lx_timex){
        .modes = timex.modes,
        .maxerror = 16000000,
        .esterror = 16000000,
        .status = LX_STA_UNSYNC,
        .constant = 2,
        .precision = 1,
        .tolerance = 32768000,
        .tick = 10000,
        .time = timeval_of(clock_realtime(&task->kernel->clock)),
    };
    return user_put(task->mm, buf, &timex) ? -LX_EFAULT : LX_TIME_ERROR;
}

long sys_adjtimex(struct task *task, gva_t buf)
{
    return read_timex(task, buf);
}

long sys_clock_adjtime(struct task *task, int id, gva_t buf)
{
    uint64_t now;
    struct lx_timex timex;

    if (user_get(task->mm, &timex, buf))
        return -LX_EFAULT;
    if (id < 0 && (id & (LX_CPUCLOCK_THREAD | LX_CPUCLOCK_KIND)) != LX_CPUCLOCK_FD)
        return -LX_EOPNOTSUPP; /* whosever it is */
    if (id == LX_CLOCK_REALTIME_ALARM || id == LX_CLOCK_BOOTTIME_ALARM)
        return -LX_EOPNOTSUPP;
    long err = clock_read(task, id, &now);
    if (err)
        return err;
    return id == LX_CLOCK_REALTIME ? read_timex(task, buf) : -LX_EOPNOTSUPP;
}
