/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * In which order are pending signals taken, how many of each are kept, and what is left of those
 * that RLIMIT_SIGPENDING does not allow?
 */
#include "guest_test.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

static const struct timespec none = {0, 0};
static uint64_t all = ~0ull;

static int take(siginfo_t *info)
{
    return (int)syscall(SYS_rt_sigtimedwait, &all, info, &none, 8);
}

static void queue(int sig, int value)
{
    siginfo_t info = {.si_code = SI_QUEUE};
    info.si_pid = getpid();
    info.si_value.sival_int = value;
    CHECK(syscall(SYS_rt_sigqueueinfo, getpid(), sig, &info));
}

static void queue_thread(int sig, int value)
{
    siginfo_t info = {.si_code = SI_QUEUE};
    info.si_value.sival_int = value;
    CHECK(syscall(SYS_rt_tgsigqueueinfo, getpid(), getpid(), sig, &info));
}

static void expect(int sig, int value)
{
    siginfo_t info;
    EXPECT_EQ(sig, take(&info));
    EXPECT_EQ(sig, info.si_signo);
    EXPECT_EQ(value, info.si_value.sival_int);
}

/* Those of the thread first, in each: faults first, then by number, then in the order they came. */
static void order(void)
{
    queue(50, 1);
    queue(40, 2);
    queue(40, 3);
    queue(SIGUSR1, 4);
    queue(SIGHUP, 5);
    queue(SIGSEGV, 6);
    queue(SIGTRAP, 7);
    queue(SIGSYS, 8);
    queue(40, 9);
    queue(SIGUSR1, 10); /* is pending already */
    queue_thread(60, 11);
    queue_thread(SIGUSR1, 12); /* not the same set */
    queue_thread(SIGTERM, 13);
    expect(SIGUSR1, 12);
    expect(SIGTERM, 13);
    expect(60, 11);
    expect(SIGTRAP, 7);
    expect(SIGSEGV, 6);
    expect(SIGSYS, 8);
    expect(SIGHUP, 5);
    expect(SIGUSR1, 4);
    expect(40, 2);
    expect(40, 3);
    expect(40, 9);
    expect(50, 1);
    EXPECT_ERRNO(EAGAIN, take(NULL));
}

static int seen[8], seen_count;
static void on_signal(int sig)
{
    if (seen_count < 8)
        seen[seen_count++] = sig;
}

/* Handlers that block nothing: the frame of the first is below that of the last, which runs first.
 */
static void handlers(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigfillset(&action.sa_mask);
    int signals[] = {45, SIGUSR2, 44, SIGHUP}, sorted[] = {SIGHUP, SIGUSR2, 44, 45};
    for (int nested = 0; nested < 2; nested++) {
        seen_count = 0;
        for (int i = 0; i < 4; i++) {
            CHECK(sigaction(signals[i], &action, NULL));
            queue(signals[i], 0);
        }
        uint64_t open = 0;
        CHECK(syscall(SYS_rt_sigprocmask, SIG_SETMASK, &open, NULL, 8));
        CHECK(syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, 8));
        EXPECT_EQ(4, seen_count);
        for (int i = 0; i < 4; i++)
            EXPECT_EQ(sorted[nested ? 3 - i : i], seen[i]);
        sigemptyset(&action.sa_mask);
        action.sa_flags = SA_NODEFER;
    }
}

/* As a user of its own: nobody else's signals count. */
static void limits(void)
{
    siginfo_t info = {.si_code = SI_QUEUE};
    CHECK(setresuid(31234, 31234, 31234));
    struct rlimit limit = {4, 4};
    CHECK(setrlimit(RLIMIT_SIGPENDING, &limit));
    for (int i = 0; i < 4; i++)
        queue(40, i);
    EXPECT_ERRNO(EAGAIN, syscall(SYS_rt_sigqueueinfo, getpid(), 40, &info));
    EXPECT_ERRNO(EAGAIN, syscall(SYS_rt_sigqueueinfo, getpid(), 41, &info));
    EXPECT_ERRNO(EAGAIN, syscall(SYS_tgkill, getpid(), getpid(), 40));
    /* kill(2) is never refused, but nothing more is known of it. */
    EXPECT_EQ(0, syscall(SYS_kill, getpid(), 42));
    EXPECT_EQ(0, syscall(SYS_kill, getpid(), SIGUSR1));
    info.si_value.sival_int = 77;
    EXPECT_EQ(0, syscall(SYS_rt_sigqueueinfo, getpid(), SIGUSR2, &info));
    timer_t timer;
    EXPECT_ERRNO(EAGAIN, timer_create(CLOCK_MONOTONIC, NULL, &timer));
    EXPECT_EQ(SIGUSR1, take(&info));
    EXPECT_EQ(getpid(), info.si_pid); /* a standard signal's may go over the limit */
    EXPECT_EQ(SIGUSR2, take(&info));
    EXPECT_EQ(SI_USER, info.si_code); /* but not one that claims to be queued */
    EXPECT_EQ(0, info.si_value.sival_int);
    for (int i = 0; i < 4; i++)
        expect(40, i);
    EXPECT_EQ(42, take(&info));
    EXPECT_EQ(SI_USER, info.si_code);
    EXPECT_EQ(0, info.si_pid);
    EXPECT_ERRNO(EAGAIN, take(&info));
    /* All of them are given back; the limit is of the user, not of the process. */
    for (int i = 0; i < 3; i++)
        queue(40, i);
    int status;
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        EXPECT_ERRNO(EAGAIN, take(&info)); /* pending signals are not inherited */
        queue(40, 0);
        info.si_code = SI_QUEUE;
        EXPECT_ERRNO(EAGAIN, syscall(SYS_rt_sigqueueinfo, getpid(), 40, &info));
        _exit(0);
    }
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    EXPECT_EQ(0, status);
    EXPECT_EQ(SIGCHLD, take(&info)); /* it has a place, too */
    queue(40, 3);
    limit.rlim_cur = 0;
    CHECK(setrlimit(RLIMIT_SIGPENDING, &limit));
    EXPECT_ERRNO(EAGAIN, syscall(SYS_rt_sigqueueinfo, getpid(), 40, &info));
    for (int i = 0; i < 4; i++)
        expect(40, i);
}

/* Setting the action to ignore discards what is pending, blocked or not; the default of some is
 * that. */
static void discarded(void)
{
    static const int defaults[] = {SIGCHLD, SIGURG, SIGWINCH, SIGCONT};
    queue(SIGUSR1, 1);
    queue(40, 1);
    queue_thread(40, 2);
    signal(SIGUSR1, SIG_IGN);
    signal(40, SIG_IGN);
    EXPECT_ERRNO(EAGAIN, take(NULL));
    queue(40, 3); /* ignored, but blocked: kept */
    expect(40, 3);
    for (unsigned i = 0; i < 4; i++) {
        queue(defaults[i], 1);
        signal(defaults[i], SIG_DFL);
        EXPECT_ERRNO(EAGAIN, take(NULL));
    }
    queue(SIGTERM, 1);
    signal(SIGTERM, SIG_DFL);
    expect(SIGTERM, 1);
    /* SIGCONT takes the stops away, and each of them SIGCONT. */
    queue(SIGTSTP, 1);
    queue(SIGTTIN, 1);
    queue(SIGCONT, 2);
    expect(SIGCONT, 2);
    EXPECT_ERRNO(EAGAIN, take(NULL));
    queue(SIGCONT, 3);
    queue(SIGTTOU, 4);
    expect(SIGTTOU, 4);
    EXPECT_ERRNO(EAGAIN, take(NULL));
}

int main(void)
{
    CHECK(syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, 8));
    order();
    handlers();
    discarded();
    if (getuid() == 0)
        limits();
    return 0;
}
