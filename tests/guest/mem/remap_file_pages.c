/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does remap_file_pages(2) show a file's pages in another order? */
#include "fault.h"

static long remap(void *addr, size_t size, int prot, size_t page, int flags)
{
    return syscall(SYS_remap_file_pages, addr, size, prot, page, flags);
}

int main(void)
{
    char name[] = "/tmp/remap_file_pages.XXXXXX";
    int fd = CHECK(mkstemp(name));
    CHECK(unlink(name));
    CHECK(ftruncate(fd, 4 * PAGE));
    char *map = CHECK(mmap_raw(0, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
    for (int i = 0; i < 4; i++)
        map[i * PAGE] = (char)(i + 1);
    CHECK(remap(map, PAGE, 0, 3, 0));
    EXPECT_EQ(4, map[0]);
    EXPECT_EQ(2, map[PAGE]);
    map[0] = 9;
    EXPECT_EQ(9, map[3 * PAGE]);
    EXPECT_ERRNO(EINVAL, remap(map, PAGE, PROT_READ, 0, 0));
    EXPECT_ERRNO(EINVAL, remap(map, 0, 0, 0, 0));
    EXPECT_ERRNO(EINVAL, remap((void *)0x10000, PAGE, 0, 0, 0));
    EXPECT_ERRNO(EINVAL, remap(anon(PAGE, PROT_READ), PAGE, 0, 0, 0));
    return 0;
}
