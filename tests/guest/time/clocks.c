/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which clocks are there, how fine are they, and how do they stand to each other? */
#include "guest_test.h"
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>

static int64_t ns(const struct timespec *ts)
{
    return ts->tv_sec * 1000000000LL + ts->tv_nsec;
}

static int64_t now(clockid_t id)
{
    struct timespec ts;
    EXPECT_EQ(0, syscall(SYS_clock_gettime, id, &ts));
    EXPECT(ts.tv_nsec >= 0 && ts.tv_nsec < 1000000000);
    return ns(&ts);
}

int main(void)
{
    static const clockid_t fine[] = {0, 1, 2, 3, 4, 7, 11};
    static const clockid_t none[] = {10, 12, 16, 99, 0x7fffffff};
    struct timespec ts;
    struct timeval tv;

    for (size_t i = 0; i < sizeof fine / sizeof *fine; i++) {
        int64_t first = now(fine[i]);
        EXPECT(first >= 0);
        EXPECT(now(fine[i]) >= first);
        EXPECT_EQ(0, syscall(SYS_clock_getres, fine[i], &ts));
        EXPECT_EQ(1, ns(&ts));
        EXPECT_EQ(0, syscall(SYS_clock_getres, fine[i], NULL));
        EXPECT_ERRNO(EFAULT, syscall(SYS_clock_gettime, fine[i], (void *)8));
        EXPECT_ERRNO(EFAULT, syscall(SYS_clock_gettime, fine[i], NULL));
        EXPECT_ERRNO(EFAULT, syscall(SYS_clock_getres, fine[i], (void *)8));
    }
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        EXPECT_ERRNO(EINVAL, syscall(SYS_clock_gettime, none[i], (void *)8));
        EXPECT_ERRNO(EINVAL, syscall(SYS_clock_getres, none[i], (void *)8));
    }
    /* The coarse ones stand still between ticks, never ahead. */
    int64_t coarse = now(CLOCK_MONOTONIC_COARSE);
    EXPECT(coarse <= now(CLOCK_MONOTONIC));
    coarse = now(CLOCK_REALTIME_COARSE);
    EXPECT(coarse <= now(CLOCK_REALTIME));
    EXPECT_EQ(0, syscall(SYS_clock_getres, CLOCK_MONOTONIC_COARSE, &ts));
    EXPECT(ns(&ts) >= 1000000 && ns(&ts) <= 10000000);
    EXPECT(now(CLOCK_BOOTTIME) + 1000000000 >= now(CLOCK_MONOTONIC));

    EXPECT_EQ(0, syscall(SYS_gettimeofday, &tv, NULL));
    EXPECT(llabs((tv.tv_sec * 1000000LL + tv.tv_usec) * 1000 - now(CLOCK_REALTIME)) <
           10000000000LL);
    struct timezone zone = {7, 7};
    EXPECT_EQ(0, syscall(SYS_gettimeofday, NULL, &zone));
    EXPECT_EQ(0, zone.tz_dsttime);
    EXPECT_ERRNO(EFAULT, syscall(SYS_gettimeofday, (void *)8, NULL));
    EXPECT_ERRNO(EFAULT, syscall(SYS_gettimeofday, NULL, (void *)8));

    long seconds = 0;
    EXPECT_EQ(syscall(SYS_time, &seconds), seconds);
    EXPECT_ERRNO(EFAULT, syscall(SYS_time, 8L));
    EXPECT(llabs(seconds - tv.tv_sec) < 10);
    struct tms tms;
    EXPECT(syscall(SYS_times, &tms) != -1);
    EXPECT(syscall(SYS_times, NULL) != -1);
    EXPECT_ERRNO(EFAULT, syscall(SYS_times, 8L));
    return 0;
}
