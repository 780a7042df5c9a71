/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sysfs(2): what are the types of file systems called, and which numbers do they have? */
#include "guest_test.h"
#include <limits.h>
#include <sys/syscall.h>

static long sysfs(int option, uintptr_t a, uintptr_t b)
{
    return syscall(SYS_sysfs, option, a, b);
}

static long index_of(const char *name)
{
    return sysfs(1, (uintptr_t)name, 0);
}

int main(void)
{
    char name[64], longer[PATH_MAX + 1];
    long count = CHECK(sysfs(3, 8, 8));
    EXPECT(count > 0);
    for (long i = 0; i < count; i++) {
        memset(name, 0x55, sizeof name);
        EXPECT_EQ(0, sysfs(2, (uintptr_t)i, (uintptr_t)name));
        EXPECT(memchr(name, 0, sizeof name) && name[0]);
        EXPECT_EQ(i, index_of(name));
    }
    EXPECT(index_of("proc") >= 0);
    EXPECT(index_of("tmpfs") >= 0);
    memset(longer, 'a', sizeof longer - 1);
    longer[PATH_MAX] = 0;
    EXPECT_ERRNO(EINVAL, index_of("nosuchfs"));
    EXPECT_ERRNO(ENOENT, index_of(""));
    EXPECT_ERRNO(ENAMETOOLONG, index_of(longer));
    EXPECT_ERRNO(EFAULT, index_of((char *)8));
    EXPECT_ERRNO(EINVAL, sysfs(2, (uintptr_t)count, 8)); /* the number first */
    EXPECT_ERRNO(EFAULT, sysfs(2, 0, 8));
    EXPECT_EQ(0, sysfs(2, 1ul << 32, (uintptr_t)name)); /* of 32 bits */
    EXPECT_ERRNO(EINVAL, sysfs(0, 0, 0));
    EXPECT_ERRNO(EINVAL, sysfs(4, 0, 0));
    return 0;
}
