/* SPDX-License-Identifier: GPL-2.0-or-later */
/* O_ASYNC: who is told by which signal that a pipe or socket has something? */
#include "guest_test.h"

#include <signal.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#ifndef POLL_IN
#define POLL_IN 1
#define POLL_OUT 2
#define POLL_HUP 6
#endif

static void expect_signal(const sigset_t *set, int signal, int fd, int code)
{
    siginfo_t info;
    EXPECT_EQ(signal, CHECK(sigwaitinfo(set, &info)));
    EXPECT_EQ(code, info.si_code);
    if (code != SI_KERNEL)
        EXPECT_EQ(fd, info.si_fd);
}

static void expect_none(const sigset_t *set)
{
    struct timespec zero = {0, 0};
    EXPECT_ERRNO(EAGAIN, sigtimedwait(set, NULL, &zero));
}

static void watch(int fd, int signal)
{
    CHECK(fcntl(fd, F_SETOWN, getpid()));
    CHECK(fcntl(fd, F_SETSIG, signal));
    CHECK(fcntl(fd, F_SETFL, CHECK(fcntl(fd, F_GETFL)) | O_ASYNC));
}

/* Each call on a pipe tells the other side, even one that moves nothing. */
static void check_each_call(const sigset_t *set)
{
    int p[2];
    char bytes[64] = {0};
    CHECK(pipe2(p, O_NONBLOCK));
    watch(p[0], SIGRTMIN);
    watch(p[1], SIGUSR1);
    EXPECT_ERRNO(EAGAIN, read(p[0], bytes, 1));
    expect_signal(set, SIGUSR1, p[1], POLL_OUT);
    EXPECT_EQ(0, read(p[0], bytes, 0));
    expect_none(set);
    for (int i = 0; i < 2; i++) {
        EXPECT_EQ(1, write(p[1], bytes, 1));
        expect_signal(set, SIGRTMIN, p[0], POLL_IN);
    }
    EXPECT_EQ(0, write(p[1], bytes, 0));
    expect_none(set);
    EXPECT_EQ(2, read(p[0], bytes, 8));
    expect_signal(set, SIGUSR1, p[1], POLL_OUT);

    /* Another end opened and closed tells nobody; the last of a side does. */
    char name[40];
    snprintf(name, sizeof name, "/proc/self/fd/%d", p[0]);
    CHECK(close(CHECK(open(name, O_RDONLY | O_NONBLOCK))));
    CHECK(close(CHECK(open(name, O_WRONLY | O_NONBLOCK))));
    expect_none(set);
    CHECK(close(p[1]));
    expect_signal(set, SIGRTMIN, p[0], POLL_IN);
    CHECK(close(p[0]));
    expect_none(set);
}

/* Set through two descriptors of one open file: the first is named, the last signal is sent. */
static void check_two_descriptors(const sigset_t *set)
{
    int p[2];
    CHECK(pipe2(p, O_NONBLOCK));
    watch(p[0], SIGRTMIN);
    int copy = CHECK(dup(p[0]));
    watch(copy, SIGUSR1);
    EXPECT_EQ(1, write(p[1], "x", 1));
    expect_signal(set, SIGUSR1, p[0], POLL_IN);
    CHECK(close(p[0]));
    EXPECT_EQ(1, write(p[1], "x", 1));
    expect_signal(set, SIGUSR1, p[0], POLL_IN);
    CHECK(close(copy));
    CHECK(close(p[1]));
    expect_none(set);
}

static void check_sockets(const sigset_t *set)
{
    int s[2];
    char bytes[8];
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, s));
    watch(s[0], SIGRTMIN);
    for (int i = 0; i < 2; i++) {
        EXPECT_EQ(1, write(s[1], "x", 1));
        expect_signal(set, SIGRTMIN, s[0], POLL_IN);
    }
    EXPECT_EQ(2, read(s[0], bytes, 8));
    EXPECT_EQ(5, write(s[0], "hello", 5));
    EXPECT_EQ(5, read(s[1], bytes, 8)); /* there was room all the time */
    expect_none(set);
    CHECK(shutdown(s[1], SHUT_WR));
    expect_signal(set, SIGRTMIN, s[0], POLL_IN);
    CHECK(shutdown(s[1], SHUT_RD));
    expect_none(set);
    CHECK(close(s[1]));
    expect_signal(set, SIGRTMIN, s[0], POLL_HUP);
    CHECK(close(s[0]));
}

/* Files that do not know O_ASYNC take it and do not show it. */
static void check_unknown(void)
{
    int fds[] = {CHECK(open("/", O_RDONLY)), CHECK(eventfd(0, 0)),
                 CHECK(open("/dev/null", O_RDWR))};
    for (size_t i = 0; i < sizeof fds / sizeof *fds; i++) {
        CHECK(fcntl(fds[i], F_SETFL, O_ASYNC));
        EXPECT_EQ(0, CHECK(fcntl(fds[i], F_GETFL)) & O_ASYNC);
        EXPECT_ERRNO(ENOTTY, ioctl(fds[i], FIOASYNC, &(int){1}));
    }
    struct f_owner_ex owner = {F_OWNER_TID, -1};
    EXPECT_ERRNO(ESRCH, fcntl(fds[0], F_SETOWN_EX, &owner));
    owner.type = F_OWNER_PGRP;
    EXPECT_ERRNO(ESRCH, fcntl(fds[0], F_SETOWN_EX, &owner));
}

int main(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGIO);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGRTMIN);
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL));
    int a[2];
    char bytes[8];
    CHECK(pipe(a));
    CHECK(fcntl(a[0], F_SETOWN, getpid()));
    EXPECT_EQ(1, write(a[1], "x", 1));
    expect_none(&set); /* O_ASYNC is not set */
    EXPECT_EQ(1, read(a[0], bytes, 8));
    CHECK(fcntl(a[0], F_SETFL, O_ASYNC));
    EXPECT_EQ(O_ASYNC, CHECK(fcntl(a[0], F_GETFL)) & O_ASYNC);
    EXPECT_EQ(1, write(a[1], "x", 1));
    expect_signal(&set, SIGIO, a[0], SI_KERNEL); /* the plain one says nothing */
    expect_none(&set);
    EXPECT_EQ(1, read(a[0], bytes, 8));
    CHECK(fcntl(a[0], F_SETSIG, SIGRTMIN));
    EXPECT_EQ(SIGRTMIN, CHECK(fcntl(a[0], F_GETSIG)));
    EXPECT_EQ(1, write(a[1], "x", 1));
    expect_signal(&set, SIGRTMIN, a[0], POLL_IN);
    CHECK(fcntl(a[0], F_SETSIG, SIGUSR1));
    EXPECT_EQ(1, read(a[0], bytes, 8));
    EXPECT_EQ(1, write(a[1], "x", 1));
    expect_signal(&set, SIGUSR1, a[0], POLL_IN);
    CHECK(fcntl(a[0], F_SETFL, 0));
    EXPECT_EQ(1, read(a[0], bytes, 8));
    EXPECT_EQ(1, write(a[1], "x", 1));
    expect_none(&set);
    EXPECT_ERRNO(EINVAL, fcntl(a[0], F_SETSIG, 65));
    EXPECT_ERRNO(EINVAL, fcntl(a[0], F_SETSIG, -1));

    /* A thread of one's own, by F_SETOWN_EX. */
    struct f_owner_ex owner = {F_OWNER_TID, gettid()}, got;
    CHECK(fcntl(a[0], F_SETOWN_EX, &owner));
    CHECK(fcntl(a[0], F_GETOWN_EX, &got));
    EXPECT(got.type == F_OWNER_TID && got.pid == gettid());
    CHECK(fcntl(a[0], F_SETFL, O_ASYNC));
    EXPECT_EQ(1, read(a[0], bytes, 8));
    EXPECT_EQ(1, write(a[1], "x", 1));
    expect_signal(&set, SIGUSR1, a[0], POLL_IN);

    /* Nobody: nothing is sent. */
    CHECK(fcntl(a[0], F_SETOWN, 0));
    EXPECT_EQ(1, read(a[0], bytes, 8));
    EXPECT_EQ(1, write(a[1], "x", 1));
    expect_none(&set);

    check_each_call(&set);
    check_two_descriptors(&set);
    check_sockets(&set);
    check_unknown();
    return 0;
}
