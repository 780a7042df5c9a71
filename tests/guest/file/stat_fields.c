/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What do stat(2) and statx(2) say about a file of each kind? */
#include "file_test.h"

#include <sys/sysmacros.h>

int main(void)
{
    scratch_enter();
    make_file("f", "12345");
    struct stat st, other;
    CHECK(stat("f", &st));
    EXPECT_EQ(0100644, st.st_mode);
    EXPECT_EQ(1, st.st_nlink);
    EXPECT_EQ(0, st.st_uid);
    EXPECT_EQ(5, st.st_size);
    EXPECT_EQ(4096, st.st_blksize);
    EXPECT_EQ(8, st.st_blocks);
    CHECK(stat(".", &other));
    EXPECT_EQ(other.st_dev, st.st_dev);
    EXPECT(st.st_ino != other.st_ino);

    struct statx sx;
    CHECK(statx(AT_FDCWD, "f", 0, STATX_ALL, &sx));
    EXPECT_EQ(STATX_BASIC_STATS | STATX_BTIME, sx.stx_mask & (STATX_BASIC_STATS | STATX_BTIME));
    EXPECT_EQ(st.st_ino, sx.stx_ino);
    EXPECT_EQ(5, sx.stx_size);
    EXPECT_EQ(st.st_mtim.tv_nsec, sx.stx_mtime.tv_nsec);
    EXPECT_EQ(major(st.st_dev), sx.stx_dev_major);
    EXPECT_EQ(minor(st.st_dev), sx.stx_dev_minor);
    /* The mount's number, or the one that no other mount has before or after. */
    EXPECT(sx.stx_mask & 0x1000);
    CHECK(statx(AT_FDCWD, "f", 0, 0x4000, &sx));
    EXPECT_EQ(0x4000, sx.stx_mask & 0x5000);
    EXPECT_ERRNO(EINVAL, statx(AT_FDCWD, "f", AT_STATX_SYNC_TYPE, STATX_ALL, &sx));
    EXPECT_ERRNO(EINVAL, statx(AT_FDCWD, "f", 0, 0x80000000u, &sx));
    EXPECT_ERRNO(EINVAL, statx(AT_FDCWD, "f", 1, STATX_ALL, &sx));
    EXPECT_ERRNO(EFAULT, statx(AT_FDCWD, "f", 0, STATX_ALL, (void *)8));
    EXPECT_ERRNO(EFAULT, statx(AT_FDCWD, (void *)8, 0, STATX_ALL, &sx));

    int fd = CHECK(open("f", O_RDONLY));
    CHECK(fstatat(fd, "", &other, AT_EMPTY_PATH));
    EXPECT_EQ(st.st_ino, other.st_ino);
    EXPECT_ERRNO(ENOENT, fstatat(fd, "", &other, 0));
    EXPECT_ERRNO(EINVAL, fstatat(fd, "", &other, 1));
    CHECK(syscall(SYS_newfstatat, fd, NULL, &other, AT_EMPTY_PATH));
    EXPECT_ERRNO(EFAULT, syscall(SYS_newfstatat, fd, NULL, &other, 0));
    EXPECT_ERRNO(EFAULT, stat("f", (void *)8));
    EXPECT_ERRNO(EBADF, fstat(1000, &other));

    CHECK(stat("/dev/null", &st));
    EXPECT(S_ISCHR(st.st_mode));
    EXPECT_EQ(makedev(1, 3), st.st_rdev);
    int ends[2];
    CHECK(pipe(ends));
    CHECK(fstat(ends[0], &st));
    CHECK(fstat(ends[1], &other));
    EXPECT_EQ(0010600, st.st_mode);
    EXPECT_EQ(st.st_ino, other.st_ino);
    EXPECT_EQ(1, st.st_nlink);
    EXPECT_EQ(4096, st.st_blksize);
    return 0;
}
