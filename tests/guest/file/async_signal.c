/* SPDX-License-Identifier: GPL-2.0-or-later */
/* O_ASYNC: who is told by which signal that a pipe or socket has something? */
#include "guest_test.h"

#include <signal.h>
#include <sys/socket.h>

#ifndef POLL_IN
#define POLL_IN 1
#define POLL_OUT 2
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

    int s[2];
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, s));
    CHECK(fcntl(s[0], F_SETOWN, getpid()));
    CHECK(fcntl(s[0], F_SETSIG, SIGRTMIN));
    CHECK(fcntl(s[0], F_SETFL, O_ASYNC));
    EXPECT_EQ(1, write(s[1], "x", 1));
    expect_signal(&set, SIGRTMIN, s[0], POLL_IN);
    return 0;
}
