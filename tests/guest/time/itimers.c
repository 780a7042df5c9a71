/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * setitimer(2), getitimer(2) and alarm(2): what is refused, what is shown of an armed timer, which
 * signal does each send with which code, and who inherits them?
 */
#include "guest_test.h"

#include <signal.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>

static uint64_t all = ~0ull;
static const struct timespec none = {0, 0};

static long set(int which, const void *new, void *old)
{
    return syscall(SYS_setitimer, which, new, old);
}
static long get(int which, void *now)
{
    return syscall(SYS_getitimer, which, now);
}
static int take(siginfo_t *info, const struct timespec *timeout)
{
    return (int)syscall(SYS_rt_sigtimedwait, &all, info, timeout, 8);
}

static void refusals(int which)
{
    struct itimerval value = {{0, 0}, {1000, 0}}, old;
    EXPECT_ERRNO(EINVAL, set(3, &value, NULL));
    EXPECT_ERRNO(EINVAL, set(-1, &value, NULL));
    EXPECT_ERRNO(EFAULT, set(3, (void *)8, NULL));
    EXPECT_ERRNO(EFAULT, set(which, (void *)8, NULL));
    EXPECT_ERRNO(EINVAL, get(3, (void *)8));
    EXPECT_ERRNO(EFAULT, get(which, (void *)8));
    EXPECT_ERRNO(EFAULT, get(which, NULL));
    static const struct itimerval bad[] = {{{0, 0}, {1, 1000000}}, {{0, 0}, {1, -1}},
                                           {{0, 0}, {-1, 0}},      {{0, 1000000}, {1, 0}},
                                           {{0, -1}, {0, 0}},      {{-1, 0}, {1, 0}}};
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++)
        EXPECT_ERRNO(EINVAL, set(which, &bad[i], NULL));
    EXPECT_EQ(0, get(which, &old));
    EXPECT_EQ(0, old.it_value.tv_sec + old.it_value.tv_usec);

    value.it_interval.tv_sec = 7;
    EXPECT_EQ(0, set(which, &value, &old));
    EXPECT_EQ(0, old.it_value.tv_sec);
    EXPECT_EQ(0, get(which, &old));
    EXPECT(old.it_value.tv_sec >= 990 && old.it_value.tv_sec <= 1000);
    EXPECT_EQ(7, old.it_interval.tv_sec);
    value.it_value.tv_sec = 2000;
    EXPECT_ERRNO(EFAULT, set(which, &value, (void *)8));
    EXPECT_EQ(0, get(which, &old));
    EXPECT(old.it_value.tv_sec >= 1990);
    value.it_value.tv_sec = 0; /* disarmed, that of real time has no period */
    EXPECT_EQ(0, set(which, &value, NULL));
    EXPECT_EQ(0, get(which, &old));
    EXPECT_EQ(0, old.it_value.tv_sec);
    EXPECT_EQ(which == ITIMER_REAL ? 0 : 7, old.it_interval.tv_sec);
    value.it_value.tv_sec = 2000;
    EXPECT_EQ(0, set(which, &value, NULL));
    EXPECT_EQ(0, set(which, NULL, &old)); /* as if of zeros */
    EXPECT(old.it_value.tv_sec >= 1990);
    EXPECT_EQ(0, get(which, &old));
    EXPECT_EQ(0, old.it_value.tv_sec + old.it_value.tv_usec);
    /* With a value of zero it is off, whatever its interval. */
    value = (struct itimerval){{5, 5}, {0, 0}};
    EXPECT_EQ(0, set(which, &value, NULL));
    EXPECT_EQ(0, get(which, &old));
    EXPECT_EQ(0, old.it_value.tv_sec + old.it_value.tv_usec);
}

static void spin(void)
{
    for (volatile int i = 0; i < 1000000; i++)
        ;
}

/* Once, and again and again. */
static void fires(int which, int sig)
{
    siginfo_t info;
    struct itimerval value = {{0, 0}, {0, 1000}}, old;
    for (int periodic = 0; periodic < 2; periodic++) {
        value.it_interval.tv_usec = periodic ? 2000 : 0;
        EXPECT_EQ(0, set(which, &value, NULL));
        for (int i = 0; i < 1 + 2 * periodic; i++) {
            while (take(&info, &none) != sig)
                spin();
            EXPECT_EQ(SI_KERNEL, info.si_code);
            EXPECT_EQ(0, info.si_pid);
        }
        EXPECT_EQ(0, get(which, &old));
        EXPECT_EQ(value.it_interval.tv_usec, old.it_interval.tv_usec);
        if (periodic)
            EXPECT(old.it_value.tv_usec > 0);
        else
            EXPECT_EQ(0, old.it_value.tv_usec);
        EXPECT_EQ(0, set(which, NULL, NULL));
        take(&info, &none);
    }
}

static void heirs(void)
{
    int status;
    struct itimerval value = {{0, 0}, {1000, 0}}, now;
    for (int which = 0; which < 3; which++)
        EXPECT_EQ(0, set(which, &value, NULL));
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        for (int which = 0; which < 3; which++) {
            EXPECT_EQ(0, get(which, &now));
            EXPECT_EQ(0, now.it_value.tv_sec);
            EXPECT_EQ(0, set(which, &value, NULL));
        }
        execl("/proc/self/exe", "timers", "after exec", NULL);
        _exit(3);
    }
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    EXPECT_EQ(0, status);
    EXPECT_EQ(SIGCHLD, take(NULL, &none));
    for (int which = 0; which < 3; which++)
        EXPECT_EQ(0, set(which, NULL, NULL));
}

static void alarms(void)
{
    struct itimerval now;
    siginfo_t info;
    EXPECT_EQ(0, syscall(SYS_alarm, 100));
    EXPECT_EQ(0, get(ITIMER_REAL, &now));
    EXPECT(now.it_value.tv_sec >= 98);
    struct itimerval half = {{3, 0}, {10, 400000}};
    EXPECT_EQ(0, set(ITIMER_REAL, &half, NULL));
    EXPECT_EQ(10, syscall(SYS_alarm, 50)); /* rounded */
    half.it_value.tv_usec = 900000;
    EXPECT_EQ(0, set(ITIMER_REAL, &half, NULL));
    EXPECT_EQ(11, syscall(SYS_alarm, 0));
    half.it_value = (struct timeval){0, 300000};
    EXPECT_EQ(0, set(ITIMER_REAL, &half, NULL));
    EXPECT_EQ(1, syscall(SYS_alarm, 0)); /* never to none */
    EXPECT_EQ(0, syscall(SYS_alarm, 0xffffffff));
    EXPECT_EQ(0, get(ITIMER_REAL, &now));
    EXPECT_EQ(0, now.it_interval.tv_sec);
    EXPECT(now.it_value.tv_sec > 0xffff0000);
    EXPECT(syscall(SYS_alarm, 0) != 0);
    EXPECT_ERRNO(EAGAIN, take(&info, &none));
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1) {
        struct itimerval now;
        for (int which = 0; which < 3; which++) {
            EXPECT_EQ(0, get(which, &now)); /* exec keeps them */
            EXPECT(now.it_value.tv_sec >= 990);
        }
        return 0;
    }
    CHECK(syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, 8));
    for (int which = 0; which < 3; which++)
        refusals(which);
    fires(ITIMER_REAL, SIGALRM);
    fires(ITIMER_VIRTUAL, SIGVTALRM);
    fires(ITIMER_PROF, SIGPROF);
    heirs();
    alarms();
    return 0;
}
