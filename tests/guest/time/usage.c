/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What does getrusage(2) count, and for whom? */
#include "guest_test.h"
#include <sys/resource.h>
#include <sys/syscall.h>

int main(void)
{
    struct rusage before, after;

    CHECK(getrusage(RUSAGE_SELF, &before));
    char *memory = malloc(8 << 20);
    EXPECT(memory);
    for (int i = 0; i < 8 << 20; i += 4096)
        memory[i] = 1;
    volatile unsigned work = 0;
    for (int i = 0; i < 20000000; i++)
        work += (unsigned)i;
    CHECK(getrusage(RUSAGE_SELF, &after));
    long long spent = (after.ru_utime.tv_sec - before.ru_utime.tv_sec) * 1000000LL +
                      after.ru_utime.tv_usec - before.ru_utime.tv_usec;
    EXPECT(spent > 1000);
    EXPECT(after.ru_minflt - before.ru_minflt >= 1000);
    EXPECT(after.ru_maxrss >= 8192);
    CHECK(getrusage(RUSAGE_THREAD, &after));
    CHECK(getrusage(RUSAGE_CHILDREN, &after));
    EXPECT_EQ(0, after.ru_utime.tv_sec);
    EXPECT_ERRNO(EINVAL, getrusage(5, &after));
    EXPECT_ERRNO(EINVAL, syscall(SYS_getrusage, -2, &after));
    EXPECT_ERRNO(EFAULT, syscall(SYS_getrusage, RUSAGE_SELF, 8L));
    return 0;
}
