/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * timer_create(2) and its kin: what is refused in which order, what do the kinds of notice tell,
 * how are overruns counted, what becomes of timers at fork, exec and the end of their thread?
 */
#include "guest_test.h"

#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

static uint64_t blocked = ~0ull;
static const struct timespec none = {0, 0};

/* The kernel's struct sigevent. */
struct event {
    uint64_t value;
    int signo, notify, tid, pad[11];
};

static long create(clockid_t clock, const void *event, void *id)
{
    return syscall(SYS_timer_create, clock, event, id);
}
static long set(int id, int flags, const void *new, void *old)
{
    return syscall(SYS_timer_settime, id, flags, new, old);
}
static long get(int id, void *now)
{
    return syscall(SYS_timer_gettime, id, now);
}
static long overrun(int id)
{
    return syscall(SYS_timer_getoverrun, id);
}
static long delete (int id)
{
    return syscall(SYS_timer_delete, id);
}

static int take(siginfo_t *info, const struct timespec *timeout)
{
    return (int)syscall(SYS_rt_sigtimedwait, &blocked, info, timeout, 8);
}

static void refusals(void)
{
    int id;
    struct event event = {.signo = 40};
    struct itimerspec spec = {{0, 0}, {1000, 0}}, old;
    EXPECT_ERRNO(EFAULT, create(99, (void *)8, (void *)8));
    EXPECT_ERRNO(EINVAL, create(99, NULL, (void *)8));
    EXPECT_ERRNO(EFAULT, create(CLOCK_MONOTONIC, (void *)8, &id));
    EXPECT_ERRNO(EFAULT, create(CLOCK_MONOTONIC, &event, (void *)8));
    EXPECT_ERRNO(EFAULT, create(CLOCK_MONOTONIC, NULL, NULL));
    static const struct event bad[] = {{.signo = 0},
                                       {.signo = 65},
                                       {.signo = -1},
                                       {.signo = 40, .notify = 3},
                                       {.signo = 40, .notify = 5},
                                       {.signo = 40, .notify = -1},
                                       {.signo = 40, .notify = 4, .tid = 0},
                                       {.signo = 40, .notify = 4, .tid = 1 << 29},
                                       {.signo = 65, .notify = SIGEV_THREAD}};
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++)
        EXPECT_ERRNO(EINVAL, create(CLOCK_MONOTONIC, &bad[i], &id));
    EXPECT_ERRNO(EOPNOTSUPP, create(CLOCK_REALTIME_COARSE, &event, &id));
    EXPECT_ERRNO(EOPNOTSUPP, create(CLOCK_MONOTONIC_RAW, &event, &id));
    EXPECT_ERRNO(EOPNOTSUPP, create(CLOCK_MONOTONIC_COARSE, &event, &id));

    event.notify = SIGEV_NONE;
    event.signo = 12345; /* not looked at */
    EXPECT_EQ(0, create(CLOCK_MONOTONIC, &event, &id));
    EXPECT_ERRNO(EINVAL, set(id + 1000, 0, &spec, NULL));
    EXPECT_ERRNO(EINVAL, set(id, 0, NULL, NULL));
    EXPECT_ERRNO(EFAULT, set(id, 0, (void *)8, NULL));
    EXPECT_ERRNO(EFAULT, set(id + 1000, 0, (void *)8, NULL));
    spec.it_value.tv_nsec = 1000000000;
    EXPECT_ERRNO(EINVAL, set(id, 0, &spec, NULL));
    spec.it_value.tv_nsec = -1;
    EXPECT_ERRNO(EINVAL, set(id, 0, &spec, NULL));
    spec.it_value = (struct timespec){-1, 0};
    EXPECT_ERRNO(EINVAL, set(id, 0, &spec, NULL));
    spec.it_value = (struct timespec){0, 0};
    spec.it_interval.tv_nsec = -1;
    EXPECT_ERRNO(EINVAL, set(id, 0, &spec, NULL));
    spec = (struct itimerspec){{0, 0}, {1000, 0}};
    EXPECT_EQ(0, set(id, 0x7ffffffe, &spec, NULL)); /* unknown flags are not looked at */
    EXPECT_EQ(0, get(id, &old));
    EXPECT(old.it_value.tv_sec >= 990 && old.it_value.tv_sec <= 1000);
    /* It is set although the old value cannot be written. */
    spec.it_value.tv_sec = 2000;
    EXPECT_ERRNO(EFAULT, set(id, 0, &spec, (void *)8));
    EXPECT_EQ(0, get(id, &old));
    EXPECT(old.it_value.tv_sec >= 1990);
    EXPECT_ERRNO(EFAULT, get(id, (void *)8));
    EXPECT_ERRNO(EINVAL, get(id + 1000, (void *)8));
    EXPECT_ERRNO(EINVAL, overrun(id + 1000));
    EXPECT_ERRNO(EINVAL, overrun(-1));
    EXPECT_EQ(0, overrun(id));
    EXPECT_EQ(0, delete (id));
    EXPECT_ERRNO(EINVAL, delete (id));
    EXPECT_ERRNO(EINVAL, get(id, &old));
}

/* What arrives by default, by a signal, to a thread. */
static void notices(void)
{
    int id;
    siginfo_t info;
    struct itimerspec soon = {{0, 0}, {0, 1}};
    EXPECT_EQ(0, create(CLOCK_MONOTONIC, NULL, &id));
    EXPECT_EQ(0, set(id, 0, &soon, NULL));
    EXPECT_EQ(SIGALRM, take(&info, NULL));
    EXPECT_EQ(SI_TIMER, info.si_code);
    EXPECT_EQ(id, info.si_timerid);
    EXPECT_EQ(0, info.si_overrun);
    EXPECT_EQ(id, info.si_value.sival_int);
    EXPECT_EQ(0, delete (id));
    static const int kinds[] = {SIGEV_SIGNAL, SIGEV_THREAD, 4 /* SIGEV_THREAD_ID */};
    for (int i = 0; i < 3; i++) {
        struct event event = {.value = 0x123456789abcdef0,
                              .signo = 41,
                              .notify = kinds[i],
                              .tid = (int)syscall(SYS_gettid)};
        EXPECT_EQ(0, create(CLOCK_REALTIME, &event, &id));
        EXPECT_EQ(0, set(id, 0, &soon, NULL));
        EXPECT_EQ(41, take(&info, NULL));
        EXPECT_EQ(0x123456789abcdef0, info.si_value.sival_ptr);
        EXPECT_EQ(0, delete (id));
    }
    /* One that nobody hears runs all the same. */
    struct event silent = {.notify = SIGEV_NONE};
    struct itimerspec now;
    EXPECT_EQ(0, create(CLOCK_BOOTTIME, &silent, &id));
    EXPECT_EQ(0, set(id, 0, &soon, NULL));
    nanosleep(&(struct timespec){0, 1000000}, NULL);
    EXPECT_EQ(0, get(id, &now));
    EXPECT_EQ(0, now.it_value.tv_sec);
    EXPECT_EQ(0, now.it_value.tv_nsec);
    EXPECT_EQ(0, delete (id));
}

/* A standard signal is pending once: for timers it is each its own. */
static void shared_signal(void)
{
    int id[2], seen[2] = {0, 0};
    siginfo_t info;
    uint64_t pending;
    struct event event = {.signo = SIGUSR1};
    struct itimerspec soon = {{0, 0}, {0, 1}};
    int self = (int)syscall(SYS_gettid);
    EXPECT_EQ(0, syscall(SYS_tkill, self, SIGUSR1));
    for (int i = 0; i < 2; i++) {
        EXPECT_EQ(0, create(CLOCK_MONOTONIC, &event, &id[i]));
        EXPECT_EQ(0, set(id[i], 0, &soon, NULL));
    }
    EXPECT_EQ(SIGUSR1, take(&info, NULL));
    EXPECT_EQ(SI_TKILL, info.si_code);
    for (int i = 0; i < 2; i++) {
        EXPECT_EQ(SIGUSR1, take(&info, NULL));
        EXPECT_EQ(SI_TIMER, info.si_code);
        seen[info.si_timerid == id[1]]++;
    }
    EXPECT_EQ(1, seen[0]);
    EXPECT_EQ(1, seen[1]);
    /* Another's is not added to a timer's. */
    EXPECT_EQ(0, set(id[0], 0, &soon, NULL));
    do
        EXPECT_EQ(0, syscall(SYS_rt_sigpending, &pending, 8));
    while (!(pending & 1u << (SIGUSR1 - 1)));
    EXPECT_EQ(0, kill(getpid(), SIGUSR1));
    EXPECT_EQ(SIGUSR1, take(&info, NULL));
    EXPECT_EQ(SI_TIMER, info.si_code);
    EXPECT_ERRNO(EAGAIN, take(&info, &none));
    EXPECT_EQ(0, delete (id[0]));
    EXPECT_EQ(0, delete (id[1]));
}

static void overruns(void)
{
    int id;
    siginfo_t info;
    struct event event = {.signo = 42};
    struct itimerspec often = {{0, 100000}, {0, 100000}}, off = {{0, 0}, {0, 0}}, now;
    EXPECT_EQ(0, create(CLOCK_MONOTONIC, &event, &id));
    EXPECT_EQ(0, set(id, 0, &often, NULL));
    nanosleep(&(struct timespec){0, 5000000}, NULL);
    EXPECT_EQ(42, take(&info, &none));
    /* One signal is queued, not fifty: the others are its overrun. */
    EXPECT(info.si_overrun >= 30);
    EXPECT_EQ(info.si_overrun, overrun(id));
    EXPECT_EQ(0, get(id, &now));
    EXPECT_EQ(100000, now.it_interval.tv_nsec);
    EXPECT_EQ(0, set(id, 0, &off, &now));
    EXPECT_EQ(100000, now.it_interval.tv_nsec);
    take(&info, &none);
    EXPECT_ERRNO(EAGAIN, take(&info, &(struct timespec){0, 2000000}));
    /* A signal that is queued when its timer is disarmed, set anew or deleted does not come. */
    struct itimerspec soon = {{0, 0}, {0, 1}};
    EXPECT_EQ(0, set(id, 0, &soon, NULL));
    nanosleep(&(struct timespec){0, 2000000}, NULL);
    EXPECT_EQ(0, set(id, 0, &off, NULL));
    EXPECT_ERRNO(EAGAIN, take(&info, &none));
    EXPECT_EQ(0, set(id, 0, &soon, NULL));
    nanosleep(&(struct timespec){0, 2000000}, NULL);
    EXPECT_EQ(0, delete (id));
    EXPECT_ERRNO(EAGAIN, take(&info, &none));
}

static void absolute(void)
{
    static const clockid_t clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME, CLOCK_TAI};
    int id;
    siginfo_t info;
    struct event event = {.signo = 43};
    for (int i = 0; i < 4; i++) {
        struct itimerspec spec = {{0, 0}, {0, 0}}, left;
        EXPECT_EQ(0, create(clocks[i], &event, &id));
        CHECK(clock_gettime(clocks[i], &spec.it_value));
        spec.it_value.tv_sec += 500;
        EXPECT_EQ(0, set(id, TIMER_ABSTIME, &spec, NULL));
        EXPECT_EQ(0, get(id, &left));
        EXPECT(left.it_value.tv_sec >= 490 && left.it_value.tv_sec <= 500);
        spec.it_value = (struct timespec){0, 1}; /* long ago */
        EXPECT_EQ(0, set(id, TIMER_ABSTIME, &spec, NULL));
        EXPECT_EQ(43, take(&info, NULL));
        EXPECT_EQ(0, info.si_overrun);
        EXPECT_EQ(0, get(id, &left));
        EXPECT_EQ(0, left.it_value.tv_sec + left.it_value.tv_nsec);
        EXPECT_EQ(0, delete (id));
    }
}

/* Set to begin in the past: the periods since then are its overrun, and the next is in step. */
static void late_start(void)
{
    int id;
    siginfo_t info;
    struct event event = {.signo = 43};
    struct timespec clock;
    struct itimerspec spec = {{100, 0}, {0, 0}}, left;
    EXPECT_EQ(0, create(CLOCK_REALTIME, &event, &id));
    CHECK(clock_gettime(CLOCK_REALTIME, &clock));
    spec.it_value = (struct timespec){clock.tv_sec - 250, clock.tv_nsec};
    EXPECT_EQ(0, set(id, TIMER_ABSTIME, &spec, NULL));
    EXPECT_EQ(0, get(id, &left));
    EXPECT(left.it_value.tv_sec >= 40 && left.it_value.tv_sec <= 50);
    EXPECT_EQ(43, take(&info, NULL));
    EXPECT_EQ(2, info.si_overrun);
    EXPECT_EQ(2, syscall(SYS_timer_getoverrun, id));
    EXPECT_EQ(0, get(id, &left));
    EXPECT(left.it_value.tv_sec >= 40 && left.it_value.tv_sec <= 50);
    /* Disarmed it has no period. */
    spec.it_value = (struct timespec){0, 0};
    EXPECT_EQ(0, set(id, 0, &spec, NULL));
    EXPECT_EQ(0, get(id, &left));
    EXPECT_EQ(0, left.it_interval.tv_sec + left.it_value.tv_sec);
    EXPECT_EQ(0, delete (id));
}

static void spin(void)
{
    for (volatile int i = 0; i < 1000000; i++)
        ;
}

#define CPU_CLOCK(pid, kind) ((int)((~(unsigned)(pid)) << 3 | (unsigned)(kind)))
static void cpu_time(void)
{
    const clockid_t clocks[] = {CLOCK_PROCESS_CPUTIME_ID, CLOCK_THREAD_CPUTIME_ID,
                                CPU_CLOCK(0, 2),          CPU_CLOCK(getpid(), 2),
                                CPU_CLOCK(getpid(), 6),   CPU_CLOCK(getppid(), 2)};
    int id;
    siginfo_t info;
    struct event event = {.signo = 44};
    struct itimerspec soon = {{0, 0}, {0, 1000000}}, left;
    for (int i = 0; i < 5; i++) {
        EXPECT_EQ(0, create(clocks[i], &event, &id));
        EXPECT_EQ(0, set(id, 0, &soon, NULL));
        while (take(&info, &none) != 44)
            spin();
        EXPECT_EQ(SI_TIMER, info.si_code);
        EXPECT_EQ(id, info.si_timerid);
        EXPECT_EQ(0, get(id, &left));
        EXPECT_EQ(0, left.it_value.tv_sec + left.it_value.tv_nsec);
        EXPECT_EQ(0, delete (id));
    }
    EXPECT_ERRNO(EINVAL, create(CPU_CLOCK(1 << 21, 2), &event, &id));
    EXPECT_ERRNO(EINVAL, create(CPU_CLOCK(1 << 21, 6), &event, &id));
    EXPECT_ERRNO(EOPNOTSUPP, create(CPU_CLOCK(0, 3), &event, &id)); /* of a descriptor */
}

/* A child has none of its parent's timers; the numbers begin anew. exec has none either. */
static void heirs(void)
{
    int id, status;
    struct itimerspec later = {{0, 0}, {1000, 0}}, left;
    EXPECT_EQ(0, create(CLOCK_MONOTONIC, NULL, &id));
    EXPECT_EQ(0, set(id, 0, &later, NULL));
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        EXPECT_ERRNO(EINVAL, get(id, &left));
        EXPECT_EQ(0, create(CLOCK_MONOTONIC, NULL, &id));
        char number[16];
        snprintf(number, sizeof number, "%d", id);
        execl("/proc/self/exe", "timers", number, NULL);
        _exit(3);
    }
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    EXPECT_EQ(0, status);
    EXPECT_EQ(SIGCHLD, take(NULL, &none));
    EXPECT_EQ(0, get(id, &left));
    EXPECT(left.it_value.tv_sec > 900);
    EXPECT_EQ(0, delete (id));
}

static void *thread_with_timer(void *id)
{
    struct event event = {.signo = 45, .notify = 4, .tid = (int)syscall(SYS_gettid)};
    struct itimerspec later = {{0, 1000000}, {0, 1000000}};
    EXPECT_EQ(0, create(CLOCK_MONOTONIC, &event, id));
    EXPECT_EQ(0, set(*(int *)id, 0, &later, NULL));
    return NULL;
}

/* The thread that would be told is gone: the timer is not, and tells nobody. */
static void thread_ends(void)
{
    int id;
    pthread_t thread;
    siginfo_t info;
    struct itimerspec now;
    EXPECT_EQ(0, pthread_create(&thread, NULL, thread_with_timer, &id));
    EXPECT_EQ(0, pthread_join(thread, NULL));
    EXPECT_ERRNO(EAGAIN, take(&info, &(struct timespec){0, 3000000}));
    EXPECT_EQ(0, get(id, &now));
    EXPECT_EQ(1000000, now.it_interval.tv_nsec);
    EXPECT_EQ(0, delete (id));
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        struct itimerspec left;
        EXPECT_ERRNO(EINVAL, get(atoi(argv[1]), &left));
        return 0;
    }
    CHECK(syscall(SYS_rt_sigprocmask, SIG_SETMASK, &blocked, NULL, 8));
    refusals();
    notices();
    shared_signal();
    overruns();
    absolute();
    late_start();
    cpu_time();
    heirs();
    blocked &= ~(1ull << 31 | 1ull << 32); /* libc's own */
    CHECK(syscall(SYS_rt_sigprocmask, SIG_SETMASK, &blocked, NULL, 8));
    thread_ends();
    return 0;
}
