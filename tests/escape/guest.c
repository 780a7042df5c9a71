/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Is there a way out? guest PID: tries what could reach the host. /ro and /rw are folders of the
 * host, granted as they are called; beside them on the host lies "secret", which is not. PID is a
 * process of the host. Standard input is a terminal of the host.
 */
#include "guest_test.h"

#include <linux/openat2.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <termios.h>

extern char **environ;

/* Nothing that is read through `path` is the secret. */
static void cannot_read(const char *path)
{
    char text[64] = "";
    int fd = open(path, O_RDONLY | O_NONBLOCK);
    if (fd < 0)
        return;
    ssize_t n = read(fd, text, sizeof text - 1);
    if (n > 0 && strstr(text, "secret"))
        FAIL("%s leads out", path);
    close(fd);
}

static void names(void)
{
    static const char *const paths[] = {
        "/ro/absolute",
        "/ro/relative",
        "/ro/folder/secret",
        "/ro/../secret",
        "/ro/../../secret",
        "/ro/loop/secret",
        "/rw/absolute",
        "/rw/relative",
        "/rw/../secret",
        "/rw/proc",
        "/secret",
        "/proc/self/root/../secret",
        "/proc/1/cwd/../secret",
        "/ro/inner/../../secret",
        "/proc/self/root/ro/../secret",
    };
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        cannot_read(paths[i]);
    int dir = CHECK(open("/ro", O_RDONLY | O_DIRECTORY));
    int path_only = CHECK(open("/ro/inner", O_PATH));
    EXPECT_EQ(-1, openat(dir, "../secret", O_RDONLY));
    EXPECT_EQ(-1, openat(path_only, "../../secret", O_RDONLY));
    CHECK(fchdir(dir));
    cannot_read("../secret");
    CHECK(chroot("/ro/inner"));
    cannot_read("../../secret"); /* the way out of a chroot leads to the guest's root only */
    cannot_read("../../../../secret");
    CHECK(fchdir(dir));
    CHECK(chroot(".."));
    CHECK(chdir("/"));
    CHECK(access("/ro", F_OK));
    close(dir);
    close(path_only);
}

static int resolve(int dir, const char *path, uint64_t how)
{
    struct open_how open_how = {.flags = O_RDONLY, .resolve = how};
    return (int)syscall(SYS_openat2, dir, path, &open_how, sizeof open_how);
}

static void resolving(void)
{
    int dir = CHECK(open("/ro", O_RDONLY | O_DIRECTORY));
    EXPECT_ERRNO(EXDEV, resolve(dir, "../rw", RESOLVE_BENEATH));
    EXPECT_ERRNO(EXDEV, resolve(dir, "absolute", RESOLVE_BENEATH));
    EXPECT_ERRNO(ELOOP, resolve(dir, "relative", RESOLVE_NO_SYMLINKS));
    EXPECT_ERRNO(ENOENT, resolve(dir, "../../secret", RESOLVE_IN_ROOT));
    EXPECT_ERRNO(EXDEV, resolve(dir, "..", RESOLVE_NO_XDEV));
    EXPECT_ERRNO(ELOOP, resolve(AT_FDCWD, "/proc/self/exe", RESOLVE_NO_MAGICLINKS));
    close(dir);
}

static void reopen(int fd, int flags, int expected)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    EXPECT_ERRNO(expected, open(path, flags));
    snprintf(path, sizeof path, "/dev/fd/%d", fd);
    EXPECT_ERRNO(expected, open(path, flags));
}

static void read_only(void)
{
    int fd = CHECK(open("/ro/file", O_RDONLY)), path_only = CHECK(open("/ro/file", O_PATH));
    char byte;
    EXPECT_ERRNO(EROFS, open("/ro/file", O_RDWR));
    EXPECT_ERRNO(EROFS, open("/ro/new", O_CREAT | O_WRONLY, 0600));
    EXPECT_ERRNO(EROFS, open("/ro", O_TMPFILE | O_RDWR, 0600));
    EXPECT_ERRNO(EBADF, write(fd, "x", 1));
    EXPECT_ERRNO(EBADF, read(path_only, &byte, 1));
    EXPECT_EQ(-1, ftruncate(fd, 0));
    reopen(fd, O_RDWR, EROFS);
    reopen(path_only, O_WRONLY, EROFS);
    EXPECT_EQ(1, mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED);
    char *shared = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
    EXPECT(shared != MAP_FAILED);
    EXPECT_ERRNO(EACCES, mprotect(shared, 4096, PROT_READ | PROT_WRITE));
    EXPECT_ERRNO(EROFS, truncate("/ro/file", 0));
    EXPECT_ERRNO(EROFS, unlink("/ro/file"));
    EXPECT_ERRNO(EROFS, mkdir("/ro/d", 0700));
    EXPECT_ERRNO(EROFS, symlink("x", "/ro/link"));
    EXPECT_ERRNO(EROFS, chmod("/ro/file", 0777));
    EXPECT_ERRNO(EROFS, rename("/ro/file", "/ro/other"));
    EXPECT_ERRNO(EXDEV, rename("/ro/file", "/rw/other"));
    EXPECT_ERRNO(EXDEV, link("/ro/file", "/rw/linked"));
    close(fd);
    close(path_only);
}

static void devices(void)
{
    EXPECT_EQ(-1, open("/rw/device", O_RDWR)); /* a node of the host's */
    if (mknod("/rw/made", S_IFCHR | 0600, makedev(10, 200)) == 0)
        EXPECT_EQ(-1, open("/rw/made", O_RDWR));
}

static void processes(pid_t host)
{
    EXPECT_ERRNO(ESRCH, kill(host, 0));
    EXPECT_ERRNO(ESRCH, kill(host, SIGKILL));
    EXPECT_EQ(-1, ptrace(PTRACE_ATTACH, host, 0, 0));
    EXPECT_EQ(-1, syscall(SYS_pidfd_open, host, 0));
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/environ", (int)host);
    EXPECT_ERRNO(ENOENT, open(path, O_RDONLY));
    int ends[2];
    CHECK(pipe(ends));
    EXPECT_ERRNO(ESRCH, fcntl(ends[0], F_SETOWN, host));
    close(ends[0]);
    close(ends[1]);
}

static void terminal(void)
{
    char c = 'x';
    EXPECT(isatty(0));
    EXPECT_EQ(-1, ioctl(0, TIOCSTI, &c));
    c = 2;
    EXPECT_EQ(-1, ioctl(0, TIOCLINUX, &c));
    EXPECT_EQ(-1, ioctl(0, TIOCCONS, 0));
    EXPECT_EQ(-1, ioctl(0, TIOCSETD, &(int){0}));
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    for (int fd = 3; fd < 64; fd++)
        EXPECT_ERRNO(EBADF, fcntl(fd, F_GETFD));
    for (char **entry = environ; *entry; entry++)
        EXPECT(!strstr(*entry, "canary"));
    resolving();
    read_only();
    devices();
    processes(atoi(argv[1]));
    terminal();
    for (int i = 0; i < 1000; i++) /* the host swaps /rw/swap: a folder, a link that leads out */
        cannot_read("/rw/swap/secret");
    names();
    return 0;
}
