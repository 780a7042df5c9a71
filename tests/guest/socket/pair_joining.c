/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A stream's messages with files: bytes before them run into them, nothing runs into what follows,
 * and the files go with the first byte of theirs, wanted or not.
 */
#include "socket_test.h"

#include <fcntl.h>
#include <sys/mman.h>

struct received {
    long bytes;
    unsigned files;
    int flags;
};

/* Receives at most `most` bytes; what came along is closed. */
static struct received take(int from, size_t most, int flags)
{
    union {
        char bytes[CMSG_SPACE(8 * sizeof(int))];
        struct cmsghdr align;
    } control;
    char text[64];
    struct iovec iov = {text, most};
    struct msghdr msg = {.msg_iov = &iov,
                         .msg_iovlen = 1,
                         .msg_control = &control,
                         .msg_controllen = sizeof control};
    struct received got = {.bytes = recvmsg(from, &msg, flags | MSG_DONTWAIT)};
    got.flags = msg.msg_flags;
    const struct cmsghdr *header = got.bytes < 0 ? NULL : CMSG_FIRSTHDR(&msg);
    if (!header)
        return got;
    got.files = (unsigned)((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
    for (unsigned i = 0; i < got.files; i++) {
        int fd;
        memcpy(&fd, CMSG_DATA(header) + i * sizeof fd, sizeof fd);
        CHECK(close(fd));
    }
    return got;
}

#define EXPECT_TAKEN(want_bytes, want_files, call)                                                 \
    do {                                                                                           \
        struct received taken_ = (call);                                                           \
        EXPECT_EQ(want_bytes, taken_.bytes);                                                       \
        EXPECT_EQ(want_files, taken_.files);                                                       \
    } while (0)

/* Ten bytes of one message, with one file. */
static void send_ten(int to)
{
    union {
        char bytes[CMSG_SPACE(sizeof(int))];
        struct cmsghdr header;
    } control = {.header = {CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS}};
    int fd = to;
    memcpy(CMSG_DATA(&control.header), &fd, sizeof fd);
    struct iovec iov = {"0123456789", 10};
    struct msghdr msg = {.msg_iov = &iov,
                         .msg_iovlen = 1,
                         .msg_control = &control,
                         .msg_controllen = sizeof control};
    EXPECT_EQ(10, sendmsg(to, &msg, 0));
}

static void check_joined(int to, int from)
{
    EXPECT_EQ(10, write(to, "abcdefghij", 10));
    send_ten(to);
    EXPECT_EQ(10, write(to, "klmnopqrst", 10));
    EXPECT_TAKEN(20, 1, take(from, 40, MSG_PEEK));
    EXPECT_TAKEN(3, 1, take(from, 3, MSG_PEEK)); /* a look goes on to the next files */
    EXPECT_TAKEN(20, 1, take(from, 40, 0));
    EXPECT_TAKEN(10, 0, take(from, 40, 0));
    EXPECT_TAKEN(-1, 0, take(from, 40, 0));
}

static void check_pieces(int to, int from)
{
    char text[40];
    send_ten(to);
    EXPECT_TAKEN(4, 1, take(from, 4, 0));
    EXPECT_TAKEN(6, 0, take(from, 40, 0));
    send_ten(to);
    EXPECT_EQ(4, read(from, text, 4));
    EXPECT_TAKEN(6, 0, take(from, 40, 0));
    send_ten(to);
    send_ten(to);
    EXPECT_EQ(10, read(from, text, 40));
    EXPECT_TAKEN(10, 1, take(from, 40, 0));
    send_ten(to);
    EXPECT_EQ(4, recv(from, text, 4, MSG_PEEK)); /* looking takes nothing */
    EXPECT_TAKEN(10, 1, take(from, 40, 0));
    send_ten(to);
    EXPECT_TAKEN(0, 1, take(from, 0, 0));
    EXPECT_TAKEN(10, 0, take(from, 40, 0));
}

/* A message that cannot be put as far as was asked is not taken. */
static void check_fault(int to, int from)
{
    char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    EXPECT(page != MAP_FAILED);
    CHECK(mprotect(page + 4096, 4096, PROT_NONE));
    EXPECT_EQ(10, write(to, "0123456789", 10));
    EXPECT_EQ(10, write(to, "abcdefghij", 10));
    EXPECT_ERRNO(EFAULT, recv(from, page + 4096 - 5, 10, MSG_DONTWAIT));
    EXPECT_ERRNO(EFAULT, recv(from, page + 4096 - 5, 10, MSG_DONTWAIT | MSG_PEEK));
    EXPECT_EQ(10, recv(from, page + 4096 - 15, 20, MSG_DONTWAIT));
    EXPECT_EQ(5, recv(from, page + 4096 - 5, 5, MSG_DONTWAIT));
    EXPECT_EQ(0, memcmp(page + 4096 - 5, "abcde", 5));
    EXPECT_EQ(5, recv(from, page, 20, MSG_DONTWAIT));
    EXPECT_EQ(0, memcmp(page, "fghij", 5));
    CHECK(munmap(page, 8192));
}

/* No end of a record is ever told; what was cut of a packet is. */
static void check_flags(void)
{
    int ends[2];
    make_pair(SOCK_SEQPACKET, ends);
    send_ten(ends[0]);
    EXPECT_EQ(0, take(ends[1], 40, 0).flags);
    EXPECT_EQ(10, send(ends[0], "0123456789", 10, MSG_EOR));
    EXPECT_EQ(MSG_TRUNC, take(ends[1], 4, 0).flags);
    EXPECT_TAKEN(-1, 0, take(ends[1], 40, 0));
    close(ends[0]);
    close(ends[1]);
}

int main(void)
{
    int ends[2];
    make_pair(SOCK_STREAM, ends);
    check_joined(ends[0], ends[1]);
    check_pieces(ends[0], ends[1]);
    check_fault(ends[0], ends[1]);
    check_flags();
    return 0;
}
