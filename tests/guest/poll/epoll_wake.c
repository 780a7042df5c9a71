/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two threads wait in one epoll, or in epolls upon it, and one event comes: who wakes, by level and
 * by edge? */
#include "guest_test.h"
#include <stdbool.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>

struct waiter {
    int ep;
    bool polls; /* poll(2) on the epoll first */
    int tid, got;
    bool done;
    pthread_t thread;
};

static int add(int ep, int fd, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.fd = fd};
    return epoll_ctl(ep, EPOLL_CTL_ADD, fd, &event);
}

static void *waits(void *arg)
{
    struct waiter *w = arg;
    struct epoll_event event;
    struct pollfd p = {w->ep, POLLIN, 0};
    __atomic_store_n(&w->tid, (int)syscall(SYS_gettid), __ATOMIC_RELEASE);
    w->got = w->polls ? poll(&p, 1, -1) : epoll_wait(w->ep, &event, 1, -1);
    __atomic_store_n(&w->done, true, __ATOMIC_RELEASE);
    return NULL;
}

static void await_sleep(struct waiter *w)
{
    char path[64], state = 0;
    int tid;
    while ((tid = __atomic_load_n(&w->tid, __ATOMIC_ACQUIRE)) == 0)
        sched_yield();
    snprintf(path, sizeof path, "/proc/self/task/%d/stat", tid);
    while (state != 'S') {
        FILE *f = fopen(path, "r");
        if (!f || fscanf(f, "%*d %*s %c", &state) != 1)
            FAIL("no state in %s", path);
        fclose(f);
    }
}

static void start(struct waiter *w, int ep, bool polls)
{
    *w = (struct waiter){.ep = ep, .polls = polls};
    EXPECT_EQ(0, pthread_create(&w->thread, NULL, waits, w));
    await_sleep(w);
}

/*
 * One event for two waiters. `both`: both get it. Else one does, the other goes on sleeping until a
 * second one comes.
 */
static void one_event(int first_ep, bool first_polls, int second_ep, bool second_polls, int event,
                      bool both)
{
    struct waiter w[2];
    start(&w[0], first_ep, first_polls);
    start(&w[1], second_ep, second_polls);
    CHECK(eventfd_write(event, 1));
    if (!both) {
        while (!__atomic_load_n(&w[0].done, __ATOMIC_ACQUIRE) &&
               !__atomic_load_n(&w[1].done, __ATOMIC_ACQUIRE))
            sched_yield();
        struct waiter *other = w[0].done ? &w[1] : &w[0];
        EXPECT(!__atomic_load_n(&other->done, __ATOMIC_ACQUIRE));
        await_sleep(other);
        CHECK(eventfd_write(event, 1));
    }
    for (int i = 0; i < 2; i++) {
        EXPECT_EQ(0, pthread_join(w[i].thread, NULL));
        EXPECT_EQ(1, w[i].got);
    }
    eventfd_t value;
    CHECK(eventfd_read(event, &value));
    EXPECT_EQ(both ? 1 : 2, value);
}

static void flat(void)
{
    const uint32_t edge[] = {0, EPOLLET};
    for (int i = 0; i < 2; i++) {
        int ep = CHECK(epoll_create1(0)), event = CHECK(eventfd(0, EFD_NONBLOCK));
        CHECK(add(ep, event, EPOLLIN | edge[i]));
        one_event(ep, false, ep, false, event, !edge[i]);
        one_event(ep, true, ep, true, event, true);
        CHECK(close(ep));
        CHECK(close(event));
    }
}

/* An epoll upon an epoll: the levels count each for itself. */
static void nested(uint32_t outer_edge, uint32_t inner_edge)
{
    int out = CHECK(epoll_create1(0)), in = CHECK(epoll_create1(0)),
        event = CHECK(eventfd(0, EFD_NONBLOCK));
    CHECK(add(in, event, EPOLLIN | inner_edge));
    CHECK(add(out, in, EPOLLIN | outer_edge));
    one_event(out, false, out, false, event, !outer_edge);
    CHECK(close(out));
    CHECK(close(in));
    CHECK(close(event));
}

/* Two epolls watch the same file: each is told. */
static void two_epolls(uint32_t edge)
{
    int a = CHECK(epoll_create1(0)), b = CHECK(epoll_create1(0)),
        event = CHECK(eventfd(0, EFD_NONBLOCK));
    CHECK(add(a, event, EPOLLIN | edge));
    CHECK(add(b, event, EPOLLIN | edge));
    one_event(a, false, b, false, event, true);
    CHECK(close(a));
    CHECK(close(b));
    CHECK(close(event));
}

/* What is added or changed while somebody waits is seen. */
static void added_later(void)
{
    int ep = CHECK(epoll_create1(0)), event = CHECK(eventfd(1, EFD_NONBLOCK));
    struct waiter w;
    start(&w, ep, false);
    CHECK(add(ep, event, EPOLLIN));
    EXPECT_EQ(0, pthread_join(w.thread, NULL));
    struct epoll_event none = {0}, in = {.events = EPOLLIN};
    CHECK(epoll_ctl(ep, EPOLL_CTL_MOD, event, &none));
    start(&w, ep, false);
    CHECK(epoll_ctl(ep, EPOLL_CTL_MOD, event, &in));
    EXPECT_EQ(0, pthread_join(w.thread, NULL));
    CHECK(close(ep));
    CHECK(close(event));
}

/* A process that stops and goes on in epoll_wait: -EINTR, though no handler ran (signal(7)). */
static void stopped(void)
{
    int ep = CHECK(epoll_create1(0)), status;
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        struct epoll_event event;
        int n = epoll_wait(ep, &event, 1, -1);
        _exit(n == -1 && errno == EINTR ? 7 : 1);
    }
    char path[64], state = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    while (state != 'S') {
        FILE *f = fopen(path, "r");
        if (!f || fscanf(f, "%*d %*s %c", &state) != 1)
            FAIL("no state in %s", path);
        fclose(f);
    }
    CHECK(kill(pid, SIGSTOP));
    EXPECT_EQ(pid, waitpid(pid, &status, WUNTRACED));
    CHECK(kill(pid, SIGCONT));
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    EXPECT_EQ(7, WEXITSTATUS(status));
    CHECK(close(ep));
}

int main(void)
{
    flat();
    nested(0, 0);
    nested(0, EPOLLET);
    nested(EPOLLET, 0);
    nested(EPOLLET, EPOLLET);
    two_epolls(0);
    two_epolls(EPOLLET);
    added_later();
    stopped();
    return 0;
}
