/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PIDFD_GET_INFO: what does a pidfd tell of its process, living, dead and waited for? */
#include "guest_test.h"

#include <signal.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define PID 1ul
#define CREDS 2ul
#define EXIT 8ul

struct info {
    uint64_t mask, cgroup;
    uint32_t pid, tgid, ppid, ruid, rgid, euid, egid, suid, sgid, fsuid, fsgid;
    int32_t exit_code;
    uint64_t more[2];
};

/* With so many bytes of the struct. */
static int get(int fd, struct info *info, size_t size)
{
    return ioctl(fd, _IOC(_IOC_READ | _IOC_WRITE, 0xff, 11, size), info);
}

static struct info info_of(int fd, uint64_t mask)
{
    struct info info = {.mask = mask};
    CHECK(get(fd, &info, 64));
    return info;
}

static void own(void)
{
    int fd = (int)CHECK(syscall(SYS_pidfd_open, getpid(), 0));
    struct info info = info_of(fd, 0);
    EXPECT_EQ(PID | CREDS, info.mask & (PID | CREDS | EXIT)); /* always */
    EXPECT_EQ(getpid(), info.pid);
    EXPECT_EQ(getpid(), info.tgid);
    EXPECT_EQ(getppid(), info.ppid);
    EXPECT_EQ(getuid(), info.ruid);
    EXPECT_EQ(getegid(), info.fsgid);
    EXPECT_ERRNO(ENOTTY, get(fd, &info, 63));
    EXPECT_ERRNO(ENOTTY, get(fd, &info, 8));
    EXPECT_ERRNO(EINVAL, get(fd, NULL, 64));
    EXPECT_ERRNO(EFAULT, get(fd, (void *)8, 64));
    /* A larger struct than is known: the rest is zeros. */
    char large[512];
    memset(large, 0x55, sizeof large);
    uint64_t mask = PID;
    memcpy(large, &mask, sizeof mask);
    CHECK(get(fd, (void *)large, 256));
    for (int i = 128; i < 256; i++)
        EXPECT_EQ(0, large[i]);
    EXPECT_EQ(0x55, large[256]);
    CHECK(close(fd));
}

static void child(void)
{
    int go[2];
    CHECK(pipe(go));
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        char byte;
        EXPECT_EQ(1, read(go[0], &byte, 1));
        _exit(42);
    }
    int fd = (int)CHECK(syscall(SYS_pidfd_open, pid, 0));
    struct info info = info_of(fd, EXIT);
    EXPECT_EQ(pid, info.pid);
    EXPECT_EQ(getpid(), info.ppid);
    EXPECT_EQ(0, info.mask & EXIT);
    EXPECT_EQ(1, write(go[1], "", 1));
    siginfo_t ended;
    CHECK(waitid(P_PID, (id_t)pid, &ended, WEXITED | WNOWAIT));
    info = info_of(fd, EXIT);
    EXPECT_EQ(pid, info.pid); /* a zombie is somebody */
    EXPECT_EQ(0, info.mask & EXIT);
    EXPECT_EQ(pid, waitpid(pid, NULL, 0));
    info = info_of(fd, EXIT | PID);
    EXPECT_EQ(EXIT, info.mask & (PID | CREDS | EXIT));
    EXPECT_EQ(42 << 8, info.exit_code);
    EXPECT_EQ(0, info.pid);
    info.mask = PID;
    EXPECT_ERRNO(ESRCH, get(fd, &info, 64));
    CHECK(close(fd));

    pid = CHECK(fork());
    if (pid == 0)
        for (;;)
            pause();
    fd = (int)CHECK(syscall(SYS_pidfd_open, pid, 0));
    CHECK(kill(pid, SIGKILL));
    EXPECT_EQ(pid, waitpid(pid, NULL, 0));
    EXPECT_EQ(SIGKILL, info_of(fd, EXIT).exit_code);
}

int main(void)
{
    own();
    child();
    return 0;
}
