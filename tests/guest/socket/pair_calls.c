/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the calls on a pair refuse, and what they tell of it. */
#include "socket_test.h"

#include <sys/stat.h>
#include <sys/un.h>

static int option(int fd, int name)
{
    int value = -1;
    socklen_t size = sizeof value;
    CHECK(getsockopt(fd, SOL_SOCKET, name, &value, &size));
    EXPECT_EQ(sizeof value, size);
    return value;
}

static void check_options(int fd)
{
    EXPECT_EQ(SOCK_STREAM, option(fd, SO_TYPE));
    EXPECT_EQ(AF_UNIX, option(fd, SO_DOMAIN));
    EXPECT_EQ(0, option(fd, SO_PROTOCOL));
    EXPECT_EQ(0, option(fd, SO_ERROR));
    EXPECT_EQ(0, option(fd, SO_ACCEPTCONN));
    struct ucred cred = {0};
    socklen_t size = sizeof cred;
    CHECK(getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &size));
    EXPECT_EQ(getpid(), cred.pid);
    EXPECT_EQ(getuid(), cred.uid);
    EXPECT_EQ(getgid(), cred.gid);
    int value = 0;
    size = sizeof value;
    EXPECT_ERRNO(ENOPROTOOPT, getsockopt(fd, SOL_SOCKET, 9999, &value, &size));
    EXPECT_ERRNO(EFAULT, getsockopt(fd, SOL_SOCKET, SO_TYPE, (void *)8, &size));
    value = 4096;
    CHECK(setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &value, sizeof value));
    EXPECT_EQ(8192, option(fd, SO_SNDBUF));
    value = 1;
    CHECK(setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &value, sizeof value));
    EXPECT_EQ(4608, option(fd, SO_SNDBUF));
    CHECK(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &value, sizeof value));
    EXPECT_EQ(2304, option(fd, SO_RCVBUF));
    EXPECT_ERRNO(EINVAL, setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &value, 2));
}

static void check_names(int fd)
{
    struct sockaddr_un name = {.sun_family = 77};
    socklen_t size = sizeof name;
    CHECK(getsockname(fd, (struct sockaddr *)&name, &size));
    EXPECT_EQ(2, size);
    EXPECT_EQ(AF_UNIX, name.sun_family);
    size = sizeof name;
    CHECK(getpeername(fd, (struct sockaddr *)&name, &size));
    EXPECT_EQ(2, size);
    size = (socklen_t)-1;
    EXPECT_ERRNO(EINVAL, getsockname(fd, (struct sockaddr *)&name, &size));
}

int main(void)
{
    int ends[2];
    EXPECT_ERRNO(EAFNOSUPPORT, socketpair(99, SOCK_STREAM, 0, ends));
    EXPECT_ERRNO(EOPNOTSUPP, socketpair(AF_INET, SOCK_STREAM, 0, ends));
    EXPECT_ERRNO(EPROTONOSUPPORT, socketpair(AF_UNIX, SOCK_STREAM, 5, ends));
    EXPECT_ERRNO(ESOCKTNOSUPPORT, socketpair(AF_UNIX, SOCK_RDM, 0, ends));
    CHECK(socketpair(AF_UNIX, SOCK_RAW, 0, ends)); /* another word for datagrams */
    EXPECT_EQ(SOCK_DGRAM, option(ends[0], SO_TYPE));
    CHECK(close(ends[0]));
    CHECK(close(ends[1]));
    EXPECT_ERRNO(EINVAL, socketpair(AF_UNIX, SOCK_STREAM | 0x100, 0, ends));
    EXPECT_ERRNO(EFAULT, socketpair(AF_UNIX, SOCK_STREAM, 0, (int *)8));
    EXPECT_ERRNO(ENOTSOCK, send(CHECK(open("/dev/null", O_RDWR)), "x", 1, 0));
    EXPECT_ERRNO(EBADF, send(-1, "x", 1, 0));
    CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends));
    EXPECT_EQ(FD_CLOEXEC, fcntl(ends[0], F_GETFD));
    EXPECT_EQ(O_RDWR | O_NONBLOCK, fcntl(ends[1], F_GETFL));
    struct stat st;
    CHECK(fstat(ends[0], &st));
    EXPECT(S_ISSOCK(st.st_mode));
    EXPECT_EQ(0777, st.st_mode & 07777);
    char link[64] = {0}, path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", ends[0]);
    CHECK(readlink(path, link, sizeof link - 1));
    EXPECT(strncmp(link, "socket:[", 8) == 0);
    EXPECT_ERRNO(ENXIO, open(path, O_RDWR));
    check_options(ends[0]);
    check_names(ends[0]);
    EXPECT_ERRNO(EFAULT, send(ends[0], (void *)8, 4, 0));
    EXPECT_ERRNO(EINVAL, recv(ends[0], link, 4, MSG_OOB));
    return 0;
}
