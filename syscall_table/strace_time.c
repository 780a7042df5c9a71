/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Printers of times and clocks.
 */
#include "syscall_table/strace_show.h"

#include "abi/stat.h"
#include "abi/time.h"

#define PRINTER(name) void show_kind_##name(struct show *show, unsigned index, UNUSED int parameter)
#define ARG (show->args[index])

static void show_ts(struct show *show, const struct lx_timespec *ts)
{
    show_printf(show, "{tv_sec=%lld, tv_nsec=%llu}", (long long)ts->sec,
                (unsigned long long)ts->nsec);
}

static void show_tv(struct show *show, const struct lx_timeval *tv)
{
    show_printf(show, "{tv_sec=%lld, tv_usec=%llu}", (long long)tv->sec,
                (unsigned long long)tv->usec);
}

void show_timespec(struct show *show, gva_t addr)
{
    struct lx_timespec ts;
    if (show_read(show, &ts, addr, sizeof ts))
        show_ts(show, &ts);
}

PRINTER(timespec_in)
{
    show_timespec(show, ARG);
}

PRINTER(timespec_out)
{
    struct lx_timespec ts;
    if (show_read_result(show, &ts, ARG, sizeof ts))
        show_ts(show, &ts);
}

/* What is left of a sleep: written only when it was interrupted. */
PRINTER(timespec_rem)
{
    bool interrupted = show->result <= -512 && show->result >= -516;
    if (interrupted)
        show_timespec(show, ARG);
    else
        show_pointer(show, ARG);
}

static void show_time_pair(struct show *show, gva_t addr, bool nanoseconds)
{
    struct lx_timespec times[2];

    if (!show_read(show, times, addr, sizeof times))
        return;
    for (int i = 0; i < 2; i++) {
        show_puts(show, i ? ", " : "[");
        if (nanoseconds && times[i].nsec == LX_UTIME_NOW) {
            show_puts(show, "UTIME_NOW");
        } else if (nanoseconds && times[i].nsec == LX_UTIME_OMIT) {
            show_puts(show, "UTIME_OMIT");
        } else {
            show_printf(show, "{tv_sec=%lld, %s=%llu} /* ", (long long)times[i].sec,
                        nanoseconds ? "tv_nsec" : "tv_usec", (unsigned long long)times[i].nsec);
            show_date(show, times[i].sec, times[i].nsec, nanoseconds ? 9 : 6);
            show_puts(show, " */");
        }
    }
    show_puts(show, "]");
}

PRINTER(timespec_pair)
{
    show_time_pair(show, ARG, true);
}

PRINTER(timeval_pair)
{
    show_time_pair(show, ARG, false);
}

PRINTER(timeval_in)
{
    struct lx_timeval tv;
    if (show_read(show, &tv, ARG, sizeof tv))
        show_tv(show, &tv);
}

PRINTER(timeval_out)
{
    struct lx_timeval tv;
    if (show_read_result(show, &tv, ARG, sizeof tv))
        show_tv(show, &tv);
}

static void show_zone(struct show *show, const struct lx_timezone *zone)
{
    show_printf(show, "{tz_minuteswest=%d, tz_dsttime=%d}", zone->minuteswest, zone->dsttime);
}

PRINTER(timezone_in)
{
    struct lx_timezone zone;
    if (show_read(show, &zone, ARG, sizeof zone))
        show_zone(show, &zone);
}

PRINTER(timezone_out)
{
    struct lx_timezone zone;
    if (show_read_result(show, &zone, ARG, sizeof zone))
        show_zone(show, &zone);
}

PRINTER(utimbuf)
{
    struct lx_utimbuf buf;
    if (!show_read(show, &buf, ARG, sizeof buf))
        return;
    show_printf(show, "{actime=%lld /* ", (long long)buf.actime);
    show_date(show, buf.actime, 0, 0);
    show_printf(show, " */, modtime=%lld /* ", (long long)buf.modtime);
    show_date(show, buf.modtime, 0, 0);
    show_puts(show, " */}");
}

static void show_itimerval(struct show *show, const struct lx_itimerval *timer)
{
    show_puts(show, "{it_interval=");
    show_tv(show, &timer->interval);
    show_puts(show, ", it_value=");
    show_tv(show, &timer->value);
    show_puts(show, "}");
}

PRINTER(itimerval_in)
{
    struct lx_itimerval timer;
    if (show_read(show, &timer, ARG, sizeof timer))
        show_itimerval(show, &timer);
}

PRINTER(itimerval_out)
{
    struct lx_itimerval timer;
    if (show_read_result(show, &timer, ARG, sizeof timer))
        show_itimerval(show, &timer);
}

static void show_itimerspec(struct show *show, const struct lx_itimerspec *timer)
{
    show_puts(show, "{it_interval=");
    show_ts(show, &timer->interval);
    show_puts(show, ", it_value=");
    show_ts(show, &timer->value);
    show_puts(show, "}");
}

PRINTER(itimerspec_in)
{
    struct lx_itimerspec timer;
    if (show_read(show, &timer, ARG, sizeof timer))
        show_itimerspec(show, &timer);
}

PRINTER(itimerspec_out)
{
    struct lx_itimerspec timer;
    if (show_read_result(show, &timer, ARG, sizeof timer))
        show_itimerspec(show, &timer);
}

PRINTER(time_out)
{
    int64_t now;
    if (!show_read_result(show, &now, ARG, sizeof now))
        return;
    show_printf(show, "[%lld /* ", (long long)now);
    show_date(show, now, 0, 0);
    show_puts(show, " */]");
}

PRINTER(tms)
{
    struct lx_tms tms;
    if (show_read_result(show, &tms, ARG, sizeof tms))
        show_printf(show, "{tms_utime=%lld, tms_stime=%lld, tms_cutime=%lld, tms_cstime=%lld}",
                    (long long)tms.utime, (long long)tms.stime, (long long)tms.cutime,
                    (long long)tms.cstime);
}

PRINTER(timex)
{
    struct lx_timex t;
    if (!show_read_result(show, &t, ARG, sizeof t))
        return;
    show_printf(show, "{modes=%u, offset=%lld, freq=%lld, maxerror=%lld, esterror=%lld, ", t.modes,
                (long long)t.offset, (long long)t.freq, (long long)t.maxerror,
                (long long)t.esterror);
    show_printf(show, "status=%s, constant=%lld, precision=%llu, tolerance=%lld, time=",
                t.status == LX_STA_UNSYNC ? "STA_UNSYNC"
                : t.status                ? "STA_???"
                                          : "0",
                (long long)t.constant, (unsigned long long)t.precision, (long long)t.tolerance);
    show_tv(show, &t.time);
    show_printf(show, ", tick=%lld, ppsfreq=%lld, jitter=%lld", (long long)t.tick,
                (long long)t.ppsfreq, (long long)t.jitter);
    show_printf(show, ", shift=%d, stabil=%lld, jitcnt=%lld, calcnt=%lld, errcnt=%lld, stbcnt=%lld",
                t.shift, (long long)t.stabil, (long long)t.jitcnt, (long long)t.calcnt,
                (long long)t.errcnt, (long long)t.stbcnt);
    show_printf(show, ", tai=%d}", t.tai);
}
