/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Can one sleep until a process or a thread has used so much CPU time, and until what not? */
#include "guest_test.h"

#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>

#define CPU_CLOCK(pid, kind) ((int)((~(unsigned)(pid)) << 3 | (unsigned)(kind)))
enum { SCHED = 2, OF_FD = 3, THREAD = 4 };

static volatile int stop;
static pid_t spinner;

static long sleep_on(int clock, int flags, const void *time, void *rem)
{
    return syscall(SYS_clock_nanosleep, clock, flags, time, rem);
}

static int64_t now(int clock)
{
    struct timespec ts;
    EXPECT_EQ(0, syscall(SYS_clock_gettime, clock, &ts));
    return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

static void *spin(void *arg)
{
    *(pid_t *)arg = (pid_t)syscall(SYS_gettid);
    while (!stop)
        ;
    return NULL;
}

/* Relative and absolute: afterwards the clock is that far. */
static void sleeps(int clock)
{
    struct timespec little = {0, 3000000}, past = {0, 1}, rem = {77, 77};
    int64_t before = now(clock);
    EXPECT_EQ(0, sleep_on(clock, 0, &little, &rem));
    EXPECT(now(clock) - before >= 3000000);
    EXPECT_EQ(77, rem.tv_sec);
    before = now(clock) + 3000000;
    struct timespec until = {before / 1000000000, before % 1000000000};
    EXPECT_EQ(0, sleep_on(clock, TIMER_ABSTIME, &until, NULL));
    EXPECT(now(clock) >= before);
    EXPECT_EQ(0, sleep_on(clock, TIMER_ABSTIME, &past, NULL));
}

static void on_alarm(int sig)
{
    (void)sig;
}

static void interrupted(int clock)
{
    struct timespec hour = {3600, 0}, rem = {77, 77};
    /* Again and again: the first may come before the sleep. */
    struct itimerval soon = {{0, 3000}, {0, 3000}}, never = {{0, 0}, {0, 0}};
    struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
    CHECK(sigaction(SIGALRM, &action, NULL));
    CHECK(setitimer(ITIMER_REAL, &soon, NULL));
    EXPECT_ERRNO(EINTR, sleep_on(clock, 0, &hour, &rem));
    EXPECT(rem.tv_sec >= 3590 && rem.tv_sec <= 3600); /* all of it, if nobody ran meanwhile */
    rem.tv_sec = 77;
    hour.tv_sec = 1 << 30;
    EXPECT_ERRNO(EINTR, sleep_on(clock, TIMER_ABSTIME, &hour, &rem));
    CHECK(setitimer(ITIMER_REAL, &never, NULL));
    EXPECT_EQ(77, rem.tv_sec);
}

int main(void)
{
    struct timespec little = {0, 1}, bad = {0, 1000000000};
    pthread_t thread;
    volatile pid_t tid = 0;
    EXPECT_ERRNO(EINVAL, sleep_on(CPU_CLOCK(0, SCHED | THREAD), 0, &little, NULL));
    EXPECT_ERRNO(EINVAL, sleep_on(CPU_CLOCK(getpid(), SCHED | THREAD), 0, &little, NULL));
    EXPECT_ERRNO(EOPNOTSUPP, sleep_on(CLOCK_THREAD_CPUTIME_ID, 0, &little, NULL));
    EXPECT_ERRNO(EINVAL, sleep_on(CPU_CLOCK(1 << 21, SCHED), 0, &little, NULL));
    EXPECT_ERRNO(EINVAL, sleep_on(CLOCK_PROCESS_CPUTIME_ID, 0, &bad, NULL));
    EXPECT_ERRNO(EFAULT, sleep_on(CLOCK_PROCESS_CPUTIME_ID, 0, (void *)8, NULL));
    EXPECT_ERRNO(EOPNOTSUPP, sleep_on(CPU_CLOCK(0, OF_FD), 0, &little, NULL));
    EXPECT_ERRNO(EFAULT, sleep_on(CPU_CLOCK(0, SCHED | THREAD), 0, (void *)8, NULL));
    EXPECT_ERRNO(EFAULT, sleep_on(CPU_CLOCK(1 << 21, SCHED), 0, (void *)8, NULL));
    EXPECT_ERRNO(EINVAL, sleep_on(CPU_CLOCK(0, OF_FD | THREAD), 0, &little, NULL));
    EXPECT_ERRNO(EFAULT, sleep_on(CPU_CLOCK(0, OF_FD | THREAD), 0, (void *)8, NULL));
    EXPECT_ERRNO(EFAULT, sleep_on(CLOCK_BOOTTIME_ALARM, 0, (void *)8, NULL));

    spinner = CHECK(fork());
    if (spinner == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (;;)
            ;
    }
    sleeps(CPU_CLOCK(spinner, SCHED));
    interrupted(CPU_CLOCK(spinner, SCHED));
    EXPECT_ERRNO(EINVAL, sleep_on(CPU_CLOCK(spinner, SCHED | THREAD), 0, &little, NULL));
    /* A timer may count another process's time. */
    int id;
    struct itimerspec soon = {{0, 0}, {0, 2000000}};
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGALRM);
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL));
    EXPECT_EQ(0, syscall(SYS_timer_create, CPU_CLOCK(spinner, SCHED), NULL, &id));
    EXPECT_EQ(0, syscall(SYS_timer_settime, id, 0, &soon, NULL));
    siginfo_t info;
    EXPECT_EQ(SIGALRM, sigwaitinfo(&set, &info));
    EXPECT_EQ(SI_TIMER, info.si_code);
    EXPECT_EQ(0, syscall(SYS_timer_delete, id));
    CHECK(sigprocmask(SIG_UNBLOCK, &set, NULL));
    CHECK(kill(spinner, SIGKILL));
    EXPECT_EQ(spinner, waitpid(spinner, NULL, 0));

    EXPECT_EQ(0, pthread_create(&thread, NULL, spin, (void *)&tid));
    while (!tid)
        ;
    sleeps(CLOCK_PROCESS_CPUTIME_ID);
    sleeps(CPU_CLOCK(0, SCHED));
    sleeps(CPU_CLOCK(getpid(), SCHED));
    sleeps(CPU_CLOCK(tid, SCHED | THREAD));
    interrupted(CLOCK_PROCESS_CPUTIME_ID);
    stop = 1;
    pthread_join(thread, NULL);
    return 0;
}
