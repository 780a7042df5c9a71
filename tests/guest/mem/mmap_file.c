/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What does a file's mapping show: contents, the tail of the last page, writes by either way,
 * truncation, holes? */
#include "fault.h"

#include <sys/stat.h>
#include <sys/statvfs.h>

static char byte_at(int fd, off_t offset)
{
    char byte;
    EXPECT_EQ(1, pread(fd, &byte, 1, offset));
    return byte;
}

static int file_of(size_t size)
{
    char name[] = "/tmp/mmap_file.XXXXXX";
    int fd = CHECK(mkstemp(name));
    CHECK(unlink(name));
    char page[256];
    for (size_t at = 0; at < size; at += sizeof page) {
        memset(page, (int)(at / PAGE) + 1, sizeof page);
        size_t part = size - at < sizeof page ? size - at : sizeof page;
        EXPECT_EQ(part, pwrite(fd, page, part, (off_t)at));
    }
    return fd;
}

static void private_mapping(void)
{
    int fd = file_of(3 * PAGE + 100);
    char *map = CHECK(mmap_raw(0, 6 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0));
    EXPECT_EQ(1, map[0]);
    EXPECT_EQ(4, map[3 * PAGE + 99]);
    EXPECT_EQ(0, map[3 * PAGE + 100]); /* the tail of the last page is zero */
    EXPECT_EQ(ADRERR, touch(map + 4 * PAGE, TOUCH_READ));
    EXPECT_EQ(ADRERR, touch_store(map + 5 * PAGE + 3, 1));

    map[PAGE] = 99; /* stays private */
    EXPECT_EQ(2, byte_at(fd, PAGE));
    EXPECT_EQ(1, pwrite(fd, "x", 1, 2 * PAGE)); /* not copied yet: shows */
    EXPECT_EQ('x', map[2 * PAGE]);
    EXPECT_EQ(1, pwrite(fd, "y", 1, PAGE + 1)); /* copied: does not */
    EXPECT_EQ(2, map[PAGE + 1]);

    /* From an offset, with the descriptor closed. */
    char *second = CHECK(mmap_raw(0, PAGE, PROT_READ, MAP_PRIVATE, fd, 2 * PAGE));
    CHECK(close(fd));
    EXPECT_EQ('x', second[0]);
    EXPECT_EQ(3, second[1]);
    /* MADV_DONTNEED brings the file's page back. */
    CHECK(madvise(map + PAGE, PAGE, MADV_DONTNEED));
    EXPECT_EQ(2, map[PAGE]);
    EXPECT_EQ('y', map[PAGE + 1]);
}

static void shared_mapping(void)
{
    int fd = file_of(2 * PAGE);
    char *map = CHECK(mmap_raw(0, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
    char *twin = CHECK(mmap_raw(0, PAGE, PROT_READ, MAP_SHARED, fd, PAGE));
    map[PAGE] = 77;
    EXPECT_EQ(77, twin[0]);
    EXPECT_EQ(77, byte_at(fd, PAGE));
    EXPECT_EQ(1, pwrite(fd, "z", 1, PAGE + 5));
    EXPECT_EQ('z', map[PAGE + 5]);
    CHECK(msync(map, 2 * PAGE, MS_SYNC));
    map[PAGE + 1] = 78; /* and after it again */
    EXPECT_EQ(78, byte_at(fd, PAGE + 1));

    /* Grown: what was beyond the end is there. */
    char *beyond = CHECK(mmap_raw(0, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
    EXPECT_EQ(ADRERR, touch(beyond + 2 * PAGE, TOUCH_READ));
    CHECK(ftruncate(fd, 3 * PAGE));
    EXPECT_EQ(0, beyond[2 * PAGE]);
    beyond[2 * PAGE] = 5;
    EXPECT_EQ(5, byte_at(fd, 2 * PAGE));
    /* Cut: gone from every mapping, the rest of the last page is zeroed. */
    beyond[100] = beyond[50] = 6;
    CHECK(ftruncate(fd, 51));
    EXPECT_EQ(ADRERR, touch(beyond + PAGE, TOUCH_READ));
    EXPECT_EQ(ADRERR, touch(twin, TOUCH_READ));
    EXPECT_EQ(6, beyond[50]);
    EXPECT_EQ(0, beyond[100]);
    CHECK(ftruncate(fd, 2 * PAGE));
    EXPECT_EQ(0, map[PAGE]);
    CHECK(close(fd));
}

/* Truncation takes private copies too, a punched hole does not. */
static void copies(void)
{
    int fd = file_of(4 * PAGE);
    char *map = CHECK(mmap_raw(0, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0));
    map[PAGE] = map[3 * PAGE] = 55;
    CHECK(ftruncate(fd, 2 * PAGE));
    EXPECT_EQ(ADRERR, touch(map + 3 * PAGE, TOUCH_READ));
    EXPECT_EQ(55, map[PAGE]);
    CHECK(ftruncate(fd, 4 * PAGE));
    EXPECT_EQ(0, map[3 * PAGE]);
    if (fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 2 * PAGE) == 0) {
        EXPECT_EQ(0, map[0]);
        EXPECT_EQ(55, map[PAGE]);
    }
    CHECK(close(fd));
}

/* A mapping is an access; one that is refused is none. */
static void access_time(void)
{
    int fd = file_of(PAGE);
    const struct timespec times[2] = {{.tv_sec = 1000}, {.tv_sec = 2000}};
    struct stat st;
    CHECK(futimens(fd, times));
    EXPECT_ERRNO(EINVAL, mmap_raw(0, 0, PROT_READ, MAP_PRIVATE, fd, 0));
    EXPECT_ERRNO(EINVAL, mmap_raw(0, PAGE, PROT_READ, 0, fd, 0));
    CHECK(fstat(fd, &st));
    EXPECT_EQ(1000, st.st_atime);
    volatile char *map = CHECK(mmap_raw(0, PAGE, PROT_READ, MAP_PRIVATE, fd, 0));
    EXPECT_EQ(1, map[0]); /* a folder of the host hears of it no sooner */
    struct statvfs fs;
    CHECK(fstatvfs(fd, &fs));
    CHECK(fstat(fd, &st));
    EXPECT(fs.f_flag & ST_NOATIME || st.st_atime > 2000);
    EXPECT_EQ(2000, st.st_mtime);
    CHECK(close(fd));
}

int main(void)
{
    fault_catch();
    private_mapping();
    shared_mapping();
    copies();
    access_time();
    return 0;
}
