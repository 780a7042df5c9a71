/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which error does mmap(2) give, and which first? */
#include "fault.h"

#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)
#ifndef MAP_DROPPABLE
#define MAP_DROPPABLE 8
#endif

static void arguments(void)
{
    EXPECT_ERRNO(EINVAL, mmap_raw(0, 0, PROT_READ, ANON, -1, 0));
    EXPECT_ERRNO(EINVAL, mmap_raw(0, PAGE, PROT_READ, MAP_ANONYMOUS, -1, 0));
    EXPECT_ERRNO(EINVAL, mmap_raw(0, PAGE, PROT_READ, ANON, -1, 1));
    EXPECT_ERRNO(EINVAL, mmap_raw(0, PAGE, PROT_READ, ANON, -1, 100));
    EXPECT_ERRNO(ENOMEM, mmap_raw(0, -1UL, PROT_READ, ANON, -1, 0));
    EXPECT_ERRNO(ENOMEM, mmap_raw(0, -PAGE, PROT_READ, ANON, -1, 0));
    EXPECT_ERRNO(ENOMEM, mmap_raw(0, 1UL << 47, PROT_READ, ANON, -1, 0));
    EXPECT(CHECK(mmap_raw(0, PAGE, PROT_READ, ANON, -1, -PAGE))); /* no file: no offset */
    EXPECT_ERRNO(EINVAL, mmap_raw(0, PAGE, PROT_READ, MAP_SHARED_VALIDATE | MAP_ANONYMOUS, -1, 0));
    EXPECT_ERRNO(EINVAL,
                 mmap_raw(0, PAGE, PROT_READ, MAP_SHARED | MAP_ANONYMOUS | MAP_GROWSDOWN, -1, 0));
    /* The offset is looked at before the descriptor, the descriptor before the length. */
    EXPECT_ERRNO(EINVAL, mmap_raw(0, 0, PROT_READ, MAP_PRIVATE, -1, 1));
    EXPECT_ERRNO(EBADF, mmap_raw(0, 0, PROT_READ, MAP_PRIVATE, -1, 0));
    EXPECT_ERRNO(EBADF, mmap_raw(0, PAGE, PROT_READ, MAP_PRIVATE, 1000, 0));
    EXPECT_ERRNO(ENOMEM, mmap_raw(0, -PAGE, PROT_READ, MAP_ANONYMOUS, -1, 0));
}

static void fixed(void)
{
    char *map = anon(4 * PAGE, PROT_READ);
    uintptr_t at = (uintptr_t)map;
    EXPECT_ERRNO(EINVAL, mmap_raw(at + 1, PAGE, PROT_READ, ANON | MAP_FIXED, -1, 0));
    EXPECT_ERRNO(ENOMEM, mmap_raw(0x7ffffffff000, PAGE, PROT_READ, ANON | MAP_FIXED, -1, 0));
    EXPECT_ERRNO(ENOMEM, mmap_raw(0x7ffffffff001, PAGE, PROT_READ, ANON | MAP_FIXED, -1, 0));
    EXPECT_ERRNO(ENOMEM, mmap_raw(-PAGE, PAGE, PROT_READ, ANON | MAP_FIXED, -1, 0));
    EXPECT_ERRNO(EEXIST, mmap_raw(at + PAGE, PAGE, PROT_READ, ANON | MAP_FIXED_NOREPLACE, -1, 0));
    /* The address comes before the kind of mapping. */
    EXPECT_ERRNO(EEXIST, mmap_raw(at, PAGE, PROT_READ, MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0));
    EXPECT_ERRNO(EINVAL, mmap_raw(at + 1, PAGE, PROT_READ, MAP_ANONYMOUS | MAP_FIXED, -1, 0));
    CHECK(munmap(map, PAGE));
    EXPECT_EQ(at, mmap_raw(at, PAGE, PROT_READ, ANON | MAP_FIXED_NOREPLACE, -1, 0));
}

static void files(void)
{
    char name[] = "/tmp/mmap_errors.XXXXXX";
    int fd = CHECK(mkstemp(name));
    CHECK(ftruncate(fd, PAGE));
    int read_only = CHECK(open(name, O_RDONLY)), write_only = CHECK(open(name, O_WRONLY));
    int path = CHECK(open(name, O_PATH)), folder = CHECK(open("/tmp", O_RDONLY | O_DIRECTORY));
    CHECK(unlink(name));

    EXPECT_ERRNO(EBADF, mmap_raw(0, PAGE, PROT_READ, MAP_PRIVATE, path, 0));
    EXPECT_ERRNO(EACCES, mmap_raw(0, PAGE, PROT_READ, MAP_PRIVATE, write_only, 0));
    EXPECT_ERRNO(EACCES, mmap_raw(0, PAGE, PROT_NONE, MAP_SHARED, write_only, 0));
    EXPECT_ERRNO(EACCES, mmap_raw(0, PAGE, PROT_WRITE, MAP_SHARED, read_only, 0));
    EXPECT_ERRNO(ENODEV, mmap_raw(0, PAGE, PROT_READ, MAP_PRIVATE, folder, 0));
    EXPECT_ERRNO(EINVAL, mmap_raw(0, PAGE, PROT_READ, MAP_PRIVATE | MAP_GROWSDOWN, fd, 0));
    EXPECT_ERRNO(EINVAL, mmap_raw(0, PAGE, PROT_READ, 0, fd, 0));
    EXPECT_ERRNO(EINVAL, mmap_raw(0, PAGE, PROT_READ, 0, write_only, 0));
    EXPECT_ERRNO(EOVERFLOW, mmap_raw(0, PAGE, PROT_READ, MAP_PRIVATE, fd, -PAGE));
    EXPECT_ERRNO(EOPNOTSUPP, mmap_raw(0, PAGE, PROT_READ, MAP_SHARED_VALIDATE | MAP_SYNC, fd, 0));
    EXPECT_ERRNO(EOPNOTSUPP,
                 mmap_raw(0, PAGE, PROT_READ, MAP_SHARED_VALIDATE | (1UL << 40), fd, 0));
    EXPECT_ERRNO(EINVAL, mmap_raw(0, PAGE, PROT_READ, MAP_PRIVATE | MAP_HUGETLB, fd, 0));
    EXPECT_ERRNO(ENOMEM, mmap_raw(0, -PAGE, PROT_WRITE, MAP_SHARED, read_only, 0));

    char *map = CHECK(mmap_raw(0, PAGE, PROT_READ, MAP_SHARED, read_only, 0));
    EXPECT_ERRNO(EACCES, mprotect(map, PAGE, PROT_READ | PROT_WRITE));
    CHECK(mprotect(map, PAGE, PROT_READ | PROT_EXEC));
    map = CHECK(mmap_raw(0, PAGE, PROT_READ, MAP_PRIVATE, read_only, 0));
    CHECK(mprotect(map, PAGE, PROT_READ | PROT_WRITE));
    map[0] = 1;
    CHECK(mmap_raw(0, PAGE, PROT_READ, MAP_SHARED_VALIDATE, read_only, 0));
}

int main(void)
{
    arguments();
    fixed();
    files();
    return 0;
}
