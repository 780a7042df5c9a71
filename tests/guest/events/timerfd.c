/* SPDX-License-Identifier: GPL-2.0-or-later */
/* timerfd: arming, reading, what is left, what is refused? */
#include "guest_test.h"
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>

#define TICKS _IOW('T', 0, uint64_t)

static struct itimerspec once(int64_t sec, int64_t nsec)
{
    return (struct itimerspec){.it_value = {sec, nsec}};
}

/* The file says what it counts. */
static void shown(void)
{
    char path[64], text[512] = {0};
    int fd = CHECK(timerfd_create(CLOCK_BOOTTIME, 0));
    struct itimerspec spec = {{1, 7}, {0, 0}};
    CHECK(timerfd_settime(fd, TFD_TIMER_ABSTIME, &spec, NULL));
    snprintf(path, sizeof path, "/proc/self/fdinfo/%d", fd);
    int info = CHECK(open(path, O_RDONLY));
    CHECK(read(info, text, sizeof text - 1));
    EXPECT(strstr(text, "\nclockid: 7\nticks: 0\nsettime flags: 01\nit_value: (0, 0)\n"
                        "it_interval: (1, 7)\n"));
    CHECK(close(info));
    CHECK(close(fd));
}

int main(void)
{
    uint64_t count;
    struct itimerspec now, spec = once(100, 0);
    EXPECT_ERRNO(EINVAL, timerfd_create(CLOCK_PROCESS_CPUTIME_ID, 0));
    EXPECT_ERRNO(EINVAL, timerfd_create(CLOCK_MONOTONIC_RAW, 0));
    EXPECT_ERRNO(EINVAL, timerfd_create(CLOCK_TAI, 0));
    EXPECT_ERRNO(EINVAL, timerfd_create(CLOCK_MONOTONIC, 1));
    EXPECT_ERRNO(EINVAL, timerfd_create(-1, 0));
    int fd = CHECK(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC));
    EXPECT_EQ(FD_CLOEXEC, CHECK(fcntl(fd, F_GETFD)));

    shown();
    CHECK(timerfd_gettime(fd, &now));
    EXPECT(!now.it_value.tv_sec && !now.it_value.tv_nsec && !now.it_interval.tv_sec);
    EXPECT_ERRNO(EBADF, timerfd_settime(-1, 0, &spec, NULL));
    EXPECT_ERRNO(EINVAL, timerfd_settime(0, 0, &spec, NULL));
    EXPECT_ERRNO(EBADF, timerfd_gettime(-1, &now));
    EXPECT_ERRNO(EINVAL, timerfd_gettime(0, &now));
    EXPECT_ERRNO(EFAULT, timerfd_gettime(fd, (void *)8));
    EXPECT_ERRNO(EFAULT, timerfd_settime(fd, 0, (void *)8, NULL));
    EXPECT_ERRNO(EINVAL, timerfd_settime(fd, 4, &spec, NULL));
    const struct itimerspec bad[] = {once(0, -1),       once(0, 1000000000),
                                     once(-1, 0),       {{0, -1}, {1, 0}},
                                     {{-1, 0}, {1, 0}}, {{0, 1000000000}, {0, 0}}};
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++)
        EXPECT_ERRNO(EINVAL, timerfd_settime(fd, 0, &bad[i], NULL));
    EXPECT_ERRNO(EFAULT, timerfd_settime(fd, 0, &spec, (void *)8)); /* and it is armed */
    CHECK(timerfd_gettime(fd, &now));
    EXPECT(now.it_value.tv_sec == 99);

    spec = (struct itimerspec){{7, 8}, {200, 0}};
    CHECK(timerfd_settime(fd, 0, &spec, &now));
    EXPECT(now.it_value.tv_sec == 99 && now.it_interval.tv_sec == 0);
    CHECK(timerfd_gettime(fd, &now));
    EXPECT(now.it_value.tv_sec == 199 && now.it_interval.tv_sec == 7 &&
           now.it_interval.tv_nsec == 8);
    EXPECT_ERRNO(EAGAIN, read(fd, &count, 8));
    EXPECT_ERRNO(EINVAL, read(fd, &count, 7));
    EXPECT_ERRNO(EINVAL, write(fd, &count, 8));
    /* An interval alone arms nothing, and is kept... for nothing. */
    spec = (struct itimerspec){{7, 0}, {0, 0}};
    CHECK(timerfd_settime(fd, 0, &spec, NULL));
    CHECK(timerfd_gettime(fd, &now));
    EXPECT(now.it_value.tv_sec == 0 && now.it_value.tv_nsec == 0);

    /* An absolute time that is over: at once, and once. */
    spec = once(0, 1);
    CHECK(timerfd_settime(fd, TFD_TIMER_ABSTIME, &spec, NULL));
    struct pollfd p = {fd, POLLIN | POLLOUT, 0};
    EXPECT_EQ(1, poll(&p, 1, -1));
    EXPECT_EQ(POLLIN, p.revents);
    CHECK(timerfd_gettime(fd, &now));
    EXPECT(now.it_value.tv_sec == 0 && now.it_value.tv_nsec == 0);
    EXPECT_EQ(8, read(fd, &count, 8));
    EXPECT_EQ(1, count);
    EXPECT_ERRNO(EAGAIN, read(fd, &count, 8));

    /* Expirations are forgotten when it is set again. */
    CHECK(timerfd_settime(fd, TFD_TIMER_ABSTIME, &spec, NULL));
    EXPECT_EQ(1, poll(&p, 1, -1));
    spec = once(100, 0);
    CHECK(timerfd_settime(fd, 0, &spec, NULL));
    EXPECT_EQ(0, poll(&p, 1, 0));
    EXPECT_ERRNO(EAGAIN, read(fd, &count, 8));

    /* A past start with an interval: all that would have been are counted. */
    struct timespec clock;
    CHECK(clock_gettime(CLOCK_MONOTONIC, &clock));
    if (clock.tv_sec >= 2) {
        spec = (struct itimerspec){{1, 0}, {clock.tv_sec - 1, clock.tv_nsec}};
        CHECK(timerfd_settime(fd, TFD_TIMER_ABSTIME, &spec, NULL));
        EXPECT_EQ(1, poll(&p, 1, -1));
        EXPECT_EQ(8, read(fd, &count, 8));
        EXPECT(count >= 2);
        CHECK(timerfd_gettime(fd, &now));
        EXPECT(now.it_value.tv_sec <= 1 && now.it_interval.tv_sec == 1);
    }

    int wall = CHECK(timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK));
    CHECK(clock_gettime(CLOCK_REALTIME, &clock));
    spec = (struct itimerspec){{100, 0}, {clock.tv_sec - 250, clock.tv_nsec}};
    CHECK(timerfd_settime(wall, TFD_TIMER_ABSTIME, &spec, NULL));
    CHECK(timerfd_gettime(wall, &now));
    EXPECT(now.it_value.tv_sec >= 40 && now.it_value.tv_sec <= 50); /* in step with the first */
    EXPECT_EQ(8, read(wall, &count, 8));
    EXPECT_EQ(3, count);
    EXPECT_ERRNO(EAGAIN, read(wall, &count, 8));
    CHECK(close(wall));

    /* Ticks can be set; zero not. */
    spec = once(100, 0);
    CHECK(timerfd_settime(fd, 0, &spec, NULL));
    count = 0;
    EXPECT_ERRNO(EINVAL, ioctl(fd, TICKS, &count));
    count = 42;
    CHECK(ioctl(fd, TICKS, &count));
    EXPECT_EQ(8, read(fd, &count, 8));
    EXPECT_EQ(42, count);
    EXPECT_ERRNO(EFAULT, ioctl(fd, TICKS, (void *)8));

    /* As much of the count as can be put; it is gone all the same. */
    char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    EXPECT(page != MAP_FAILED);
    CHECK(mprotect(page + 4096, 4096, PROT_NONE));
    CHECK(ioctl(fd, TICKS, &count));
    EXPECT_EQ(4, read(fd, page + 4092, 8));
    EXPECT_ERRNO(EAGAIN, read(fd, &count, 8));
    CHECK(ioctl(fd, TICKS, &count));
    EXPECT_ERRNO(EFAULT, read(fd, page + 4096, 8));
    EXPECT_ERRNO(EAGAIN, read(fd, &count, 8));
    CHECK(munmap(page, 8192));

    /* A read that waits; the child has the same timer. */
    CHECK(fcntl(fd, F_SETFL, 0));
    spec = (struct itimerspec){{0, 1000000}, {0, 1000000}};
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        CHECK(timerfd_settime(fd, 0, &spec, NULL));
        _exit(0);
    }
    EXPECT_EQ(8, read(fd, &count, 8));
    EXPECT(count >= 1);
    CHECK(waitpid(pid, NULL, 0));
    EXPECT_EQ(8, read(fd, &count, 8));

    /* Clocks that are set can cancel; nobody sets this one. */
    int real = CHECK(timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK));
    CHECK(clock_gettime(CLOCK_REALTIME, &clock));
    spec = once(clock.tv_sec + 100, 0);
    CHECK(timerfd_settime(real, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &spec, NULL));
    EXPECT_ERRNO(EAGAIN, read(real, &count, 8));
    CHECK(timerfd_gettime(real, &now));
    EXPECT(now.it_value.tv_sec >= 98 && now.it_value.tv_sec <= 100);
    CHECK(close(CHECK(timerfd_create(CLOCK_BOOTTIME, 0))));
    CHECK(close(CHECK(timerfd_create(CLOCK_BOOTTIME_ALARM, 0))));
    EXPECT_EQ(0, setresuid(65534, 65534, 65534));
    EXPECT_ERRNO(EPERM, timerfd_create(CLOCK_REALTIME_ALARM, 0));
    EXPECT_ERRNO(EPERM, timerfd_create(CLOCK_BOOTTIME_ALARM, 0));
    return 0;
}
