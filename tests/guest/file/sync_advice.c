/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whom do the calls about syncing and advice refuse? */
#include "file_test.h"

int main(void)
{
    scratch_enter();
    int fd = CHECK(open("f", O_CREAT | O_RDWR, 0600)), path = CHECK(open("f", O_PATH)), ends[2];
    CHECK(pipe(ends));
    CHECK(fsync(fd));
    CHECK(fdatasync(fd));
    CHECK(syncfs(fd));
    sync();
    EXPECT_ERRNO(EINVAL, fsync(ends[0]));
    EXPECT_ERRNO(EINVAL, fdatasync(CHECK(open("/dev/null", O_RDWR))));
    EXPECT_ERRNO(EBADF, fsync(path));
    EXPECT_ERRNO(EBADF, fsync(-1));
    CHECK(fsync(CHECK(open(".", O_RDONLY))));

    CHECK(sync_file_range(fd, 0, 0, 7));
    EXPECT_ERRNO(EINVAL, sync_file_range(fd, 0, 0, 8));
    EXPECT_ERRNO(EINVAL, sync_file_range(fd, -1, 0, 0));
    EXPECT_ERRNO(ESPIPE, sync_file_range(ends[0], 0, 0, 0));
    EXPECT_EQ(0, posix_fadvise(fd, 0, 0, POSIX_FADV_WILLNEED));
    EXPECT_EQ(EINVAL, posix_fadvise(fd, 0, 0, 6));
    EXPECT_EQ(EINVAL, posix_fadvise(fd, 0, -1, 0));
    EXPECT_EQ(ESPIPE, posix_fadvise(ends[0], 0, 0, 0));
    EXPECT_EQ(EBADF, posix_fadvise(1000, 0, 0, 6));
    CHECK(readahead(fd, 0, 100));
    EXPECT_ERRNO(EINVAL, readahead(ends[0], 0, 100));
    EXPECT_ERRNO(EBADF, readahead(ends[1], 0, 100));
    EXPECT_ERRNO(EBADF, readahead(1000, 0, 100));
    return 0;
}
