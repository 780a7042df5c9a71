/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How are limits read, lowered and not raised again, and what is refused first? */
#include "guest_test.h"
#include <sys/resource.h>
#include <sys/syscall.h>

int main(void)
{
    struct rlimit limit, old;

    for (int i = 0; i < 16; i++) {
        EXPECT_EQ(0, syscall(SYS_getrlimit, i, &limit));
        EXPECT(limit.rlim_cur <= limit.rlim_max);
        EXPECT_EQ(0, syscall(SYS_prlimit64, 0, i, NULL, &old));
        EXPECT_EQ(limit.rlim_cur, old.rlim_cur);
    }
    EXPECT_ERRNO(EINVAL, syscall(SYS_getrlimit, 16, &limit));
    EXPECT_ERRNO(EINVAL, syscall(SYS_getrlimit, 16, 8L));
    EXPECT_ERRNO(EFAULT, syscall(SYS_getrlimit, 0, 8L));
    EXPECT_ERRNO(EFAULT, syscall(SYS_setrlimit, 16, 8L));
    EXPECT_ERRNO(EINVAL, syscall(SYS_setrlimit, 16, &limit));
    EXPECT_ERRNO(EFAULT, syscall(SYS_prlimit64, 999999, 0, 8L, NULL));
    EXPECT_ERRNO(ESRCH, syscall(SYS_prlimit64, 999999, 99, NULL, NULL));
    EXPECT_ERRNO(EINVAL, syscall(SYS_prlimit64, 0, 99, NULL, NULL));
    EXPECT_EQ(0, syscall(SYS_prlimit64, 0, 0, NULL, NULL));
    EXPECT_EQ(0, syscall(SYS_prlimit64, getpid(), 0, NULL, &limit));

    limit = (struct rlimit){20, 10};
    EXPECT_ERRNO(EINVAL, syscall(SYS_setrlimit, RLIMIT_NOFILE, &limit));
    limit = (struct rlimit){20, RLIM_INFINITY};
    EXPECT_ERRNO(EPERM, syscall(SYS_setrlimit, RLIMIT_NOFILE, &limit));
    limit = (struct rlimit){20, 40};
    EXPECT_EQ(0, syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, &limit, &old));
    EXPECT(old.rlim_max > 40);
    if (getuid() == 0) {
        CHECK(setgid(65534));
        CHECK(setuid(65534));
    }
    limit.rlim_max = 50;
    EXPECT_ERRNO(EPERM, syscall(SYS_setrlimit, RLIMIT_NOFILE, &limit));
    limit = (struct rlimit){40, 40};
    EXPECT_EQ(0, syscall(SYS_setrlimit, RLIMIT_NOFILE, &limit));
    EXPECT_EQ(0, syscall(SYS_getrlimit, RLIMIT_NOFILE, &old));
    EXPECT_EQ(40, old.rlim_cur);
    /* It is the descriptors' limit from now on. */
    int last = -1, fd;
    while ((fd = dup(1)) >= 0)
        last = fd;
    EXPECT_EQ(EMFILE, errno);
    EXPECT_EQ(39, last);
    return 0;
}
