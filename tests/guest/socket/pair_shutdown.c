/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is left of a pair after shutdown(2) or close(2) of one end: a stream's and a sequence of
 * packets' other end is shut down with it, a datagram's is not.
 */
#include "socket_test.h"

#include <poll.h>
#include <sys/un.h>

static int events_of(int fd)
{
    struct pollfd entry = {fd, POLLIN | POLLOUT | POLLRDHUP, 0};
    poll(&entry, 1, 0);
    return entry.revents;
}

static void close_both(const int ends[2])
{
    close(ends[0]);
    close(ends[1]);
}

static void check_connected(int type)
{
    int ends[2];
    char text[8];
    make_pair(type, ends);
    EXPECT_EQ(3, write(ends[0], "abc", 3));
    CHECK(shutdown(ends[0], SHUT_RDWR));
    EXPECT_EQ(POLLIN | POLLOUT | POLLRDHUP | POLLHUP, events_of(ends[1]));
    EXPECT_EQ(POLLIN | POLLOUT | POLLRDHUP | POLLHUP, events_of(ends[0]));
    EXPECT_EQ(3, recv(ends[1], text, 8, MSG_DONTWAIT));
    EXPECT_EQ(0, recv(ends[1], text, 8, MSG_DONTWAIT));
    EXPECT_ERRNO(EPIPE, send(ends[1], "x", 1, MSG_NOSIGNAL));
    close_both(ends);

    make_pair(type, ends);
    CHECK(shutdown(ends[0], SHUT_RD));
    EXPECT_EQ(POLLIN | POLLOUT | POLLRDHUP, events_of(ends[0]));
    EXPECT_EQ(POLLOUT, events_of(ends[1]));
    EXPECT_EQ(3, write(ends[0], "abc", 3));
    close(ends[1]);
    EXPECT_EQ(0, recv(ends[0], text, 8, MSG_DONTWAIT | MSG_PEEK) > 0);
    close(ends[0]);
}

/* What was not read makes an error of the end that wrote it: before packets, after bytes. */
static void check_unread(void)
{
    int ends[2];
    char text[8];
    make_pair(SOCK_SEQPACKET, ends);
    EXPECT_EQ(3, write(ends[0], "abc", 3));
    EXPECT_EQ(3, write(ends[1], "abc", 3));
    close(ends[1]);
    EXPECT_ERRNO(ECONNRESET, recv(ends[0], text, 8, 0));
    EXPECT_EQ(3, recv(ends[0], text, 8, 0));
    close(ends[0]);

    make_pair(SOCK_SEQPACKET, ends);
    EXPECT_EQ(3, write(ends[0], "abc", 3));
    close(ends[1]);
    EXPECT_ERRNO(ECONNRESET, send(ends[0], "x", 1, MSG_NOSIGNAL));
    EXPECT_ERRNO(EPIPE, send(ends[0], "x", 1, MSG_NOSIGNAL));
    close(ends[0]);

    make_pair(SOCK_SEQPACKET, ends);
    EXPECT_EQ(0, send(ends[0], "", 0, 0)); /* as good as nothing, if it is the first */
    close(ends[1]);
    EXPECT_ERRNO(EPIPE, send(ends[0], "x", 1, MSG_NOSIGNAL));
    close(ends[0]);

    make_pair(SOCK_STREAM, ends); /* whoever waits for more does not get to know */
    EXPECT_EQ(3, write(ends[0], "abc", 3));
    EXPECT_EQ(3, write(ends[1], "abc", 3));
    close(ends[1]);
    EXPECT_EQ(3, recv(ends[0], text, 8, MSG_WAITALL));
    EXPECT_EQ(0, recv(ends[0], text, 8, 0));
    close(ends[0]);

    make_pair(SOCK_STREAM, ends);
    EXPECT_EQ(3, write(ends[0], "abc", 3));
    EXPECT_EQ(3, write(ends[1], "abc", 3));
    close(ends[1]);
    EXPECT_EQ(3, recv(ends[0], text, 8, 0));
    EXPECT_ERRNO(ECONNRESET, recv(ends[0], text, 8, 0));
    close(ends[0]);
}

static void check_datagrams(void)
{
    int ends[2];
    char text[8];
    make_pair(SOCK_DGRAM, ends);
    CHECK(shutdown(ends[0], SHUT_RDWR));
    EXPECT_EQ(POLLOUT, events_of(ends[1]));
    EXPECT_ERRNO(EAGAIN, recv(ends[0], text, 8, MSG_DONTWAIT));
    EXPECT_EQ(0, recv(ends[0], text, 8, 0));
    EXPECT_ERRNO(EPIPE, send(ends[0], "x", 1, MSG_NOSIGNAL));
    EXPECT_ERRNO(EPIPE, send(ends[1], "x", 1, MSG_NOSIGNAL));
    close_both(ends);

    make_pair(SOCK_DGRAM, ends);
    EXPECT_EQ(1, write(ends[1], "x", 1));
    close(ends[1]);
    EXPECT_EQ(POLLIN | POLLOUT, events_of(ends[0]));
    EXPECT_ERRNO(ECONNREFUSED, send(ends[0], "x", 1, 0));
    EXPECT_ERRNO(ENOTCONN, send(ends[0], "x", 1, 0));
    CHECK(shutdown(ends[0], SHUT_WR));
    EXPECT_ERRNO(EPIPE, send(ends[0], "x", 1, MSG_NOSIGNAL));
    struct sockaddr_un name;
    socklen_t size = sizeof name;
    EXPECT_ERRNO(ENOTCONN, getpeername(ends[0], (struct sockaddr *)&name, &size));
    EXPECT_ERRNO(EAGAIN, recv(ends[0], text, 8, MSG_DONTWAIT)); /* it is gone, too */
    close(ends[0]);
}

/* An address: packets ignore it, a stream has one already, a datagram goes there. */
static void check_addresses(void)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX, .sun_path = "\0nobody has this one"};
    const struct sockaddr *to = (const struct sockaddr *)&name;
    int ends[2];
    char text[8];
    make_pair(SOCK_SEQPACKET, ends);
    EXPECT_EQ(1, sendto(ends[0], "x", 1, 0, to, sizeof name));
    EXPECT_EQ(1, recv(ends[1], text, 8, MSG_DONTWAIT));
    EXPECT_EQ(1, sendto(ends[0], "x", 1, 0, to, 1));
    EXPECT_ERRNO(EINVAL, sendto(ends[0], "x", 1, 0, to, 129));
    close_both(ends);
    make_pair(SOCK_STREAM, ends);
    EXPECT_ERRNO(EISCONN, sendto(ends[0], "x", 1, 0, to, sizeof name));
    close_both(ends);
    make_pair(SOCK_DGRAM, ends);
    EXPECT_ERRNO(ECONNREFUSED, sendto(ends[0], "x", 1, 0, to, sizeof name));
    EXPECT_ERRNO(EINVAL, sendto(ends[0], "x", 1, 0, to, 2));
    name.sun_family = AF_INET;
    EXPECT_ERRNO(EINVAL, sendto(ends[0], "x", 1, 0, to, sizeof name));
    struct msghdr msg = {.msg_name = &name, .msg_namelen = (socklen_t)-1};
    EXPECT_ERRNO(EINVAL, sendmsg(ends[0], &msg, 0));
    close_both(ends);
}

int main(void)
{
    check_connected(SOCK_STREAM);
    check_connected(SOCK_SEQPACKET);
    check_unread();
    check_datagrams();
    check_addresses();
    return 0;
}
