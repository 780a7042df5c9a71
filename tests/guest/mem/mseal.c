/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What does a sealed mapping refuse? (mseal(2), Linux 6.10; discarding as in 6.18) */
#include "fault.h"

#define SYS_MSEAL 462

static long seal(const void *addr, size_t length, unsigned long flags)
{
    return syscall(SYS_MSEAL, addr, length, flags);
}

int main(void)
{
    char *map = anon(6 * PAGE, PROT_READ | PROT_WRITE);
    EXPECT_ERRNO(EINVAL, seal(map, PAGE, 1));
    EXPECT_ERRNO(EINVAL, seal(map + 1, PAGE, 0));
    EXPECT_ERRNO(EINVAL, seal(map, -1UL, 0));
    EXPECT_EQ(0, seal(map, 0, 0));
    EXPECT_ERRNO(ENOMEM, seal((void *)0x10000, PAGE, 0));
    CHECK(seal(map + PAGE, 2 * PAGE, 0));
    CHECK(seal(map + PAGE, PAGE, 0)); /* again */
    EXPECT_ERRNO(EPERM, munmap(map + PAGE, PAGE));
    EXPECT_ERRNO(EPERM, munmap(map, 6 * PAGE));
    EXPECT_ERRNO(EPERM, mprotect(map + PAGE, PAGE, PROT_READ));
    EXPECT_ERRNO(EPERM, mprotect(map, 6 * PAGE, PROT_READ));
    EXPECT_ERRNO(EPERM, mremap(map + PAGE, PAGE, 2 * PAGE, MREMAP_MAYMOVE));
    EXPECT_ERRNO(EPERM,
                 mremap(map + PAGE, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, map + 5 * PAGE));
    EXPECT_ERRNO(EPERM, mmap_raw((uintptr_t)map + PAGE, PAGE, PROT_READ,
                                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
    map[PAGE] = 1;
    EXPECT_EQ(0, madvise(map + PAGE, PAGE, MADV_DONTNEED)); /* could be overwritten anyway */
    CHECK(mprotect(map + 3 * PAGE, PAGE, PROT_READ));
    CHECK(seal(map + 3 * PAGE, PAGE, 0));
    EXPECT_ERRNO(EPERM, madvise(map + 3 * PAGE, PAGE, MADV_DONTNEED));
    EXPECT_EQ(0, madvise(map + 3 * PAGE, PAGE, MADV_WILLNEED));
    CHECK(munmap(map + 4 * PAGE, 2 * PAGE));
    return 0;
}
