/* SPDX-License-Identifier: GPL-2.0-or-later */
/* eventfd: counting, semaphores, limits, who waits for what? */
#include "guest_test.h"
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>

static int fd;

static void *reads(void *arg)
{
    (void)arg;
    eventfd_t value;
    return eventfd_read(fd, &value) ? NULL : (void *)(uintptr_t)value;
}

static void *writes(void *arg)
{
    return (void *)(intptr_t)eventfd_write(fd, (uintptr_t)arg);
}

int main(void)
{
    eventfd_t value;
    uint64_t wide[2] = {7, 9};
    EXPECT_ERRNO(EINVAL, eventfd(0, 0x10));
    EXPECT_ERRNO(EINVAL, eventfd(0, O_RDWR));
    fd = CHECK(eventfd(5, EFD_NONBLOCK | EFD_CLOEXEC));
    EXPECT_EQ(FD_CLOEXEC, CHECK(fcntl(fd, F_GETFD)));
    EXPECT_EQ(0, eventfd_read(fd, &value));
    EXPECT_EQ(5, value);
    EXPECT_ERRNO(EAGAIN, eventfd_read(fd, &value));
    EXPECT_ERRNO(EINVAL, read(fd, &value, 7)); /* before it is asked whether there is anything */
    EXPECT_ERRNO(EINVAL, write(fd, &value, 7));
    EXPECT_ERRNO(EINVAL, write(fd, wide, 16));
    EXPECT_EQ(8, write(fd, wide, 8));
    EXPECT_EQ(8, read(fd, wide, 16)); /* the first eight bytes count */
    EXPECT_EQ(7, wide[0]);
    EXPECT_EQ(9, wide[1]);

    value = UINT64_MAX;
    EXPECT_ERRNO(EINVAL, write(fd, &value, 8));
    value = UINT64_MAX - 1;
    EXPECT_EQ(8, write(fd, &value, 8));
    value = 1;
    EXPECT_ERRNO(EAGAIN, write(fd, &value, 8));
    value = 0;
    EXPECT_EQ(8, write(fd, &value, 8)); /* nothing always fits */
    struct pollfd p = {fd, POLLIN | POLLOUT, 0};
    EXPECT_EQ(1, poll(&p, 1, 0));
    EXPECT_EQ(POLLIN, p.revents);
    EXPECT_EQ(0, eventfd_read(fd, &value));
    EXPECT_EQ(UINT64_MAX - 1, value);
    value = UINT64_MAX - 2;
    EXPECT_EQ(8, write(fd, &value, 8));
    EXPECT_EQ(1, poll(&p, 1, 0));
    EXPECT_EQ(POLLIN | POLLOUT, p.revents); /* one fits */
    EXPECT_EQ(0, eventfd_read(fd, &value));

    value = 0;
    EXPECT_EQ(8, write(fd, &value, 8));
    EXPECT_ERRNO(EAGAIN, eventfd_read(fd, &value)); /* zero is nothing */
    EXPECT_ERRNO(EFAULT, write(fd, (void *)8, 8));
    struct iovec v[2] = {{&wide[0], 4}, {(char *)&wide[0] + 4, 4}};
    wide[0] = 0x100000002;
    EXPECT_EQ(8, write(fd, wide, 8));
    wide[0] = 0;
    EXPECT_EQ(8, readv(fd, v, 2));
    EXPECT_EQ(0x100000002, wide[0]);
    v[1].iov_len = 3;
    EXPECT_ERRNO(EINVAL, readv(fd, v, 2));

    /* Each buffer is a write of its own, until one fails. */
    uint64_t values[3] = {1, 2, UINT64_MAX - 2};
    struct iovec w[4] = {{&values[0], 8}, {NULL, 0}, {&values[1], 8}, {&values[2], 8}};
    EXPECT_EQ(16, writev(fd, w, 3));
    EXPECT_EQ(0, eventfd_read(fd, &value));
    EXPECT_EQ(3, value);
    EXPECT_EQ(16, writev(fd, w, 4));
    EXPECT_EQ(0, eventfd_read(fd, &value));
    w[2].iov_len = 7;
    EXPECT_EQ(8, writev(fd, w, 4));
    w[0].iov_len = 3;
    EXPECT_ERRNO(EINVAL, writev(fd, w, 4));
    EXPECT_EQ(0, eventfd_read(fd, &value));
    EXPECT_EQ(1, value);
    CHECK(close(fd));

    fd = CHECK(eventfd(3, EFD_SEMAPHORE | EFD_NONBLOCK));
    for (int i = 0; i < 3; i++) {
        EXPECT_EQ(0, eventfd_read(fd, &value));
        EXPECT_EQ(1, value);
    }
    EXPECT_ERRNO(EAGAIN, eventfd_read(fd, &value));
    CHECK(close(fd));

    /* Three who wait on a semaphore; one write of three lets them all go. */
    fd = CHECK(eventfd(0, EFD_SEMAPHORE));
    pthread_t thread[3];
    for (int i = 0; i < 3; i++)
        EXPECT_EQ(0, pthread_create(&thread[i], NULL, reads, NULL));
    EXPECT_EQ(0, eventfd_write(fd, 3));
    for (int i = 0; i < 3; i++) {
        void *got;
        EXPECT_EQ(0, pthread_join(thread[i], &got));
        EXPECT_EQ(1, (uintptr_t)got);
    }
    CHECK(close(fd));

    /* A writer waits for room. */
    fd = CHECK(eventfd(0, 0));
    EXPECT_EQ(0, eventfd_write(fd, UINT64_MAX - 1));
    EXPECT_EQ(0, pthread_create(&thread[0], NULL, writes, (void *)5));
    EXPECT_EQ(0, eventfd_read(fd, &value));
    EXPECT_EQ(UINT64_MAX - 1, value);
    void *result;
    EXPECT_EQ(0, pthread_join(thread[0], &result));
    EXPECT_EQ(0, (intptr_t)result);
    EXPECT_EQ(0, eventfd_read(fd, &value));
    EXPECT_EQ(5, value);

    /* Shared with a child; the file says what it counts. */
    pid_t pid = CHECK(fork());
    if (pid == 0)
        _exit(eventfd_write(fd, 0x1f) != 0);
    CHECK(waitpid(pid, NULL, 0));
    char path[64], text[512] = {0};
    snprintf(path, sizeof path, "/proc/self/fdinfo/%d", fd);
    int info = CHECK(open(path, O_RDONLY));
    CHECK(read(info, text, sizeof text - 1));
    EXPECT(strstr(text, "eventfd-count:               1f\n"));
    EXPECT_EQ(0, eventfd_read(fd, &value));
    EXPECT_EQ(0x1f, value);
    EXPECT_EQ(0, syscall(SYS_eventfd, 0) < 0);
    return 0;
}
