/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does writing to a pipe that nobody reads raise SIGPIPE, also after part of it was written? */
#include "file_test.h"

#include <signal.h>

static volatile int raised;

static void on_pipe(int signal)
{
    (void)signal;
    raised++;
}

int main(void)
{
    struct sigaction action = {.sa_handler = on_pipe};
    CHECK(sigaction(SIGPIPE, &action, NULL));
    int ends[2];
    CHECK(pipe(ends));
    CHECK(close(ends[0]));
    EXPECT_ERRNO(EPIPE, write(ends[1], "x", 1));
    EXPECT_EQ(1, raised);
    struct iovec v = {"x", 1};
    EXPECT_ERRNO(EPIPE, writev(ends[1], &v, 1));
    EXPECT_EQ(2, raised);
    EXPECT_ERRNO(EPIPE, pwritev2(ends[1], &v, 1, -1, 0x100)); /* RWF_NOSIGNAL */
    EXPECT_EQ(2, raised);
    return 0;
}
