/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What can a thread learn and change of its own scheduling? */
#include "guest_test.h"
#include <sched.h>
#include <sys/syscall.h>
#include <time.h>

int main(void)
{
    struct sched_param param = {77};
    unsigned long mask[128] = {0};
    struct timespec slice;

    EXPECT_EQ(0, syscall(SYS_sched_yield));
    EXPECT_EQ(SCHED_OTHER, syscall(SYS_sched_getscheduler, 0));
    EXPECT_EQ(SCHED_OTHER, syscall(SYS_sched_getscheduler, getpid()));
    EXPECT_ERRNO(EINVAL, syscall(SYS_sched_getscheduler, -1));
    EXPECT_ERRNO(ESRCH, syscall(SYS_sched_getscheduler, 999999));
    EXPECT_EQ(0, syscall(SYS_sched_getparam, 0, &param));
    EXPECT_EQ(0, param.sched_priority);
    EXPECT_ERRNO(EINVAL, syscall(SYS_sched_getparam, 0, NULL));
    EXPECT_ERRNO(EFAULT, syscall(SYS_sched_getparam, 0, 8L));
    EXPECT_EQ(0, syscall(SYS_sched_setparam, 0, &param));
    param.sched_priority = 5;
    EXPECT_ERRNO(EINVAL, syscall(SYS_sched_setparam, 0, &param));
    EXPECT_ERRNO(EINVAL, syscall(SYS_sched_setscheduler, 0, SCHED_OTHER, &param));
    EXPECT_ERRNO(EINVAL, syscall(SYS_sched_setscheduler, 0, 99, &param));
    EXPECT_ERRNO(EINVAL, syscall(SYS_sched_setscheduler, 0, -1, &param));
    EXPECT_ERRNO(EFAULT, syscall(SYS_sched_setscheduler, 0, SCHED_OTHER, 8L));
    param.sched_priority = 0;
    EXPECT_EQ(0, syscall(SYS_sched_setscheduler, 0, SCHED_BATCH, &param));
    EXPECT_EQ(SCHED_BATCH, syscall(SYS_sched_getscheduler, 0));
    EXPECT_EQ(0, syscall(SYS_sched_setscheduler, 0, SCHED_OTHER, &param));
    EXPECT_ERRNO(EINVAL, syscall(SYS_sched_setscheduler, 0, SCHED_FIFO, &param));

    EXPECT_EQ(99, syscall(SYS_sched_get_priority_max, SCHED_FIFO));
    EXPECT_EQ(1, syscall(SYS_sched_get_priority_min, SCHED_RR));
    EXPECT_EQ(0, syscall(SYS_sched_get_priority_max, SCHED_OTHER));
    EXPECT_EQ(0, syscall(SYS_sched_get_priority_min, SCHED_IDLE));
    EXPECT_ERRNO(EINVAL, syscall(SYS_sched_get_priority_max, 4));
    EXPECT_ERRNO(EINVAL, syscall(SYS_sched_get_priority_min, -1));
    EXPECT_EQ(0, syscall(SYS_sched_rr_get_interval, 0, &slice));
    EXPECT_ERRNO(EINVAL, syscall(SYS_sched_rr_get_interval, -1, &slice));
    EXPECT_ERRNO(EFAULT, syscall(SYS_sched_rr_get_interval, 0, 8L));

    long bytes = syscall(SYS_sched_getaffinity, 0, sizeof mask, mask);
    EXPECT(bytes >= 8 && bytes % 8 == 0);
    EXPECT(mask[0] & 1);
    EXPECT_EQ(0, syscall(SYS_sched_setaffinity, 0, 8, mask));
    EXPECT_ERRNO(EINVAL, syscall(SYS_sched_getaffinity, 0, 7, mask));
    EXPECT_ERRNO(EFAULT, syscall(SYS_sched_getaffinity, 0, sizeof mask, 8L));
    EXPECT_ERRNO(ESRCH, syscall(SYS_sched_getaffinity, 999999, sizeof mask, mask));
    mask[0] = 0;
    EXPECT_ERRNO(EINVAL, syscall(SYS_sched_setaffinity, 0, 8, mask));
    EXPECT_ERRNO(EFAULT, syscall(SYS_sched_setaffinity, 0, 8, 8L));

    unsigned attr[14] = {0};
    EXPECT_EQ(0, syscall(SYS_sched_getattr, 0, attr, 56, 0));
    EXPECT_EQ(56, attr[0]);
    EXPECT_EQ(SCHED_OTHER, attr[1]);
    EXPECT_EQ(0, syscall(SYS_sched_getattr, 0, attr, 48, 0));
    EXPECT_EQ(48, attr[0]);
    EXPECT_ERRNO(EINVAL, syscall(SYS_sched_getattr, 0, attr, 47, 0));
    EXPECT_ERRNO(EINVAL, syscall(SYS_sched_getattr, 0, attr, 56, 1));
    EXPECT_ERRNO(EINVAL, syscall(SYS_sched_getattr, 0, NULL, 56, 0));
    EXPECT_ERRNO(EFAULT, syscall(SYS_sched_getattr, 0, 8L, 56, 0));
    return 0;
}
