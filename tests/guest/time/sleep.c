/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How long do sleeps last at least, on which clocks, and what do they refuse? */
#include "guest_test.h"
#include <sys/syscall.h>
#include <time.h>

static int64_t now(clockid_t id)
{
    struct timespec ts;
    CHECK(clock_gettime(id, &ts));
    return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

int main(void)
{
    struct timespec short_time = {0, 2000000}, negative = {-1, 0}, bad = {0, 1000000000},
                    under = {0, -1};
    struct timespec rem = {77, 77};

    int64_t before = now(CLOCK_MONOTONIC);
    EXPECT_EQ(0, syscall(SYS_nanosleep, &short_time, &rem));
    EXPECT(now(CLOCK_MONOTONIC) - before >= 2000000);
    EXPECT_EQ(77, rem.tv_sec); /* written by interruptions only */

    EXPECT_ERRNO(EINVAL, syscall(SYS_nanosleep, &negative, NULL));
    EXPECT_ERRNO(EINVAL, syscall(SYS_nanosleep, &bad, NULL));
    EXPECT_ERRNO(EINVAL, syscall(SYS_nanosleep, &under, NULL));
    EXPECT_ERRNO(EFAULT, syscall(SYS_nanosleep, 8L, NULL));
    EXPECT_ERRNO(EFAULT, syscall(SYS_nanosleep, NULL, NULL));

    static const clockid_t can[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME, CLOCK_TAI};
    for (size_t i = 0; i < sizeof can / sizeof *can; i++) {
        before = now(can[i]);
        EXPECT_EQ(0, syscall(SYS_clock_nanosleep, can[i], 0, &short_time, NULL));
        EXPECT(now(can[i]) - before >= 2000000);
        before = now(can[i]) + 2000000;
        struct timespec until = {before / 1000000000, before % 1000000000};
        EXPECT_EQ(0, syscall(SYS_clock_nanosleep, can[i], TIMER_ABSTIME, &until, NULL));
        EXPECT(now(can[i]) >= before);
        struct timespec past = {0, 1};
        EXPECT_EQ(0, syscall(SYS_clock_nanosleep, can[i], TIMER_ABSTIME, &past, NULL));
        EXPECT_ERRNO(EINVAL, syscall(SYS_clock_nanosleep, can[i], 0, &bad, NULL));
        EXPECT_ERRNO(EFAULT, syscall(SYS_clock_nanosleep, can[i], 0, 8L, NULL));
    }
    static const clockid_t cannot[] = {CLOCK_MONOTONIC_RAW, CLOCK_REALTIME_COARSE,
                                       CLOCK_MONOTONIC_COARSE, CLOCK_THREAD_CPUTIME_ID};
    for (size_t i = 0; i < sizeof cannot / sizeof *cannot; i++)
        EXPECT_ERRNO(EOPNOTSUPP, syscall(SYS_clock_nanosleep, cannot[i], 0, &short_time, NULL));
    EXPECT_ERRNO(EINVAL, syscall(SYS_clock_nanosleep, 99, 0, &short_time, NULL));
    return 0;
}
