/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What does mapping /dev/zero give, and are its neighbours mapped at all? */
#include "fault.h"

#include <sys/wait.h>

#define BOTH (PROT_READ | PROT_WRITE)

static void private_pages(int fd)
{
    /* Any offset: it is zeros everywhere. */
    char *map = CHECK(mmap_raw(0, 3 * PAGE, BOTH, MAP_PRIVATE, fd, 5 * PAGE));
    EXPECT_EQ(0, map[0] | map[3 * PAGE - 1]);
    map[PAGE] = 7;
    EXPECT_EQ(7, map[PAGE]);
    CHECK(madvise(map + PAGE, PAGE, MADV_DONTNEED));
    EXPECT_EQ(0, map[PAGE]);
    map[0] = 8;
    map = CHECK((char *)mremap(map, 3 * PAGE, 6 * PAGE, MREMAP_MAYMOVE));
    EXPECT_EQ(8, map[0]);
    EXPECT_EQ(0, map[5 * PAGE]);
    EXPECT_EQ(1, pread(fd, map, 1, 0));
    EXPECT_EQ(0, map[0]);
    CHECK(munmap(map, 6 * PAGE));
}

/* Shared with children, and with no other mapping. */
static void shared_pages(int fd)
{
    volatile char *map = CHECK(mmap_raw(0, 2 * PAGE, BOTH, MAP_SHARED, fd, 0));
    volatile char *other = CHECK(mmap_raw(0, 2 * PAGE, BOTH, MAP_SHARED, fd, 0));
    map[0] = 1;
    pid_t child = CHECK(fork());
    if (child == 0) {
        map[PAGE] = (char)(map[0] + 41);
        _exit(0);
    }
    EXPECT_EQ(child, waitpid(child, NULL, 0));
    EXPECT_EQ(42, map[PAGE]);
    EXPECT_EQ(0, other[0] | other[PAGE]);
    /* As long as it was made, and no longer. */
    volatile char *longer = CHECK(mremap((void *)map, 2 * PAGE, 4 * PAGE, MREMAP_MAYMOVE));
    EXPECT_EQ(1, longer[0]);
    EXPECT_EQ(SIGBUS * 256 + BUS_ADRERR, touch(longer + 2 * PAGE, TOUCH_READ));
}

static void refusals(void)
{
    int fd = CHECK(open("/dev/zero", O_RDONLY));
    char *map = CHECK(mmap_raw(0, PAGE, BOTH, MAP_PRIVATE, fd, PAGE));
    map[0] = 1;
    map = CHECK(mmap_raw(0, PAGE, PROT_READ, MAP_SHARED, fd, 0));
    EXPECT_EQ(0, map[0]);
    EXPECT_ERRNO(EACCES, mprotect(map, PAGE, BOTH));
    EXPECT_ERRNO(EACCES, mmap_raw(0, PAGE, BOTH, MAP_SHARED, fd, 0));
    EXPECT_ERRNO(EINVAL, mmap_raw(0, PAGE, BOTH, MAP_PRIVATE, fd, 100));
    EXPECT_ERRNO(EOVERFLOW, mmap_raw(0, PAGE, BOTH, MAP_PRIVATE, fd, -PAGE));
    EXPECT_ERRNO(EINVAL, mmap_raw(0, PAGE, BOTH, MAP_PRIVATE | MAP_GROWSDOWN, fd, 0));
    fd = CHECK(open("/dev/zero", O_WRONLY));
    EXPECT_ERRNO(EACCES, mmap_raw(0, PAGE, PROT_READ, MAP_PRIVATE, fd, 0));
    static const char *const others[] = {"/dev/null", "/dev/full", "/dev/urandom"};
    for (int i = 0; i < 3; i++) {
        fd = CHECK(open(others[i], O_RDWR));
        EXPECT_ERRNO(ENODEV, mmap_raw(0, PAGE, PROT_READ, MAP_PRIVATE, fd, 0));
        EXPECT_ERRNO(ENODEV, mmap_raw(0, PAGE, PROT_READ, MAP_SHARED, fd, 0));
    }
}

int main(void)
{
    fault_catch();
    int fd = CHECK(open("/dev/zero", O_RDWR));
    private_pages(fd);
    shared_pages(fd);
    refusals();
    return 0;
}
