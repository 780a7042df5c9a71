/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * In which order epoll_wait(2) tells of descriptors of one file, and that an edge is one only of
 * what happened: data for a reader is no news of room for a writer.
 */
#include "guest_test.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

static void add(int epoll, int fd, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.fd = fd};
    CHECK(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event));
}

static int wait_now(int epoll, struct epoll_event got[8])
{
    return CHECK(epoll_wait(epoll, got, 8, 0));
}

/* Whoever was added last is told first. */
static void check_order(void)
{
    struct epoll_event got[8];
    int epoll = CHECK(epoll_create1(0)), event = CHECK(eventfd(0, 0));
    int second = CHECK(dup(event)), third = CHECK(dup(event));
    add(epoll, event, EPOLLIN);
    add(epoll, second, EPOLLIN);
    add(epoll, third, EPOLLIN);
    EXPECT_EQ(0, wait_now(epoll, got));
    CHECK(eventfd_write(event, 1));
    EXPECT_EQ(3, wait_now(epoll, got));
    EXPECT_EQ(third, got[0].data.fd);
    EXPECT_EQ(second, got[1].data.fd);
    EXPECT_EQ(event, got[2].data.fd);
    close(event);
    close(second);
    close(third);
    close(epoll);
}

static void check_edges(void)
{
    static char bytes[8192];
    struct epoll_event got[8];
    int ends[2], reader = CHECK(epoll_create1(0)), writer = CHECK(epoll_create1(0));
    CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends));
    add(writer, ends[0], EPOLLOUT | EPOLLET);
    add(reader, ends[0], EPOLLIN | EPOLLOUT | EPOLLET);
    EXPECT_EQ(1, wait_now(writer, got));
    EXPECT_EQ(1, wait_now(reader, got));
    EXPECT_EQ(1, write(ends[1], "x", 1));
    EXPECT_EQ(0, wait_now(writer, got));
    EXPECT_EQ(1, wait_now(reader, got));
    EXPECT_EQ(EPOLLIN | EPOLLOUT, got[0].events);
    /* Full; and then there is some room, but not enough to be told. */
    while (write(ends[0], bytes, sizeof bytes) > 0)
        ;
    EXPECT_EQ(EAGAIN, errno);
    EXPECT_EQ(sizeof bytes, read(ends[1], bytes, sizeof bytes));
    EXPECT_EQ(0, wait_now(writer, got));
    EXPECT_EQ(0, wait_now(reader, got));
    while (read(ends[1], bytes, sizeof bytes) > 0)
        ;
    EXPECT_EQ(1, wait_now(writer, got));
    EXPECT_EQ(EPOLLOUT, got[0].events);
    EXPECT_EQ(1, wait_now(reader, got));
    CHECK(shutdown(ends[1], SHUT_RD)); /* which is news for everybody */
    EXPECT_EQ(1, wait_now(writer, got));
    EXPECT_EQ(1, wait_now(reader, got));
}

/* A pipe's reader hears of each write, also of one for which there is no room. */
static void check_full_pipe(void)
{
    static char bytes[4096];
    struct epoll_event got[8];
    int ends[2], epoll = CHECK(epoll_create1(0));
    CHECK(pipe2(ends, O_NONBLOCK));
    add(epoll, ends[0], EPOLLIN | EPOLLET);
    while (write(ends[1], bytes, sizeof bytes) > 0)
        ;
    EXPECT_EQ(EAGAIN, errno);
    EXPECT_EQ(1, wait_now(epoll, got));
    EXPECT_EQ(0, wait_now(epoll, got));
    EXPECT_ERRNO(EAGAIN, write(ends[1], bytes, sizeof bytes));
    EXPECT_EQ(1, wait_now(epoll, got));
    EXPECT_EQ(EPOLLIN, got[0].events);
    EXPECT_EQ(0, wait_now(epoll, got));
}

int main(void)
{
    check_full_pipe();
    check_order();
    check_edges();
    return 0;
}
