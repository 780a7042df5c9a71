/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whom does truncate(2) refuse, and what does it change? */
#include "file_test.h"

#include <signal.h>
#include <sys/resource.h>

int main(void)
{
    scratch_enter();
    make_file("f", "0123456789");
    CHECK(mkdir("d", 0755));
    CHECK(mkfifo("p", 0644));
    EXPECT_ERRNO(EISDIR, truncate("d", 0));
    EXPECT_ERRNO(EINVAL, truncate("p", 0));
    EXPECT_ERRNO(EINVAL, truncate("f", -1));
    EXPECT_ERRNO(EINVAL, syscall(SYS_truncate, (void *)8, -1L));
    EXPECT_ERRNO(EFAULT, truncate((void *)8, 0));
    EXPECT_ERRNO(ENOENT, truncate("none", 0));
    int ro = CHECK(open("f", O_RDONLY)), rw = CHECK(open("f", O_RDWR));
    EXPECT_ERRNO(EINVAL, ftruncate(ro, 1));
    EXPECT_ERRNO(EINVAL, ftruncate(1000, -1));
    EXPECT_ERRNO(EBADF, ftruncate(1000, 1));
    EXPECT_ERRNO(EBADF, ftruncate(CHECK(open("f", O_PATH)), 1));
    int ends[2];
    CHECK(pipe(ends));
    EXPECT_ERRNO(EINVAL, ftruncate(ends[1], 1));

    struct timespec old[2] = {{1000, 0}, {1000, 0}};
    CHECK(futimens(rw, old));
    CHECK(ftruncate(rw, 10));
    EXPECT(stat_of("f").st_mtime != 1000);
    CHECK(futimens(rw, old));
    CHECK(truncate("f", 4));
    EXPECT(stat_of("f").st_mtime != 1000);
    EXPECT_EQ(1000, stat_of("f").st_atime);
    expect_file("f", "0123");

    signal(SIGXFSZ, SIG_IGN);
    struct rlimit limit = {8, RLIM_INFINITY};
    CHECK(setrlimit(RLIMIT_FSIZE, &limit));
    EXPECT_ERRNO(EFBIG, ftruncate(rw, 9));
    CHECK(ftruncate(rw, 8));
    EXPECT_EQ(4, pwrite(rw, "abcdef", 6, 4));
    EXPECT_ERRNO(EFBIG, pwrite(rw, "abcdef", 6, 8));
    EXPECT_EQ(0, pwrite(rw, "abcdef", 0, 8));
    expect_file("f", "0123abcd");
    return 0;
}
