/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sendmmsg, recvmmsg: how many messages go, when do they wait, and where is an error told? */
#include "socket_test.h"
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#define COUNT 5

static char bytes[COUNT][16];
static struct iovec iovs[COUNT];
static struct mmsghdr vector[COUNT + 1];

static void prepare(size_t length)
{
    memset(vector, 0, sizeof vector);
    for (int i = 0; i < COUNT; i++) {
        memset(bytes[i], 'a' + i, sizeof bytes[i]);
        iovs[i] = (struct iovec){bytes[i], length ? length : (size_t)i + 1};
        vector[i].msg_hdr.msg_iov = &iovs[i];
        vector[i].msg_hdr.msg_iovlen = 1;
        vector[i].msg_len = 777;
    }
}

static long send_many(int fd, unsigned count, int flags)
{
    return syscall(SYS_sendmmsg, fd, vector, count, flags);
}

static long receive_many(int fd, unsigned count, int flags, struct timespec *timeout)
{
    return syscall(SYS_recvmmsg, fd, vector, count, flags, timeout);
}

static void packets(int type)
{
    int ends[2];
    make_pair(type, ends);
    prepare(0);
    EXPECT_EQ(0, send_many(ends[0], 0, 0));
    EXPECT_EQ(COUNT, send_many(ends[0], COUNT, 0));
    for (int i = 0; i < COUNT; i++)
        EXPECT_EQ(i + 1, vector[i].msg_len);
    prepare(16);
    EXPECT_EQ(2, receive_many(ends[1], 2, 0, NULL));
    EXPECT(vector[0].msg_len == 1 && vector[1].msg_len == 2 && vector[2].msg_len == 777);
    EXPECT(bytes[0][0] == 'a' && bytes[1][0] == 'b');
    prepare(2); /* too little room: cut, and said so */
    EXPECT_EQ(3, receive_many(ends[1], COUNT, MSG_WAITFORONE, NULL));
    EXPECT_EQ(2, vector[0].msg_len);
    EXPECT(vector[0].msg_hdr.msg_flags & MSG_TRUNC);
    EXPECT_ERRNO(EAGAIN, receive_many(ends[1], 1, MSG_DONTWAIT, NULL));
    EXPECT_EQ(0, receive_many(ends[1], 0, 0, NULL));
    EXPECT_EQ(0, receive_many(ends[1], 0, MSG_DONTWAIT, NULL));

    /* A time that is over ends it after the first. */
    struct timespec none = {0, 0}, bad = {0, 1000000000}, negative = {-1, 0}, hour = {3600, 0};
    prepare(0);
    EXPECT_EQ(3, send_many(ends[0], 3, 0));
    EXPECT_EQ(1, receive_many(ends[1], 3, 0, &none));
    EXPECT_EQ(2, receive_many(ends[1], 2, 0, &hour));
    EXPECT(hour.tv_sec <= 3600); /* what is left */
    EXPECT_ERRNO(EINVAL, receive_many(ends[1], 1, 0, &bad));
    EXPECT_ERRNO(EINVAL, receive_many(ends[1], 1, 0, &negative));
    EXPECT_ERRNO(EFAULT, receive_many(ends[1], 1, 0, (void *)8));

    /* An error in the middle: what went before counts. */
    prepare(0);
    vector[2].msg_hdr.msg_iov = (void *)8;
    EXPECT_EQ(2, send_many(ends[0], COUNT, 0));
    EXPECT_EQ(777, vector[2].msg_len);
    EXPECT_ERRNO(EFAULT, syscall(SYS_sendmmsg, ends[0], &vector[2], 2, 0));
    EXPECT_ERRNO(EFAULT, syscall(SYS_sendmmsg, ends[0], 8L, 2, 0));
    EXPECT_ERRNO(EFAULT, syscall(SYS_recvmmsg, ends[1], 8L, 2, 0, NULL));
    EXPECT_ERRNO(EBADF, send_many(-1, 1, 0));
    EXPECT_ERRNO(EBADF, receive_many(-1, 1, 0, NULL));
    int null = CHECK(open("/dev/null", O_RDWR));
    EXPECT_ERRNO(ENOTSOCK, send_many(null, 1, 0));
    EXPECT_ERRNO(ENOTSOCK, receive_many(null, 0, 0, NULL));
    close(null);

    /* The other end has gone. */
    signal(SIGPIPE, SIG_IGN);
    close(ends[1]);
    prepare(0);
    EXPECT_EQ(-1, send_many(ends[0], 2, 0));
    EXPECT(errno == EPIPE || errno == ECONNREFUSED || errno == ECONNRESET);
    close(ends[0]);
}

/* Waits for all of them, over several of the sender's. */
static void waiting(void)
{
    int ends[2], status;
    make_pair(SOCK_SEQPACKET, ends);
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        prepare(0);
        for (int i = 0; i < COUNT; i++) {
            EXPECT_EQ(1, syscall(SYS_sendmmsg, ends[0], &vector[i], 1, 0));
            for (int k = 0; k < 20; k++)
                sched_yield();
        }
        _exit(0);
    }
    prepare(16);
    EXPECT_EQ(COUNT, receive_many(ends[1], COUNT, 0, NULL));
    for (int i = 0; i < COUNT; i++)
        EXPECT(vector[i].msg_len == (unsigned)i + 1 && bytes[i][0] == 'a' + i);
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    EXPECT_EQ(0, status);
    close(ends[0]);
    close(ends[1]);
}

static void on_signal(int sig)
{
    (void)sig;
}

/* A signal after some messages: they count. */
static void interrupted(void)
{
    int ends[2], status;
    struct sigaction action = {.sa_handler = on_signal};
    CHECK(sigaction(SIGUSR1, &action, NULL));
    make_pair(SOCK_DGRAM, ends);
    pid_t parent = getpid(), pid = CHECK(fork());
    if (pid == 0) {
        char path[64], line[512];
        snprintf(path, sizeof path, "/proc/%d/stat", parent);
        prepare(0);
        EXPECT_EQ(2, send_many(ends[0], 2, 0));
        for (;;) { /* both taken, and asleep */
            int fd = CHECK(open(path, O_RDONLY));
            ssize_t n = CHECK(read(fd, line, sizeof line - 1));
            line[n] = '\0';
            close(fd);
            char byte;
            int empty = recv(ends[1], &byte, 1, MSG_PEEK | MSG_DONTWAIT) == -1;
            if (empty && strrchr(line, ')')[2] == 'S')
                break;
            sched_yield();
        }
        CHECK(kill(parent, SIGUSR1));
        _exit(0);
    }
    prepare(16);
    long n = receive_many(ends[1], COUNT, 0, NULL);
    EXPECT_EQ(2, n);
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    EXPECT_EQ(0, status);
}

int main(void)
{
    packets(SOCK_DGRAM);
    packets(SOCK_SEQPACKET);
    waiting();
    interrupted();
    return 0;
}
