/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scheduling policies and their parameters: what is kept, what children get, and what does a user
 * need? */
#include "guest_test.h"
#include <pthread.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

struct attr {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
    uint32_t util_min, util_max;
    uint64_t more[2];
};

#define RESET SCHED_RESET_ON_FORK

static long set(int pid, int policy, int priority)
{
    struct sched_param param = {priority};
    return syscall(SYS_sched_setscheduler, pid, policy, &param);
}

static long get(int pid)
{
    return syscall(SYS_sched_getscheduler, pid);
}

static int priority(int pid)
{
    struct sched_param param = {-1};
    CHECK(syscall(SYS_sched_getparam, pid, &param));
    return param.sched_priority;
}

static long setattr(struct attr attr)
{
    return syscall(SYS_sched_setattr, 0, &attr, 0);
}

static struct attr getattr(void)
{
    struct attr attr;
    memset(&attr, 0x55, sizeof attr);
    EXPECT_EQ(0, syscall(SYS_sched_getattr, 0, &attr, sizeof attr, 0));
    EXPECT_EQ(0, attr.more[0] | attr.more[1]); /* the rest is zero */
    return attr;
}

static void in_child(void (*body)(void))
{
    int status;
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        body();
        _exit(0);
    }
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    EXPECT_EQ(0, status);
}

static void errors(void)
{
    struct sched_param param = {0};
    EXPECT_ERRNO(EINVAL, set(0, -1, 0));
    EXPECT_ERRNO(EINVAL, set(-1, SCHED_OTHER, 0));
    EXPECT_ERRNO(ESRCH, set(999999, SCHED_OTHER, 0));
    EXPECT_ERRNO(ESRCH, set(999999, 99, 0));
    EXPECT_ERRNO(EINVAL, syscall(SYS_sched_setscheduler, 0, SCHED_OTHER, NULL));
    EXPECT_ERRNO(EINVAL, syscall(SYS_sched_setscheduler, 0, -1, 8L));
    EXPECT_ERRNO(EFAULT, syscall(SYS_sched_setscheduler, 999999, SCHED_OTHER, 8L));
    EXPECT_ERRNO(EINVAL, set(0, 4, 0));
    EXPECT_ERRNO(EINVAL, set(0, SCHED_OTHER, 1));
    EXPECT_ERRNO(EINVAL, set(0, SCHED_BATCH, 1));
    EXPECT_ERRNO(EINVAL, set(0, SCHED_IDLE, -1));
    EXPECT_ERRNO(EINVAL, set(0, SCHED_FIFO, 0));
    EXPECT_ERRNO(EINVAL, set(0, SCHED_RR, 100));
    EXPECT_ERRNO(EINVAL, set(0, SCHED_RR, -1));
    EXPECT_ERRNO(EINVAL, syscall(SYS_sched_setparam, -1, &param));
    EXPECT_ERRNO(EINVAL, syscall(SYS_sched_setparam, 0, NULL));
    EXPECT_ERRNO(ESRCH, syscall(SYS_sched_setparam, 999999, &param));
    EXPECT_ERRNO(EINVAL, syscall(SYS_sched_getparam, -1, &param));
    EXPECT_ERRNO(EINVAL, syscall(SYS_sched_getattr, -1, &param, 48, 0));
    EXPECT_ERRNO(ESRCH, syscall(SYS_sched_getattr, 999999, &param, 48, 0));
}

static void attr_errors(void)
{
    struct attr attr = {.size = sizeof attr, .policy = SCHED_OTHER};
    EXPECT_ERRNO(EINVAL, syscall(SYS_sched_setattr, 0, NULL, 0));
    EXPECT_ERRNO(EINVAL, syscall(SYS_sched_setattr, -1, &attr, 0));
    EXPECT_ERRNO(EINVAL, syscall(SYS_sched_setattr, 0, &attr, 1));
    EXPECT_ERRNO(EFAULT, syscall(SYS_sched_setattr, 0, 8L, 0));
    EXPECT_ERRNO(ESRCH, syscall(SYS_sched_setattr, 999999, &attr, 0));
    EXPECT_ERRNO(EINVAL, setattr((struct attr){.size = 48, .policy = 0x80000000}));
    EXPECT_ERRNO(EINVAL, setattr((struct attr){.size = 48, .policy = 99}));
    EXPECT_ERRNO(EINVAL, setattr((struct attr){.size = 48, .priority = 1}));
    EXPECT_ERRNO(EINVAL, setattr((struct attr){.size = 48, .policy = SCHED_FIFO}));
    EXPECT_ERRNO(EINVAL, setattr((struct attr){.size = 48, .policy = SCHED_FIFO, .priority = 100}));
    EXPECT_ERRNO(EINVAL, setattr((struct attr){.size = 48, .flags = 0x80}));
    EXPECT_ERRNO(EINVAL, setattr((struct attr){.size = 48, .flags = 0x20}));
    EXPECT_ERRNO(EINVAL,
                 setattr((struct attr){.size = 48, .policy = 6})); /* SCHED_DEADLINE without one */
    EXPECT_ERRNO(EINVAL, setattr((struct attr){
                             .size = 48, .policy = 6, .runtime = 9999999, .deadline = 9999998}));
    /* Of a size that is not known, the kernel says its own. */
    const uint32_t sizes[] = {1, 47, 4097, 0xffffffff};
    for (int i = 0; i < 4; i++) {
        attr.size = sizes[i];
        EXPECT_ERRNO(E2BIG, syscall(SYS_sched_setattr, 0, &attr, 0));
        EXPECT_EQ(56, attr.size);
    }
    attr = (struct attr){.size = sizeof attr, .more = {1}};
    EXPECT_ERRNO(E2BIG, syscall(SYS_sched_setattr, 0, &attr, 0));
    EXPECT_EQ(56, attr.size);
    EXPECT_EQ(0, setattr((struct attr){.size = sizeof attr}));
    EXPECT_EQ(0, setattr((struct attr){.size = 0}));
}

static void kept(void)
{
    EXPECT_EQ(0, setattr((struct attr){.size = 48, .policy = SCHED_BATCH, .nice = 7}));
    struct attr attr = getattr();
    EXPECT_EQ(56, attr.size);
    EXPECT_EQ(SCHED_BATCH, attr.policy);
    EXPECT_EQ(7, attr.nice);
    EXPECT_EQ(0, attr.priority);
    EXPECT_EQ(7, getpriority(PRIO_PROCESS, 0));
    EXPECT_EQ(0, setattr((struct attr){.size = 48, .policy = SCHED_OTHER, .nice = 1000}));
    EXPECT_EQ(19, getpriority(PRIO_PROCESS, 0)); /* cut to the range */
    EXPECT_EQ(0,
              setattr((struct attr){.size = 48, .policy = SCHED_BATCH, .flags = 0x10, .nice = -5}));
    EXPECT_EQ(19, getattr().nice); /* KEEP_PARAMS: the policy is one */
    EXPECT_EQ(SCHED_OTHER, get(0));
    EXPECT_EQ(0, set(0, SCHED_IDLE, 0));
    EXPECT_EQ(SCHED_IDLE, get(0));
    EXPECT_EQ(19, getattr().nice);
    EXPECT_EQ(19, getpriority(PRIO_PROCESS, 0));
}

static void *in_thread(void *arg)
{
    *(long *)arg = get(0) << 8 | priority(0);
    return NULL;
}

static void expect_other(void)
{
    EXPECT_EQ(SCHED_OTHER, get(0));
    EXPECT_EQ(0, priority(0));
    EXPECT_EQ(0, getpriority(PRIO_PROCESS, 0));
}

static void expect_fifo(void)
{
    EXPECT_EQ(SCHED_FIFO, get(0));
    EXPECT_EQ(9, priority(0));
}

static void real_time(void)
{
    struct timespec slice;
    struct sched_param param = {9};
    EXPECT_EQ(0, set(0, SCHED_RR, 5));
    EXPECT_EQ(0, syscall(SYS_sched_rr_get_interval, 0, &slice));
    EXPECT(slice.tv_sec > 0 || slice.tv_nsec > 0);
    EXPECT_EQ(0, set(0, SCHED_FIFO, 5));
    EXPECT_EQ(0, syscall(SYS_sched_rr_get_interval, 0, &slice));
    EXPECT_EQ(0, slice.tv_sec + slice.tv_nsec);
    EXPECT_EQ(0, syscall(SYS_sched_setparam, 0, &param));
    expect_fifo();
    struct attr attr = getattr();
    EXPECT_EQ(SCHED_FIFO, attr.policy);
    EXPECT_EQ(9, attr.priority);
    EXPECT_EQ(0, attr.nice);
    param.sched_priority = 0;
    EXPECT_ERRNO(EINVAL, syscall(SYS_sched_setparam, 0, &param));
    EXPECT_EQ(0, setattr((struct attr){.size = 48, .flags = 8, .priority = 11})); /* KEEP_POLICY */
    EXPECT_EQ(11, priority(0));
    EXPECT_EQ(0, setattr((struct attr){.size = 48, .policy = SCHED_FIFO, .priority = 9}));
    in_child(expect_fifo);

    long seen;
    pthread_t thread;
    EXPECT_EQ(0, pthread_create(&thread, NULL, in_thread, &seen));
    EXPECT_EQ(0, pthread_join(thread, NULL));
    EXPECT_EQ(SCHED_FIFO << 8 | 9, seen);

    EXPECT_EQ(0, set(0, SCHED_FIFO | RESET, 9));
    EXPECT_EQ(SCHED_FIFO | RESET, get(0));
    EXPECT_EQ(1, getattr().flags);
    in_child(expect_other);
    EXPECT_EQ(0, set(0, SCHED_OTHER, 0));
    EXPECT_EQ(SCHED_OTHER, get(0));
    EXPECT_EQ(0, setpriority(PRIO_PROCESS, 0, -3));
    EXPECT_EQ(0, set(0, SCHED_OTHER | RESET, 0));
    in_child(expect_other);
    EXPECT_EQ(0, set(0, SCHED_OTHER, 0));
}

static void as_user(void)
{
    struct rlimit none = {0, 0};
    CHECK(setrlimit(RLIMIT_RTPRIO, &none));
    CHECK(setrlimit(RLIMIT_NICE, &none));
    EXPECT_EQ(0, set(0, SCHED_FIFO, 2));
    CHECK(setresuid(1234, 1234, 1234));
    EXPECT_EQ(0, set(0, SCHED_FIFO, 2)); /* no more than it has */
    EXPECT_EQ(0, set(0, SCHED_FIFO, 1));
    EXPECT_ERRNO(EPERM, set(0, SCHED_FIFO, 2));
    EXPECT_ERRNO(EPERM, set(0, SCHED_RR, 1));
    EXPECT_EQ(0, set(0, SCHED_OTHER, 0));
    EXPECT_ERRNO(EPERM, set(0, SCHED_FIFO, 1));
    EXPECT_ERRNO(EPERM, set(getppid(), SCHED_OTHER, 0));
    EXPECT_ERRNO(EINVAL, set(0, SCHED_FIFO, 0)); /* before EPERM */
    EXPECT_ERRNO(EPERM, setattr((struct attr){.size = 48, .nice = -1}));
    EXPECT_ERRNO(EPERM, setattr((struct attr){
                            .size = 48, .policy = 6, .runtime = 5000000, .deadline = 9000000}));
    EXPECT_EQ(0, set(0, SCHED_BATCH | RESET, 0));
    EXPECT_ERRNO(EPERM, set(0, SCHED_BATCH, 0)); /* once set it stays */
    EXPECT_EQ(0, set(0, SCHED_IDLE | RESET, 0));
    EXPECT_ERRNO(EPERM, set(0, SCHED_OTHER | RESET, 0));
}

static void with_limit(void)
{
    struct rlimit three = {3, 3}, twenty = {20, 20};
    if (setrlimit(RLIMIT_RTPRIO, &three) || setrlimit(RLIMIT_NICE, &twenty))
        return; /* root without CAP_SYS_RESOURCE */
    CHECK(setresuid(1234, 1234, 1234));
    EXPECT_EQ(0, set(0, SCHED_FIFO, 3));
    EXPECT_ERRNO(EPERM, set(0, SCHED_FIFO, 4));
    EXPECT_EQ(0, set(0, SCHED_RR, 1));
    EXPECT_EQ(0, set(0, SCHED_IDLE, 0));
    EXPECT_EQ(0, set(0, SCHED_OTHER, 0)); /* nice 0 is within 20 */
}

int main(void)
{
    errors();
    attr_errors();
    in_child(kept);
    if (getuid() == 0 && set(0, SCHED_FIFO, 1) == 0) { /* root that may */
        EXPECT_EQ(0, set(0, SCHED_OTHER, 0));
        in_child(real_time);
        in_child(as_user);
        in_child(with_limit);
    }
    return 0;
}
