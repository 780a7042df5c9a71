/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which events does an epoll tell, how often and in which order: level, edge, one shot, changed,
 * closed, copied, forked? */
#include "guest_test.h"
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

static struct epoll_event got[16];

static int control(int ep, int op, int fd, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.u64 = (uint64_t)fd};
    return epoll_ctl(ep, op, fd, &event);
}

static int ready(int ep)
{
    memset(got, 0, sizeof got);
    return CHECK(epoll_wait(ep, got, 16, 0));
}

/* The one thing that is ready, and its events. */
static void expect_one(int ep, uint32_t events)
{
    EXPECT_EQ(1, ready(ep));
    EXPECT_EQ(events, got[0].events);
}

static void edges(void)
{
    int ep = CHECK(epoll_create1(0)), a[2];
    char bytes[4096];
    CHECK(pipe2(a, O_NONBLOCK));
    CHECK(fcntl(a[1], F_SETPIPE_SZ, 4096));
    CHECK(control(ep, EPOLL_CTL_ADD, a[0], EPOLLIN | EPOLLET));
    CHECK(control(ep, EPOLL_CTL_ADD, a[1], EPOLLOUT | EPOLLET));
    expect_one(ep, EPOLLOUT);
    EXPECT_EQ(0, ready(ep));
    for (int i = 0; i < 3; i++)
        EXPECT_EQ(1, write(a[1], "x", 1));
    expect_one(ep, EPOLLIN); /* many writes, one event */
    EXPECT_EQ(0, ready(ep));
    EXPECT_EQ(1, write(a[1], "x", 1)); /* unread bytes do not hide a new one */
    expect_one(ep, EPOLLIN);
    EXPECT_EQ(2, read(a[0], bytes, 2));
    EXPECT_EQ(0, ready(ep)); /* a part was read: no edge */
    EXPECT_EQ(2, read(a[0], bytes, 4));
    EXPECT_EQ(1, ready(ep)); /* the slot is free: the writer's edge */
    EXPECT_EQ(a[1], got[0].data.fd);
    EXPECT_EQ(1, write(a[1], "x", 1));
    EXPECT_EQ(1, read(a[0], bytes, 4));
    /* The reader's event is gone with its byte; the writer's stands. */
    EXPECT_EQ(1, ready(ep));
    EXPECT_EQ(a[1], got[0].data.fd);
    /* Changing it asks again. */
    EXPECT_EQ(1, write(a[1], "x", 1));
    EXPECT_EQ(1, ready(ep));
    EXPECT_EQ(0, ready(ep));
    CHECK(control(ep, EPOLL_CTL_MOD, a[0], EPOLLIN | EPOLLET));
    expect_one(ep, EPOLLIN);
    CHECK(control(ep, EPOLL_CTL_MOD, a[0], EPOLLET));
    EXPECT_EQ(0, ready(ep));
    CHECK(close(a[1]));
    expect_one(ep, EPOLLHUP);
    EXPECT_EQ(0, ready(ep));
    CHECK(close(a[0]));

    int event = CHECK(eventfd(0, EFD_NONBLOCK));
    CHECK(control(ep, EPOLL_CTL_ADD, event, EPOLLIN | EPOLLOUT | EPOLLET));
    expect_one(ep, EPOLLOUT);
    EXPECT_EQ(0, ready(ep));
    CHECK(eventfd_write(event, 1));
    expect_one(ep, EPOLLIN | EPOLLOUT);
    CHECK(eventfd_write(event, 1));
    expect_one(ep, EPOLLIN | EPOLLOUT);
    eventfd_t value;
    CHECK(eventfd_read(event, &value));
    expect_one(ep, EPOLLOUT);
    EXPECT_EQ(0, ready(ep));
    CHECK(close(event));
    CHECK(close(ep));
}

static void shots(void)
{
    int ep = CHECK(epoll_create1(0)), a[2];
    CHECK(pipe(a));
    CHECK(control(ep, EPOLL_CTL_ADD, a[0], EPOLLIN | EPOLLONESHOT));
    EXPECT_EQ(1, write(a[1], "x", 1));
    expect_one(ep, EPOLLIN);
    EXPECT_EQ(0, ready(ep));
    EXPECT_EQ(1, write(a[1], "x", 1));
    CHECK(close(a[1]));
    EXPECT_EQ(0, ready(ep)); /* not even the hang-up */
    EXPECT_ERRNO(EEXIST, control(ep, EPOLL_CTL_ADD, a[0], EPOLLIN));
    CHECK(control(ep, EPOLL_CTL_MOD, a[0], EPOLLIN | EPOLLONESHOT));
    expect_one(ep, EPOLLIN | EPOLLHUP);
    CHECK(control(ep, EPOLL_CTL_MOD, a[0], 0));
    expect_one(ep, EPOLLHUP); /* never masked */
    CHECK(close(a[0]));
    EXPECT_EQ(0, ready(ep));

    /* Watched for nothing: the hang-up comes all the same. */
    CHECK(pipe(a));
    CHECK(control(ep, EPOLL_CTL_ADD, a[0], 0));
    EXPECT_EQ(1, write(a[1], "x", 1));
    EXPECT_EQ(0, ready(ep));
    CHECK(close(a[1]));
    expect_one(ep, EPOLLHUP);
    CHECK(close(a[0]));
    CHECK(pipe(a));
    CHECK(control(ep, EPOLL_CTL_ADD, a[1], EPOLLET));
    EXPECT_EQ(0, ready(ep));
    CHECK(close(a[0]));
    expect_one(ep, EPOLLERR);
    CHECK(close(a[1]));
    CHECK(close(ep));
}

/* First come first told; what was told goes behind what was not; bad memory loses nothing. */
static void order(void)
{
    enum { FILES = 5 };
    int ep = CHECK(epoll_create1(0)), fd[FILES];
    for (int i = 0; i < FILES; i++) {
        fd[i] = CHECK(eventfd(0, EFD_NONBLOCK));
        CHECK(control(ep, EPOLL_CTL_ADD, fd[i], EPOLLIN));
    }
    const int first[FILES] = {3, 1, 4, 0, 2};
    for (int i = 0; i < FILES; i++)
        CHECK(eventfd_write(fd[first[i]], 1));
    EXPECT_EQ(FILES, ready(ep));
    for (int i = 0; i < FILES; i++)
        EXPECT_EQ(fd[first[i]], got[i].data.fd);
    /* By twos, round and round. */
    for (int round = 0; round < 2 * FILES; round += 2) {
        EXPECT_EQ(2, epoll_wait(ep, got, 2, 0));
        for (int i = 0; i < 2; i++)
            EXPECT_EQ(fd[first[(round + i) % FILES]], got[i].data.fd);
    }
    /* A change does not move it. */
    CHECK(control(ep, EPOLL_CTL_MOD, fd[3], EPOLLIN | EPOLLOUT));
    EXPECT_EQ(FILES, ready(ep));
    EXPECT_EQ(fd[3], got[0].data.fd);
    EXPECT_EQ(EPOLLIN | EPOLLOUT, got[0].events);
    for (int i = 0; i < FILES; i++)
        CHECK(control(ep, EPOLL_CTL_MOD, fd[i], EPOLLIN | EPOLLET));

    char *page =
        CHECK(mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    CHECK(munmap(page + 4096, 4096));
    EXPECT_ERRNO(EFAULT, epoll_wait(ep, (void *)8, 5, 0));
    struct epoll_event *end = (struct epoll_event *)(page + 4096);
    EXPECT_EQ(2, epoll_wait(ep, end - 2, 5, 0)); /* two fit */
    EXPECT_EQ(fd[3], end[-2].data.fd);
    EXPECT_EQ(fd[1], end[-1].data.fd);
    EXPECT_EQ(3, ready(ep)); /* edges were kept */
    EXPECT_EQ(0, ready(ep));
    for (int i = 0; i < FILES; i++)
        CHECK(close(fd[i]));
    CHECK(close(ep));
}

/* The open file is watched, not the descriptor. */
static void closing(void)
{
    int ep = CHECK(epoll_create1(0)), a[2];
    CHECK(pipe(a));
    int copy = CHECK(dup(a[0])), old = a[0];
    CHECK(control(ep, EPOLL_CTL_ADD, a[0], EPOLLIN));
    CHECK(close(a[0]));
    EXPECT_EQ(1, write(a[1], "x", 1));
    expect_one(ep, EPOLLIN); /* the copy keeps it */
    EXPECT_EQ(old, got[0].data.fd);
    EXPECT_ERRNO(EBADF, control(ep, EPOLL_CTL_DEL, old, 0));
    EXPECT_ERRNO(ENOENT, control(ep, EPOLL_CTL_DEL, copy, 0));
    /* Another file at the number is another file. */
    int event = CHECK(eventfd(1, 0));
    EXPECT_EQ(old, event);
    event = CHECK(dup(old));
    EXPECT_ERRNO(ENOENT, control(ep, EPOLL_CTL_MOD, old, EPOLLIN));
    CHECK(control(ep, EPOLL_CTL_ADD, old, EPOLLIN));
    EXPECT_EQ(2, ready(ep));
    CHECK(close(old));
    EXPECT_EQ(2, ready(ep));
    CHECK(close(event));
    EXPECT_EQ(1, ready(ep));
    CHECK(close(copy));
    EXPECT_EQ(0, ready(ep));
    CHECK(close(a[1]));

    /* So is the epoll by itself. */
    CHECK(pipe(a));
    CHECK(control(ep, EPOLL_CTL_ADD, a[0], EPOLLIN));
    int again = CHECK(dup(ep));
    CHECK(close(ep));
    EXPECT_EQ(1, write(a[1], "x", 1));
    expect_one(again, EPOLLIN);
    CHECK(close(again));
    CHECK(close(a[0]));
    CHECK(close(a[1]));
}

/* A child has the same epoll, and what it watches is the open file, not the child's descriptor. */
static void forked(void)
{
    int ep = CHECK(epoll_create1(0)), a[2], status;
    CHECK(pipe(a));
    CHECK(control(ep, EPOLL_CTL_ADD, a[0], EPOLLIN));
    EXPECT_EQ(1, write(a[1], "x", 1));
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        CHECK(close(a[0]));
        expect_one(ep, EPOLLIN);
        int event = CHECK(eventfd(1, 0));
        CHECK(dup2(event, 20));
        CHECK(close(event));
        CHECK(control(ep, EPOLL_CTL_ADD, 20,
                      EPOLLIN)); /* seen by the parent while this process lives */
        EXPECT_EQ(2, ready(ep));
        _exit(0);
    }
    CHECK(waitpid(pid, &status, 0));
    EXPECT_EQ(0, status);
    EXPECT_EQ(1, ready(ep));
    CHECK(close(ep));
    CHECK(close(a[0]));
    CHECK(close(a[1]));
}

static void sockets(void)
{
    int ep = CHECK(epoll_create1(0)), s[2];
    CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, s));
    CHECK(control(ep, EPOLL_CTL_ADD, s[0], EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET));
    expect_one(ep, EPOLLOUT);
    EXPECT_EQ(1, write(s[1], "x", 1));
    expect_one(ep, EPOLLIN | EPOLLOUT);
    EXPECT_EQ(0, ready(ep));
    CHECK(shutdown(s[1], SHUT_WR));
    expect_one(ep, EPOLLIN | EPOLLOUT | EPOLLRDHUP);
    CHECK(close(s[1]));
    expect_one(ep, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLHUP);
    EXPECT_EQ(0, ready(ep));
    CHECK(close(s[0]));
    CHECK(close(ep));
}

/* epoll below poll and epoll: readable while something is ready. */
static void nested(void)
{
    int in = CHECK(epoll_create1(0)), out = CHECK(epoll_create1(0)), edge = CHECK(epoll_create1(0)),
        a[2];
    CHECK(pipe(a));
    CHECK(control(in, EPOLL_CTL_ADD, a[0], EPOLLIN));
    CHECK(control(out, EPOLL_CTL_ADD, in, EPOLLIN | EPOLLOUT));
    CHECK(control(edge, EPOLL_CTL_ADD, in, EPOLLIN | EPOLLET));
    EXPECT_EQ(0, ready(out));
    EXPECT_EQ(1, write(a[1], "x", 1));
    expect_one(out, EPOLLIN);
    expect_one(out, EPOLLIN);
    expect_one(edge, EPOLLIN);
    EXPECT_EQ(0, ready(edge));
    EXPECT_EQ(1, write(a[1], "x", 1));
    expect_one(edge, EPOLLIN);
    expect_one(in, EPOLLIN);
    char bytes[4];
    EXPECT_EQ(2, read(a[0], bytes, 4));
    EXPECT_EQ(0, ready(out));
    EXPECT_EQ(0, ready(edge));
    EXPECT_EQ(1, write(a[1], "x", 1));
    expect_one(in, EPOLLIN);
    expect_one(out, EPOLLIN);
    CHECK(close(in)); /* an epoll that is watched goes */
    EXPECT_EQ(0, ready(out));
    CHECK(close(out));
    CHECK(close(edge));
    CHECK(close(a[0]));
    CHECK(close(a[1]));
}

static void on_signal(int signal)
{
    (void)signal;
}

static void times(void)
{
    int ep = CHECK(epoll_create1(0));
    struct timespec zero = {0, 0}, bad[] = {{0, -1}, {-1, 0}, {0, 1000000000}};
    uint64_t none = 0;
    for (int i = 0; i < 3; i++)
        EXPECT_ERRNO(EINVAL, syscall(SYS_epoll_pwait2, ep, got, 1, &bad[i], NULL, 8));
    EXPECT_ERRNO(EFAULT, syscall(SYS_epoll_pwait2, ep, got, 1, (void *)8, NULL, 8));
    EXPECT_ERRNO(EINVAL, syscall(SYS_epoll_pwait2, -1, got, 1, &bad[0], NULL, 8));
    EXPECT_ERRNO(EINVAL, syscall(SYS_epoll_pwait2, ep, got, 1, &zero, &none, 4));
    EXPECT_ERRNO(EFAULT, syscall(SYS_epoll_pwait2, ep, got, 1, &zero, (void *)8, 8));
    EXPECT_EQ(0, syscall(SYS_epoll_pwait2, ep, got, 1, &zero, NULL, 99));
    EXPECT_EQ(0, epoll_wait(ep, got, 1, 1));
    struct timespec soon = {0, 1000000};
    EXPECT_EQ(0, syscall(SYS_epoll_pwait2, ep, got, 1, &soon, NULL, 8));
    EXPECT_EQ(1000000, soon.tv_nsec); /* not written back */

    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    CHECK(sigaction(SIGUSR1, &action, NULL));
    sigset_t set, empty, now;
    sigemptyset(&empty);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL));
    raise(SIGUSR1);
    EXPECT_ERRNO(EINTR, epoll_pwait(ep, got, 1, -1, &empty));
    CHECK(sigprocmask(SIG_BLOCK, NULL, &now));
    EXPECT(sigismember(&now, SIGUSR1));
    CHECK(close(ep));
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    edges();
    shots();
    order();
    closing();
    forked();
    sockets();
    nested();
    times();
    return 0;
}
