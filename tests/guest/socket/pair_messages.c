/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Datagram and SOCK_SEQPACKET pairs: bounds between messages are kept, what does not fit is cut off
 * and said so. */
#include "socket_test.h"

static void check(int type)
{
    int ends[2];
    char text[16];
    make_pair(type, ends);
    EXPECT_EQ(3, write(ends[0], "one", 3));
    EXPECT_EQ(5, write(ends[0], "three", 5));
    EXPECT_EQ(0, send(ends[0], "", 0, 0));
    EXPECT_EQ(3, read(ends[1], text, 16));
    EXPECT_EQ(5, recv(ends[1], text, 2, MSG_PEEK | MSG_TRUNC));
    struct iovec iov = {text, 2};
    struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1};
    EXPECT_EQ(2, recvmsg(ends[1], &msg, 0));
    EXPECT_EQ(MSG_TRUNC, msg.msg_flags & MSG_TRUNC);
    EXPECT_EQ(0, recv(ends[1], text, 16, 0));
    EXPECT_ERRNO(EAGAIN, recv(ends[1], text, 16, MSG_DONTWAIT));
    static char big[1 << 20];
    EXPECT_ERRNO(EMSGSIZE, send(ends[0], big, sizeof big, 0));

    EXPECT_EQ(4, write(ends[0], "last", 4));
    close(ends[0]);
    EXPECT_EQ(4, read(ends[1], text, 16));
    if (type == SOCK_SEQPACKET) {
        EXPECT_EQ(0, read(ends[1], text, 16));
        EXPECT_ERRNO(EPIPE, send(ends[1], "x", 1, MSG_NOSIGNAL));
    } else {
        EXPECT_ERRNO(EAGAIN, recv(ends[1], text, 16, MSG_DONTWAIT));
        EXPECT_ERRNO(ECONNREFUSED, send(ends[1], "x", 1, 0));
    }
    close(ends[1]);
}

int main(void)
{
    check(SOCK_DGRAM);
    check(SOCK_SEQPACKET);
    return 0;
}
