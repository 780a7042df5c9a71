/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A thread waits in read or write; another closes the descriptor, or puts another file in its
 * place. What then? */
#include "guest_test.h"
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/syscall.h>

static int ends[2];
static int reader_tid;
static char text[8];
static char much[65536 + 10];

/* Until a thread of ours waits in a call. */
static void await_sleep(int tid)
{
    char path[64], state = 0;
    snprintf(path, sizeof path, "/proc/self/task/%d/stat", tid);
    while (state != 'S') {
        FILE *f = fopen(path, "r");
        if (!f || fscanf(f, "%*d %*s %c", &state) != 1)
            FAIL("no state in %s", path);
        fclose(f);
    }
}

static void await_start(void)
{
    int tid;
    while ((tid = __atomic_load_n(&reader_tid, __ATOMIC_ACQUIRE)) == 0)
        sched_yield();
    await_sleep(tid);
}

static void started(void)
{
    __atomic_store_n(&reader_tid, (int)syscall(SYS_gettid), __ATOMIC_RELEASE);
}

static void *reads(void *arg)
{
    (void)arg;
    started();
    return (void *)read(ends[0], text, sizeof text);
}

static void *writes(void *arg)
{
    (void)arg;
    started();
    return (void *)write(ends[1], much, sizeof much);
}

static int epoll;

static void *polls(void *arg)
{
    struct epoll_event event;
    (void)arg;
    started();
    return (void *)(long)epoll_wait(epoll, &event, 1, -1);
}

static pthread_t start(void *(*body)(void *))
{
    pthread_t thread;
    reader_tid = 0;
    EXPECT_EQ(0, pthread_create(&thread, NULL, body, NULL));
    await_start();
    return thread;
}

static long end(pthread_t thread)
{
    void *result;
    EXPECT_EQ(0, pthread_join(thread, &result));
    return (long)result;
}

int main(void)
{
    /* The reader has its end still: the writer meets no SIGPIPE. */
    CHECK(pipe(ends));
    pthread_t thread = start(reads);
    CHECK(close(ends[0]));
    EXPECT_EQ(3, write(ends[1], "abc", 3));
    EXPECT_EQ(3, end(thread));
    signal(SIGPIPE, SIG_IGN);
    EXPECT_ERRNO(EPIPE, write(ends[1], "abc", 3));
    CHECK(close(ends[1]));

    /* Another file comes to stand at the number: the read goes on in the old one. */
    CHECK(pipe(ends));
    thread = start(reads);
    int zero = CHECK(open("/dev/zero", O_RDONLY));
    CHECK(dup2(zero, ends[0]));
    EXPECT_EQ(2, write(ends[1], "de", 2));
    EXPECT_EQ(2, end(thread));
    EXPECT(!memcmp(text, "de", 2));
    CHECK(close(ends[0]));
    CHECK(close(ends[1]));

    /* The only writer's descriptor goes while it waits. */
    CHECK(pipe(ends));
    thread = start(writes);
    CHECK(close(ends[1]));
    long total = 0, n;
    while ((n = CHECK(read(ends[0], much, 40000))) > 0)
        total += n;
    EXPECT_EQ(sizeof much, total);
    EXPECT_EQ(sizeof much, end(thread));
    CHECK(close(ends[0]));

    /* The epoll. */
    CHECK(pipe(ends));
    epoll = CHECK(epoll_create1(0));
    struct epoll_event event = {.events = EPOLLIN};
    CHECK(epoll_ctl(epoll, EPOLL_CTL_ADD, ends[0], &event));
    thread = start(polls);
    CHECK(close(epoll));
    EXPECT_EQ(1, write(ends[1], "f", 1));
    EXPECT_EQ(1, end(thread));
    return 0;
}
