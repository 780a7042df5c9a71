/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What does kcmp(2) say of a process and itself, of a file and its duplicate, and what does it
 * refuse first? */
#include "guest_test.h"

#include <sys/syscall.h>

static long kcmp(int pid1, int pid2, int type, unsigned long idx1, unsigned long idx2)
{
    return syscall(SYS_kcmp, pid1, pid2, type, idx1, idx2);
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

    EXPECT_ERRNO(EINVAL, kcmp(me, me, 8, 0, 0));
    EXPECT_ERRNO(EINVAL, kcmp(me, me, -1, 0, 0));
    EXPECT_ERRNO(ESRCH, kcmp(me, 99999, 8, 0, 0));
    EXPECT_ERRNO(ESRCH, kcmp(-1, me, 1, 0, 0));
    return 0;
}
