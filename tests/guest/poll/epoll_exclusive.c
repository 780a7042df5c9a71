/* SPDX-License-Identifier: GPL-2.0-or-later */
/* EPOLLEXCLUSIVE: of several epolls with somebody waiting, how many does one event wake? */
#include "guest_test.h"
#include <stdbool.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>

#define EXCLUSIVE (1u << 28)

struct waiter {
    int ep, tid;
    bool done;
    pthread_t thread;
};

static int woken;

static void *waits(void *arg)
{
    struct waiter *w = arg;
    struct epoll_event event;
    __atomic_store_n(&w->tid, (int)syscall(SYS_gettid), __ATOMIC_RELEASE);
    EXPECT_EQ(1, epoll_wait(w->ep, &event, 1, -1));
    __atomic_store_n(&w->done, true, __ATOMIC_RELEASE);
    __atomic_add_fetch(&woken, 1, __ATOMIC_ACQ_REL);
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

static void start(struct waiter *w, int ep)
{
    *w = (struct waiter){.ep = ep};
    EXPECT_EQ(0, pthread_create(&w->thread, NULL, waits, w));
    await_sleep(w);
}

static void await_woken(int count)
{
    while (__atomic_load_n(&woken, __ATOMIC_ACQUIRE) < count)
        sched_yield();
}

int main(void)
{
    enum { EPOLLS = 4 };
    int ep[EPOLLS], event = CHECK(eventfd(0, EFD_NONBLOCK | EFD_SEMAPHORE));
    struct waiter w[EPOLLS];
    for (int i = 0; i < EPOLLS; i++) {
        ep[i] = CHECK(epoll_create1(0));
        struct epoll_event e = {.events = EPOLLIN | (i < 3 ? EXCLUSIVE : 0)};
        CHECK(epoll_ctl(ep[i], EPOLL_CTL_ADD, event, &e));
    }
    /* The first has nobody waiting: the event goes to the second; the last, not exclusive, has it
     * in any case. */
    for (int i = 1; i < EPOLLS; i++)
        start(&w[i], ep[i]);
    CHECK(eventfd_write(event, 1));
    await_woken(2);
    EXPECT(__atomic_load_n(&w[3].done, __ATOMIC_ACQUIRE));
    bool second = __atomic_load_n(&w[1].done, __ATOMIC_ACQUIRE);
    EXPECT(second != __atomic_load_n(&w[2].done, __ATOMIC_ACQUIRE));
    await_sleep(second ? &w[2] : &w[1]);
    eventfd_t value;
    CHECK(eventfd_read(event, &value));
    CHECK(eventfd_write(event, 1));
    await_woken(3);
    for (int i = 1; i < EPOLLS; i++)
        EXPECT_EQ(0, pthread_join(w[i].thread, NULL));
    return 0;
}
