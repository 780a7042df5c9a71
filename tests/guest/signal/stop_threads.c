/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does a stop interrupt the calls that the process's other threads wait in, by each call's rule? */
#include "guest_test.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum { READER, EPOLL, PAUSER, THREADS };

static volatile struct {
    pid_t tid[THREADS];
    int error;   /* of epoll_wait */
    int got;     /* what the reader got */
    int resumed; /* pause returned */
} * shared;
static int fds[2];

static void *reader(void *arg)
{
    char byte;
    shared->tid[READER] = (pid_t)syscall(SYS_gettid);
    shared->got = (int)read(fds[0], &byte, 1);
    _exit(0);
    return arg;
}

static void *waiter(void *arg)
{
    struct epoll_event event;
    int fd = CHECK(epoll_create1(0));
    shared->tid[EPOLL] = (pid_t)syscall(SYS_gettid);
    shared->error = epoll_wait(fd, &event, 1, -1) == -1 ? errno : -1;
    return arg;
}

static void *pauser(void *arg)
{
    shared->tid[PAUSER] = (pid_t)syscall(SYS_gettid);
    pause();
    shared->resumed = 1;
    return arg;
}

static void wait_until_asleep(pid_t pid, volatile pid_t *tid)
{
    char name[64], line[512];
    do {
        sched_yield();
        if (!*tid)
            continue;
        snprintf(name, sizeof name, "/proc/%d/task/%d/stat", pid, *tid);
        int fd = CHECK(open(name, O_RDONLY));
        ssize_t size = CHECK(read(fd, line, sizeof line - 1));
        close(fd);
        line[size] = 0;
    } while (!*tid || strrchr(line, ')')[2] != 'S');
}

int main(void)
{
    int status;
    shared = CHECK(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    CHECK(pipe(fds));
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        void *(*const run[])(void *) = {reader, waiter, pauser};
        pthread_t thread;
        for (int i = 0; i < THREADS; i++)
            EXPECT_EQ(0, pthread_create(&thread, NULL, run[i], NULL));
        for (;;)
            pause();
    }
    for (int i = 0; i < THREADS; i++)
        wait_until_asleep(pid, &shared->tid[i]);
    CHECK(kill(pid, SIGSTOP));
    EXPECT_EQ(pid, waitpid(pid, &status, WUNTRACED));
    EXPECT(WIFSTOPPED(status));
    EXPECT_EQ(0, shared->error);
    CHECK(kill(pid, SIGCONT));
    while (!shared->error)
        sched_yield();
    EXPECT_EQ(EINTR, shared->error);
    EXPECT_EQ(0, shared->resumed);
    EXPECT_EQ(0, shared->got);
    EXPECT_EQ(1, write(fds[1], "x", 1));
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    EXPECT_EQ(0, status);
    EXPECT_EQ(1, shared->got);
    EXPECT_EQ(0, shared->resumed);
    return 0;
}
