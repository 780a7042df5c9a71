/* SPDX-License-Identifier: GPL-2.0-or-later */
/* In which order does open(2) look at its flags, and what does F_GETFL show of them? */
#include "file_test.h"

#include <sys/ioctl.h>

int main(void)
{
    scratch_enter();
    make_file("f", "text");
    CHECK(mkdir("d", 0755));
    CHECK(symlink("f", "l"));
    CHECK(symlink("d", "ld"));
    CHECK(symlink("nowhere", "dangling"));

    EXPECT_ERRNO(EEXIST, open("f", O_CREAT | O_EXCL | O_RDWR, 0644));
    EXPECT_ERRNO(EEXIST, open("dangling", O_CREAT | O_EXCL | O_RDWR, 0644));
    EXPECT_ERRNO(EEXIST, open("d", O_CREAT | O_EXCL | O_RDONLY, 0644));
    EXPECT_ERRNO(EEXIST, open(".", O_CREAT | O_EXCL | O_RDONLY, 0644));
    EXPECT_ERRNO(EISDIR, open("d", O_CREAT | O_RDONLY, 0644));
    EXPECT_ERRNO(EISDIR, open("new/", O_CREAT | O_RDWR, 0644));
    EXPECT_ERRNO(EISDIR, open("f/", O_CREAT | O_RDWR, 0644));
    EXPECT_ERRNO(EISDIR, open("d", O_WRONLY));
    EXPECT_ERRNO(EISDIR, open("d", O_RDONLY | O_TRUNC));
    EXPECT_ERRNO(ENOTDIR, open("f/", O_RDONLY));
    EXPECT_ERRNO(ENOTDIR, open("f", O_RDONLY | O_DIRECTORY));
    EXPECT_ERRNO(EINVAL, open("x", O_CREAT | O_DIRECTORY | O_RDONLY, 0755));
    EXPECT_ERRNO(ELOOP, open("l", O_RDONLY | O_NOFOLLOW));
    EXPECT_ERRNO(ENOTDIR, open("ld", O_RDONLY | O_NOFOLLOW | O_DIRECTORY));
    EXPECT_ERRNO(ENOENT, open("dangling", O_RDONLY));
    EXPECT_ERRNO(ENOENT, open("", O_RDONLY));
    EXPECT_ERRNO(EFAULT, open((void *)8, O_RDONLY));
    EXPECT_ERRNO(ENOENT, openat(-5, "", O_RDONLY));
    EXPECT_ERRNO(EBADF, openat(-5, "f", O_RDONLY));

    /* Through a dangling link the file is made where the link points. */
    int fd = CHECK(open("dangling", O_CREAT | O_RDWR, 0600));
    EXPECT(exists("nowhere"));
    EXPECT_EQ(O_RDWR | 0100000, CHECK(fcntl(fd, F_GETFL)));
    CHECK(close(fd));
    fd = CHECK(open("exclusive", O_CREAT | O_EXCL | O_RDWR, 0600));
    EXPECT_EQ(O_RDWR | 0100000, CHECK(fcntl(fd, F_GETFL)));
    CHECK(close(fd));
    CHECK(mkfifo("fifo", 0600));
    fd = CHECK(open("fifo", O_RDWR | O_APPEND));
    EXPECT_EQ(O_RDWR | O_APPEND | 0100000, CHECK(fcntl(fd, F_GETFL)));
    CHECK(close(fd));

    fd = CHECK(open("f", O_WRONLY | O_APPEND | O_NONBLOCK | O_CLOEXEC | O_CREAT | O_SYNC));
    EXPECT_EQ(O_WRONLY | O_APPEND | O_NONBLOCK | O_SYNC | 0100000, CHECK(fcntl(fd, F_GETFL)));
    EXPECT_EQ(FD_CLOEXEC, CHECK(fcntl(fd, F_GETFD)));
    CHECK(close(fd));

    fd = CHECK(open("l", O_PATH | O_NOFOLLOW));
    struct stat st;
    CHECK(fstat(fd, &st));
    EXPECT(S_ISLNK(st.st_mode));
    EXPECT_EQ(O_PATH | O_NOFOLLOW, CHECK(fcntl(fd, F_GETFL)));
    char c;
    EXPECT_ERRNO(EBADF, read(fd, &c, 1));
    EXPECT_ERRNO(EBADF, fcntl(fd, F_SETFL, 0));
    EXPECT_ERRNO(EBADF, ioctl(fd, 0x541b, &c));
    CHECK(close(fd));

    fd = CHECK(open("f", O_RDONLY | O_TRUNC));
    EXPECT_EQ(0, stat_of("f").st_size);
    /* access mode 3: rights to both are asked, neither is had */
    fd = CHECK(open("f", 3));
    EXPECT_ERRNO(EBADF, read(fd, &c, 1));
    EXPECT_ERRNO(EBADF, write(fd, &c, 1));
    return 0;
}
