/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How do record locks of open files (OFD) cut, join and conflict, also with the process's own? */
#include "file_test.h"

static int lock(int fd, int cmd, int type, long start, long length)
{
    struct flock l = {
        .l_type = (short)type, .l_whence = SEEK_SET, .l_start = start, .l_len = length};
    return fcntl(fd, cmd, &l);
}

/* What F_OFD_GETLK says stands in the way of a write lock of all from `start` on. */
static void expect_lock(int fd, long start, int type, long at, long length)
{
    struct flock l = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = start};
    CHECK(fcntl(fd, F_OFD_GETLK, &l));
    EXPECT_EQ(type, l.l_type);
    if (type == F_UNLCK)
        return;
    EXPECT_EQ(at, l.l_start);
    EXPECT_EQ(length, l.l_len);
    EXPECT_EQ(-1, l.l_pid);
}

int main(void)
{
    scratch_enter();
    make_file("f", "0123456789");
    int a = CHECK(open("f", O_RDWR)), b = CHECK(open("f", O_RDWR));
    CHECK(lock(a, F_OFD_SETLK, F_WRLCK, 10, 90));
    EXPECT_ERRNO(EAGAIN, lock(b, F_OFD_SETLK, F_RDLCK, 99, 1));
    CHECK(lock(b, F_OFD_SETLK, F_RDLCK, 100, 1));
    CHECK(lock(b, F_OFD_SETLK, F_UNLCK, 0, 0));
    expect_lock(b, 0, F_WRLCK, 10, 90);
    expect_lock(a, 0, F_UNLCK, 0, 0);

    CHECK(lock(a, F_OFD_SETLK, F_UNLCK, 40, 10));
    expect_lock(b, 0, F_WRLCK, 10, 30);
    expect_lock(b, 45, F_WRLCK, 50, 50);
    CHECK(lock(a, F_OFD_SETLK, F_RDLCK, 20, 5));
    expect_lock(b, 15, F_WRLCK, 10, 10);
    expect_lock(b, 20, F_RDLCK, 20, 5);
    CHECK(lock(b, F_OFD_SETLK, F_RDLCK, 20, 5));
    CHECK(lock(b, F_OFD_SETLK, F_UNLCK, 0, 0));
    CHECK(lock(a, F_OFD_SETLK, F_WRLCK, 15, 40));
    expect_lock(b, 0, F_WRLCK, 10, 90);
    CHECK(lock(a, F_OFD_SETLK, F_WRLCK, 95, 0));
    expect_lock(b, 0, F_WRLCK, 10, 0);

    /* The process's locks are somebody else's. */
    EXPECT_ERRNO(EAGAIN, lock(a, F_SETLK, F_WRLCK, 50, 1));
    CHECK(lock(a, F_SETLK, F_WRLCK, 0, 5));
    /* Whoever locked first is shown. */
    struct flock l = {.l_type = F_RDLCK, .l_whence = SEEK_SET};
    CHECK(fcntl(b, F_OFD_GETLK, &l));
    EXPECT_EQ(-1, l.l_pid);
    EXPECT_EQ(10, l.l_start);
    l = (struct flock){.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_len = 7};
    CHECK(fcntl(b, F_OFD_GETLK, &l));
    EXPECT_EQ(getpid(), l.l_pid);
    EXPECT_EQ(5, l.l_len);
    CHECK(close(CHECK(dup(b)))); /* POSIX: any descriptor's close ends them */
    CHECK(lock(b, F_OFD_SETLK, F_WRLCK, 0, 5));
    CHECK(close(a));
    expect_lock(b, 5, F_UNLCK, 0, 0);

    EXPECT_ERRNO(EINVAL, lock(b, F_OFD_SETLK, 7, 0, 0));
    EXPECT_ERRNO(EINVAL, lock(b, F_OFD_SETLK, F_WRLCK, -1, 0));
    EXPECT_ERRNO(EFAULT, fcntl(b, F_OFD_SETLK, 8));
    CHECK(lock(b, F_OFD_SETLK, F_WRLCK, 20, -10));
    l = (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 1, .l_pid = 1};
    EXPECT_ERRNO(EINVAL, fcntl(b, F_OFD_SETLK, &l));
    l = (struct flock){
        .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 1LL << 62, .l_len = 1LL << 62};
    CHECK(fcntl(b, F_OFD_SETLK, &l));
    l.l_len = (1LL << 62) + 1;
    EXPECT_ERRNO(EOVERFLOW, fcntl(b, F_OFD_SETLK, &l));
    int ro = CHECK(open("f", O_RDONLY));
    EXPECT_ERRNO(EBADF, lock(ro, F_SETLK, F_WRLCK, 0, 1));
    l = (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_pid = 1};
    EXPECT_ERRNO(EBADF, fcntl(ro, F_OFD_SETLK, &l)); /* before l_pid is looked at */
    CHECK(lock(ro, F_SETLK, F_RDLCK, 30, 1));
    int wo = CHECK(open("f", O_WRONLY));
    EXPECT_ERRNO(EBADF, lock(wo, F_SETLK, F_RDLCK, 0, 1));
    EXPECT_ERRNO(EINVAL, lock(wo, F_GETLK, F_UNLCK, 0, 1));

    /* An open file may ask for its own locks; those of others do not count. */
    int own = CHECK(open("own", O_CREAT | O_RDWR, 0600)), other = CHECK(open("own", O_RDWR));
    CHECK(lock(own, F_OFD_SETLK, F_RDLCK, 3, 4));
    l = (struct flock){.l_type = F_UNLCK, .l_whence = SEEK_SET};
    CHECK(fcntl(other, F_OFD_GETLK, &l));
    EXPECT_EQ(F_UNLCK, l.l_type);
    CHECK(fcntl(own, F_OFD_GETLK, &l));
    EXPECT_EQ(F_RDLCK, l.l_type);
    EXPECT_EQ(3, l.l_start);
    EXPECT_EQ(4, l.l_len);
    return 0;
}
