/* SPDX-License-Identifier: GPL-2.0-or-later */
/* open: which error comes first, and which combinations of flags mean what? */
#include "file_test.h"

#include <sys/wait.h>

static void orders(void)
{
    char longer[300], path[5000];
    memset(longer, 'n', sizeof longer);
    longer[255] = 0;
    make_file("file", "abc");
    CHECK(mkdir("dir", 0755));
    CHECK(close(CHECK(open(longer, O_CREAT | O_WRONLY, 0600))));
    longer[255] = 'n', longer[256] = 0;
    EXPECT_ERRNO(ENAMETOOLONG, open(longer, O_RDONLY));
    EXPECT_ERRNO(ENAMETOOLONG, open(longer, O_CREAT | O_WRONLY, 0600));
    EXPECT_ERRNO(ENAMETOOLONG, mkdir(longer, 0700));
    EXPECT_ERRNO(ENAMETOOLONG, unlink(longer));
    EXPECT_ERRNO(ENAMETOOLONG, symlink("x", longer));
    EXPECT_ERRNO(ENAMETOOLONG, rename("file", longer));
    EXPECT_ERRNO(ENAMETOOLONG, link("file", longer));
    snprintf(path, sizeof path, "missing/%s", longer);
    EXPECT_ERRNO(ENOENT, open(path, O_RDONLY)); /* the earlier component decides */
    snprintf(path, sizeof path, "file/%s", longer);
    EXPECT_ERRNO(ENOTDIR, open(path, O_RDONLY));
    for (int i = 0; i < 4095; i++)
        path[i] = i % 2 ? '/' : '.';
    path[4094] = '.', path[4095] = 0;
    CHECK(close(CHECK(open(path, O_RDONLY))));
    path[4095] = '/', path[4096] = 0;
    EXPECT_ERRNO(ENAMETOOLONG, open(path, O_RDONLY));

    EXPECT_ERRNO(ENOENT, open("", O_RDONLY));
    EXPECT_ERRNO(ENOENT, open("", O_CREAT | O_RDWR, 0600));
    EXPECT_ERRNO(EFAULT, open((void *)8, O_RDONLY));
    EXPECT_ERRNO(ENOTDIR, open("file/", O_RDONLY));
    EXPECT_ERRNO(ENOTDIR, open("file/.", O_RDONLY));
    EXPECT_ERRNO(EISDIR, open("new/", O_CREAT | O_RDWR, 0600));
    EXPECT_ERRNO(EISDIR, open("file/", O_CREAT | O_RDWR, 0600));
    EXPECT_ERRNO(EISDIR, open("dir", O_WRONLY));
    EXPECT_ERRNO(EISDIR, open("dir", O_RDWR));
    EXPECT_ERRNO(EISDIR, open("dir", O_RDONLY | O_CREAT, 0600));
    EXPECT_ERRNO(EISDIR, open("dir", O_RDONLY | O_TRUNC));
    EXPECT_ERRNO(EEXIST, open("dir", O_CREAT | O_EXCL, 0600));
    EXPECT_ERRNO(EEXIST, open("file", O_CREAT | O_EXCL, 0600));
    EXPECT_ERRNO(EEXIST, open(".", O_CREAT | O_EXCL, 0600));
    EXPECT_ERRNO(EEXIST, open("/", O_CREAT | O_EXCL, 0600));
    EXPECT_ERRNO(EINVAL, open("dir", O_CREAT | O_DIRECTORY, 0600));
    EXPECT_ERRNO(ENOTDIR, open("file", O_DIRECTORY));
    EXPECT_ERRNO(ENOENT, open("missing", O_DIRECTORY));
    CHECK(symlink("nowhere", "dangling"));
    CHECK(symlink("loop", "loop"));
    CHECK(symlink("file", "link"));
    CHECK(symlink("dir", "dirlink"));
    EXPECT_ERRNO(ENOENT, open("dangling", O_RDONLY));
    EXPECT_ERRNO(EEXIST, open("dangling", O_CREAT | O_EXCL | O_RDWR, 0600));
    EXPECT_ERRNO(ELOOP, open("loop", O_RDONLY));
    EXPECT_ERRNO(ELOOP, open("loop", O_CREAT | O_RDWR, 0600));
    EXPECT_ERRNO(ELOOP, open("link", O_NOFOLLOW));
    EXPECT_ERRNO(ENOTDIR, open("dirlink", O_NOFOLLOW | O_DIRECTORY));
    EXPECT_ERRNO(ELOOP, open("dirlink", O_NOFOLLOW));
    CHECK(close(CHECK(open("dirlink/", O_NOFOLLOW))));
    EXPECT_ERRNO(ELOOP, open("dangling", O_NOFOLLOW | O_CREAT | O_RDWR, 0600));
    CHECK(close(CHECK(open("link", O_NOFOLLOW | O_PATH))));
    CHECK(close(CHECK(open("dangling", O_CREAT | O_RDWR, 0600)))); /* makes the target */
    EXPECT(exists("nowhere"));
}

static void access_modes(void)
{
    char c;
    int fd = CHECK(open("file", O_RDWR | O_WRONLY)); /* 3: neither, for ioctls only */
    EXPECT_ERRNO(EBADF, read(fd, &c, 1));
    EXPECT_ERRNO(EBADF, write(fd, &c, 1));
    EXPECT_EQ(O_ACCMODE, CHECK(fcntl(fd, F_GETFL)) & O_ACCMODE);
    CHECK(close(fd));
    fd = CHECK(open("file", O_RDONLY | O_TRUNC)); /* truncates all the same */
    EXPECT_EQ(0, stat_of("file").st_size);
    CHECK(close(fd));
    fd = CHECK(open("made", O_CREAT | O_RDWR, 0)); /* the mode is for later opens */
    EXPECT_EQ(1, write(fd, "x", 1));
    CHECK(close(fd));
    fd = CHECK(open("file",
                    O_RDONLY | O_NOATIME | O_SYNC | O_NOCTTY | O_ASYNC | O_NONBLOCK | 0x80000000u));
    EXPECT_EQ(O_NOATIME | O_SYNC | O_ASYNC | O_NONBLOCK, CHECK(fcntl(fd, F_GETFL)) & ~0100000);
    CHECK(close(fd));
    EXPECT_ERRNO(EINVAL, open(".", O_TMPFILE | O_RDONLY, 0600));
    EXPECT_ERRNO(ENOTDIR, open("file", O_TMPFILE | O_RDWR, 0600));
    EXPECT_ERRNO(ENOENT, open("missing", O_TMPFILE | O_RDWR, 0600));
    EXPECT_ERRNO(EINVAL, open(".", O_TMPFILE | O_CREAT | O_RDWR, 0600));
    EXPECT_ERRNO(EINVAL, open(".", (O_TMPFILE & ~O_DIRECTORY) | O_RDWR, 0600));
}

static void relative(void)
{
    int dir = CHECK(open("dir", O_RDONLY)), file = CHECK(open("file", O_RDONLY)),
        path = CHECK(open("dir", O_PATH));
    EXPECT_ERRNO(ENOENT, openat(dir, "x", O_RDONLY));
    EXPECT_ERRNO(ENOTDIR, openat(file, "x", O_RDONLY));
    EXPECT_ERRNO(EBADF, openat(99, "x", O_RDONLY));
    EXPECT_ERRNO(EBADF, openat(-5, "x", O_RDONLY));
    CHECK(close(CHECK(openat(99, "/", O_RDONLY)))); /* not looked at */
    EXPECT_ERRNO(ENOENT, openat(99, "", O_RDONLY));
    CHECK(close(CHECK(openat(path, "x", O_CREAT | O_RDWR, 0600))));
    EXPECT(exists("dir/x"));
    CHECK(unlinkat(dir, "x", 0));
    CHECK(close(dir));
    CHECK(close(file));
    CHECK(close(path));
}

static void no_rights(void)
{
    CHECK(mkdir("closed", 0700));
    make_file("closed/in", "x");
    make_file("secret", "x");
    CHECK(chmod("secret", 0200));
    make_file("readonly", "x");
    CHECK(chmod("readonly", 0444));
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        CHECK(setresgid(65534, 65534, 65534));
        CHECK(setresuid(65534, 65534, 65534));
        EXPECT_ERRNO(EACCES, open("closed/in", O_RDONLY));
        EXPECT_ERRNO(EACCES, open("closed/missing", O_RDONLY));
        EXPECT_ERRNO(EACCES, open("secret", O_RDONLY));
        EXPECT_ERRNO(EACCES, open("readonly", O_WRONLY));
        EXPECT_ERRNO(EACCES, open("readonly", O_RDONLY | O_TRUNC));
        EXPECT_ERRNO(EPERM, open("readonly", O_RDONLY | O_NOATIME));
        EXPECT_ERRNO(EACCES, open("new", O_CREAT | O_RDWR, 0600));
        EXPECT_ERRNO(EACCES, open("secret", O_CREAT | O_RDWR, 0600));
        EXPECT_ERRNO(EEXIST, open("secret", O_CREAT | O_EXCL | O_RDWR, 0600));
        EXPECT_ERRNO(EEXIST, mkdir("secret", 0700));
        EXPECT_ERRNO(EACCES, mkdir("newdir", 0700));
        EXPECT_ERRNO(EACCES, unlink("secret"));
        EXPECT_ERRNO(ENOENT, unlink("missing"));
        EXPECT_ERRNO(EACCES, chdir("closed"));
        CHECK(close(CHECK(open("secret", O_PATH)))); /* no right is asked */
        _exit(0);
    }
    int status;
    CHECK(waitpid(pid, &status, 0));
    EXPECT_EQ(0, status);
}

int main(void)
{
    scratch_enter();
    orders();
    access_modes();
    relative();
    no_rights();
    return 0;
}
