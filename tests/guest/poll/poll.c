/* SPDX-License-Identifier: GPL-2.0-or-later */
/* poll and ppoll: which events for which file, which errors in which order, and when do masks hold?
 */
#include "guest_test.h"
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>

#define ALL                                                                                        \
    (POLLIN | POLLPRI | POLLOUT | POLLRDHUP | POLLRDNORM | POLLRDBAND | POLLWRNORM | POLLWRBAND |  \
     POLLMSG | POLLREMOVE)

static volatile sig_atomic_t hits;

static void on_signal(int signal)
{
    (void)signal;
    hits++;
}

static int poll_of(int fd)
{
    struct pollfd p = {fd, (short)ALL, -1};
    int n = CHECK(poll(&p, 1, 0));
    EXPECT_EQ(n, p.revents != 0);
    return p.revents;
}

static void files(void)
{
    const int always = POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM;
    EXPECT_EQ(always, poll_of(CHECK(open("/dev/null", O_RDONLY))));
    EXPECT_EQ(always, poll_of(CHECK(open("/dev/zero", O_RDONLY))));
    EXPECT_EQ(always, poll_of(CHECK(open("/tmp", O_RDONLY | O_DIRECTORY))));
    EXPECT_EQ(always, poll_of(CHECK(open("/tmp", O_TMPFILE | O_WRONLY, 0600))));
    EXPECT_EQ(POLLNVAL, poll_of(CHECK(open("/tmp", O_PATH))));
    EXPECT_EQ(POLLNVAL, poll_of(999));
    EXPECT_EQ(0, poll_of(-1));
    EXPECT_EQ(0, poll_of(-999));
    int fd = CHECK(eventfd(0, 0));
    EXPECT_EQ(POLLOUT, poll_of(fd));
    EXPECT_EQ(0, eventfd_write(fd, UINT64_MAX - 1));
    EXPECT_EQ(POLLIN, poll_of(fd));
    EXPECT_EQ(0, poll_of(CHECK(timerfd_create(CLOCK_MONOTONIC, 0))));
    int pidfd = (int)CHECK(syscall(SYS_pidfd_open, getpid(), 0));
    EXPECT_EQ(0, poll_of(pidfd));
    int pair[2];
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
    EXPECT_EQ(POLLOUT | POLLWRNORM | POLLWRBAND, poll_of(pair[0]));
    EXPECT_EQ(1, write(pair[1], "x", 1));
    EXPECT_EQ(POLLIN | POLLRDNORM | POLLOUT | POLLWRNORM | POLLWRBAND, poll_of(pair[0]));
    CHECK(shutdown(pair[1], SHUT_WR));
    EXPECT_EQ(POLLIN | POLLRDNORM | POLLRDHUP | POLLOUT | POLLWRNORM | POLLWRBAND,
              poll_of(pair[0]));
    CHECK(close(pair[1]));
    EXPECT_EQ(POLLIN | POLLRDNORM | POLLRDHUP | POLLHUP | POLLOUT | POLLWRNORM | POLLWRBAND,
              poll_of(pair[0]));
}

static void errors(void)
{
    struct pollfd p[4] = {{0, 0, 0}};
    EXPECT_EQ(0, poll(NULL, 0, 0));
    EXPECT_EQ(0, poll((void *)8, 0, 0));
    EXPECT_ERRNO(EFAULT, poll((void *)8, 1, 0));
    EXPECT_ERRNO(EFAULT, poll((void *)-4096, 1, 0));
    struct rlimit limit;
    CHECK(getrlimit(RLIMIT_NOFILE, &limit));
    EXPECT_ERRNO(EINVAL, poll((void *)8, limit.rlim_cur + 1, 0));
    EXPECT_ERRNO(EINVAL, poll(p, (nfds_t)-1, 0));
    struct rlimit low = {2, limit.rlim_max};
    CHECK(setrlimit(RLIMIT_NOFILE, &low));
    EXPECT_ERRNO(EINVAL, poll(p, 3, 0));
    for (int i = 0; i < 4; i++)
        p[i].fd = -1;
    EXPECT_EQ(0, poll(p, 2, 0));
    CHECK(setrlimit(RLIMIT_NOFILE, &limit));

    /* The same descriptor many times; unready ones keep revents 0. */
    int a[2];
    CHECK(pipe(a));
    for (int i = 0; i < 4; i++)
        p[i] = (struct pollfd){a[i % 2], POLLIN | POLLOUT, 77};
    EXPECT_EQ(2, poll(p, 4, -1));
    EXPECT(p[0].revents == 0 && p[1].revents == POLLOUT && p[2].revents == 0 &&
           p[3].revents == POLLOUT);

    /* revents are written where memory allows; in read-only memory that is an error. */
    struct pollfd *page =
        CHECK(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    page[0] = (struct pollfd){a[1], POLLOUT, 0};
    CHECK(mprotect(page, 4096, PROT_READ));
    EXPECT_ERRNO(EFAULT, poll(page, 1, 0));
    struct pollfd *last = (struct pollfd *)((char *)page + 4096) - 1;
    CHECK(munmap((char *)page, 4096));
    EXPECT_ERRNO(EFAULT, poll(last, 1, 0));

    struct timespec bad[] = {{-1, 0}, {0, -1}, {0, 1000000000}};
    for (int i = 0; i < 3; i++)
        EXPECT_ERRNO(EINVAL, syscall(SYS_ppoll, p, 1, &bad[i], NULL, 8));
    EXPECT_ERRNO(EFAULT, syscall(SYS_ppoll, p, 1, (void *)8, NULL, 8));
    uint64_t none = 0;
    struct timespec zero = {0, 0};
    EXPECT_ERRNO(EINVAL, syscall(SYS_ppoll, p, 1, &zero, &none, 4));
    EXPECT_ERRNO(EFAULT, syscall(SYS_ppoll, p, 1, &zero, (void *)8, 8));
    EXPECT_EQ(0, syscall(SYS_ppoll, p, 1, &zero, NULL, 99));
    struct timespec ts = {100, 5};
    EXPECT_EQ(1, syscall(SYS_ppoll, p + 1, 1, &ts, NULL, 8));
    EXPECT(ts.tv_sec == 99 && ts.tv_nsec < 1000000000);
    ts = (struct timespec){INT64_MAX, 999999999};
    EXPECT_EQ(1, syscall(SYS_ppoll, p + 1, 1, &ts, NULL, 8));
    ts = (struct timespec){0, 1000000};
    EXPECT_EQ(0, syscall(SYS_ppoll, p, 1, &ts, NULL, 8));
    EXPECT(ts.tv_sec == 0 && ts.tv_nsec == 0);
    EXPECT_EQ(1, poll(p + 1, 1, INT32_MIN)); /* any negative number is forever */
}

static void masks(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    CHECK(sigaction(SIGUSR1, &action, NULL));
    CHECK(sigaction(SIGALRM, &action, NULL));
    sigset_t set, none, pending;
    sigemptyset(&set);
    sigemptyset(&none);
    sigaddset(&set, SIGUSR1);
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL));
    raise(SIGUSR1);
    EXPECT_ERRNO(EINTR, ppoll(NULL, 0, NULL, &none));
    EXPECT_EQ(1, hits);
    const struct timespec zero = {0, 0};
    EXPECT_EQ(0, ppoll(NULL, 0, &zero, &none));
    raise(SIGUSR1);
    EXPECT_ERRNO(EINTR, ppoll(NULL, 0, &zero, &none)); /* also without waiting */
    EXPECT_EQ(2, hits--);
    raise(SIGUSR1);
    struct pollfd p = {CHECK(open("/dev/null", O_RDONLY)), POLLIN, 0};
    EXPECT_EQ(1, ppoll(&p, 1, NULL, &none)); /* ready: the signal waits on */
    EXPECT_EQ(1, hits);
    CHECK(sigpending(&pending));
    EXPECT(sigismember(&pending, SIGUSR1));
    CHECK(sigprocmask(SIG_UNBLOCK, &set, NULL));
    EXPECT_EQ(2, hits);

    /* A handler ends poll, whatever SA_RESTART says; an ignored signal does not. */
    struct itimerval soon = {{0, 0}, {0, 2000}};
    CHECK(setitimer(ITIMER_REAL, &soon, NULL));
    EXPECT_ERRNO(EINTR, poll(NULL, 0, -1));
    EXPECT_EQ(3, hits);
    signal(SIGALRM, SIG_IGN);
    CHECK(setitimer(ITIMER_REAL, &soon, NULL));
    EXPECT_EQ(0, poll(NULL, 0, 10));
}

/* A child that stops and goes on does not end the parent's poll, nor the child's own. */
static void stopped(void)
{
    int a[2], status;
    CHECK(pipe(a));
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        struct pollfd p = {a[0], POLLIN, 0};
        _exit(poll(&p, 1, -1) == 1 && p.revents == POLLIN ? 0 : 1);
    }
    CHECK(kill(pid, SIGSTOP));
    EXPECT_EQ(pid, waitpid(pid, &status, WUNTRACED));
    EXPECT(WIFSTOPPED(status));
    CHECK(kill(pid, SIGCONT));
    EXPECT_EQ(pid, waitpid(pid, &status, WCONTINUED));
    EXPECT_EQ(1, write(a[1], "x", 1));
    CHECK(waitpid(pid, &status, 0));
    EXPECT_EQ(0, status);
}

int main(void)
{
    files();
    errors();
    masks();
    stopped();
    return 0;
}
