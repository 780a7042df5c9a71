/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INTERRUPT_TEST_H
#define INTERRUPT_TEST_H
/* The calls that block, what makes each of them block, and what ends it: for interrupt.c. */
#include "guest_test.h"

#include <linux/futex.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>

/* What both processes see. */
static volatile struct {
    int ready, handled, error, futex;
    pid_t child, grandchild;
    long result;
} * shared;

static int short_time; /* a call with a time limit is meant to reach it */
static int pipe_in[2], pipe_out[2], sock[2], event, timer, lock_file, other_lock;
static char fifo[64];
static char big[1 << 20];

static void on_signal(int sig)
{
    (void)sig;
    shared->handled++;
}

static void setup(void)
{
    shared = CHECK(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    snprintf(fifo, sizeof fifo, "/tmp/interrupt.%d", getpid());
}

/* Fresh objects for each run. */
static void make_files(void)
{
    static int made;
    int *all[] = {&pipe_in[0], &pipe_in[1], &pipe_out[0], &pipe_out[1], &sock[0],
                  &sock[1],    &event,      &timer,       &lock_file,   &other_lock};
    for (unsigned i = 0; made && i < sizeof all / sizeof *all; i++)
        close(*all[i]);
    made = 1;
    CHECK(pipe(pipe_in));
    CHECK(pipe(pipe_out));
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, sock));
    event = CHECK(eventfd(0, 0));
    timer = CHECK(timerfd_create(CLOCK_MONOTONIC, 0));
    lock_file = CHECK(open("/tmp", O_TMPFILE | O_RDWR, 0600));
    char name[32];
    snprintf(name, sizeof name, "/proc/self/fd/%d", lock_file);
    other_lock = CHECK(open(name, O_RDWR));
}

/* The state of a process as /proc tells it. */
static char state_of(pid_t pid)
{
    char name[64], line[512];
    snprintf(name, sizeof name, "/proc/%d/stat", pid);
    int fd = CHECK(open(name, O_RDONLY));
    ssize_t size = CHECK(read(fd, line, sizeof line - 1));
    close(fd);
    line[size] = 0;
    return strrchr(line, ')')[2];
}

/* It is about to make its call, and then it sleeps: in that call. */
static void wait_until_asleep(pid_t pid)
{
    while (!shared->ready)
        sched_yield();
    while (state_of(pid) != 'S')
        sched_yield();
}

static void end_grandchild(void)
{
    if (shared->grandchild)
        kill(shared->grandchild, SIGKILL);
}

/* --- pipes --- */

static void feed_pipe(void)
{
    EXPECT_EQ(1, write(pipe_in[1], "x", 1));
}
static void fill_pipe(void)
{
    int flags = CHECK(fcntl(pipe_out[1], F_GETFL));
    CHECK(fcntl(pipe_out[1], F_SETFL, flags | O_NONBLOCK));
    while (write(pipe_out[1], big, 4096) > 0)
        ;
    CHECK(fcntl(pipe_out[1], F_SETFL, flags));
}
static void drain_pipe(void)
{
    EXPECT_EQ(8192, read(pipe_out[0], big, 8192));
}
static struct iovec one_byte = {big, 1};
static long do_read(void)
{
    return read(pipe_in[0], big, 1);
}
static long do_readv(void)
{
    return readv(pipe_in[0], &one_byte, 1);
}
static long do_preadv2(void)
{
    return preadv2(pipe_in[0], &one_byte, 1, -1, 0);
}
static long do_write(void)
{
    return write(pipe_out[1], big, 1);
}
static long do_writev(void)
{
    return writev(pipe_out[1], &one_byte, 1);
}
static long do_splice(void)
{
    return splice(pipe_in[0], NULL, pipe_out[1], NULL, 1, 0);
}
static long do_splice_full(void)
{
    EXPECT_EQ(1, write(pipe_in[1], "x", 1));
    return splice(pipe_in[0], NULL, pipe_out[1], NULL, 1, 0);
}
static long do_tee(void)
{
    return tee(pipe_in[0], pipe_out[1], 1, 0);
}
static long do_vmsplice(void)
{
    return vmsplice(pipe_out[1], &one_byte, 1, 0);
}
static long do_sendfile(void)
{
    EXPECT_EQ(1, pwrite(lock_file, "x", 1, 0));
    off_t at = 0;
    return sendfile(pipe_out[1], lock_file, &at, 1);
}

/* --- FIFOs --- */

static void prepare_fifo(void)
{
    unlink(fifo);
    CHECK(mkfifo(fifo, 0600));
}
static void prepare_fifo_pipe(void)
{
    prepare_fifo();
    close(pipe_in[0]);
    close(pipe_in[1]);
    pipe_in[0] = CHECK(open(fifo, O_RDONLY | O_NONBLOCK));
    pipe_in[1] = CHECK(open(fifo, O_WRONLY));
    CHECK(fcntl(pipe_in[0], F_SETFL, 0));
    unlink(fifo);
}
static void open_fifo_read(void)
{
    close(CHECK(open(fifo, O_RDONLY)));
    unlink(fifo);
}
static void open_fifo_write(void)
{
    close(CHECK(open(fifo, O_WRONLY)));
    unlink(fifo);
}
static long opened(int fd)
{
    return fd < 0 ? -1 : 0;
}
static long do_open_read(void)
{
    return opened((int)syscall(SYS_open, fifo, O_RDONLY));
}
static long do_open_write(void)
{
    return opened((int)syscall(SYS_open, fifo, O_WRONLY));
}
static long do_openat(void)
{
    return opened(openat(AT_FDCWD, fifo, O_RDONLY));
}

/* --- children --- */

static pid_t make_grandchild(void)
{
    pid_t pid = CHECK(fork());
    if (pid == 0)
        for (;;)
            pause();
    shared->grandchild = pid;
    return pid;
}
static void kill_grandchild(void)
{
    CHECK(kill(shared->grandchild, SIGKILL));
}
static long do_wait4(void)
{
    return wait4(make_grandchild(), NULL, 0, NULL) > 0 ? 0 : -1;
}
static long do_waitid(void)
{
    siginfo_t info;
    return waitid(P_PID, (id_t)make_grandchild(), &info, WEXITED);
}
static long do_waitid_pidfd(void)
{
    siginfo_t info;
    int fd = (int)CHECK(syscall(SYS_pidfd_open, make_grandchild(), 0));
    return waitid(3 /* P_PIDFD */, (id_t)fd, &info, WEXITED);
}

/* --- futexes --- */

static const struct timespec *until(clockid_t clock, long seconds)
{
    static struct timespec ts;
    CHECK(clock_gettime(clock, &ts));
    if (short_time) {
        ts.tv_nsec += 30000000;
        ts.tv_sec += ts.tv_nsec / 1000000000;
        ts.tv_nsec %= 1000000000;
    } else {
        ts.tv_sec += seconds;
    }
    return &ts;
}
static const struct timespec hour = {3600, 0};
static const struct timespec *duration(void)
{
    static const struct timespec little = {0, 30000000};
    return short_time ? &little : &hour;
}
static const struct timespec *in_an_hour(clockid_t clock)
{
    int was = short_time;
    short_time = 0;
    const struct timespec *ts = until(clock, 3600);
    short_time = was;
    return ts;
}
static long futex(int op, unsigned value, const void *timeout, unsigned value3)
{
    return syscall(SYS_futex, &shared->futex, op, value, timeout, NULL, value3);
}
/* The waiter may be on its way back to the queue. */
static void wake_futex(void)
{
    while (futex(FUTEX_WAKE, 1, NULL, 0) == 0)
        sched_yield();
}
static long do_futex(void)
{
    return futex(FUTEX_WAIT, 0, NULL, 0);
}
static long do_futex_timeout(void)
{
    return futex(FUTEX_WAIT, 0, &hour, 0);
}
static long do_futex_until(void)
{
    return futex(FUTEX_WAIT_BITSET, 0, in_an_hour(CLOCK_MONOTONIC), ~0u);
}
static void own_futex(void)
{
    EXPECT_EQ(0, futex(FUTEX_LOCK_PI, 0, NULL, 0));
}
static void unlock_futex(void)
{
    EXPECT_EQ(0, futex(FUTEX_UNLOCK_PI, 0, NULL, 0));
}
static long do_lock_pi(void)
{
    return futex(FUTEX_LOCK_PI, 0, NULL, 0);
}
static long do_futex_waitv(void)
{
    struct {
        uint64_t value, address;
        uint32_t flags, reserved;
    } one = {0, (uintptr_t)&shared->futex, 2, 0};
    return syscall(449, &one, 1, 0, in_an_hour(CLOCK_MONOTONIC), CLOCK_MONOTONIC);
}
static long do_futex_wait(void)
{
    return syscall(455, &shared->futex, 0L, 0xffffffffL, 2, NULL, CLOCK_MONOTONIC);
}

/* --- sleeping and polling --- */

static long do_nanosleep(void)
{
    return syscall(SYS_nanosleep, duration(), NULL);
}
static long do_clock_nanosleep(void)
{
    return syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, duration(), NULL);
}
static long do_clock_nanosleep_until(void)
{
    return syscall(SYS_clock_nanosleep, CLOCK_REALTIME, TIMER_ABSTIME, until(CLOCK_REALTIME, 3600),
                   NULL);
}
static struct pollfd *poll_pipe(void)
{
    static struct pollfd p;
    p = (struct pollfd){pipe_in[0], POLLIN, 0};
    return &p;
}
static uint64_t no_signals;
static long do_poll(void)
{
    return syscall(SYS_poll, poll_pipe(), 1, 3600000);
}
static long do_poll_ever(void)
{
    return syscall(SYS_poll, poll_pipe(), 1, -1);
}
static long do_poll_nothing(void)
{
    return syscall(SYS_poll, NULL, 0, short_time ? 30 : 3600000);
}
static struct timespec an_hour; /* the call writes what is left into it */
static struct timespec *fresh_hour(void)
{
    an_hour = hour;
    return &an_hour;
}
static long do_ppoll(void)
{
    return syscall(SYS_ppoll, poll_pipe(), 1, fresh_hour(), NULL, 8);
}
/* Blocked but for the time of the wait. */
static void block(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL));
}
static long do_ppoll_mask(void)
{
    block();
    return syscall(SYS_ppoll, poll_pipe(), 1, NULL, &no_signals, 8);
}
static fd_set *pipe_set(void)
{
    static fd_set set;
    FD_ZERO(&set);
    FD_SET(pipe_in[0], &set);
    return &set;
}
static long do_select(void)
{
    struct timeval tv = {3600, 0};
    return syscall(SYS_select, pipe_in[0] + 1, pipe_set(), NULL, NULL, &tv);
}
static long do_pselect(void)
{
    return syscall(SYS_pselect6, pipe_in[0] + 1, pipe_set(), NULL, NULL, fresh_hour(), NULL);
}
static long do_pselect_mask(void)
{
    struct {
        const uint64_t *set;
        size_t size;
    } mask = {&no_signals, 8};
    block();
    return syscall(SYS_pselect6, pipe_in[0] + 1, pipe_set(), NULL, NULL, NULL, &mask);
}
static int epoll_pipe(void)
{
    struct epoll_event want = {.events = EPOLLIN};
    int fd = CHECK(epoll_create1(0));
    CHECK(epoll_ctl(fd, EPOLL_CTL_ADD, pipe_in[0], &want));
    return fd;
}
static struct epoll_event got;
static long do_epoll_wait(void)
{
    return syscall(SYS_epoll_wait, epoll_pipe(), &got, 1, -1);
}
static long do_epoll_pwait(void)
{
    int fd = epoll_pipe();
    block();
    return syscall(SYS_epoll_pwait, fd, &got, 1, 3600000, &no_signals, 8);
}
static long do_epoll_pwait2(void)
{
    return syscall(441, epoll_pipe(), &got, 1, &hour, NULL, 8);
}

/* --- signals --- */

static long do_pause(void)
{
    return syscall(SYS_pause);
}
static long do_sigsuspend(void)
{
    block();
    return syscall(SYS_rt_sigsuspend, &no_signals, 8);
}
static uint64_t block_other(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL));
    return 1u << (SIGUSR2 - 1);
}
static void send_other(void)
{
    CHECK(kill(shared->child, SIGUSR2));
}
static long do_sigtimedwait(void)
{
    uint64_t set = block_other();
    return syscall(SYS_rt_sigtimedwait, &set, NULL, &hour, 8);
}
static long do_signalfd(void)
{
    uint64_t set = block_other();
    int fd = (int)CHECK(syscall(SYS_signalfd4, -1, &set, 8, 0));
    return read(fd, big, 128);
}

/* --- locks --- */

static long record(int fd, int command, short type)
{
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_len = 1};
    return fcntl(fd, command, &lock);
}
static void lock_record(void)
{
    CHECK(record(lock_file, F_SETLK, F_WRLCK));
}
static void unlock_record(void)
{
    CHECK(record(lock_file, F_SETLK, F_UNLCK));
}
static void lock_ofd(void)
{
    CHECK(record(lock_file, F_OFD_SETLK, F_WRLCK));
}
static void unlock_ofd(void)
{
    CHECK(record(lock_file, F_OFD_SETLK, F_UNLCK));
}
static void lock_flock(void)
{
    CHECK(flock(lock_file, LOCK_EX));
}
static void unlock_flock(void)
{
    CHECK(flock(lock_file, LOCK_UN));
}
static long do_setlkw(void)
{
    return record(lock_file, F_SETLKW, F_WRLCK);
}
static long do_ofd_setlkw(void)
{
    return record(other_lock, F_OFD_SETLKW, F_WRLCK);
}
static long do_flock(void)
{
    return flock(other_lock, LOCK_EX);
}

/* --- sockets --- */

static void feed_socket(void)
{
    EXPECT_EQ(1, write(sock[1], "x", 1));
}
static void fill_socket(void)
{
    while (send(sock[0], big, 4096, MSG_DONTWAIT) > 0)
        ;
}
static void drain_socket(void)
{
    while (recv(sock[1], big, sizeof big, MSG_DONTWAIT) > 0)
        ;
}
static struct msghdr one_message = {.msg_iov = &one_byte, .msg_iovlen = 1};
static long do_socket_read(void)
{
    return read(sock[0], big, 1);
}
static long do_recvfrom(void)
{
    return recv(sock[0], big, 1, 0);
}
static long do_recvmsg(void)
{
    return recvmsg(sock[0], &one_message, 0);
}
static long do_socket_write(void)
{
    return write(sock[0], big, 1);
}
static long do_sendto(void)
{
    return send(sock[0], big, 1, 0);
}
static long do_sendmsg(void)
{
    return sendmsg(sock[0], &one_message, 0);
}

/* --- event descriptors --- */

static void set_timerfd(void)
{
    struct itimerspec now = {.it_value = {0, 1}};
    CHECK(timerfd_settime(timer, 0, &now, NULL));
}
static long do_timerfd(void)
{
    return read(timer, big, 8);
}
static void feed_eventfd(void)
{
    CHECK(eventfd_write(event, 1));
}
static void fill_eventfd(void)
{
    CHECK(eventfd_write(event, 0xfffffffffffffffe));
}
static void drain_eventfd(void)
{
    uint64_t value;
    EXPECT_EQ(8, read(event, &value, 8));
}
static long do_eventfd_read(void)
{
    return read(event, big, 8);
}
static long do_eventfd_write(void)
{
    uint64_t value = 1;
    return write(event, &value, 8);
}

#endif
