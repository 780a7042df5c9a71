/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How much does a pipe hold, and what do its ends answer when the other is full, empty or gone? */
#include "file_test.h"

#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>

static char bytes[65536 * 2];

static int poll_of(int fd)
{
    struct pollfd p = {fd, POLLIN | POLLOUT, 0};
    CHECK(poll(&p, 1, 0));
    return p.revents;
}

int main(void)
{
    int ends[2], n;
    EXPECT_ERRNO(EINVAL, pipe2(ends, O_APPEND));
    EXPECT_ERRNO(EFAULT, pipe2((void *)8, 0));
    CHECK(pipe2(ends, O_NONBLOCK | O_CLOEXEC));
    EXPECT_EQ(O_RDONLY | O_NONBLOCK, CHECK(fcntl(ends[0], F_GETFL)));
    EXPECT_EQ(O_WRONLY | O_NONBLOCK, CHECK(fcntl(ends[1], F_GETFL)));
    EXPECT_EQ(FD_CLOEXEC, CHECK(fcntl(ends[0], F_GETFD)));
    EXPECT_EQ(65536, CHECK(fcntl(ends[0], F_GETPIPE_SZ)));
    EXPECT_ERRNO(EAGAIN, read(ends[0], bytes, 1));
    EXPECT_ERRNO(EBADF, read(ends[1], bytes, 1));
    EXPECT_ERRNO(EBADF, write(ends[0], bytes, 1));
    EXPECT_EQ(0, read(ends[0], bytes, 0));

    EXPECT_EQ(65536, write(ends[1], bytes, sizeof bytes));
    EXPECT_ERRNO(EAGAIN, write(ends[1], bytes, 1));
    CHECK(ioctl(ends[0], FIONREAD, &n));
    EXPECT_EQ(65536, n);
    EXPECT_EQ(4095, read(ends[0], bytes, 4095));
    EXPECT_ERRNO(EAGAIN, write(ends[1], bytes, 1)); /* a page becomes free as a whole */
    EXPECT_EQ(1, read(ends[0], bytes, 1));
    EXPECT_EQ(4096, write(ends[1], bytes, 5000)); /* more than PIPE_BUF: as much as fits */
    EXPECT_EQ(65536, read(ends[0], bytes, sizeof bytes));

    /* Small writes share a page: 16 pages of them. */
    long total = 0;
    while (write(ends[1], bytes, 1) == 1)
        total++;
    EXPECT_EQ(65536, total);
    EXPECT_EQ(65536, read(ends[0], bytes, sizeof bytes));
    /* What does not fit into the rest of a page takes a new one. */
    total = 0;
    while (write(ends[1], bytes, 3000) == 3000)
        total++;
    EXPECT_EQ(16, total);
    EXPECT_EQ(48000, read(ends[0], bytes, sizeof bytes));

    EXPECT_EQ(9000, write(ends[1], bytes, 9000));
    EXPECT_ERRNO(EBUSY, fcntl(ends[1], F_SETPIPE_SZ, 4096));
    EXPECT_EQ(16384, CHECK(fcntl(ends[1], F_SETPIPE_SZ, 12000)));
    EXPECT_EQ(16384, CHECK(fcntl(ends[0], F_GETPIPE_SZ)));
    EXPECT_EQ(9000, read(ends[0], bytes, sizeof bytes));
    EXPECT_EQ(4096, CHECK(fcntl(ends[1], F_SETPIPE_SZ, 0)));
    EXPECT_ERRNO(EINVAL, fcntl(ends[1], F_SETPIPE_SZ, 0x80000001u));

    EXPECT_EQ(POLLOUT, poll_of(ends[1]));
    EXPECT_EQ(0, poll_of(ends[0]));
    EXPECT_EQ(2, write(ends[1], "ab", 2));
    CHECK(close(ends[1]));
    EXPECT_EQ(POLLIN | POLLHUP, poll_of(ends[0]));
    EXPECT_EQ(2, read(ends[0], bytes, 10));
    EXPECT_EQ(POLLHUP, poll_of(ends[0]));
    EXPECT_EQ(0, read(ends[0], bytes, 10));

    signal(SIGPIPE, SIG_IGN);
    CHECK(pipe(ends));
    CHECK(close(ends[0]));
    EXPECT_EQ(POLLOUT | POLLERR, poll_of(ends[1]));
    EXPECT_ERRNO(EPIPE, write(ends[1], "x", 1));
    EXPECT_EQ(0, write(ends[1], "x", 0));
    return 0;
}
