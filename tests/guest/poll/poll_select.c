/* SPDX-License-Identifier: GPL-2.0-or-later */
/* poll and select: what is ready, what is refused, what is left of the time? */
#include "guest_test.h"
#include <poll.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <time.h>

int main(void)
{
    int fds[2];
    CHECK(pipe(fds));
    struct pollfd p[3] = {{fds[0], POLLIN, 0}, {fds[1], POLLOUT, 0}, {-1, POLLIN, 7}};
    EXPECT_EQ(1, poll(p, 3, 0));
    EXPECT_EQ(0, p[0].revents);
    EXPECT_EQ(POLLOUT, p[1].revents);
    EXPECT_EQ(0, p[2].revents);
    p[2].fd = 77;
    EXPECT_EQ(2, poll(p, 3, -1));
    EXPECT_EQ(POLLNVAL, p[2].revents);
    EXPECT_ERRNO(EFAULT, poll((void *)8, 1, 0));
    EXPECT_EQ(0, poll(NULL, 0, 1));
    EXPECT_EQ(0, poll(p, 1, 2));

    struct timespec ts = {0, 1000000}, bad = {0, -1};
    EXPECT_EQ(0, ppoll(p, 1, &ts, NULL));
    EXPECT_ERRNO(EINVAL, ppoll(p, 1, &bad, NULL));

    pid_t pid = CHECK(fork());
    if (pid == 0) {
        _exit(write(fds[1], "x", 1) == 1 ? 0 : 1);
    }
    EXPECT_EQ(1, poll(p, 1, -1));
    EXPECT_EQ(POLLIN, p[0].revents);
    int status;
    waitpid(pid, &status, 0);

    fd_set in, out;
    FD_ZERO(&in);
    FD_ZERO(&out);
    FD_SET(fds[0], &in);
    FD_SET(fds[1], &out);
    struct timeval tv = {1, 0};
    EXPECT_EQ(2, select(fds[1] + 1, &in, &out, NULL, &tv));
    EXPECT(FD_ISSET(fds[0], &in) && FD_ISSET(fds[1], &out));
    char c;
    CHECK(read(fds[0], &c, 1));
    tv = (struct timeval){0, 1000};
    EXPECT_EQ(0, select(fds[0] + 1, &in, NULL, NULL, &tv));
    EXPECT(!FD_ISSET(fds[0], &in));
    EXPECT_EQ(0, tv.tv_usec);
    EXPECT_ERRNO(EINVAL, select(-1, NULL, NULL, NULL, NULL));
    close(fds[1]);
    FD_SET(fds[1], &out);
    EXPECT_ERRNO(EBADF, select(fds[1] + 1, NULL, &out, NULL, NULL));
    return 0;
}
