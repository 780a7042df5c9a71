/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SCHED_DEADLINE: which budgets are accepted, what is read back, and who inherits one? */
#include "guest_test.h"
#include <sched.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define DEADLINE 6
#define RESET 1
#define RECLAIM 2
#define KEEP_POLICY 8
#define KEEP_PARAMS 16
#define MS 1000000ul

struct attr {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
};

static long set(uint64_t flags, uint64_t runtime, uint64_t deadline, uint64_t period)
{
    struct attr attr = {48, DEADLINE, flags, 0, 0, runtime, deadline, period};
    return syscall(SYS_sched_setattr, 0, &attr, 0);
}

static struct attr get(void)
{
    struct attr attr;
    memset(&attr, 0x55, sizeof attr);
    EXPECT_EQ(0, syscall(SYS_sched_getattr, 0, &attr, sizeof attr, 0));
    return attr;
}

static void expect_budget(uint64_t flags, uint64_t runtime, uint64_t deadline, uint64_t period)
{
    struct attr attr = get();
    EXPECT_EQ(DEADLINE, attr.policy);
    EXPECT_EQ(flags, attr.flags);
    EXPECT_EQ(0, attr.nice);
    EXPECT_EQ(0, attr.priority);
    EXPECT_EQ(runtime, attr.runtime);
    EXPECT_EQ(deadline, attr.deadline);
    EXPECT_EQ(period, attr.period);
}

static void refused(void)
{
    EXPECT_ERRNO(EINVAL, set(0, 0, 0, 0));
    EXPECT_ERRNO(EINVAL, set(0, 1023, 30 * MS, 30 * MS));
    EXPECT_ERRNO(EINVAL, set(0, 31 * MS, 30 * MS, 30 * MS));
    EXPECT_ERRNO(EINVAL, set(0, 10 * MS, 30 * MS, 20 * MS));
    EXPECT_ERRNO(EINVAL, set(0, 1024, 99999, 0));                  /* a period of 100 us at least */
    EXPECT_ERRNO(EINVAL, set(0, 1024, MS, (4194305 * MS) / 1000)); /* and of 2^22 us at most */
    EXPECT_ERRNO(EINVAL, set(0, 1024, MS, 1ul << 63));
    struct attr attr = {48, DEADLINE, 0, 0, 1, MS, 10 * MS, 10 * MS};
    EXPECT_ERRNO(EINVAL, syscall(SYS_sched_setattr, 0, &attr, 0)); /* it has no priority */
    struct sched_param none = {0};
    EXPECT_ERRNO(EINVAL, syscall(SYS_sched_setscheduler, 0, DEADLINE, &none));
}

static void inherited(void)
{
    EXPECT_ERRNO(EAGAIN, fork());
    EXPECT_EQ(0, set(RESET, 10 * MS, 30 * MS, 0));
    EXPECT_EQ(DEADLINE | SCHED_RESET_ON_FORK, syscall(SYS_sched_getscheduler, 0));
    int status;
    pid_t pid = CHECK(fork());
    if (pid == 0)
        _exit(get().policy);
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    EXPECT_EQ(SCHED_OTHER, status);
}

static void kept(void)
{
    struct timespec slice = {1, 1};
    struct sched_param none = {0};
    struct attr attr = {48, SCHED_BATCH, KEEP_POLICY, 0, 0, 2 * MS, 20 * MS, 0};

    expect_budget(0, 10 * MS, 30 * MS, 40 * MS);
    EXPECT_EQ(DEADLINE, syscall(SYS_sched_getscheduler, 0));
    EXPECT_EQ(0, syscall(SYS_sched_rr_get_interval, 0, &slice));
    EXPECT_EQ(0, slice.tv_sec + slice.tv_nsec);
    EXPECT_ERRNO(EINVAL, syscall(SYS_sched_setparam, 0, &none)); /* it says no budget */
    EXPECT_EQ(0, syscall(SYS_sched_setattr, 0, &attr, 0));
    expect_budget(0, 2 * MS, 20 * MS, 20 * MS);
    EXPECT_EQ(0, set(RECLAIM, 3 * MS, 20 * MS, 0));
    expect_budget(RECLAIM, 3 * MS, 20 * MS, 20 * MS);
    EXPECT_EQ(0, set(RECLAIM | KEEP_PARAMS, 0, 0, 0));
    expect_budget(RECLAIM, 3 * MS, 20 * MS, 20 * MS);
    inherited();
    EXPECT_EQ(0, syscall(SYS_sched_setscheduler, 0, SCHED_OTHER, &none));
    EXPECT_EQ(SCHED_OTHER, get().policy);
    EXPECT_EQ(0, get().deadline);
}

int main(void)
{
    EXPECT_EQ(0, syscall(SYS_sched_get_priority_max, DEADLINE));
    EXPECT_EQ(0, syscall(SYS_sched_get_priority_min, DEADLINE));
    refused();
    if (getuid() == 0 && set(0, 10 * MS, 30 * MS, 40 * MS) == 0) /* root that may */
        kept();
    if (getuid() == 0)
        CHECK(setresuid(1234, 1234, 1234));
    EXPECT_ERRNO(EPERM, set(0, 10 * MS, 30 * MS, 40 * MS));
    refused(); /* first */
    return 0;
}
