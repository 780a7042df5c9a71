/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Are writes of up to PIPE_BUF bytes never mixed, and what does a partial write without waiting
 * give? */
#include "guest_test.h"
#include <limits.h>
#include <signal.h>
#include <sys/uio.h>
#include <sys/wait.h>

static char bytes[65536 * 2];

/* Four writers of records of one letter each; a reader that takes odd pieces. */
static void writers(int size)
{
    enum { WRITERS = 4, RECORDS = 60 };
    int ends[2];
    CHECK(pipe(ends));
    CHECK(fcntl(ends[1], F_SETPIPE_SZ, 8192));
    for (int w = 0; w < WRITERS; w++) {
        pid_t pid = CHECK(fork());
        if (pid == 0) {
            memset(bytes, 'a' + w, (size_t)size);
            for (int i = 0; i < RECORDS; i++)
                if (write(ends[1], bytes, (size_t)size) != size)
                    _exit(1);
            _exit(0);
        }
    }
    CHECK(close(ends[1]));
    long total = 0, run = 0, n;
    char last = 0;
    while ((n = CHECK(read(ends[0], bytes, 777))) > 0) {
        for (long i = 0; i < n; i++) {
            if (bytes[i] != last && run % size != 0)
                FAIL("a record of %d was cut after %ld", size, run);
            run = bytes[i] == last ? run + 1 : 1;
            last = bytes[i];
        }
        total += n;
    }
    EXPECT_EQ((long)WRITERS * RECORDS * size, total);
    for (int w = 0; w < WRITERS; w++) {
        int status;
        CHECK(wait(&status));
        EXPECT_EQ(0, status);
    }
    CHECK(close(ends[0]));
}

static void without_waiting(void)
{
    int ends[2];
    CHECK(pipe2(ends, O_NONBLOCK));
    CHECK(fcntl(ends[1], F_SETPIPE_SZ, 8192));
    EXPECT_EQ(4096, write(ends[1], bytes, 4096));
    EXPECT_EQ(100, write(ends[1], bytes, 100));
    EXPECT_ERRNO(EAGAIN, write(ends[1], bytes, 4096)); /* all or nothing */
    EXPECT_ERRNO(EAGAIN, write(ends[1], bytes, 3997));
    EXPECT_EQ(3996, write(ends[1], bytes, 3996));
    EXPECT_EQ(8192, read(ends[0], bytes, sizeof bytes));

    EXPECT_EQ(1, write(ends[1], bytes, 1));
    EXPECT_EQ(4096, write(ends[1], bytes, 8192)); /* more than PIPE_BUF: a part */
    EXPECT_EQ(4097, read(ends[0], bytes, sizeof bytes));
    EXPECT_EQ(10, write(ends[1], bytes, 10));
    EXPECT_EQ(4096 + 50, write(ends[1], bytes, 4096 + 50));
    EXPECT_EQ(4096 + 60, read(ends[0], bytes, sizeof bytes));

    /* The pieces of a vector are one write. */
    struct iovec v[2] = {{bytes, 4000}, {bytes, 4000}};
    EXPECT_EQ(300, write(ends[1], bytes, 300));
    EXPECT_EQ(4096, writev(ends[1], v, 2));
    EXPECT_EQ(4396, read(ends[0], bytes, sizeof bytes));
    v[1].iov_len = 96;
    EXPECT_EQ(4000, write(ends[1], bytes, 4000));
    EXPECT_EQ(4096, writev(ends[1], v, 2));
    EXPECT_ERRNO(EAGAIN, writev(ends[1], v, 2));
    CHECK(close(ends[0]));
    CHECK(close(ends[1]));
}

static void bad_memory(void)
{
    int ends[2];
    CHECK(pipe2(ends, O_NONBLOCK));
    EXPECT_ERRNO(EFAULT, write(ends[1], (void *)8, 1));
    EXPECT_ERRNO(EAGAIN, read(ends[0], bytes, 1));
    EXPECT_EQ(3, write(ends[1], "abc", 3));
    EXPECT_ERRNO(EFAULT, read(ends[0], (void *)8, 1));
    EXPECT_EQ(3, read(ends[0], bytes, 9)); /* nothing was lost */
    struct iovec v[2] = {{bytes, 2}, {(void *)8, 2}};
    EXPECT_EQ(3, write(ends[1], "abc", 3));
    EXPECT_ERRNO(EFAULT, readv(ends[0], v, 2));
    EXPECT_EQ(3, read(ends[0], bytes, 9));
    EXPECT_ERRNO(EFAULT, writev(ends[1], v, 2));
    CHECK(close(ends[0]));
    CHECK(close(ends[1]));
}

int main(void)
{
    writers(1);
    writers(100);
    writers(3000);
    writers(PIPE_BUF);
    without_waiting();
    bad_memory();
    return 0;
}
