/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What does poll say of each end of a pipe or FIFO, at each of its thresholds? */
#include "guest_test.h"
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>

static char bytes[65536];

static int poll_of(int fd)
{
    struct pollfd p = {fd, POLLIN | POLLOUT | POLLRDHUP | POLLPRI | POLLRDNORM | POLLWRNORM, 0};
    CHECK(poll(&p, 1, 0));
    return p.revents;
}

#define IN (POLLIN | POLLRDNORM)
#define OUT (POLLOUT | POLLWRNORM)

static void thresholds(void)
{
    int ends[2];
    CHECK(pipe2(ends, O_NONBLOCK));
    EXPECT_EQ(4096, CHECK(fcntl(ends[1], F_SETPIPE_SZ, 4096)));
    EXPECT_EQ(OUT, poll_of(ends[1]));
    EXPECT_EQ(1, write(ends[1], "x", 1));
    EXPECT_EQ(0, poll_of(ends[1])); /* the only slot is in use, though bytes still fit */
    EXPECT_EQ(4095, write(ends[1], bytes, 4095));
    EXPECT_ERRNO(EAGAIN, write(ends[1], bytes, 1));
    EXPECT_EQ(IN, poll_of(ends[0]));
    EXPECT_EQ(4095, read(ends[0], bytes, 4095));
    EXPECT_EQ(0, poll_of(ends[1]));
    EXPECT_ERRNO(EAGAIN, write(ends[1], bytes, 1));
    EXPECT_EQ(1, read(ends[0], bytes, 1));
    EXPECT_EQ(OUT, poll_of(ends[1]));
    EXPECT_EQ(0, poll_of(ends[0]));

    EXPECT_EQ(65536, CHECK(fcntl(ends[1], F_SETPIPE_SZ, 65536)));
    EXPECT_EQ(15 * 4096, write(ends[1], bytes, 15 * 4096));
    EXPECT_EQ(OUT, poll_of(ends[1]));
    EXPECT_EQ(1, write(ends[1], bytes, 1));
    EXPECT_EQ(0, poll_of(ends[1]));
    CHECK(close(ends[0]));
    EXPECT_EQ(POLLERR, poll_of(ends[1]));
    CHECK(close(ends[1]));
}

static void fifo(void)
{
    const char *name = "/tmp/lstar-fifo-poll";
    unlink(name);
    CHECK(mkfifo(name, 0600));
    int r = CHECK(open(name, O_RDONLY | O_NONBLOCK));
    EXPECT_EQ(0, poll_of(r)); /* nobody has written yet: no hang-up */
    EXPECT_EQ(0, read(r, bytes, 1));
    int w = CHECK(open(name, O_WRONLY));
    EXPECT_EQ(0, poll_of(r));
    EXPECT_ERRNO(EAGAIN, read(r, bytes, 1));
    EXPECT_EQ(OUT, poll_of(w));
    CHECK(close(w));
    EXPECT_EQ(POLLHUP, poll_of(r));
    EXPECT_EQ(0, read(r, bytes, 1));
    /* Who opens after the writer went has not seen one. */
    int late = CHECK(open(name, O_RDONLY | O_NONBLOCK));
    EXPECT_EQ(0, poll_of(late));
    EXPECT_EQ(POLLHUP, poll_of(r));
    w = CHECK(open(name, O_WRONLY));
    EXPECT_EQ(0, poll_of(r));
    EXPECT_EQ(1, write(w, "x", 1));
    CHECK(close(w));
    EXPECT_EQ(IN | POLLHUP, poll_of(late));
    EXPECT_EQ(IN | POLLHUP, poll_of(r));
    EXPECT_EQ(1, read(late, bytes, 9));
    EXPECT_EQ(POLLHUP, poll_of(late));
    CHECK(close(late));

    int both = CHECK(open(name, O_RDWR | O_NONBLOCK));
    EXPECT_EQ(OUT, poll_of(both));
    EXPECT_EQ(1, write(both, "y", 1));
    EXPECT_EQ(IN | OUT, poll_of(both));
    EXPECT_EQ(1, read(r, bytes, 9));
    EXPECT_ERRNO(EAGAIN, read(both, bytes, 1));
    CHECK(close(r));
    EXPECT_EQ(OUT, poll_of(both));
    CHECK(close(both));
    CHECK(unlink(name));
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    thresholds();
    fifo();
    return 0;
}
