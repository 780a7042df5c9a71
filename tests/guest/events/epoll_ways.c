/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Along how many ways may a file wake epolls that watch epolls? 500 of two, 100 of three, fewer. */
#include "guest_test.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>

static int watch(int by, int what)
{
    struct epoll_event event = {.events = EPOLLIN, .data = {.fd = what}};
    return epoll_ctl(by, EPOLL_CTL_ADD, what, &event);
}

/* `levels` of epolls on an event; then epolls on top of them until one is refused: how many. */
static int count_tops(int levels)
{
    int below = CHECK(eventfd(0, EFD_NONBLOCK)), first = below, count = 0;
    for (int i = 0; i < levels; i++) {
        int epoll = CHECK(epoll_create1(0));
        CHECK(watch(epoll, below));
        below = epoll;
    }
    int top;
    for (;;) {
        top = CHECK(epoll_create1(0));
        if (watch(top, below))
            break;
        if (++count == 600)
            break;
    }
    if (count < 600)
        EXPECT_EQ(levels < 5 ? EINVAL : ELOOP, errno);
    /* The one that was refused watches nothing, and can watch something else. */
    CHECK(watch(top, CHECK(eventfd(1, 0))));
    struct epoll_event event;
    EXPECT_EQ(1, epoll_wait(top, &event, 1, 0));
    for (int fd = first; fd < first + 1000; fd++)
        close(fd);
    return count;
}

int main(void)
{
    struct rlimit limit = {4096, 4096};
    CHECK(setrlimit(RLIMIT_NOFILE, &limit));
    EXPECT_EQ(600, count_tops(0));
    EXPECT_EQ(500, count_tops(1));
    EXPECT_EQ(100, count_tops(2));
    EXPECT_EQ(50, count_tops(3));
    EXPECT_EQ(10, count_tops(4));
    EXPECT_EQ(0, count_tops(5));
    return 0;
}
