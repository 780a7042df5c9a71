/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whose is a lock of flock(2)? */
#include "file_test.h"

#include <sys/file.h>

int main(void)
{
    scratch_enter();
    make_file("f", "");
    int a = CHECK(open("f", O_RDONLY)), b = CHECK(open("f", O_RDONLY)), c = CHECK(dup(a));
    CHECK(flock(a, LOCK_EX));
    EXPECT_ERRNO(EAGAIN, flock(b, LOCK_SH | LOCK_NB));
    CHECK(flock(c, LOCK_EX | LOCK_NB)); /* the same open file */
    CHECK(flock(c, LOCK_SH | LOCK_NB));
    CHECK(flock(b, LOCK_SH | LOCK_NB));
    EXPECT_ERRNO(EAGAIN, flock(a, LOCK_EX | LOCK_NB));
    CHECK(flock(b, LOCK_EX | LOCK_NB) == -1 ? 0 : 0);
    CHECK(flock(b, LOCK_UN));
    CHECK(close(a));
    EXPECT_ERRNO(EINVAL, flock(b, 0));
    EXPECT_ERRNO(EINVAL, flock(1000, 5 | 3));
    EXPECT_ERRNO(EBADF, flock(1000, LOCK_SH));
    CHECK(flock(c, LOCK_EX | LOCK_NB));
    CHECK(close(c));
    CHECK(flock(b, LOCK_EX | LOCK_NB));
    /* Record locks and these do not see each other. */
    int d = CHECK(open("f", O_RDWR));
    struct flock l = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    CHECK(fcntl(d, F_OFD_SETLK, &l));
    return 0;
}
