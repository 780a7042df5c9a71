/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What does kcmp(2) say of a process and itself, of a file and its duplicate, and what does it
 * refuse first? */
#include "guest_test.h"

#include <sys/epoll.h>
#include <sys/syscall.h>

static long kcmp(int pid1, int pid2, int type, unsigned long idx1, unsigned long idx2)
{
    return syscall(SYS_kcmp, pid1, pid2, type, idx1, idx2);
}

struct slot {
    uint32_t epoll, fd, nth;
};

/* KCMP_EPOLL_TFD: a file, and what an epoll watches under a number. */
static void watched(int me)
{
    int ends[2];
    CHECK(pipe(ends));
    int epoll = CHECK(epoll_create1(0));
    struct epoll_event event = {.events = EPOLLIN};
    struct slot slot = {.epoll = (uint32_t)epoll, .fd = (uint32_t)ends[1]};
    EXPECT_ERRNO(ENOENT, kcmp(me, me, 7, ends[0], (uintptr_t)&slot));
    CHECK(epoll_ctl(epoll, EPOLL_CTL_ADD, ends[0], &event));
    CHECK(epoll_ctl(epoll, EPOLL_CTL_ADD, ends[1], &event));
    EXPECT_EQ(0, kcmp(me, me, 7, ends[1], (uintptr_t)&slot));
    EXPECT(kcmp(me, me, 7, ends[0], (uintptr_t)&slot) > 0);
    /* Two under the same number: the file that was there lives on by another. */
    int kept = CHECK(dup(ends[1])), other[2];
    CHECK(pipe(other));
    CHECK(dup2(other[1], ends[1]));
    CHECK(epoll_ctl(epoll, EPOLL_CTL_ADD, ends[1], &event));
    long first = kcmp(me, me, 7, kept, (uintptr_t)&slot);
    slot.nth = 1;
    long second = kcmp(me, me, 7, kept, (uintptr_t)&slot);
    EXPECT_EQ(1, (first == 0) + (second == 0));
    slot.nth = 2;
    EXPECT_ERRNO(ENOENT, kcmp(me, me, 7, kept, (uintptr_t)&slot));

    EXPECT_ERRNO(EFAULT, kcmp(me, me, 7, 9999, 8));
    EXPECT_ERRNO(EBADF, kcmp(me, me, 7, 9999, (uintptr_t)&slot));
    slot.epoll = 9999;
    EXPECT_ERRNO(EBADF, kcmp(me, me, 7, kept, (uintptr_t)&slot));
    slot.epoll = (uint32_t)kept;
    EXPECT_ERRNO(EINVAL, kcmp(me, me, 7, kept, (uintptr_t)&slot));
}

int main(void)
{
    int me = getpid();
    int fd = CHECK(open("/dev/null", O_RDONLY));
    int same = CHECK(dup(fd));
    int other = CHECK(open("/dev/null", O_RDONLY | O_PATH));
    for (int type = 1; type <= 6; type++) /* KCMP_VM to KCMP_SYSVSEM */
        EXPECT_EQ(0, kcmp(me, me, type, 0, 0));

    /* KCMP_FILE: the descriptors are the low 32 bits; O_PATH counts; an order is one both ways. */
    EXPECT_EQ(0, kcmp(me, me, 0, fd, same));
    EXPECT_EQ(0, kcmp(me, me, 0, 0xabc00000000ul + fd, same));
    EXPECT_EQ(3, kcmp(me, me, 0, fd, other) + kcmp(me, me, 0, other, fd));
    EXPECT_ERRNO(EBADF, kcmp(me, me, 0, fd, 9999));
    EXPECT_ERRNO(EBADF, kcmp(me, me, 0, -1, fd));

    watched(me);
    EXPECT_ERRNO(EINVAL, kcmp(me, me, 8, 0, 0));
    EXPECT_ERRNO(EINVAL, kcmp(me, me, -1, 0, 0));
    EXPECT_ERRNO(ESRCH, kcmp(me, 99999, 8, 0, 0));
    EXPECT_ERRNO(ESRCH, kcmp(-1, me, 1, 0, 0));
    return 0;
}
