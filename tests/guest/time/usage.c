/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What does getrusage(2) count, and for whom? */
#include "guest_test.h"
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/times.h>
#include <sys/wait.h>

#define MIB (1 << 20)

static struct rusage usage_of(int who)
{
    struct rusage usage;
    CHECK(getrusage(who, &usage));
    return usage;
}

/* A child that has used so much memory, and is waited for. */
static struct rusage child_with(int size, bool by_grandchild)
{
    struct rusage usage = {0};
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        if (by_grandchild) {
            child_with(size, false);
            _exit(0);
        }
        char *memory = malloc((size_t)size);
        for (int i = 0; i < size; i += 4096)
            memory[i] = 1;
        _exit(0);
    }
    wait4(pid, NULL, 0, &usage); /* fails where SIGCHLD is ignored */
    return usage;
}

/* Children count once they are waited for, theirs with them, and nobody's in a new child. */
static void children(void)
{
    EXPECT_EQ(0, usage_of(RUSAGE_CHILDREN).ru_maxrss);
    struct rusage usage = child_with(24 * MIB, false);
    EXPECT(usage.ru_maxrss >= 24 << 10 && usage.ru_maxrss < 34 << 10);
    EXPECT(usage.ru_minflt >= 6000);
    EXPECT_EQ(usage.ru_maxrss, usage_of(RUSAGE_CHILDREN).ru_maxrss);
    EXPECT(usage_of(RUSAGE_CHILDREN).ru_minflt >= 6000);
    EXPECT(usage_of(RUSAGE_SELF).ru_maxrss < 24 << 10);
    pid_t pid = CHECK(fork());
    if (pid == 0)
        _exit(usage_of(RUSAGE_CHILDREN).ru_maxrss == 0 ? 0 : 1);
    int status;
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    EXPECT_EQ(0, status);
    child_with(40 * MIB, true);
    EXPECT(usage_of(RUSAGE_CHILDREN).ru_maxrss >= 40 << 10);
    signal(SIGCHLD, SIG_IGN);
    child_with(60 * MIB, false);
    signal(SIGCHLD, SIG_DFL);
    EXPECT(usage_of(RUSAGE_CHILDREN).ru_maxrss < 60 << 10);
}

/* Calls take time as well: of the system. */
static void system_time(void)
{
    struct tms tms;
    times(&tms);
    clock_t before = tms.tms_cstime;
    pid_t pid = CHECK(fork());
    do {
        for (int i = 0; i < 1000; i++)
            getppid();
        times(&tms);
    } while (tms.tms_stime == 0);
    if (pid == 0)
        _exit(0);
    EXPECT_EQ(before, tms.tms_cstime);
    EXPECT_EQ(pid, waitpid(pid, NULL, 0));
    times(&tms);
    EXPECT(tms.tms_cstime > before);
    struct rusage own = usage_of(RUSAGE_SELF), theirs = usage_of(RUSAGE_CHILDREN);
    EXPECT(own.ru_stime.tv_sec + own.ru_stime.tv_usec > 0);
    EXPECT(theirs.ru_stime.tv_sec + theirs.ru_stime.tv_usec > 0);
}

/* Who waits gives the CPU away. */
static void switches(void)
{
    long before = usage_of(RUSAGE_THREAD).ru_nvcsw;
    CHECK(poll(NULL, 0, 1));
    EXPECT(usage_of(RUSAGE_THREAD).ru_nvcsw > before);
    EXPECT(usage_of(RUSAGE_SELF).ru_nvcsw > before);
    struct rusage child;
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        EXPECT_EQ(0, usage_of(RUSAGE_CHILDREN).ru_nvcsw);
        CHECK(poll(NULL, 0, 1));
        _exit(0);
    }
    before = usage_of(RUSAGE_CHILDREN).ru_nvcsw;
    EXPECT_EQ(pid, wait4(pid, NULL, 0, &child));
    EXPECT(child.ru_nvcsw > 0);
    EXPECT_EQ(before + child.ru_nvcsw, usage_of(RUSAGE_CHILDREN).ru_nvcsw);
}

int main(void)
{
    struct rusage before, after;

    children();
    CHECK(getrusage(RUSAGE_SELF, &before));
    char *memory = malloc(8 << 20);
    EXPECT(memory);
    for (int i = 0; i < 8 << 20; i += 4096)
        memory[i] = 1;
    volatile unsigned work = 0;
    for (int i = 0; i < 20000000; i++)
        work += (unsigned)i;
    CHECK(getrusage(RUSAGE_SELF, &after));
    long long spent = (after.ru_utime.tv_sec - before.ru_utime.tv_sec) * 1000000LL +
                      after.ru_utime.tv_usec - before.ru_utime.tv_usec;
    EXPECT(spent > 1000);
    EXPECT(after.ru_minflt - before.ru_minflt >= 1000);
    EXPECT(after.ru_maxrss >= 8192);
    CHECK(getrusage(RUSAGE_THREAD, &after));
    CHECK(getrusage(RUSAGE_CHILDREN, &after));
    EXPECT_EQ(0, after.ru_utime.tv_sec);
    system_time();
    switches();
    EXPECT_ERRNO(EINVAL, getrusage(5, &after));
    EXPECT_ERRNO(EINVAL, syscall(SYS_getrusage, -2, &after));
    EXPECT_ERRNO(EFAULT, syscall(SYS_getrusage, RUSAGE_SELF, 8L));
    return 0;
}
