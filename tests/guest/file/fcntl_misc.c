/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What do the smaller commands of fcntl(2) keep and refuse? */
#include "file_test.h"

#include <limits.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

int main(void)
{
    scratch_enter();
    make_file("f", "text");
    int fd = CHECK(open("f", O_RDWR));
    EXPECT_ERRNO(EINVAL, fcntl(fd, 999));
    EXPECT_ERRNO(EBADF, fcntl(1000, 999));
    CHECK(fcntl(fd, F_SETFD, -1));
    EXPECT_EQ(FD_CLOEXEC, CHECK(fcntl(fd, F_GETFD)));
    CHECK(fcntl(fd, F_SETFD, 2));
    EXPECT_EQ(0, CHECK(fcntl(fd, F_GETFD)));
    CHECK(fcntl(fd, F_SETFL, O_APPEND | O_NONBLOCK | O_CREAT | O_WRONLY));
    EXPECT_EQ(O_RDWR | O_APPEND | O_NONBLOCK | 0100000, CHECK(fcntl(fd, F_GETFL)));
    int on = 0;
    CHECK(ioctl(fd, FIONBIO, &on));
    EXPECT_EQ(O_RDWR | O_APPEND | 0100000, CHECK(fcntl(fd, F_GETFL)));
    CHECK(ioctl(fd, FIOCLEX));
    EXPECT_EQ(FD_CLOEXEC, CHECK(fcntl(fd, F_GETFD)));
    CHECK(ioctl(fd, FIONREAD, &on));
    EXPECT_EQ(4, on);
    EXPECT_ERRNO(ENOTTY, ioctl(fd, TCGETS, &on));
    EXPECT_ERRNO(EFAULT, ioctl(fd, FIONBIO, 8));

    int off = 0, device = CHECK(open("/dev/null", O_RDWR));
    on = 1;
    CHECK(ioctl(device, FIOASYNC, &off)); /* as it is */
    EXPECT_ERRNO(ENOTTY, ioctl(device, FIOASYNC, &on));
    EXPECT_ERRNO(EFAULT, ioctl(device, FIOASYNC, 8));
    EXPECT_ERRNO(EINVAL, fcntl(device, F_SETFL, O_DIRECT | O_APPEND));
    EXPECT_EQ(O_RDWR | 0100000, CHECK(fcntl(device, F_GETFL)));
    EXPECT_ERRNO(EINVAL, open("/dev/null", O_RDONLY | O_DIRECT));
    EXPECT_ERRNO(EINVAL, open(".", O_RDONLY | O_DIRECT));
    EXPECT_ERRNO(ENOENT, open("none", O_RDONLY | O_DIRECT));
    CHECK(mkfifo("fifo", 0600));
    EXPECT_ERRNO(EINVAL, open("fifo", O_RDWR | O_DIRECT));
    CHECK(fcntl(CHECK(open("fifo", O_RDWR)), F_SETFL, O_DIRECT));

    EXPECT_EQ(0, CHECK(fcntl(fd, F_GETOWN)));
    CHECK(fcntl(fd, F_SETOWN, getpid()));
    EXPECT_EQ(getpid(), CHECK(fcntl(fd, F_GETOWN)));
    EXPECT_ERRNO(ESRCH, fcntl(fd, F_SETOWN, 1 << 29));
    EXPECT_ERRNO(EINVAL, fcntl(fd, F_SETOWN, INT_MIN));
    struct f_owner_ex owner = {F_OWNER_TID, getpid()};
    CHECK(fcntl(fd, F_SETOWN_EX, &owner));
    owner.type = 7;
    EXPECT_ERRNO(EINVAL, fcntl(fd, F_SETOWN_EX, &owner));
    CHECK(fcntl(fd, F_GETOWN_EX, &owner));
    EXPECT_EQ(F_OWNER_TID, owner.type);
    EXPECT_EQ(getpid(), owner.pid);
    EXPECT_EQ(0, CHECK(fcntl(fd, F_GETSIG)));
    CHECK(fcntl(fd, F_SETSIG, SIGUSR1));
    EXPECT_EQ(SIGUSR1, CHECK(fcntl(fd, F_GETSIG)));
    EXPECT_ERRNO(EINVAL, fcntl(fd, F_SETSIG, 65));
    EXPECT_EQ(F_UNLCK, CHECK(fcntl(fd, F_GETLEASE)));
    uint64_t hint = 2;
    CHECK(fcntl(fd, F_SET_RW_HINT, &hint));
    hint = 0;
    CHECK(fcntl(fd, F_GET_RW_HINT, &hint));
    EXPECT_EQ(2, hint);
    hint = 6;
    EXPECT_ERRNO(EINVAL, fcntl(fd, F_SET_RW_HINT, &hint));
    EXPECT_EQ(0, CHECK(fcntl(fd, 1028)));
    EXPECT_EQ(1, CHECK(fcntl(CHECK(open("new", O_CREAT | O_RDWR, 0600)), 1028)));
    return 0;
}
