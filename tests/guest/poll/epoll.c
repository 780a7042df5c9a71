/* SPDX-License-Identifier: GPL-2.0-or-later */
/* epoll: level, edge, one shot, nesting, and what is refused? */
#include "guest_test.h"
#include <sys/epoll.h>
#include <sys/eventfd.h>

static int ready(int ep)
{
    struct epoll_event events[8];
    return epoll_wait(ep, events, 8, 0);
}

int main(void)
{
    int ep = CHECK(epoll_create1(EPOLL_CLOEXEC)), outer = CHECK(epoll_create1(0));
    int fds[2];
    CHECK(pipe(fds));
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = 99}, got[2];
    EXPECT_ERRNO(EINVAL, epoll_create1(1));
    EXPECT_ERRNO(EINVAL, epoll_create(0));
    EXPECT_ERRNO(EINVAL, epoll_ctl(ep, EPOLL_CTL_ADD, ep, &event));
    EXPECT_ERRNO(EBADF, epoll_ctl(ep, EPOLL_CTL_ADD, 99, &event));
    EXPECT_ERRNO(ENOENT, epoll_ctl(ep, EPOLL_CTL_DEL, fds[0], &event));
    EXPECT_ERRNO(EFAULT, epoll_ctl(ep, EPOLL_CTL_ADD, fds[0], NULL));
    EXPECT_ERRNO(EINVAL, epoll_wait(fds[0], got, 1, 0));
    EXPECT_ERRNO(EINVAL, epoll_wait(ep, got, 0, 0));
    int dir = CHECK(open("/", O_RDONLY));
    EXPECT_ERRNO(EPERM, epoll_ctl(ep, EPOLL_CTL_ADD, dir, &event));

    CHECK(epoll_ctl(ep, EPOLL_CTL_ADD, fds[0], &event));
    EXPECT_ERRNO(EEXIST, epoll_ctl(ep, EPOLL_CTL_ADD, fds[0], &event));
    EXPECT_EQ(0, ready(ep));
    CHECK(write(fds[1], "ab", 2));
    EXPECT_EQ(1, epoll_wait(ep, got, 2, -1));
    EXPECT_EQ(99, got[0].data.u64);
    EXPECT_EQ(EPOLLIN, got[0].events);
    EXPECT_EQ(1, ready(ep)); /* level */

    event.events = EPOLLIN | EPOLLET;
    CHECK(epoll_ctl(ep, EPOLL_CTL_MOD, fds[0], &event));
    EXPECT_EQ(1, ready(ep));
    EXPECT_EQ(0, ready(ep)); /* edge */
    CHECK(write(fds[1], "c", 1));
    EXPECT_EQ(1, ready(ep));

    event.events = EPOLLIN | EPOLLONESHOT;
    CHECK(epoll_ctl(ep, EPOLL_CTL_MOD, fds[0], &event));
    EXPECT_EQ(1, ready(ep));
    CHECK(write(fds[1], "d", 1));
    EXPECT_EQ(0, ready(ep));
    CHECK(epoll_ctl(ep, EPOLL_CTL_MOD, fds[0], &event));

    event.events = EPOLLIN;
    CHECK(epoll_ctl(outer, EPOLL_CTL_ADD, ep, &event));
    EXPECT_EQ(1, ready(outer));
    EXPECT_ERRNO(ELOOP, epoll_ctl(ep, EPOLL_CTL_ADD, outer, &event));

    /* A closed file is watched no more; its hang-up is reported before. */
    int fd = CHECK(eventfd(1, 0));
    CHECK(epoll_ctl(ep, EPOLL_CTL_ADD, fd, &event));
    close(fd);
    CHECK(epoll_ctl(ep, EPOLL_CTL_DEL, fds[0], NULL));
    EXPECT_EQ(0, ready(ep));
    close(fds[1]);
    event.events = 0;
    CHECK(epoll_ctl(ep, EPOLL_CTL_ADD, fds[0], &event));
    EXPECT_EQ(1, epoll_wait(ep, got, 2, -1));
    EXPECT(got[0].events & EPOLLHUP);
    return 0;
}
