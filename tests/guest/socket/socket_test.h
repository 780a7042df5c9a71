/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SOCKET_TEST_H
#define SOCKET_TEST_H
/* Pairs of sockets, and messages with a descriptor in them. */
#include "guest_test.h"

#include <linux/capability.h>
#include <sys/socket.h>
#include <sys/syscall.h>

static inline void make_pair(int type, int ends[2])
{
    CHECK(socketpair(AF_UNIX, type, 0, ends));
}

/* Is it in the effective set? */
static inline int capable(unsigned capability)
{
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2];
    CHECK(syscall(SYS_capget, &header, data));
    return data[capability / 32].effective >> capability % 32 & 1;
}

/* Sends the byte and `count` descriptors. sendmsg(2)'s result. */
static inline long send_files(int to, char byte, const int *fds, unsigned count)
{
    union {
        char bytes[CMSG_SPACE(sizeof(int) * 256)];
        struct cmsghdr align;
    } control;
    struct iovec iov = {&byte, 1};
    size_t length = count * sizeof *fds;
    struct msghdr msg = {.msg_iov = &iov,
                         .msg_iovlen = 1,
                         .msg_control = &control,
                         .msg_controllen = CMSG_SPACE(length)};
    struct cmsghdr *header = CMSG_FIRSTHDR(&msg);
    *header = (struct cmsghdr){CMSG_LEN(length), SOL_SOCKET, SCM_RIGHTS};
    memcpy(CMSG_DATA(header), fds, length);
    return sendmsg(to, &msg, 0);
}

/* Receives at most `most` descriptors into `fds`; how many there were. */
static inline unsigned receive_files(int from, int *fds, unsigned most, int flags, int *msg_flags)
{
    union {
        char bytes[CMSG_SPACE(sizeof(int) * 256)];
        struct cmsghdr align;
    } control;
    char byte;
    struct iovec iov = {&byte, 1};
    struct msghdr msg = {.msg_iov = &iov,
                         .msg_iovlen = 1,
                         .msg_control = &control,
                         .msg_controllen = CMSG_LEN(sizeof(int) * most)};
    EXPECT_EQ(1, recvmsg(from, &msg, flags));
    *msg_flags = msg.msg_flags;
    struct cmsghdr *header = CMSG_FIRSTHDR(&msg);
    if (!header)
        return 0;
    EXPECT_EQ(SOL_SOCKET, header->cmsg_level);
    EXPECT_EQ(SCM_RIGHTS, header->cmsg_type);
    size_t length = header->cmsg_len - CMSG_LEN(0);
    memcpy(fds, CMSG_DATA(header), length);
    return (unsigned)(length / sizeof(int));
}

#endif
