/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pidfds of processes and threads: who can be opened, what do poll, waitid and signals make of
 * them? */
#include "guest_test.h"
#include <linux/sched.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>

#define PIDFD_THREAD O_EXCL
#define P_PIDFD_TYPE 3

static long pidfd_open(int pid, unsigned flags)
{
    return syscall(SYS_pidfd_open, pid, flags);
}

static long send_to(int fd, int sig, unsigned flags)
{
    return syscall(SYS_pidfd_send_signal, fd, sig, NULL, flags);
}

static int events(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN | POLLOUT};
    CHECK(poll(&p, 1, 0));
    return p.revents;
}

static int tid, go;
static volatile int received, by_thread, code;

static void on_signal(int sig, siginfo_t *info, void *context)
{
    (void)sig;
    (void)context;
    code = info->si_code;
    by_thread = (int)syscall(SYS_gettid);
    __atomic_add_fetch(&received, 1, __ATOMIC_SEQ_CST);
}

static void *stay(void *arg)
{
    (void)arg;
    __atomic_store_n(&tid, (int)syscall(SYS_gettid), __ATOMIC_SEQ_CST);
    while (!__atomic_load_n(&go, __ATOMIC_SEQ_CST))
        sched_yield();
    return NULL;
}

static void threads(void)
{
    struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO};
    CHECK(sigaction(SIGUSR1, &action, NULL));
    pthread_t thread;
    EXPECT_EQ(0, pthread_create(&thread, NULL, stay, NULL));
    while (!__atomic_load_n(&tid, __ATOMIC_SEQ_CST))
        sched_yield();

    EXPECT_ERRNO(ENOENT, pidfd_open(tid, 0));
    int fd = (int)CHECK(pidfd_open(tid, PIDFD_THREAD));
    EXPECT_EQ(FD_CLOEXEC, fcntl(fd, F_GETFD));
    EXPECT_EQ(0, events(fd));
    EXPECT_EQ(0, send_to(fd, 0, 0));
    EXPECT_EQ(0, send_to(fd, SIGUSR1, 0));
    while (received < 1)
        sched_yield();
    EXPECT_EQ(tid, by_thread);
    EXPECT_EQ(SI_TKILL, code);
    EXPECT_EQ(0, send_to(fd, SIGUSR1, 1 /* PIDFD_SIGNAL_THREAD */));
    while (received < 2)
        sched_yield();
    EXPECT_EQ(tid, by_thread);
    EXPECT_EQ(0, send_to(fd, SIGUSR1, 2 /* PIDFD_SIGNAL_THREAD_GROUP */));
    while (received < 3)
        sched_yield();
    EXPECT_EQ(SI_USER, code);
    EXPECT_ERRNO(ESRCH, send_to(fd, SIGUSR1, 4 /* PIDFD_SIGNAL_PROCESS_GROUP */));
    EXPECT_ERRNO(EINVAL, send_to(fd, SIGUSR1, 3));
    EXPECT_ERRNO(EINVAL, send_to(fd, SIGUSR1, 8));
    siginfo_t info;
    EXPECT_ERRNO(ECHILD, waitid(P_PIDFD_TYPE, (id_t)fd, &info, WEXITED | WNOHANG));
    int null = CHECK(open("/dev/null", O_RDONLY));
    int copy = (int)CHECK(syscall(SYS_pidfd_getfd, fd, null, 0));
    EXPECT_EQ(FD_CLOEXEC, fcntl(copy, F_GETFD));
    EXPECT_EQ(0, syscall(SYS_kcmp, getpid(), getpid(), 0, null, copy));

    __atomic_store_n(&go, 1, __ATOMIC_SEQ_CST);
    struct pollfd p = {.fd = fd, .events = POLLIN};
    EXPECT_EQ(1, poll(&p, 1, -1));
    EXPECT(p.revents & POLLIN);
    EXPECT_EQ(0, pthread_join(thread, NULL));
    while (events(fd) != (POLLIN | POLLHUP)) /* it has gone whole */
        sched_yield();
    EXPECT_ERRNO(ESRCH, send_to(fd, 0, 0));
    EXPECT_ERRNO(ESRCH, syscall(SYS_pidfd_getfd, fd, null, 0));
    close(fd);

    /* Oneself, both ways. */
    fd = (int)CHECK(pidfd_open(getpid(), PIDFD_THREAD));
    EXPECT_EQ(0, events(fd));
    EXPECT_EQ(0, send_to(fd, 0, 2));
    close(fd);
}

static int wait_ready(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    EXPECT_EQ(1, poll(&p, 1, -1));
    return p.revents;
}

static void processes(void)
{
    siginfo_t info;
    int status;
    pid_t pid = CHECK(fork());
    if (pid == 0)
        _exit(5);
    int fd = (int)CHECK(pidfd_open(pid, 0));
    EXPECT_EQ(POLLIN, wait_ready(fd));
    EXPECT_EQ(0, send_to(fd, SIGKILL, 0)); /* a zombie takes it */
    memset(&info, 0x55, sizeof info);
    EXPECT_EQ(0, waitid(P_PIDFD_TYPE, (id_t)fd, &info, WEXITED | WNOWAIT));
    EXPECT(info.si_pid == pid && info.si_code == CLD_EXITED && info.si_status == 5);
    EXPECT_EQ(0x55555555, ((int *)&info)[3]); /* the padding is not written */
    EXPECT_EQ(0x55555555, ((int *)&info)[7]);
    EXPECT_EQ(0, waitid(P_PIDFD_TYPE, (id_t)fd, &info, WEXITED));
    EXPECT_EQ(POLLIN | POLLHUP, events(fd));
    EXPECT_ERRNO(ECHILD, waitid(P_PIDFD_TYPE, (id_t)fd, &info, WEXITED));
    EXPECT_ERRNO(ESRCH, send_to(fd, 0, 0));
    EXPECT_ERRNO(ESRCH, syscall(SYS_pidfd_getfd, fd, 0, 0));
    close(fd);

    /* Not ready yet, and the file does not wait. */
    int hold[2];
    char byte;
    CHECK(pipe(hold));
    pid = CHECK(fork());
    if (pid == 0) {
        close(hold[1]);
        _exit((int)read(hold[0], &byte, 1));
    }
    close(hold[0]);
    fd = (int)CHECK(pidfd_open(pid, O_NONBLOCK));
    EXPECT(fcntl(fd, F_GETFL) & O_NONBLOCK);
    EXPECT_ERRNO(EAGAIN, waitid(P_PIDFD_TYPE, (id_t)fd, &info, WEXITED));
    EXPECT_EQ(0, waitid(P_PIDFD_TYPE, (id_t)fd, &info, WEXITED | WNOHANG));
    EXPECT_EQ(0, info.si_pid);
    close(hold[1]);
    EXPECT_EQ(POLLIN, wait_ready(fd));
    EXPECT_EQ(0, waitid(P_PIDFD_TYPE, (id_t)fd, &info, WEXITED));
    EXPECT_EQ(pid, info.si_pid);
    close(fd);
    EXPECT_ERRNO(ECHILD, waitpid(pid, &status, 0));
}

/* A pidfd from clone: of a child, and of a thread. */
static void cloned(void)
{
    int fd = -1, status;
    long pid = CHECK(syscall(SYS_clone, CLONE_PIDFD | SIGCHLD, 0, &fd, 0, 0));
    if (pid == 0)
        _exit(3);
    EXPECT_EQ(FD_CLOEXEC, fcntl(fd, F_GETFD));
    EXPECT_EQ(POLLIN, wait_ready(fd));
    EXPECT_EQ(pid, waitpid((pid_t)pid, &status, 0));
    close(fd);
    /* Without room for it there is no child. */
    EXPECT_ERRNO(EFAULT, syscall(SYS_clone, CLONE_PIDFD | SIGCHLD, 0, 8L, 0, 0));
    EXPECT_ERRNO(ECHILD, waitpid(-1, &status, 0));
    struct rlimit old, none;
    CHECK(getrlimit(RLIMIT_NOFILE, &old));
    none = old;
    none.rlim_cur = 3;
    CHECK(setrlimit(RLIMIT_NOFILE, &none));
    for (int i = 3; i < 20; i++)
        close(i);
    EXPECT_ERRNO(EMFILE, syscall(SYS_clone, CLONE_PIDFD | SIGCHLD, 0, &fd, 0, 0));
    EXPECT_ERRNO(EMFILE, pidfd_open(getpid(), 0));
    EXPECT_ERRNO(ECHILD, waitpid(-1, &status, 0));
    CHECK(setrlimit(RLIMIT_NOFILE, &old));
}

static void errors(void)
{
    siginfo_t info;
    int null = CHECK(open("/dev/null", O_RDONLY));
    EXPECT_ERRNO(EINVAL, pidfd_open(0, 0));
    EXPECT_ERRNO(EINVAL, pidfd_open(-1, 0));
    EXPECT_ERRNO(EINVAL, pidfd_open(getpid(), 1));
    EXPECT_ERRNO(EINVAL, pidfd_open(999999, 1));
    EXPECT_ERRNO(ESRCH, pidfd_open(999999, 0));
    EXPECT_ERRNO(ESRCH, pidfd_open(999999, PIDFD_THREAD));
    EXPECT_ERRNO(EBADF, send_to(-1, 0, 0));
    EXPECT_ERRNO(EBADF, send_to(null, 0, 0));
    int fd = (int)CHECK(pidfd_open(getpid(), 0));
    EXPECT_ERRNO(EINVAL, send_to(fd, 65, 0));
    EXPECT_ERRNO(EINVAL, send_to(fd, -1, 0));
    EXPECT_ERRNO(EFAULT, syscall(SYS_pidfd_send_signal, fd, SIGUSR2, 8L, 0));
    EXPECT_ERRNO(EINVAL, syscall(SYS_pidfd_getfd, fd, null, 1));
    EXPECT_ERRNO(EBADF, syscall(SYS_pidfd_getfd, -1, null, 0));
    EXPECT_ERRNO(EBADF, syscall(SYS_pidfd_getfd, null, null, 0));
    EXPECT_ERRNO(EBADF, syscall(SYS_pidfd_getfd, fd, 999, 0));
    EXPECT_ERRNO(EBADF, waitid(P_PIDFD_TYPE, (id_t)null, &info, WEXITED));
    EXPECT_ERRNO(EBADF, waitid(P_PIDFD_TYPE, 999, &info, WEXITED));
    EXPECT_ERRNO(EINVAL, waitid(P_PIDFD_TYPE, (id_t)-1, &info, WEXITED));
    EXPECT_ERRNO(EINVAL, write(fd, "x", 1));
    EXPECT_ERRNO(EINVAL, read(fd, &info, 1));
    close(fd);
    close(null);
}

#define SELF_THREAD (-10000)
#define SELF_PROCESS (-10001)

/* Numbers that stand for a pidfd of oneself. */
static void oneself(void)
{
    const int base = received;
    EXPECT_EQ(0, send_to(SELF_THREAD, SIGUSR1, 0));
    EXPECT_EQ(base + 1, received);
    EXPECT_EQ(SI_TKILL, code);
    EXPECT_EQ(0, send_to(SELF_PROCESS, SIGUSR1, 0));
    EXPECT_EQ(base + 2, received);
    EXPECT_EQ(SI_USER, code);
    EXPECT_EQ(0, send_to(SELF_PROCESS, 0, 1));
    EXPECT_ERRNO(EBADF, send_to(SELF_PROCESS - 1, 0, 0));
    struct iovec none = {NULL, 0};
    EXPECT_EQ(0, syscall(SYS_process_madvise, SELF_THREAD, &none, 1, 4, 0));
    EXPECT_ERRNO(EINVAL, syscall(SYS_process_mrelease, SELF_PROCESS, 0));
    /* Where only a file will do, they are none. */
    siginfo_t info;
    EXPECT_ERRNO(EBADF, syscall(SYS_pidfd_getfd, SELF_PROCESS, 0, 0));
    EXPECT_ERRNO(EINVAL, syscall(SYS_waitid, P_PIDFD_TYPE, SELF_PROCESS, &info, WEXITED, NULL));
}

int main(void)
{
    errors();
    threads();
    oneself();
    processes();
    cloned();
    return 0;
}
