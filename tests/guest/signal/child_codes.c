/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What do SIGCHLD's siginfo and waitid(2) tell of a child that stops, goes on, exits or is killed,
 * what of it do SA_NOCLDSTOP, SA_NOCLDWAIT and ignoring leave, and how is the signal combined?
 */
#include "guest_test.h"

#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

static siginfo_t seen;
static volatile sig_atomic_t count;

static void on_child(int sig, siginfo_t *info, void *context)
{
    (void)sig, (void)context;
    seen = *info;
    count++;
}

static void handle(int flags)
{
    struct sigaction action = {.sa_sigaction = on_child,
                               .sa_flags = SA_SIGINFO | SA_RESTART | flags};
    CHECK(sigaction(SIGCHLD, &action, NULL));
}

/* In a process group of its own, whose parent is not in it: so it is not orphaned, and can be
 * stopped. */
static pid_t sleeper(void)
{
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (;;)
            pause();
    }
    CHECK(setpgid(pid, pid));
    return pid;
}

static void expect_seen(pid_t pid, int code, int status)
{
    EXPECT_EQ(SIGCHLD, seen.si_signo);
    EXPECT_EQ(code, seen.si_code);
    EXPECT_EQ(pid, seen.si_pid);
    EXPECT_EQ(getuid(), seen.si_uid);
    EXPECT_EQ(status, seen.si_status);
}

static void expect_waitid(pid_t pid, int options, int code, int status)
{
    siginfo_t info;
    memset(&info, 0xee, sizeof info);
    EXPECT_EQ(0, waitid(P_PID, (id_t)pid, &info, options));
    EXPECT_EQ(SIGCHLD, info.si_signo);
    EXPECT_EQ(code, info.si_code);
    EXPECT_EQ(pid, info.si_pid);
    EXPECT_EQ(getuid(), info.si_uid);
    EXPECT_EQ(status, info.si_status);
}

/* What waitid(2) tells may come before the signal. */
static void expect_count(int n)
{
    while (count < n)
        sched_yield();
    EXPECT_EQ(n, count);
}

static void each_code(void)
{
    pid_t pid;
    handle(0);
    pid = sleeper();
    count = 0;
    CHECK(kill(pid, SIGSTOP));
    expect_waitid(pid, WSTOPPED | WNOWAIT, CLD_STOPPED, SIGSTOP);
    expect_waitid(pid, WSTOPPED, CLD_STOPPED, SIGSTOP);
    expect_count(1);
    expect_seen(pid, CLD_STOPPED, SIGSTOP);
    CHECK(kill(pid, SIGCONT));
    expect_waitid(pid, WCONTINUED, CLD_CONTINUED, SIGCONT);
    expect_count(2);
    expect_seen(pid, CLD_CONTINUED, SIGCONT);
    CHECK(kill(pid, SIGTERM));
    expect_waitid(pid, WEXITED | WNOWAIT, CLD_KILLED, SIGTERM);
    expect_waitid(pid, WEXITED, CLD_KILLED, SIGTERM);
    expect_count(3);
    expect_seen(pid, CLD_KILLED, SIGTERM);
    pid = CHECK(fork());
    if (pid == 0)
        _exit(0x123);
    expect_waitid(pid, WEXITED, CLD_EXITED, 0x23);
    expect_count(4);
    expect_seen(pid, CLD_EXITED, 0x23);
    pid = CHECK(fork());
    if (pid == 0)
        abort();
    expect_waitid(pid, WEXITED, CLD_KILLED, SIGABRT); /* no core: RLIMIT_CORE */
}

static void no_stops(void)
{
    pid_t pid;
    int status;
    handle(SA_NOCLDSTOP);
    pid = sleeper();
    count = 0;
    CHECK(kill(pid, SIGSTOP));
    EXPECT_EQ(pid, waitpid(pid, &status, WUNTRACED));
    EXPECT(WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP);
    CHECK(kill(pid, SIGCONT));
    EXPECT_EQ(pid, waitpid(pid, &status, WCONTINUED));
    EXPECT(WIFCONTINUED(status));
    EXPECT_EQ(0, count);
    CHECK(kill(pid, SIGKILL));
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    EXPECT_EQ(SIGKILL, status);
    expect_count(1);
}

/* Nothing to wait for: the last of the children ends the wait. */
static void no_zombies(int ignore)
{
    count = 0;
    if (ignore)
        signal(SIGCHLD, SIG_IGN);
    else
        handle(SA_NOCLDWAIT);
    for (int i = 0; i < 3; i++) {
        pid_t pid = CHECK(fork());
        if (pid == 0)
            _exit(i);
    }
    EXPECT_ERRNO(ECHILD, wait(NULL));
    if (ignore)
        EXPECT_EQ(0, count);
    else
        EXPECT(count >= 1);
}

/* One SIGCHLD for several children, if it is blocked: that of the first. */
static void combined(void)
{
    sigset_t set;
    siginfo_t info;
    struct timespec none = {0, 0};
    handle(0);
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL));
    pid_t first = CHECK(fork());
    if (first == 0)
        _exit(1);
    EXPECT_EQ(0, waitid(P_PID, (id_t)first, &info, WEXITED | WNOWAIT));
    pid_t second = CHECK(fork());
    if (second == 0)
        _exit(2);
    EXPECT_EQ(0, waitid(P_PID, (id_t)second, &info, WEXITED | WNOWAIT));
    EXPECT_EQ(SIGCHLD, sigtimedwait(&set, &info, &none));
    EXPECT_EQ(first, info.si_pid);
    EXPECT_EQ(1, info.si_status);
    EXPECT_ERRNO(EAGAIN, sigtimedwait(&set, &info, &none));
    EXPECT_EQ(first, waitpid(first, NULL, 0));
    EXPECT_EQ(second, waitpid(second, NULL, 0));
    CHECK(sigprocmask(SIG_UNBLOCK, &set, NULL));
}

/* A stop by each signal; one that a handler takes is none, SIGCONT's handler runs as well. */
static void stops(void)
{
    static const int signals[] = {SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU};
    signal(SIGCHLD, SIG_DFL);
    for (unsigned i = 0; i < 4; i++) {
        pid_t pid = sleeper();
        CHECK(kill(pid, signals[i]));
        expect_waitid(pid, WSTOPPED, CLD_STOPPED, signals[i]);
        /* A second stop is none, and is forgotten by SIGCONT. */
        CHECK(kill(pid, SIGTSTP));
        EXPECT_EQ(0, waitpid(pid, NULL, WNOHANG | WUNTRACED));
        CHECK(kill(pid, SIGCONT));
        expect_waitid(pid, WCONTINUED, CLD_CONTINUED, SIGCONT);
        EXPECT_EQ(0, waitpid(pid, NULL, WNOHANG | WUNTRACED | WCONTINUED));
        CHECK(kill(pid, SIGSTOP));
        expect_waitid(pid, WSTOPPED, CLD_STOPPED, SIGSTOP);
        CHECK(kill(pid, SIGTERM)); /* waits for SIGCONT */
        EXPECT_EQ(0, waitpid(pid, NULL, WNOHANG));
        CHECK(kill(pid, SIGCONT));
        expect_waitid(pid, WEXITED, CLD_KILLED, SIGTERM);
    }
    pid_t pid = sleeper();
    CHECK(kill(pid, SIGSTOP));
    expect_waitid(pid, WSTOPPED, CLD_STOPPED, SIGSTOP);
    CHECK(kill(pid, SIGKILL)); /* does not */
    expect_waitid(pid, WEXITED, CLD_KILLED, SIGKILL);
}

int main(void)
{
    CHECK(setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0}));
    each_code();
    no_stops();
    no_zombies(1);
    no_zombies(0);
    combined();
    stops();
    return 0;
}
