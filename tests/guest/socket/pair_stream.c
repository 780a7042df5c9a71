/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A stream pair: bytes both ways, peeking, the end of one side, shutdown's halves, what is lost at
 * close. */
#include "socket_test.h"

#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

static short events_of(int fd)
{
    struct pollfd pollfd = {.fd = fd, .events = POLLIN | POLLOUT | POLLRDHUP};
    CHECK(poll(&pollfd, 1, 0));
    return pollfd.revents;
}

static void check_bytes(void)
{
    int ends[2];
    char text[16] = {0};
    make_pair(SOCK_STREAM, ends);
    EXPECT_EQ(POLLOUT, events_of(ends[0]));
    EXPECT_EQ(5, write(ends[0], "hello", 5));
    EXPECT_EQ(6, send(ends[0], " world", 6, 0));
    int bytes = 0;
    CHECK(ioctl(ends[1], FIONREAD, &bytes));
    EXPECT_EQ(11, bytes);
    EXPECT_EQ(POLLIN | POLLOUT, events_of(ends[1]));
    EXPECT_EQ(5, recv(ends[1], text, 5, MSG_PEEK));
    EXPECT_EQ(8, read(ends[1], text, 8));
    EXPECT(memcmp(text, "hello wo", 8) == 0);
    EXPECT_EQ(3, recv(ends[1], text, 16, 0));
    EXPECT_ERRNO(EAGAIN, recv(ends[1], text, 16, MSG_DONTWAIT));
    EXPECT_EQ(2, write(ends[1], "ok", 2));
    EXPECT_EQ(2, read(ends[0], text, 16));
    EXPECT_ERRNO(ESPIPE, lseek(ends[0], 0, SEEK_CUR));
    EXPECT_ERRNO(ESPIPE, pread(ends[0], text, 1, 0));
    close(ends[0]);
    close(ends[1]);
}

static void check_end(void)
{
    int ends[2];
    char text[16];
    make_pair(SOCK_STREAM, ends);
    EXPECT_EQ(1, write(ends[0], "x", 1));
    close(ends[0]);
    EXPECT_EQ(POLLIN | POLLOUT | POLLHUP | POLLRDHUP, events_of(ends[1]));
    EXPECT_EQ(1, read(ends[1], text, 16));
    EXPECT_EQ(0, read(ends[1], text, 16));
    EXPECT_ERRNO(EPIPE, send(ends[1], "x", 1, MSG_NOSIGNAL));
    close(ends[1]);

    /* Closed with bytes unread: the other side is told. */
    make_pair(SOCK_STREAM, ends);
    EXPECT_EQ(1, write(ends[0], "x", 1));
    close(ends[1]);
    EXPECT_ERRNO(ECONNRESET, read(ends[0], text, 16));
    EXPECT_EQ(0, read(ends[0], text, 16));
    close(ends[0]);
}

static void check_shutdown(void)
{
    int ends[2];
    char text[16];
    make_pair(SOCK_STREAM, ends);
    EXPECT_ERRNO(EINVAL, shutdown(ends[0], 3));
    CHECK(shutdown(ends[0], SHUT_WR));
    EXPECT_EQ(0, read(ends[1], text, 16));
    EXPECT_ERRNO(EPIPE, send(ends[0], "x", 1, MSG_NOSIGNAL));
    EXPECT_EQ(POLLIN | POLLOUT | POLLRDHUP, events_of(ends[1]));
    EXPECT_EQ(1, write(ends[1], "y", 1));
    EXPECT_EQ(1, read(ends[0], text, 16));
    CHECK(shutdown(ends[0], SHUT_RD));
    EXPECT_ERRNO(EPIPE, send(ends[1], "x", 1, MSG_NOSIGNAL));
    EXPECT_EQ(POLLIN | POLLOUT | POLLHUP | POLLRDHUP, events_of(ends[0]));
    close(ends[0]);
    close(ends[1]);
}

static void check_sigpipe(void)
{
    int status;
    pid_t child = CHECK(fork());
    if (child == 0) {
        int ends[2];
        make_pair(SOCK_STREAM, ends);
        close(ends[0]);
        send(ends[1], "x", 1, 0);
        _exit(1);
    }
    EXPECT_EQ(child, waitpid(child, &status, 0));
    EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE);
}

/* More than fits: the writer waits for the reader, in another process. */
static void check_flow(void)
{
    enum { ALL = 1 << 20 };
    static char block[ALL];
    int ends[2], status;
    make_pair(SOCK_STREAM, ends);
    pid_t child = CHECK(fork());
    if (child == 0) {
        close(ends[0]);
        for (int i = 0; i < ALL; i++)
            block[i] = (char)(i * 7);
        _exit(write(ends[1], block, ALL) == ALL ? 0 : 1);
    }
    close(ends[1]);
    EXPECT_EQ(ALL / 2, recv(ends[0], block, ALL / 2, MSG_WAITALL));
    size_t all = ALL / 2;
    for (ssize_t n; (n = read(ends[0], block + all, ALL - all)) > 0;)
        all += (size_t)n;
    EXPECT_EQ(ALL, all);
    for (int i = 0; i < ALL; i++)
        EXPECT_EQ((char)(i * 7), block[i]);
    EXPECT_EQ(child, waitpid(child, &status, 0));
    EXPECT_EQ(0, status);

    make_pair(SOCK_STREAM | SOCK_NONBLOCK, ends);
    long most = 0;
    for (ssize_t n; (n = write(ends[0], block, 65536)) > 0;)
        most += n;
    EXPECT_EQ(EAGAIN, errno);
    EXPECT(most > 65536);
    EXPECT_EQ(0, events_of(ends[0]));
}

int main(void)
{
    check_bytes();
    check_end();
    check_shutdown();
    check_sigpipe();
    check_flow();
    return 0;
}
