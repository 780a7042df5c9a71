/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Processes and threads for strace -f: made in every way, waited for, ended in every way. Each is
 * alone when it matters. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static char stack[65536] __attribute__((aligned(16)));

static int child(void *arg)
{
    return (int)(long)arg;
}

static void *thread(void *arg)
{
    (void)arg;
    return (void *)syscall(SYS_getppid);
}

static void ends(void)
{
    int status;
    if (fork() == 0)
        _exit(3);
    wait(&status);
    if (fork() == 0) {
        raise(SIGTERM);
        _exit(0);
    }
    waitpid(-1, &status, WUNTRACED | __WALL);
    int seen[2]; /* the child ends after its parent has seen it go on */
    char byte;
    if (pipe(seen))
        _exit(2);
    if (fork() == 0) {
        raise(SIGSTOP);
        _exit(read(seen[0], &byte, 1) == 1);
    }
    pid_t pid = waitpid(-1, &status, WUNTRACED);
    kill(pid, SIGCONT);
    siginfo_t info;
    waitid(P_PID, (id_t)pid, &info, WCONTINUED);
    if (write(seen[1], "x", 1) != 1)
        _exit(2);
    close(seen[0]);
    close(seen[1]);
    waitid(P_ALL, 0, &info, WEXITED | WNOWAIT);
    struct rusage *none = NULL;
    wait4(pid, &status, WNOHANG, none);
    wait4(-1, NULL, 0, NULL);
}

static void clones(void)
{
    int status, parent_tid;
    clone(child, stack + sizeof stack, SIGCHLD | CLONE_FS | CLONE_FILES, (void *)7);
    wait(&status);
    clone(child, stack + sizeof stack, CLONE_VM | CLONE_VFORK | CLONE_PARENT_SETTID | SIGCHLD,
          (void *)8, &parent_tid);
    wait(&status);
    if (vfork() == 0)
        _exit(9);
    wait(&status);
    pthread_t t;
    pthread_create(&t, NULL, thread, NULL);
    pthread_join(t, NULL);
}

static void talk(void)
{
    int a[2], b[2];
    char bytes[8];
    pipe(a);
    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, b);
    pid_t pid = fork();
    if (pid == 0) {
        close(a[1]);
        read(a[0], bytes, 8);
        write(b[1], "yes", 3);
        kill(getpid(), SIGKILL);
    }
    struct pollfd p[2] = {{a[1], POLLOUT, 0}, {b[0], POLLIN | POLLRDHUP, 0}};
    close(a[0]);
    poll(p, 1, 0);
    int ep = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event e = {.events = EPOLLIN | EPOLLET | EPOLLRDHUP, .data.u64 = 5};
    epoll_ctl(ep, EPOLL_CTL_ADD, b[0], &e);
    write(a[1], "question", 8);
    epoll_wait(ep, &e, 1, -1);
    struct iovec v = {bytes, 8};
    char control[64];
    struct msghdr m = {
        .msg_iov = &v, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    recvmsg(b[0], &m, MSG_DONTWAIT);
    recvfrom(b[0], bytes, 8, MSG_DONTWAIT | MSG_PEEK, NULL, NULL);
    int status;
    waitpid(pid, &status, 0);
    shutdown(b[0], SHUT_RDWR);
    int type;
    socklen_t size = sizeof type;
    getsockopt(b[0], SOL_SOCKET, SO_TYPE, &type, &size);
}

int main(void)
{
    ends();
    clones();
    talk();
    pid_t pid = fork();
    if (pid == 0) {
        execl("/missing", "again", "-x", NULL);
        char *words[] = {"true", NULL}, *environment[] = {"A=B", NULL};
        execve("/bin/busybox", words, environment);
    }
    int status;
    waitpid(pid, &status, 0);
    return 0;
}
