/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What do the calls of mlock(2) refuse, with privilege and without, and what do they bring in? */
#include "fault.h"

#include <sys/resource.h>

static int lock2(const void *addr, size_t length, unsigned flags)
{
    return (int)syscall(SYS_mlock2, addr, length, flags);
}

static void arguments(void)
{
    char *map = anon(6 * PAGE, PROT_READ | PROT_WRITE);
    unsigned char in[6];
    EXPECT_ERRNO(EINVAL, lock2(map, PAGE, 2));
    EXPECT_ERRNO(ENOMEM, mlock((void *)0x10000, PAGE));
    EXPECT_ERRNO(ENOMEM, munlock((void *)0x10000, PAGE));
    EXPECT_EQ(0, mlock((void *)0x10000, 0));
    EXPECT_EQ(0, mlock(map + 17, 0)); /* a page: the length begins at the page's start */
    EXPECT_ERRNO(EINVAL, mlock(map, -PAGE));
    EXPECT_ERRNO(EINVAL, munlock(map, -PAGE));
    EXPECT_EQ(0, mlock(map + PAGE + 100, PAGE)); /* two pages */
    CHECK(mincore(map, 6 * PAGE, in));
    EXPECT_EQ(1, in[1] & 1);
    EXPECT_EQ(1, in[2] & 1);
    EXPECT_EQ(0, in[3] & 1);
    EXPECT_EQ(0, lock2(map + 3 * PAGE, PAGE, 1));
    CHECK(mincore(map, 6 * PAGE, in));
    EXPECT_EQ(0, in[3] & 1);
    CHECK(mprotect(map + 4 * PAGE, PAGE, PROT_NONE));
    EXPECT_ERRNO(ENOMEM, mlock(map + 4 * PAGE, PAGE));
    EXPECT_EQ(0, munlock(map, 6 * PAGE));
    CHECK(munmap(map + PAGE, PAGE));
    EXPECT_ERRNO(ENOMEM, mlock(map, 3 * PAGE));
    EXPECT_ERRNO(ENOMEM, munlock(map, 3 * PAGE));

    EXPECT_ERRNO(EINVAL, mlockall(0));
    EXPECT_ERRNO(EINVAL, mlockall(8));
    EXPECT_ERRNO(EINVAL, mlockall(4));
    CHECK(mlockall(MCL_FUTURE));
    map = anon(2 * PAGE, PROT_READ | PROT_WRITE);
    CHECK(mincore(map, 2 * PAGE, in));
    EXPECT_EQ(1, in[0] & in[1] & 1);
    CHECK(munlockall());
    map = anon(2 * PAGE, PROT_READ | PROT_WRITE);
    CHECK(mincore(map, 2 * PAGE, in));
    EXPECT_EQ(0, in[0] & 1);
}

static void limits(void)
{
    struct rlimit limit = {.rlim_cur = 4 * PAGE, .rlim_max = 4 * PAGE};
    CHECK(setrlimit(RLIMIT_MEMLOCK, &limit));
    if (geteuid() == 0)
        CHECK(setresuid(1000, 1000, 1000));
    char *map = anon(16 * PAGE, PROT_READ | PROT_WRITE);
    EXPECT_EQ(0, mlock(map, 3 * PAGE));
    EXPECT_ERRNO(ENOMEM, mlock(map + 4 * PAGE, 2 * PAGE));
    EXPECT_EQ(0, mlock(map, 4 * PAGE)); /* what is locked already does not count twice */
    EXPECT_ERRNO(EAGAIN,
                 mmap_raw(0, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0));
    EXPECT_ERRNO(ENOMEM, mlockall(MCL_CURRENT));
    EXPECT_EQ(0, munlock(map, 16 * PAGE));
    EXPECT_EQ(0, mlock(map + 8 * PAGE, 4 * PAGE));
    EXPECT_ERRNO(EAGAIN, mremap(map + 8 * PAGE, 4 * PAGE, 5 * PAGE, MREMAP_MAYMOVE));
    EXPECT_EQ(0, munlockall());
    CHECK(mlockall(MCL_FUTURE));
    EXPECT_ERRNO(EAGAIN, mmap_raw(0, 5 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    CHECK(munlockall());
    limit.rlim_cur = 0;
    CHECK(setrlimit(RLIMIT_MEMLOCK, &limit));
    EXPECT_ERRNO(EPERM, mlock(map, PAGE));
    EXPECT_ERRNO(EPERM, mlockall(MCL_CURRENT));
    EXPECT_ERRNO(EPERM,
                 mmap_raw(0, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0));
    EXPECT_EQ(0, munlock(map, PAGE));
}

int main(void)
{
    arguments();
    limits();
    return 0;
}
