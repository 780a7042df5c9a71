/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A little of everything that needs memory of the kernel: processes, threads, programs, pipes,
 * sockets with files in their messages, epoll, timers, signals, mappings, files. Whatever fails is
 * done without: the program always comes to its end.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#define TRY(call) ((void)!(call))

static _Atomic uint32_t word;

static int thread(void *unused)
{
    (void)unused;
    for (int i = 0; i < 3; i++) {
        word++;
        syscall(SYS_futex, &word, 1 /* FUTEX_WAKE */, 1, NULL, NULL, 0);
        sched_yield();
    }
    syscall(SYS_exit, 0);
    return 0;
}

static void threads(void)
{
    size_t size = 65536;
    char *stack = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (stack == MAP_FAILED)
        return;
    int tid = clone(thread, stack + size,
                    CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD, NULL);
    struct timespec moment = {0, 1000000};
    for (int i = 0; tid > 0 && word < 3 && i < 10; i++)
        syscall(SYS_futex, &word, 0 /* FUTEX_WAIT */, word, &moment, NULL, 0);
}

static void send_file(int by, int what)
{
    char byte = 'x';
    struct iovec part = {&byte, 1};
    union {
        char bytes[CMSG_SPACE(sizeof(int))];
        struct cmsghdr align;
    } control;
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = sizeof control.bytes};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &what, sizeof what);
    TRY(sendmsg(by, &message, MSG_DONTWAIT));
    message.msg_controllen = sizeof control.bytes;
}

static void descriptors(void)
{
    int ends[2] = {-1, -1}, pair[2] = {-1, -1};
    char bytes[64] = "";
    struct epoll_event event = {.events = EPOLLIN};
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    TRY(pipe(ends));
    TRY(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
    int epoll = epoll_create1(0), count = eventfd(1, 0);
    int timer = timerfd_create(CLOCK_MONOTONIC, 0), sfd = signalfd(-1, &set, SFD_NONBLOCK);
    epoll_ctl(epoll, EPOLL_CTL_ADD, ends[0], &event);
    epoll_ctl(epoll, EPOLL_CTL_ADD, count, &event);
    epoll_ctl(epoll, EPOLL_CTL_ADD, timer, &event);
    TRY(write(ends[1], bytes, sizeof bytes));
    fcntl(ends[1], F_SETPIPE_SZ, 1 << 17);
    send_file(pair[0], ends[0]);
    send_file(pair[0], pair[1]);
    epoll_wait(epoll, &event, 1, 1);
    struct pollfd polls[3] = {{ends[1], POLLOUT, 0}, {timer, POLLIN, 0}, {sfd, POLLIN, 0}};
    poll(polls, 3, 1);
    TRY(recv(pair[1], bytes, 1, MSG_DONTWAIT));
    for (int fd = 3; fd < 20; fd++)
        close(fd);
}

static void files(void)
{
    char text[100];
    TRY(mkdir("/tmp/d", 0700));
    int fd = open("/tmp/d/file", O_CREAT | O_RDWR, 0600);
    TRY(ftruncate(fd, 100000));
    TRY(pwrite(fd, "x", 1, 50000));
    TRY(setxattr("/tmp/d/file", "user.x", "y", 1, 0));
    struct flock lock = {.l_type = F_WRLCK, .l_start = 5, .l_len = 1};
    fcntl(fd, F_SETLK, &lock);
    char *shared = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (shared != MAP_FAILED)
        TRY(read(fd, shared, 5000));
    TRY(symlink("/tmp/d/file", "/tmp/d/link"));
    TRY(rename("/tmp/d/link", "/tmp/d/other"));
    TRY(readlink("/tmp/d/other", text, sizeof text));
    close(fd);
    fd = open("/proc/self/maps", O_RDONLY);
    TRY(read(fd, text, sizeof text));
    close(fd);
    fd = open("/tmp/d", O_RDONLY | O_DIRECTORY);
    TRY(syscall(SYS_getdents64, fd, text, sizeof text));
    close(fd);
    TRY(unlink("/tmp/d/other"));
    TRY(unlink("/tmp/d/file"));
    TRY(rmdir("/tmp/d"));
}

static void signals(void)
{
    union sigval value = {.sival_int = 1};
    sigset_t set, old;
    sigfillset(&set);
    sigprocmask(SIG_BLOCK, &set, &old);
    for (int i = 0; i < 3; i++)
        sigqueue(getpid(), SIGRTMIN + i, value);
    timer_t timer;
    struct itimerspec soon = {{0, 0}, {0, 1000}};
    if (timer_create(CLOCK_MONOTONIC, NULL, &timer) == 0)
        timer_settime(timer, 0, &soon, NULL);
    struct timespec moment = {0, 100000};
    while (sigtimedwait(&set, NULL, &moment) > 0)
        ;
    sigprocmask(SIG_SETMASK, &old, NULL);
}

static void child(char *again)
{
    int ends[2];
    if (pipe(ends))
        return;
    pid_t pid = fork();
    if (pid == 0) {
        char *const arguments[] = {"again", again, NULL};
        dup2(ends[1], 1);
        execve("/proc/self/exe", arguments, NULL);
        _exit(9);
    }
    char byte;
    close(ends[1]);
    TRY(read(ends[0], &byte, 1));
    if (pid > 0)
        waitpid(pid, NULL, 0);
    close(ends[0]);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "end") == 0)
        return write(1, "x", 1) == 1 ? 0 : 1;
    child("end");
    threads();
    descriptors();
    files();
    signals();
    return 0;
}
