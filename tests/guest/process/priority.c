/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How is niceness read and changed, and who may lower it? */
#include "guest_test.h"
#include <sys/resource.h>
#include <sys/syscall.h>

int main(void)
{
    long raw = syscall(SYS_getpriority, PRIO_PROCESS, 0);
    EXPECT(raw >= 1 && raw <= 40); /* 20 - nice */
    EXPECT_EQ(raw, syscall(SYS_getpriority, PRIO_PROCESS, getpid()));
    EXPECT(syscall(SYS_getpriority, PRIO_PGRP, 0) >= raw);
    EXPECT(syscall(SYS_getpriority, PRIO_USER, 0) >= raw);
    EXPECT_ERRNO(EINVAL, syscall(SYS_getpriority, 3, 0));
    EXPECT_ERRNO(EINVAL, syscall(SYS_getpriority, -1, 0));
    EXPECT_ERRNO(ESRCH, syscall(SYS_getpriority, PRIO_PROCESS, 999999));

    if (getuid() == 0) {
        CHECK(setgid(65534));
        CHECK(setuid(65534));
    }
    EXPECT_EQ(0, syscall(SYS_setpriority, PRIO_PROCESS, 0, 10));
    EXPECT_EQ(10, syscall(SYS_getpriority, PRIO_PROCESS, 0));
    EXPECT_ERRNO(EACCES, syscall(SYS_setpriority, PRIO_PROCESS, 0, -5));
    EXPECT_EQ(0, syscall(SYS_setpriority, PRIO_PROCESS, 0, 1000));
    EXPECT_EQ(1, syscall(SYS_getpriority, PRIO_PROCESS, 0));
    EXPECT_ERRNO(EINVAL, syscall(SYS_setpriority, 3, 0, 0));
    EXPECT_ERRNO(ESRCH, syscall(SYS_setpriority, PRIO_PROCESS, 999999, 0));
    return 0;
}
