/* SPDX-License-Identifier: GPL-2.0-or-later */
/* epoll_ctl: what is refused, in which order; how deep may sets nest? */
#include "guest_test.h"
#include <sys/ioctl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>

#define EXCLUSIVE (1u << 28)

static struct epoll_event event;

static int add(int ep, int fd)
{
    event.events = EPOLLIN;
    return epoll_ctl(ep, EPOLL_CTL_ADD, fd, &event);
}

static void refused(void)
{
    int ep = CHECK(epoll_create1(0)), other = CHECK(epoll_create1(EPOLL_CLOEXEC)), a[2];
    EXPECT_EQ(0, CHECK(fcntl(ep, F_GETFD)));
    EXPECT_EQ(FD_CLOEXEC, CHECK(fcntl(other, F_GETFD)));
    EXPECT_EQ(O_RDWR, CHECK(fcntl(ep, F_GETFL)));
    CHECK(pipe(a));
    EXPECT_ERRNO(EINVAL, epoll_create(0));
    EXPECT_ERRNO(EINVAL, epoll_create(-1));
    CHECK(close(CHECK(epoll_create(INT32_MAX))));
    EXPECT_ERRNO(EINVAL, ioctl(ep, FIONREAD, a)); /* it knows others */
    EXPECT_ERRNO(EINVAL, epoll_create1(-1));
    EXPECT_ERRNO(EINVAL, epoll_create1(O_NONBLOCK));

    event.events = EPOLLIN;
    EXPECT_ERRNO(EFAULT,
                 epoll_ctl(-1, EPOLL_CTL_ADD, -1, (void *)8)); /* the event is copied first */
    EXPECT_ERRNO(EFAULT, epoll_ctl(ep, EPOLL_CTL_MOD, a[0], (void *)8));
    EXPECT_ERRNO(EFAULT, epoll_ctl(ep, 77, a[0], (void *)8));
    EXPECT_ERRNO(ENOENT, epoll_ctl(ep, EPOLL_CTL_DEL, a[0], (void *)8));
    EXPECT_ERRNO(EBADF, epoll_ctl(-1, EPOLL_CTL_ADD, a[0], &event));
    EXPECT_ERRNO(EBADF, epoll_ctl(ep, EPOLL_CTL_ADD, 99, &event));
    EXPECT_ERRNO(EINVAL, epoll_ctl(a[1], EPOLL_CTL_ADD, a[0], &event)); /* no epoll */
    EXPECT_ERRNO(EINVAL, epoll_ctl(ep, EPOLL_CTL_ADD, ep, &event));
    EXPECT_ERRNO(EINVAL, epoll_ctl(ep, 0, a[0], &event));
    EXPECT_ERRNO(EINVAL, epoll_ctl(ep, 4, a[0], &event));
    EXPECT_ERRNO(EINVAL, epoll_ctl(ep, -1, a[0], &event));
    EXPECT_ERRNO(ENOENT, epoll_ctl(ep, EPOLL_CTL_MOD, a[0], &event));
    EXPECT_ERRNO(ENOENT, epoll_ctl(ep, EPOLL_CTL_DEL, a[0], NULL));
    int regular = CHECK(open("/tmp", O_TMPFILE | O_RDWR, 0600)), path = CHECK(open("/", O_PATH));
    EXPECT_ERRNO(EPERM, add(ep, regular));
    EXPECT_ERRNO(EPERM, add(a[0], regular)); /* before the epoll is looked at */
    EXPECT_ERRNO(EPERM, epoll_ctl(ep, EPOLL_CTL_DEL, regular, NULL));
    EXPECT_ERRNO(EPERM, add(ep, CHECK(open("/dev/null", O_RDONLY))));
    EXPECT_ERRNO(EPERM, add(ep, CHECK(open("/dev/zero", O_RDONLY))));
    EXPECT_ERRNO(EPERM, add(ep, CHECK(open("/dev/full", O_RDONLY))));
    EXPECT_ERRNO(EBADF, add(ep, path));
    EXPECT_ERRNO(EPERM, add(ep, CHECK(open("/dev/urandom", O_RDONLY))));
    int random = CHECK(open("/dev/random", O_RDONLY));
    CHECK(add(ep, random));
    CHECK(epoll_ctl(ep, EPOLL_CTL_DEL, random, NULL));
    EXPECT_ERRNO(EPERM, add(ep, CHECK(open("/proc/self/stat", O_RDONLY))));

    CHECK(add(ep, a[0]));
    EXPECT_ERRNO(EEXIST, add(ep, a[0]));
    int copy = CHECK(dup(a[0]));
    CHECK(add(ep, copy)); /* another name */
    CHECK(epoll_ctl(ep, EPOLL_CTL_DEL, a[0], NULL));
    EXPECT_ERRNO(ENOENT, epoll_ctl(ep, EPOLL_CTL_DEL, a[0], NULL));
    CHECK(epoll_ctl(ep, EPOLL_CTL_DEL, copy, NULL));

    /* Exclusive: added, never changed; few events; no epoll below. */
    event.events = EXCLUSIVE | EPOLLIN | EPOLLOUT | EPOLLERR | EPOLLHUP | EPOLLET | EPOLLWAKEUP;
    CHECK(epoll_ctl(ep, EPOLL_CTL_ADD, a[0], &event));
    EXPECT_ERRNO(EINVAL, epoll_ctl(ep, EPOLL_CTL_MOD, a[0], &event));
    event.events = EPOLLIN;
    EXPECT_ERRNO(EINVAL, epoll_ctl(ep, EPOLL_CTL_MOD, a[0], &event));
    event.events = EXCLUSIVE;
    EXPECT_ERRNO(EINVAL, epoll_ctl(ep, EPOLL_CTL_MOD, a[1], &event));
    CHECK(epoll_ctl(ep, EPOLL_CTL_DEL, a[0], &event));
    EXPECT_ERRNO(EINVAL, epoll_ctl(ep, EPOLL_CTL_ADD, other, &event));
    const unsigned not_with[] = {EPOLLONESHOT, EPOLLRDHUP, EPOLLPRI, EPOLLRDNORM, 1u << 27};
    for (unsigned i = 0; i < sizeof not_with / sizeof *not_with; i++) {
        event.events = EXCLUSIVE | not_with[i];
        EXPECT_ERRNO(EINVAL, epoll_ctl(ep, EPOLL_CTL_ADD, a[0], &event));
    }
    /* Bits that mean nothing are taken. */
    event.events = 0x0fff0000;
    CHECK(epoll_ctl(ep, EPOLL_CTL_ADD, a[0], &event));

    static struct epoll_event got[2];
    EXPECT_ERRNO(EINVAL, epoll_wait(ep, got, 0, 0));
    EXPECT_ERRNO(EINVAL, epoll_wait(ep, got, -1, 0));
    EXPECT_ERRNO(EINVAL, epoll_wait(ep, got, INT32_MAX / (int)sizeof *got + 1, 0));
    EXPECT_ERRNO(EFAULT, epoll_wait(ep, (void *)-1, 1, 0));
    EXPECT_ERRNO(EFAULT, epoll_wait(ep, (void *)0x7ffffffff000, 2, 0));
    EXPECT_ERRNO(EBADF, epoll_wait(-1, (void *)-1, 0, 0));
    EXPECT_ERRNO(EFAULT, epoll_wait(a[0], (void *)-1, 1, 0));
    EXPECT_ERRNO(EINVAL, epoll_wait(a[0], got, 1, 0));
    EXPECT_EQ(0, epoll_wait(ep, (void *)8, 1, 0)); /* nothing to write there */
    EXPECT_EQ(0, epoll_wait(ep, got, INT32_MAX / (int)sizeof *got, 0));
    char c;
    EXPECT_ERRNO(EINVAL, read(ep, &c, 1));
    EXPECT_ERRNO(EINVAL, write(ep, &c, 1));
    EXPECT_EQ(0, lseek(ep, 5, SEEK_SET)); /* of no effect */
    EXPECT_ERRNO(ESPIPE, pread(ep, &c, 1, 0));
    for (int fd = 3; fd < 64; fd++)
        close(fd);
}

static void loops(void)
{
    int ep[8], a[2];
    for (int i = 0; i < 8; i++)
        ep[i] = CHECK(epoll_create1(0));
    CHECK(pipe(a));
    CHECK(add(ep[0], a[0]));
    CHECK(add(ep[1], ep[0]));
    CHECK(add(ep[2], ep[1]));
    EXPECT_ERRNO(ELOOP, add(ep[0], ep[2]));
    EXPECT_ERRNO(ELOOP, add(ep[0], ep[1]));
    EXPECT_ERRNO(EEXIST, add(ep[1], ep[0]));
    CHECK(add(ep[2], ep[0])); /* two ways to one are no loop */
    CHECK(add(ep[3], ep[2]));
    CHECK(add(ep[4], ep[3]));
    EXPECT_ERRNO(ELOOP, add(ep[5], ep[4])); /* five epolls are the most */
    CHECK(add(ep[5], ep[3]));
    CHECK(add(ep[7], ep[6]));
    EXPECT_ERRNO(ELOOP, add(ep[0], ep[7]));
    CHECK(add(ep[3], ep[6]));
    CHECK(epoll_ctl(ep[4], EPOLL_CTL_DEL, ep[3], NULL));
    CHECK(epoll_ctl(ep[5], EPOLL_CTL_DEL, ep[3], NULL));
    CHECK(add(ep[4], ep[7]));
    EXPECT_EQ(1, write(a[1], "x", 1));
    struct epoll_event got;
    EXPECT_EQ(1, epoll_wait(ep[3], &got, 1, 0)); /* through three levels */
    EXPECT_EQ(0, epoll_wait(ep[4], &got, 1, 0));
    for (int i = 0; i < 8; i++)
        CHECK(close(ep[i]));
    CHECK(close(a[0]));
    CHECK(close(a[1]));
}

int main(void)
{
    refused();
    loops();
    return 0;
}
