/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What does alarm(2) say of the one before: rounded, and never to none? */
#include "guest_test.h"

#include <sys/syscall.h>
#include <sys/time.h>

static long alarm_after(long sec, long usec)
{
    struct itimerval value = {.it_value = {sec, usec}};
    CHECK(setitimer(ITIMER_REAL, &value, NULL));
    return syscall(SYS_alarm, 0);
}

int main(void)
{
    EXPECT_EQ(0, syscall(SYS_alarm, 100));
    EXPECT_EQ(100, syscall(SYS_alarm, 200));
    EXPECT_EQ(200, syscall(SYS_alarm, 0));
    EXPECT_EQ(0, syscall(SYS_alarm, 0));
    EXPECT_EQ(1, alarm_after(0, 400000));
    EXPECT_EQ(50, alarm_after(50, 400000));
    EXPECT_EQ(51, alarm_after(50, 900000));
    struct itimerval left;
    CHECK(syscall(SYS_alarm, 30));
    CHECK(getitimer(ITIMER_REAL, &left));
    EXPECT_EQ(0, left.it_interval.tv_sec);
    EXPECT(left.it_value.tv_sec == 29 || left.it_value.tv_sec == 30);
    return 0;
}
