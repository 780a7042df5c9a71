/* SPDX-License-Identifier: GPL-2.0-or-later */
/* socket(7)'s options of a pair, above all the time that a call waits; and a socket's ioctl(2)s. */
#include "socket_test.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#include <linux/sockios.h>

static int number(int fd, int name)
{
    int value = -1;
    socklen_t size = sizeof value;
    CHECK(getsockopt(fd, SOL_SOCKET, name, &value, &size));
    EXPECT_EQ(sizeof value, size);
    return value;
}

static int set_number(int fd, int name, int value)
{
    return setsockopt(fd, SOL_SOCKET, name, &value, sizeof value);
}

static void check_switches(int fd)
{
    static const int names[] = {SO_BROADCAST, SO_PASSCRED,  SO_NO_CHECK, SO_REUSEADDR, SO_KEEPALIVE,
                                SO_OOBINLINE, SO_DONTROUTE, SO_RXQ_OVFL, SO_NOFCS};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        EXPECT_EQ(0, number(fd, names[i]));
        CHECK(set_number(fd, names[i], 5));
        EXPECT_EQ(1, number(fd, names[i]));
        CHECK(set_number(fd, names[i], 0));
        EXPECT_EQ(0, number(fd, names[i]));
    }
    EXPECT_EQ(0, number(fd, SO_REUSEPORT));
    EXPECT_ERRNO(EOPNOTSUPP, set_number(fd, SO_REUSEPORT, 1));
    EXPECT_EQ(1, number(fd, SO_SNDLOWAT));
    EXPECT_ERRNO(ENOPROTOOPT, set_number(fd, SO_SNDLOWAT, 5));
    EXPECT_ERRNO(ENOPROTOOPT, set_number(fd, SO_TYPE, 5));
    EXPECT_ERRNO(ENOPROTOOPT, set_number(fd, -1, 5));
    CHECK(set_number(fd, SO_PRIORITY, 5));
    EXPECT_EQ(5, number(fd, SO_PRIORITY));
    struct linger linger = {1, 7}, got;
    socklen_t size = sizeof got;
    CHECK(setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger));
    EXPECT_ERRNO(EINVAL, setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(int)));
    CHECK(getsockopt(fd, SOL_SOCKET, SO_LINGER, &got, &size));
    EXPECT_EQ(sizeof got, size);
    EXPECT_EQ(0, memcmp(&linger, &got, sizeof got));
}

/* The most that may be asked for is what the system says. */
static void check_most(int fd, int name, const char *path)
{
    char text[32] = "";
    int sysctl = open(path, O_RDONLY);
    if (sysctl == -1)
        return; /* no /proc here */
    CHECK(read(sysctl, text, sizeof text - 1));
    CHECK(close(sysctl));
    CHECK(set_number(fd, name, INT32_MAX));
    EXPECT_EQ(2 * atol(text), number(fd, name));
    CHECK(set_number(fd, name, 1 << 16));
    EXPECT_EQ(1 << 17, number(fd, name));
    if (capable(CAP_NET_ADMIN)) {
        int force = name == SO_SNDBUF ? SO_SNDBUFFORCE : SO_RCVBUFFORCE;
        CHECK(set_number(fd, force, (int)atol(text) + 1));
        EXPECT_EQ(2 * atol(text) + 2, number(fd, name));
    }
}

/* Packets of some megabytes: as far as the sender's buffer and the kernel's own pieces go. */
static void check_large(int type)
{
    static char big[6000000];
    int ends[2];
    make_pair(type, ends);
    EXPECT_ERRNO(EMSGSIZE, send(ends[0], big, 2000000, MSG_DONTWAIT));
    CHECK(set_number(ends[0], SO_SNDBUF, INT32_MAX));
    if (number(ends[0], SO_SNDBUF) > 8000000) {
        memset(big, 'b', sizeof big);
        EXPECT_EQ(4000000, send(ends[0], big, 4000000, MSG_DONTWAIT));
        EXPECT_ERRNO(ENOBUFS, send(ends[0], big, 6000000, MSG_DONTWAIT));
        memset(big, 0, sizeof big);
        EXPECT_EQ(4000000, recv(ends[1], big, sizeof big, MSG_DONTWAIT));
        EXPECT_EQ('b', big[3999999]);
    }
    close(ends[0]);
    close(ends[1]);
}

/* Packets without bytes take room, too, and give it back. */
static void check_room(void)
{
    int ends[2], count = 0, value;
    char text[8];
    make_pair(SOCK_DGRAM, ends);
    while (send(ends[0], "", 0, MSG_DONTWAIT) == 0)
        count++;
    EXPECT_EQ(EAGAIN, errno);
    EXPECT(count > 10 && count < 10000);
    CHECK(ioctl(ends[0], SIOCOUTQ, &value));
    EXPECT(value >= number(ends[0], SO_SNDBUF));
    for (; count; count--)
        EXPECT_EQ(0, recv(ends[1], text, sizeof text, MSG_DONTWAIT));
    CHECK(ioctl(ends[0], SIOCOUTQ, &value));
    EXPECT_EQ(0, value);
    EXPECT_EQ(0, send(ends[0], "", 0, MSG_DONTWAIT));
    close(ends[0]);
    close(ends[1]);
}

/* A receiver that wants more at once; a reader still gets what is left at the end. */
static void check_low_water(void)
{
    int ends[2];
    char text[8];
    make_pair(SOCK_STREAM, ends);
    EXPECT_EQ(1, number(ends[0], SO_RCVLOWAT));
    CHECK(set_number(ends[0], SO_RCVLOWAT, -5));
    EXPECT_EQ(INT32_MAX, number(ends[0], SO_RCVLOWAT));
    CHECK(set_number(ends[0], SO_RCVLOWAT, 0));
    EXPECT_EQ(1, number(ends[0], SO_RCVLOWAT));
    CHECK(set_number(ends[0], SO_RCVLOWAT, 4));
    pid_t child = CHECK(fork());
    if (child == 0) {
        for (int i = 0; i < 6; i++)
            if (write(ends[1], "x", 1) != 1)
                _exit(1);
        _exit(0);
    }
    close(ends[1]);
    EXPECT(read(ends[0], text, 8) >= 4);
    while (read(ends[0], text, 8) > 0)
        ;
    close(ends[0]);
}

static void set_timeout(int fd, int name, long seconds, long microseconds)
{
    struct timeval time = {seconds, microseconds};
    CHECK(setsockopt(fd, SOL_SOCKET, name, &time, sizeof time));
}

static void expect_timeout(int fd, int name, long seconds, long microseconds)
{
    struct timeval time;
    socklen_t size = sizeof time;
    CHECK(getsockopt(fd, SOL_SOCKET, name, &time, &size));
    EXPECT_EQ(sizeof time, size);
    EXPECT_EQ(seconds, time.tv_sec);
    EXPECT_EQ(microseconds, time.tv_usec);
}

static void check_timeout_values(int fd, int name)
{
    struct timeval time = {0, 1000000};
    expect_timeout(fd, name, 0, 0);
    set_timeout(fd, name, 123, 440000);
    expect_timeout(fd, name, 123, 440000);
    EXPECT_ERRNO(EDOM, setsockopt(fd, SOL_SOCKET, name, &time, sizeof time));
    time = (struct timeval){0, -1};
    EXPECT_ERRNO(EDOM, setsockopt(fd, SOL_SOCKET, name, &time, sizeof time));
    EXPECT_ERRNO(EINVAL, setsockopt(fd, SOL_SOCKET, name, &time, sizeof time - 1));
    expect_timeout(fd, name, 123, 440000);
    set_timeout(fd, name, 0, 0);
    expect_timeout(fd, name, 0, 0);
    set_timeout(fd, name, -1, 0);
    expect_timeout(fd, name, 0, 0);
}

static void check_waits(int type)
{
    static char big[4096];
    int ends[2];
    char text[8];
    make_pair(type, ends);
    set_timeout(ends[0], SO_RCVTIMEO, 0, 1);
    EXPECT_ERRNO(EAGAIN, read(ends[0], text, 8));
    EXPECT_ERRNO(EAGAIN, recv(ends[0], text, 8, MSG_WAITALL));
    set_timeout(ends[0], SO_RCVTIMEO, -1, 0); /* no time at all */
    EXPECT_ERRNO(EAGAIN, read(ends[0], text, 8));
    set_timeout(ends[0], SO_RCVTIMEO, 0, 1);
    EXPECT_EQ(3, write(ends[1], "abc", 3));
    EXPECT_EQ(3, recv(ends[0], text, 8, MSG_WAITALL));
    set_timeout(ends[0], SO_SNDTIMEO, 0, 1);
    while (send(ends[0], big, sizeof big, 0) > 0)
        ;
    EXPECT_EQ(EAGAIN, errno);
    close(ends[0]);
    close(ends[1]);
}

static void on_alarm(int sig)
{
    (void)sig;
}

/* With a limit to its time the call does not begin again after a handler, whatever SA_RESTART says.
 */
static void check_interrupted(int type)
{
    int ends[2];
    char text[8];
    make_pair(type, ends);
    struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
    CHECK(sigaction(SIGALRM, &action, NULL));
    set_timeout(ends[0], SO_RCVTIMEO, 1000, 0);
    struct itimerval soon = {.it_value = {0, 20000}};
    CHECK(setitimer(ITIMER_REAL, &soon, NULL));
    EXPECT_ERRNO(EINTR, read(ends[0], text, 8));
    close(ends[0]);
    close(ends[1]);
}

static void check_requests(int type)
{
    int ends[2], value;
    make_pair(type, ends);
    EXPECT_EQ(11, write(ends[1], "eleven char", 11));
    EXPECT_EQ(11, write(ends[1], "eleven char", 11));
    CHECK(ioctl(ends[0], FIONREAD, &value));
    EXPECT_EQ(type == SOCK_DGRAM ? 11 : 22, value);
    CHECK(ioctl(ends[1], SIOCOUTQ, &value));
    EXPECT(value > 0);
    CHECK(ioctl(ends[0], SIOCOUTQ, &value));
    EXPECT_EQ(0, value);
    CHECK(ioctl(ends[0], SIOCGPGRP, &value));
    EXPECT_EQ(0, value);
    value = getpid();
    CHECK(ioctl(ends[0], SIOCSPGRP, &value));
    EXPECT_EQ(getpid(), fcntl(ends[0], F_GETOWN));
    value = -getpgrp();
    CHECK(ioctl(ends[0], FIOSETOWN, &value));
    value = 0;
    CHECK(ioctl(ends[0], FIOGETOWN, &value));
    EXPECT_EQ(-getpgrp(), value);
    value = INT32_MAX;
    EXPECT_ERRNO(ESRCH, ioctl(ends[0], SIOCSPGRP, &value));
    EXPECT_ERRNO(EFAULT, ioctl(ends[0], SIOCSPGRP, 8));
    close(ends[0]);
    close(ends[1]);
}

int main(void)
{
    static const int types[] = {SOCK_STREAM, SOCK_SEQPACKET, SOCK_DGRAM};
    for (int i = 0; i < 3; i++) {
        int ends[2];
        make_pair(types[i], ends);
        check_switches(ends[0]);
        check_timeout_values(ends[0], SO_RCVTIMEO);
        check_timeout_values(ends[0], SO_SNDTIMEO);
        check_most(ends[0], SO_SNDBUF, "/proc/sys/net/core/wmem_max");
        check_most(ends[0], SO_RCVBUF, "/proc/sys/net/core/rmem_max");
        close(ends[0]);
        close(ends[1]);
        check_waits(types[i]);
        check_interrupted(types[i]);
        check_requests(types[i]);
    }
    check_large(SOCK_SEQPACKET);
    check_large(SOCK_DGRAM);
    check_room();
    check_low_water();
    return 0;
}
