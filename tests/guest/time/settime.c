/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which clocks could be set, and what is refused first? */
#include "guest_test.h"
#include <grp.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <time.h>

static long adjust(struct timex timex)
{
    return syscall(SYS_adjtimex, &timex);
}

/* What no adjustment may say, asked by who may adjust. */
static void bad_adjustments(void)
{
    EXPECT_ERRNO(EINVAL, adjust((struct timex){.modes = ADJ_TICK, .tick = 8999}));
    EXPECT_ERRNO(EINVAL, adjust((struct timex){.modes = ADJ_TICK, .tick = 11001}));
    EXPECT_ERRNO(EINVAL,
                 adjust((struct timex){.modes = ADJ_SETOFFSET, .time = {.tv_usec = 1000000}}));
    EXPECT_ERRNO(EINVAL, adjust((struct timex){.modes = ADJ_SETOFFSET, .time = {.tv_usec = -1}}));
    EXPECT_ERRNO(EINVAL, adjust((struct timex){.modes = ADJ_FREQUENCY, .freq = INT64_MAX}));
}

int main(void)
{
    struct timespec ts = {1, 0}, bad = {1, 1000000000};
    struct timeval tv = {1, 0}, bad_tv = {1, 1000001};
    struct timex timex = {0};

    if (getuid() == 0) {
        if (adjust((struct timex){.modes = ADJ_TICK}) == -1 && errno == EINVAL)
            bad_adjustments();
        CHECK(setgid(65534));
        CHECK(setuid(65534));
    }
    EXPECT_ERRNO(EPERM, syscall(SYS_clock_settime, CLOCK_REALTIME, &ts));
    EXPECT_ERRNO(EINVAL, syscall(SYS_clock_settime, CLOCK_REALTIME, &bad));
    EXPECT_ERRNO(EFAULT, syscall(SYS_clock_settime, CLOCK_REALTIME, 8L));
    EXPECT_ERRNO(EINVAL, syscall(SYS_clock_settime, CLOCK_MONOTONIC, 8L));
    EXPECT_ERRNO(EINVAL, syscall(SYS_clock_settime, CLOCK_BOOTTIME, &ts));
    EXPECT_ERRNO(EINVAL, syscall(SYS_clock_settime, 99, &ts));
    EXPECT_ERRNO(EFAULT, syscall(SYS_clock_settime, -6, 8L));
    EXPECT_ERRNO(EPERM, syscall(SYS_clock_settime, -6, &ts));
    EXPECT_ERRNO(EPERM, syscall(SYS_settimeofday, &tv, NULL));
    EXPECT_ERRNO(EINVAL, syscall(SYS_settimeofday, &bad_tv, NULL));
    EXPECT_ERRNO(EFAULT, syscall(SYS_settimeofday, 8L, NULL));

    EXPECT(syscall(SYS_adjtimex, &timex) >= 0);
    EXPECT_EQ(10000, timex.tick);
    EXPECT(timex.time.tv_sec > 1000000000);
    EXPECT_ERRNO(EFAULT, syscall(SYS_adjtimex, 8L));
    timex.modes = ADJ_FREQUENCY;
    EXPECT_ERRNO(EPERM, syscall(SYS_adjtimex, &timex));
    EXPECT_ERRNO(EPERM, adjust((struct timex){.modes = ADJ_TICK}));
    EXPECT_ERRNO(EPERM, adjust((struct timex){.modes = ADJ_OFFSET_SINGLESHOT}));
    EXPECT_ERRNO(EINVAL, adjust((struct timex){.modes = 0x8000})); /* without ADJ_OFFSET */
    EXPECT(adjust((struct timex){.modes = ADJ_OFFSET_SS_READ}) >= 0);
    timex.modes = 0;
    EXPECT_ERRNO(EOPNOTSUPP, syscall(SYS_clock_adjtime, -1, &timex));
    EXPECT_ERRNO(EOPNOTSUPP, syscall(SYS_clock_adjtime, CLOCK_BOOTTIME_ALARM, &timex));
    EXPECT(syscall(SYS_clock_adjtime, CLOCK_REALTIME, &timex) >= 0);
    EXPECT_ERRNO(EOPNOTSUPP, syscall(SYS_clock_adjtime, CLOCK_MONOTONIC, &timex));
    EXPECT_ERRNO(EINVAL, syscall(SYS_clock_adjtime, 99, &timex));
    return 0;
}
