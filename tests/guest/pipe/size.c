/* SPDX-License-Identifier: GPL-2.0-or-later */
/* F_SETPIPE_SZ and F_GETPIPE_SZ: what is rounded, what is refused, and what becomes of the bytes?
 */
#include "guest_test.h"
#include <sys/wait.h>

static char bytes[1 << 20], back[1 << 20];

static void unprivileged(void)
{
    int ends[2];
    CHECK(pipe2(ends, O_NONBLOCK));
    EXPECT_EQ(1 << 20, CHECK(fcntl(ends[0], F_SETPIPE_SZ, 1 << 20)));
    EXPECT_ERRNO(EPERM, fcntl(ends[0], F_SETPIPE_SZ, (1 << 20) + 1));
    EXPECT_ERRNO(EPERM, fcntl(ends[0], F_SETPIPE_SZ, 1 << 30));
    EXPECT_EQ(1 << 20, CHECK(fcntl(ends[0], F_GETPIPE_SZ)));
    EXPECT_EQ(4096, CHECK(fcntl(ends[0], F_SETPIPE_SZ, 1)));
    _exit(0);
}

int main(void)
{
    int ends[2];
    CHECK(pipe2(ends, O_NONBLOCK));
    EXPECT_EQ(4096, CHECK(fcntl(ends[0], F_SETPIPE_SZ, 1)));
    EXPECT_EQ(4096, CHECK(fcntl(ends[0], F_SETPIPE_SZ, 4096)));
    EXPECT_EQ(8192, CHECK(fcntl(ends[0], F_SETPIPE_SZ, 4097)));
    EXPECT_EQ(131072, CHECK(fcntl(ends[0], F_SETPIPE_SZ, 65537)));
    EXPECT_ERRNO(EINVAL, fcntl(ends[0], F_SETPIPE_SZ, -1));
    EXPECT_ERRNO(EINVAL, fcntl(ends[0], F_SETPIPE_SZ, 0x80000001u));
    EXPECT_EQ(1 << 20, CHECK(fcntl(ends[1], F_SETPIPE_SZ, 1 << 20)));
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i * 31 + i / 4096);
    EXPECT_EQ(sizeof bytes, write(ends[1], bytes, sizeof bytes));
    EXPECT_ERRNO(EAGAIN, write(ends[1], bytes, 1));
    EXPECT_ERRNO(EBUSY, fcntl(ends[1], F_SETPIPE_SZ, 1 << 19));
    EXPECT_EQ(1000000, read(ends[0], back, 1000000));
    /* What is left stays in order in a ring that wraps. */
    EXPECT_EQ(65536, CHECK(fcntl(ends[1], F_SETPIPE_SZ, 65536)));
    EXPECT_EQ(48576, read(ends[0], back + 1000000, 65536));
    EXPECT(!memcmp(bytes, back, sizeof bytes));

    /* Slots count, not bytes: sixteen pages' worth of single packets do not fit into eight. */
    CHECK(fcntl(ends[1], F_SETFL, O_NONBLOCK | O_DIRECT));
    for (int i = 0; i < 9; i++)
        EXPECT_EQ(1, write(ends[1], "x", 1));
    EXPECT_ERRNO(EBUSY, fcntl(ends[1], F_SETPIPE_SZ, 32768));
    EXPECT_EQ(1, read(ends[0], back, 9));
    EXPECT_EQ(32768, CHECK(fcntl(ends[1], F_SETPIPE_SZ, 32768)));
    EXPECT_ERRNO(EAGAIN, write(ends[1], "x", 1));

    int file = CHECK(open("/dev/null", O_RDWR));
    EXPECT_ERRNO(EBADF, fcntl(file, F_GETPIPE_SZ));
    EXPECT_ERRNO(EBADF, fcntl(file, F_SETPIPE_SZ, 4096));
    EXPECT_ERRNO(EBADF, fcntl(99, F_GETPIPE_SZ));

    pid_t pid = CHECK(fork());
    if (pid == 0) {
        CHECK(setresuid(65534, 65534, 65534));
        unprivileged();
    }
    int status;
    CHECK(waitpid(pid, &status, 0));
    EXPECT_EQ(0, status);
    return 0;
}
