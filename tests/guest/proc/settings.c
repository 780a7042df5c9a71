/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How do files of /proc take what is written to them, and when are they told to have changed? */
#include "proc_text.h"

#include <poll.h>
#include <sys/epoll.h>

/* Written as a whole: 0, or errno. */
static int put(int fd, const char *text)
{
    ssize_t n = write(fd, text, strlen(text));
    if (n < 0)
        return errno;
    EXPECT_EQ(strlen(text), n);
    return 0;
}

static void expect_text(int fd, const char *want)
{
    char text[64] = {0};
    CHECK(pread(fd, text, sizeof text - 1, 0));
    if (strcmp(want, text) != 0)
        FAIL("want %s got %s", want, text);
}

static void check_numbers(void)
{
    int fd = CHECK(open("/proc/self/oom_score_adj", O_RDWR));
    EXPECT_EQ(0, put(fd, "7"));
    expect_text(fd, "7\n");
    EXPECT_EQ(2, write(fd, "8", 2)); /* a NUL at its end */
    expect_text(fd, "8\n");
    EXPECT_EQ(0, put(fd, " 0x10\n"));
    expect_text(fd, "16\n");
    EXPECT_EQ(EINVAL, put(fd, "8x"));
    EXPECT_EQ(EINVAL, put(fd, "1001"));
    EXPECT_EQ(ERANGE, put(fd, "12345678901234567890"));
    expect_text(fd, "16\n");

    fd = CHECK(open("/proc/self/coredump_filter", O_RDWR));
    expect_text(fd, "00000033\n");
    EXPECT_EQ(0, put(fd, "0xfff"));
    expect_text(fd, "000001ff\n");
    EXPECT_EQ(EINVAL, put(fd, "z"));

    char before[64] = {0};
    fd = CHECK(open("/proc/self/timerslack_ns", O_RDWR));
    CHECK(pread(fd, before, sizeof before - 1, 0));
    EXPECT_EQ(0, put(fd, "1000"));
    expect_text(fd, "1000\n");
    EXPECT_EQ(0, put(fd, "0"));
    expect_text(fd, before);
    EXPECT_EQ(EINVAL, put(fd, "-1"));
    EXPECT_EQ(EINVAL, put(fd, "1 2"));
}

/* Sequences know no end, and are not written at an offset. */
static void check_sequences(void)
{
    static const char *const sequences[] = {"/proc/self/status", "/proc/self/maps",
                                            "/proc/self/comm",   "/proc/meminfo",
                                            "/proc/self/limits", "/proc/self/mounts"};
    for (size_t i = 0; i < sizeof sequences / sizeof *sequences; i++) {
        int fd = CHECK(open(sequences[i], O_RDONLY));
        EXPECT_ERRNO(EINVAL, lseek(fd, 0, SEEK_END));
        EXPECT_ERRNO(EINVAL, lseek(fd, -1, SEEK_SET));
        EXPECT_EQ(3, lseek(fd, 3, SEEK_SET));
        CHECK(close(fd));
    }
    int fd = CHECK(open("/proc/self/cmdline", O_RDONLY));
    EXPECT_EQ(0, lseek(fd, 0, SEEK_END));
    fd = CHECK(open("/proc/self/task", O_RDONLY));
    CHECK(lseek(fd, 0, SEEK_END));
    fd = CHECK(open("/proc/self/comm", O_RDWR));
    EXPECT_EQ(0, put(fd, "name"));
    EXPECT_ERRNO(ESPIPE, pwrite(fd, "other", 5, 0));
    EXPECT_ERRNO(EINVAL, write(CHECK(open("/proc/self/status", O_RDWR)), "x", 1));
    EXPECT_ERRNO(EIO, write(CHECK(open("/proc/cpuinfo", O_WRONLY)), "x", 1));
    EXPECT_ERRNO(EPERM, write(CHECK(open("/proc/self/uid_map", O_RDWR)), "0 0 1", 5));
    static const struct {
        const char *text;
        int error;
    } words[] = {{"allow", 0}, {"deny", EPERM}, {"perhaps", EINVAL}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        fd = CHECK(open("/proc/self/setgroups", O_RDWR));
        EXPECT_EQ(words[i].error, put(fd, words[i].text));
        CHECK(close(fd));
    }
}

static int events(int epoll)
{
    struct epoll_event event = {0};
    return CHECK(epoll_wait(epoll, &event, 1, 0)) ? (int)event.events : 0;
}

static void check_polled(void)
{
    char name[65], byte;
    struct epoll_event none = {0};
    int epoll = CHECK(epoll_create1(0));
    int host = CHECK(open("/proc/sys/kernel/hostname", O_RDONLY));
    int status = CHECK(open("/proc/self/status", O_RDONLY));
    int mounts = CHECK(open("/proc/self/mounts", O_RDONLY));
    EXPECT_ERRNO(EPERM, epoll_ctl(epoll, EPOLL_CTL_ADD, status, &none));
    CHECK(epoll_ctl(epoll, EPOLL_CTL_ADD, mounts, &none));
    CHECK(epoll_ctl(epoll, EPOLL_CTL_ADD, host, &none));
    EXPECT_EQ(0, events(epoll));

    struct pollfd poller = {.fd = mounts, .events = POLLIN | POLLOUT};
    EXPECT_EQ(1, poll(&poller, 1, 0));
    EXPECT_EQ(POLLIN, poller.revents);
    poller.fd = CHECK(open("/proc/sys/kernel/osrelease", O_RDONLY));
    EXPECT_EQ(1, poll(&poller, 1, 0));
    EXPECT_EQ(POLLIN | POLLOUT, poller.revents);

    /* To the same name: that it was set counts. Told once, however little was read. */
    CHECK(gethostname(name, sizeof name));
    if (sethostname(name, strlen(name)) == -1 && errno == EPERM)
        return; /* a container's root natively */
    EXPECT_EQ(EPOLLERR, events(epoll));
    EXPECT_EQ(0, events(epoll));
    EXPECT_EQ(1, read(host, &byte, 1));
    EXPECT_EQ(0, events(epoll));
    int later = CHECK(open("/proc/sys/kernel/hostname", O_RDONLY));
    poller = (struct pollfd){.fd = later, .events = POLLPRI};
    EXPECT_EQ(0, poll(&poller, 1, 0));
    CHECK(sethostname(name, strlen(name)));
    EXPECT_EQ(1, poll(&poller, 1, 0));
    EXPECT_EQ(POLLPRI | POLLERR, poller.revents);
    EXPECT_EQ(0, poll(&poller, 1, 0));
}

int main(void)
{
    check_numbers();
    check_sequences();
    check_polled();
    return 0;
}
