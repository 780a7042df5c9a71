/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Clocks and what the system says of itself. */
#include "guest_test.h"
#include <linux/capability.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/utsname.h>
#include <time.h>

#define S(...) (void)syscall(__VA_ARGS__)

int main(void)
{
    struct timespec ts;
    struct timeval tv;
    struct timezone tz;
    struct tms tms;
    struct rusage ru;
    struct utsname un;
    struct sysinfo si;
    char bytes[100];
    long now;

    S(SYS_clock_gettime, CLOCK_REALTIME, &ts);
    S(SYS_clock_gettime, CLOCK_PROCESS_CPUTIME_ID, &ts);
    S(SYS_clock_gettime, -6, &ts);
    S(SYS_clock_gettime, 99, &ts);
    S(SYS_clock_getres, CLOCK_MONOTONIC, &ts);
    S(SYS_clock_getres, CLOCK_MONOTONIC, NULL);
    S(SYS_gettimeofday, &tv, NULL);
    S(SYS_gettimeofday, &tv, &tz);
    S(SYS_time, NULL);
    S(SYS_time, &now);
    ts = (struct timespec){0, 1000};
    S(SYS_nanosleep, &ts, NULL);
    S(SYS_nanosleep, &ts, &ts);
    S(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &ts, NULL);
    S(SYS_clock_nanosleep, CLOCK_REALTIME, TIMER_ABSTIME, &ts, &ts);
    ts.tv_nsec = -1;
    S(SYS_nanosleep, &ts, NULL);
    S(SYS_times, &tms);
    S(SYS_times, NULL);
    S(SYS_getrusage, RUSAGE_SELF, &ru);
    S(SYS_getrusage, 5, &ru);
    S(SYS_clock_settime, CLOCK_MONOTONIC, &ts);
    S(SYS_uname, &un);
    S(SYS_sysinfo, &si);
    S(SYS_getrandom, bytes, 8L, 1);
    S(SYS_getrandom, bytes, 100L, 0);
    S(SYS_getrandom, 8L, 100L, 9);
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    S(SYS_capget, &header, NULL);
    header.version = 0;
    S(SYS_capget, &header, NULL);
    S(SYS_getgroups, -1, NULL);
    S(SYS_reboot, 0, 0, 0, 0);
    struct itimerval timer = {{0, 0}, {0, 0}};
    S(SYS_getitimer, ITIMER_REAL, &timer);
    S(SYS_setitimer, ITIMER_REAL, &timer, NULL);
    S(SYS_alarm, 0);
    return 0;
}
