/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * timerfd_create(2): a kernel timer that counts its expirations for a reader.
 */
#include "vfs/timerfd.h"

#include "abi/errno.h"
#include "abi/ioctl.h"
#include "abi/poll.h"
#include "abi/time.h"
#include "base/strbuf.h"
#include "mem/uaccess.h"
#include "sched/clock.h"

struct timerfd {
    struct file file;
    int clock;
    struct timer timer;
    uint64_t due;         /* CLOCK_MONOTONIC ns of the next expiration; 0: disarmed */
    uint64_t interval;    /* ns */
    uint64_t expirations; /* since the last read */
    unsigned set_flags;   /* as it was last set: for /proc/PID/fdinfo */
    struct wait_queue waiters;
};

static const struct file_ops timerfd_ops;

/* Count what is due by `now`, and find the next expiration. */
static void catch_up(struct timerfd *t, uint64_t now)
{
    if (!t->due || now < t->due)
        return;
    if (!t->interval) {
        t->expirations++;
        t->due = 0;
        return;
    }
    uint64_t periods = (now - t->due) / t->interval + 1;
    t->expirations += periods;
    t->due += periods * t->interval;
}

/*
 * A periodic timer fires once and is armed again by whoever takes its expirations: one of 1 ns
 * costs the kernel nothing while nobody reads.
 */
static void timerfd_fire(struct timer *timer)
{
    struct timerfd *t = container_of(timer, struct timerfd, timer);
    catch_up(t, clock_monotonic(t->file.vfs->clock));
    wait_queue_wake_all(t->file.vfs->sched, &t->waiters, LX_POLLIN);
}

static void rearm(struct timerfd *t)
{
    if (t->due)
        timer_arm(t->file.vfs->sched, &t->timer, t->due);
    else
        timer_disarm(t->file.vfs->sched, &t->timer);
}

static ssize_t timerfd_read(struct file *file, struct uio *out)
{
    struct timerfd *t = container_of(file, struct timerfd, file);
    if (uio_remaining(out) < sizeof t->expirations)
        return -LX_EINVAL;
    catch_up(t, clock_monotonic(file->vfs->clock));
    if (t->expirations == 0) {
        rearm(t);
        return file_wait(file, &t->waiters);
    }
    uint64_t count = t->expirations;
    t->expirations = 0;
    rearm(t);
    return uio_put(out, &count, sizeof count);
}

static unsigned timerfd_poll(struct file *file, struct poll_table *table)
{
    struct timerfd *t = container_of(file, struct timerfd, file);
    poll_wait(table, file, &t->waiters);
    catch_up(t, clock_monotonic(file->vfs->clock));
    if (!t->expirations)
        rearm(t);
    return t->expirations ? LX_POLLIN : 0;
}

/* For who restores a process that was saved: so many expirations have been. */
static long timerfd_ioctl(struct file *file, struct mm *mm, unsigned request, uint64_t arg)
{
    struct timerfd *t = container_of(file, struct timerfd, file);
    uint64_t ticks;
    if (request != LX_TFD_IOC_SET_TICKS)
        return -LX_ENOTTY;
    long err = user_get(mm, &ticks, arg);
    if (err)
        return err;
    if (ticks == 0)
        return -LX_EINVAL;
    t->expirations = ticks;
    wait_queue_wake_all(file->vfs->sched, &t->waiters, LX_POLLIN);
    return 0;
}

static void timerfd_release(struct file *file)
{
    struct timerfd *t = container_of(file, struct timerfd, file);
    timer_disarm(file->vfs->sched, &t->timer);
    wait_queue_fini(file->vfs->sched, &t->waiters);
    arena_free(file->vfs->arena, t);
}

static void get_setting(struct timerfd *t, struct timerfd_setting *out)
{
    uint64_t now = clock_monotonic(t->file.vfs->clock);
    catch_up(t, now);
    *out = (struct timerfd_setting){.value = t->due ? t->due - now : 0, .interval = t->interval};
}

static void show_time(const char *name, uint64_t ns, struct strbuf *out)
{
    const uint64_t second = LX_NSEC_PER_SEC;
    strbuf_printf(out, "%s: (%llu, %llu)\n", name, (unsigned long long)(ns / second),
                  (unsigned long long)(ns % second));
}

static void timerfd_show(struct file *file, struct strbuf *out)
{
    struct timerfd *t = container_of(file, struct timerfd, file);
    struct timerfd_setting setting;
    get_setting(t, &setting);
    strbuf_printf(out, "clockid: %d\nticks: %llu\nsettime flags: 0%o\n", t->clock,
                  (unsigned long long)t->expirations, t->set_flags);
    show_time("it_value", setting.value, out);
    show_time("it_interval", setting.interval, out);
}

static const struct file_ops timerfd_ops = {
    .no_splice_read = true,
    .read = timerfd_read,
    .poll = timerfd_poll,
    .ioctl = timerfd_ioctl,
    .show_fdinfo = timerfd_show,
    .release = timerfd_release,
};

long timerfd_create_file(struct vfs *vfs, int clock, unsigned flags, struct file **out)
{
    struct timerfd *t = arena_alloc(vfs->arena, sizeof *t);
    if (!t)
        return -LX_ENOMEM;
    t->clock = clock;
    t->timer.fire = timerfd_fire;
    wait_queue_init(&t->waiters);
    file_init(&t->file, vfs, &timerfd_ops, LX_O_RDWR | (flags & LX_O_NONBLOCK));
    t->file.seek_ignored = true;
    t->file.nowait = true;
    t->file.kind = "anon_inode:[timerfd]";
    *out = &t->file;
    return 0;
}

static uint64_t clock_now(const struct timerfd *t)
{
    struct clock *clock = t->file.vfs->clock;
    switch (t->clock) {
    case LX_CLOCK_REALTIME:
    case LX_CLOCK_REALTIME_ALARM:
        return clock_realtime(clock);
    case LX_CLOCK_BOOTTIME:
    case LX_CLOCK_BOOTTIME_ALARM:
        return clock_boottime(clock);
    default:
        return clock_monotonic(clock);
    }
}

/* Set to a time that was `late` ns ago: all periods since then count. */
static void expire_late(struct timerfd *t, uint64_t late, uint64_t monotonic)
{
    t->expirations = t->interval ? late / t->interval + 1 : 1;
    if (t->interval)
        t->due = monotonic + t->interval - late % t->interval;
    wait_queue_wake_all(t->file.vfs->sched, &t->waiters, LX_POLLIN);
}

long timerfd_set(struct file *file, unsigned flags, const struct timerfd_setting *setting,
                 struct timerfd_setting *old)
{
    if (file->ops != &timerfd_ops)
        return -LX_EINVAL;
    struct timerfd *t = container_of(file, struct timerfd, file);
    if (old)
        get_setting(t, old);
    uint64_t monotonic = clock_monotonic(file->vfs->clock), now = clock_now(t);
    bool absolute = flags & LX_TIMER_ABSTIME;
    t->set_flags = flags;
    t->expirations = 0;
    t->interval = setting->interval;
    t->due = 0;
    if (setting->value && absolute && setting->value <= now) {
        expire_late(t, now - setting->value, monotonic);
    } else if (setting->value) {
        uint64_t left = absolute ? setting->value - now : setting->value;
        t->due = left > INT64_MAX - monotonic ? INT64_MAX : monotonic + left;
    }
    rearm(t);
    return 0;
}

long timerfd_get(struct file *file, struct timerfd_setting *out)
{
    if (file->ops != &timerfd_ops)
        return -LX_EINVAL;
    get_setting(container_of(file, struct timerfd, file), out);
    return 0;
}
