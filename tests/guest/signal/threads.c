/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which thread takes a signal that is sent to the process, what do the threads see of each other's
 * pending signals, and what do a new thread, a new process and a new program inherit?
 */
#include "guest_test.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

static const struct timespec none = {0, 0};
static volatile int ready, go, handled_by;
static int waiting_tid;
static char altstack[65536];

static int tid(void)
{
    return (int)syscall(SYS_gettid);
}
static void on_signal(int sig)
{
    (void)sig;
    handled_by = tid();
}
static sigset_t set_of(int sig)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, sig);
    return set;
}
static void mask(int how, int sig)
{
    sigset_t set = set_of(sig);
    EXPECT_EQ(0, pthread_sigmask(how, &set, NULL));
}
static int take(int sig)
{
    sigset_t set = set_of(sig);
    return sigtimedwait(&set, NULL, &none);
}
static pthread_t start(void *(*run)(void *))
{
    pthread_t thread;
    ready = go = 0;
    EXPECT_EQ(0, pthread_create(&thread, NULL, run, NULL));
    while (!ready)
        sched_yield();
    return thread;
}
static void wait_to_go(void)
{
    waiting_tid = tid();
    ready = 1;
    while (!go)
        sched_yield();
}
static void join(pthread_t thread)
{
    go = 1;
    EXPECT_EQ(0, pthread_join(thread, NULL));
}

static void *open_to_usr1(void *arg)
{
    mask(SIG_UNBLOCK, SIGUSR1);
    wait_to_go();
    return arg;
}

/* The only one that does not block it. */
static void only_one(void)
{
    pthread_t thread = start(open_to_usr1);
    handled_by = 0;
    CHECK(kill(getpid(), SIGUSR1));
    while (!handled_by)
        sched_yield();
    EXPECT_EQ(waiting_tid, handled_by);
    join(thread);
}

static void *look(void *arg)
{
    sigset_t pending;
    waiting_tid = tid();
    ready = 1;
    while (!go)
        sched_yield();
    CHECK(sigpending(&pending));
    EXPECT(!sigismember(&pending, SIGUSR1)); /* the other thread's */
    EXPECT(sigismember(&pending, SIGUSR2));  /* the process's */
    EXPECT(sigismember(&pending, SIGHUP));   /* its own */
    EXPECT_ERRNO(EAGAIN, take(SIGUSR1));
    EXPECT_EQ(SIGUSR2, take(SIGUSR2));
    EXPECT_EQ(SIGHUP, take(SIGHUP));
    return arg;
}

static void pending_sets(void)
{
    pthread_t thread = start(look);
    CHECK(syscall(SYS_tgkill, getpid(), tid(), SIGUSR1));
    CHECK(syscall(SYS_tgkill, getpid(), waiting_tid, SIGHUP));
    CHECK(kill(getpid(), SIGUSR2));
    EXPECT_ERRNO(EAGAIN, take(SIGHUP));
    join(thread);
    EXPECT_ERRNO(EAGAIN, take(SIGUSR2));
    EXPECT_EQ(SIGUSR1, take(SIGUSR1));
}

/* What a thread had for itself goes with it; what the process has stays. */
static void *leave_pending(void *arg)
{
    CHECK(syscall(SYS_tgkill, getpid(), tid(), SIGUSR1));
    CHECK(kill(getpid(), SIGUSR2));
    ready = 1;
    return arg;
}

static void thread_ends(void)
{
    EXPECT_EQ(0, pthread_join(start(leave_pending), NULL));
    EXPECT_ERRNO(EAGAIN, take(SIGUSR1));
    EXPECT_EQ(SIGUSR2, take(SIGUSR2));
}

/* Several wait for the same signal: each one sent is one's. */
static volatile int taken;
static void *wait_for_one(void *arg)
{
    sigset_t set = set_of(SIGUSR2);
    __atomic_add_fetch(&ready, 1, __ATOMIC_SEQ_CST);
    int sig;
    do /* another one may have been quicker */
        sig = sigwaitinfo(&set, NULL);
    while (sig == -1 && errno == EINTR);
    EXPECT_EQ(SIGUSR2, sig);
    __atomic_add_fetch(&taken, 1, __ATOMIC_SEQ_CST);
    return arg;
}

static void several_wait(void)
{
    pthread_t threads[3];
    ready = taken = 0;
    for (int i = 0; i < 3; i++)
        EXPECT_EQ(0, pthread_create(&threads[i], NULL, wait_for_one, NULL));
    while (ready < 3)
        sched_yield();
    for (int i = 0; i < 3; i++) {
        CHECK(kill(getpid(), SIGUSR2));
        while (taken <= i)
            sched_yield();
    }
    for (int i = 0; i < 3; i++)
        EXPECT_EQ(0, pthread_join(threads[i], NULL));
    EXPECT_ERRNO(EAGAIN, take(SIGUSR2));
}

static void *inherits(void *arg)
{
    stack_t stack;
    sigset_t now;
    CHECK(sigaltstack(NULL, &stack));
    EXPECT_EQ(SS_DISABLE, stack.ss_flags);
    EXPECT_EQ(0, pthread_sigmask(SIG_BLOCK, NULL, &now));
    EXPECT(sigismember(&now, SIGUSR1) && !sigismember(&now, SIGTERM));
    EXPECT_EQ(0, sigpending(&now));
    EXPECT(!sigismember(&now, SIGUSR1));
    ready = 1;
    return arg;
}

static void after_exec(void)
{
    struct sigaction action;
    stack_t stack;
    sigset_t now;
    CHECK(sigaction(SIGHUP, NULL, &action));
    EXPECT(action.sa_handler == SIG_DFL && action.sa_flags == 0);
    CHECK(sigaction(SIGTERM, NULL, &action));
    EXPECT(action.sa_handler == SIG_IGN);
    CHECK(sigaltstack(NULL, &stack));
    EXPECT(stack.ss_sp == NULL && stack.ss_size == 0);
    CHECK(sigprocmask(SIG_BLOCK, NULL, &now));
    EXPECT(sigismember(&now, SIGUSR1));
    EXPECT_EQ(SIGUSR1, take(SIGUSR1)); /* still pending */
}

static void heirs(void)
{
    int status;
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_NODEFER | SA_RESTART};
    CHECK(sigaction(SIGHUP, &action, NULL));
    signal(SIGTERM, SIG_IGN);
    CHECK(sigaltstack(&(stack_t){.ss_sp = altstack, .ss_size = sizeof altstack}, NULL));
    CHECK(syscall(SYS_tgkill, getpid(), tid(), SIGUSR1));
    EXPECT_EQ(0, pthread_join(start(inherits), NULL));
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        stack_t stack;
        EXPECT_ERRNO(EAGAIN, take(SIGUSR1));
        CHECK(sigaltstack(NULL, &stack));
        EXPECT(stack.ss_sp == altstack && stack.ss_flags == 0);
        CHECK(sigaction(SIGHUP, NULL, &action));
        EXPECT(action.sa_handler == on_signal);
        CHECK(syscall(SYS_tgkill, getpid(), tid(), SIGUSR1));
        execl("/proc/self/exe", "threads", "exec", NULL);
        _exit(3);
    }
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    EXPECT_EQ(0, status);
    EXPECT_EQ(SIGUSR1, take(SIGUSR1));
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1) {
        after_exec();
        return 0;
    }
    signal(SIGUSR1, on_signal);
    signal(SIGUSR2, on_signal);
    mask(SIG_BLOCK, SIGUSR1);
    mask(SIG_BLOCK, SIGUSR2);
    mask(SIG_BLOCK, SIGHUP);
    only_one();
    pending_sets();
    thread_ends();
    several_wait();
    heirs();
    return 0;
}
