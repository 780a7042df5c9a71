/* SPDX-License-Identifier: GPL-2.0-or-later */
/* signalfd: which signals, in which order, with what in their records, and for whom? */
#include "guest_test.h"
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

static sigset_t set;
static int fd;

static void *reads(void *arg)
{
    struct signalfd_siginfo *got = arg;
    return (void *)read(fd, got, sizeof *got);
}

int main(void)
{
    struct signalfd_siginfo got[4];
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGUSR2);
    sigaddset(&set, SIGRTMIN);
    sigaddset(&set, SIGCHLD);
    sigaddset(&set, SIGALRM);
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL));
    EXPECT_ERRNO(EINVAL, syscall(SYS_signalfd4, -1, &set, 4, 0));
    EXPECT_ERRNO(EINVAL, syscall(SYS_signalfd4, -1, &set, 8, 1));
    EXPECT_ERRNO(EFAULT, syscall(SYS_signalfd4, -1, (void *)8, 8, 0));
    EXPECT_ERRNO(EBADF, syscall(SYS_signalfd4, 99, &set, 8, 0));
    EXPECT_ERRNO(EINVAL, syscall(SYS_signalfd4, 0, &set, 8, 0));
    fd = CHECK(signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
    EXPECT_EQ(FD_CLOEXEC, CHECK(fcntl(fd, F_GETFD)));
    EXPECT_EQ(fd, CHECK(signalfd(fd, &set, 0)));
    EXPECT_ERRNO(EAGAIN, read(fd, got, sizeof got));
    EXPECT_ERRNO(EINVAL, read(fd, got, sizeof *got - 1));
    EXPECT_ERRNO(EINVAL, write(fd, got, sizeof *got));

    /* Lowest first, real-time ones queued, as many as fit. */
    raise(SIGUSR2);
    raise(SIGUSR1);
    raise(SIGUSR1);
    for (int i = 0; i < 3; i++)
        CHECK(sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = 40 + i}));
    struct pollfd p = {fd, POLLIN | POLLOUT, 0};
    EXPECT_EQ(1, poll(&p, 1, 0));
    EXPECT_EQ(POLLIN, p.revents);
    EXPECT_EQ(4 * sizeof *got, read(fd, got, sizeof got));
    EXPECT_EQ(SIGUSR1, got[0].ssi_signo);
    EXPECT_EQ(SI_TKILL, got[0].ssi_code);
    EXPECT_EQ(getpid(), got[0].ssi_pid);
    EXPECT_EQ(getuid(), got[0].ssi_uid);
    EXPECT_EQ(SIGUSR2, got[1].ssi_signo);
    EXPECT_EQ(SIGRTMIN, got[2].ssi_signo);
    EXPECT_EQ(SI_QUEUE, got[2].ssi_code);
    EXPECT_EQ(40, got[2].ssi_int);
    EXPECT_EQ(41, got[3].ssi_int);
    EXPECT_EQ(sizeof *got, read(fd, got, 2 * sizeof *got - 1));
    EXPECT_EQ(42, got[0].ssi_int);
    EXPECT_EQ(0, poll(&p, 1, 0));

    /* A bad buffer takes the signal with it. */
    raise(SIGUSR1);
    EXPECT_ERRNO(EFAULT, read(fd, (void *)8, sizeof *got));
    EXPECT_ERRNO(EAGAIN, read(fd, got, sizeof *got));

    /* The mask can be changed; others stay pending. */
    sigset_t one;
    sigemptyset(&one);
    sigaddset(&one, SIGUSR2);
    raise(SIGUSR1);
    EXPECT_EQ(fd, CHECK(signalfd(fd, &one, 0)));
    EXPECT_EQ(0, poll(&p, 1, 0));
    EXPECT_ERRNO(EAGAIN, read(fd, got, sizeof *got));
    EXPECT_EQ(fd, CHECK(signalfd(fd, &set, 0)));
    EXPECT_EQ(sizeof *got, read(fd, got, sizeof *got));
    EXPECT_EQ(SIGUSR1, got[0].ssi_signo);

    /* A child's end, and a timer's. */
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        /* The child reads its own signals through it, not the parent's. */
        raise(SIGUSR2);
        struct signalfd_siginfo own;
        EXPECT_EQ(sizeof own, read(fd, &own, sizeof own));
        EXPECT_EQ(getpid(), own.ssi_pid);
        _exit(3);
    }
    p.revents = 0;
    EXPECT_EQ(1, poll(&p, 1, -1));
    EXPECT_EQ(sizeof *got, read(fd, got, sizeof *got));
    EXPECT_EQ(SIGCHLD, got[0].ssi_signo);
    EXPECT_EQ(CLD_EXITED, got[0].ssi_code);
    EXPECT_EQ(pid, got[0].ssi_pid);
    EXPECT_EQ(3, got[0].ssi_status);
    CHECK(waitpid(pid, NULL, 0));
    timer_t timer;
    struct sigevent event = {
        .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM, .sigev_value.sival_int = 77};
    CHECK(timer_create(CLOCK_MONOTONIC, &event, &timer));
    struct itimerspec soon = {.it_value = {0, 1}};
    CHECK(timer_settime(timer, 0, &soon, NULL));
    EXPECT_EQ(1, poll(&p, 1, -1));
    EXPECT_EQ(sizeof *got, read(fd, got, sizeof *got));
    EXPECT_EQ(SI_TIMER, got[0].ssi_code);
    EXPECT_EQ(77, got[0].ssi_int);
    EXPECT_EQ(77, got[0].ssi_ptr & 0xffffffff);

    /* A thread waits in read, another in epoll. */
    CHECK(fcntl(fd, F_SETFL, 0));
    pthread_t thread;
    EXPECT_EQ(0, pthread_create(&thread, NULL, reads, got));
    CHECK(kill(getpid(), SIGUSR1));
    void *result;
    EXPECT_EQ(0, pthread_join(thread, &result));
    EXPECT_EQ(sizeof *got, (long)result);
    EXPECT_EQ(SI_USER, got[0].ssi_code);
    int ep = CHECK(epoll_create1(0));
    struct epoll_event e = {.events = EPOLLIN};
    CHECK(epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e));
    EXPECT_EQ(0, epoll_wait(ep, &e, 1, 0));
    raise(SIGUSR2);
    EXPECT_EQ(1, epoll_wait(ep, &e, 1, -1));
    EXPECT_EQ(sizeof *got, read(fd, got, sizeof *got));
    /* SIGKILL and SIGSTOP are left out silently. */
    sigfillset(&one);
    CHECK(close(CHECK(signalfd(-1, &one, 0))));
    return 0;
}
