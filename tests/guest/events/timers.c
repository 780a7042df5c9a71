/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Timers: do they fire, count what was missed, and go at their end? */
#include "guest_test.h"
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <time.h>

int main(void)
{
    int fd = CHECK(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK));
    uint64_t count;
    EXPECT_ERRNO(EAGAIN, read(fd, &count, 8));
    struct itimerspec spec = {{0, 1000000}, {0, 1000000}}, now;
    CHECK(timerfd_settime(fd, 0, &spec, NULL));
    struct pollfd p = {fd, POLLIN, 0};
    EXPECT_EQ(1, poll(&p, 1, -1));
    EXPECT_EQ(8, read(fd, &count, 8));
    EXPECT(count >= 1);
    CHECK(timerfd_gettime(fd, &now));
    EXPECT_EQ(1000000, now.it_interval.tv_nsec);
    spec = (struct itimerspec){0};
    CHECK(timerfd_settime(fd, 0, &spec, &now));
    EXPECT_ERRNO(EAGAIN, read(fd, &count, 8));
    EXPECT_ERRNO(EINVAL, timerfd_create(99, 0));

    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGRTMIN);
    sigprocmask(SIG_BLOCK, &set, NULL);
    timer_t timer;
    struct sigevent event = {
        .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN, .sigev_value.sival_int = 5};
    CHECK(timer_create(CLOCK_MONOTONIC, &event, &timer));
    spec = (struct itimerspec){{0, 1000}, {0, 1000}};
    CHECK(timer_settime(timer, 0, &spec, NULL));
    siginfo_t info;
    EXPECT_EQ(SIGRTMIN, sigwaitinfo(&set, &info));
    EXPECT_EQ(SI_TIMER, info.si_code);
    EXPECT_EQ(5, info.si_value.sival_int);
    struct timespec ms = {0, 1000000};
    nanosleep(&ms, NULL);
    EXPECT_EQ(SIGRTMIN, sigwaitinfo(&set, &info));
    EXPECT_EQ(SIGRTMIN, sigwaitinfo(&set, &info));
    EXPECT(timer_getoverrun(timer) >= 0);
    CHECK(timer_delete(timer));
    EXPECT_ERRNO(EINVAL, timer_delete((timer_t)4711));

    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    int sfd = CHECK(signalfd(-1, &set, SFD_NONBLOCK));
    struct signalfd_siginfo record;
    while (read(sfd, &record, sizeof record) > 0)
        ;
    EXPECT_EQ(EAGAIN, errno);
    raise(SIGUSR1);
    p.fd = sfd;
    EXPECT_EQ(1, poll(&p, 1, 0));
    EXPECT_EQ(sizeof record, read(sfd, &record, sizeof record));
    EXPECT_EQ(SIGUSR1, record.ssi_signo);
    EXPECT_EQ(getpid(), record.ssi_pid);
    return 0;
}
