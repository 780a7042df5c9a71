/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sendfile(2) and splice(2): which error comes first, a file sent to itself, slots of pipes. */
#include "file_test.h"

#include <signal.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/sendfile.h>
#include <sys/timerfd.h>

/* Both positions are where they were, plus what was moved: not twice as far. */
static void to_itself(void)
{
    make_file("f", "0123456789");
    int fd = CHECK(open("f", O_RDWR));
    CHECK(lseek(fd, 2, SEEK_SET));
    EXPECT_EQ(3, sendfile(fd, fd, NULL, 3));
    EXPECT_EQ(5, lseek(fd, 0, SEEK_CUR));
    expect_file("f", "0123456789");
    off_t at = 0;
    EXPECT_EQ(2, sendfile(fd, fd, &at, 2));
    EXPECT_EQ(2, at);
    EXPECT_EQ(7, lseek(fd, 0, SEEK_CUR));
    expect_file("f", "0123401789");
}

static void which_error(void)
{
    int in = CHECK(open("f", O_RDONLY)), out = CHECK(open("g", O_CREAT | O_RDWR, 0600));
    int dir = CHECK(open(".", O_RDONLY)), app = CHECK(open("g", O_WRONLY | O_APPEND)), p[2];
    CHECK(pipe2(p, O_NONBLOCK));
    off_t at = -1;
    EXPECT_ERRNO(EINVAL, sendfile(-1, in, &at, 1));
    EXPECT_ERRNO(EBADF, sendfile(-1, -1, &at, 1));
    EXPECT_ERRNO(EINVAL, sendfile(-1, in, NULL, SIZE_MAX));
    EXPECT_ERRNO(ESPIPE, sendfile(-1, p[0], &at, 1));
    at = INT64_MAX;
    EXPECT_ERRNO(EINVAL, sendfile(out, in, &at, 1));
    EXPECT_EQ(0, sendfile(out, dir, NULL, 0));
    EXPECT_ERRNO(EINVAL, sendfile(out, dir, NULL, 1));
    EXPECT_ERRNO(EINVAL, sendfile(app, in, NULL, 0));
    EXPECT_ERRNO(EINVAL, sendfile(out, p[0], NULL, 0));
    CHECK(close(p[0]));
    EXPECT_ERRNO(EPIPE, sendfile(p[1], in, NULL, 0));
    CHECK(close(p[1]));
    CHECK(pipe2(p, O_NONBLOCK));
    loff_t far = INT64_MAX;
    EXPECT_ERRNO(EINVAL, splice(in, &far, p[1], NULL, 1, 0));
    EXPECT_EQ(1, write(p[1], "x", 1));
    EXPECT_ERRNO(EINVAL, splice(p[0], NULL, out, &far, 1, 0));
}

/* What can be read or written and is still no source or target. */
static void not_known(void)
{
    int in = CHECK(open("f", O_RDONLY)), p[2];
    int event = CHECK(eventfd(0, EFD_NONBLOCK)), full = CHECK(open("/dev/full", O_RDWR));
    int null = CHECK(open("/dev/null", O_RDWR));
    int timer = CHECK(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK));
    CHECK(pipe2(p, O_NONBLOCK));
    EXPECT_ERRNO(EINVAL, sendfile(event, in, NULL, 8));
    EXPECT_ERRNO(EINVAL, sendfile(full, in, NULL, 8));
    EXPECT_EQ(8, sendfile(null, in, NULL, 8));
    EXPECT_ERRNO(EINVAL, splice(null, NULL, p[1], NULL, 8, 0));
    EXPECT_ERRNO(EINVAL, splice(event, NULL, p[1], NULL, 8, 0));
    EXPECT_ERRNO(EINVAL, splice(timer, NULL, p[1], NULL, 8, SPLICE_F_NONBLOCK));
    EXPECT_EQ(4, write(p[1], "abcd", 4));
    EXPECT_ERRNO(EINVAL, splice(p[0], NULL, full, NULL, 4, 0));
    EXPECT_ERRNO(EINVAL, splice(p[0], NULL, event, NULL, 4, 0));
}

/* A slot holds what is in one page of the file, and nothing is written behind it. */
static void slots(void)
{
    static char bytes[16384];
    int p[2], file = CHECK(open("large", O_CREAT | O_RDWR, 0600));
    EXPECT_EQ((long)sizeof bytes, write(file, bytes, sizeof bytes));
    CHECK(pipe2(p, O_NONBLOCK));
    EXPECT_EQ(8192, fcntl(p[1], F_SETPIPE_SZ, 8192));
    off_t at = 10;
    EXPECT_EQ(8182, sendfile(p[1], file, &at, sizeof bytes));
    EXPECT_ERRNO(EAGAIN, write(p[1], "x", 1));
    EXPECT_ERRNO(EAGAIN, sendfile(p[1], file, &at, 1));
    EXPECT_EQ(4086, read(p[0], bytes, 4086));
    EXPECT_EQ(4096, write(p[1], bytes, 4096));
    EXPECT_ERRNO(EAGAIN, write(p[1], "x", 1));
    EXPECT_EQ(8192, read(p[0], bytes, sizeof bytes));
    at = 0;
    EXPECT_EQ(10, sendfile(p[1], file, &at, 10));
    EXPECT_EQ(1, write(p[1], "x", 1));
    EXPECT_ERRNO(EAGAIN, write(p[1], bytes, 4096));
    EXPECT_EQ(11, read(p[0], bytes, sizeof bytes));
    CHECK(fcntl(p[1], F_SETFL, O_APPEND | O_NONBLOCK));
    EXPECT_EQ(10, sendfile(p[1], file, &at, 10));
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    scratch_enter();
    to_itself();
    which_error();
    not_known();
    slots();
    return 0;
}
