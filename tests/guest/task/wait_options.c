/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wait4, waitid: which children does each option find, what do they tell, and in which order are
 * arguments refused? */
#include "guest_test.h"
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static long wait_for(int pid, int *status, int options)
{
    return syscall(SYS_wait4, pid, status, options, NULL);
}

static long waitid_(int type, int id, siginfo_t *info, int options, struct rusage *usage)
{
    return syscall(SYS_waitid, type, id, info, options, usage);
}

/* A child that ends with `status`, and reports `signal` at its end. */
static pid_t child(unsigned long signal, int status)
{
    long pid = CHECK(syscall(SYS_clone, signal, 0, 0, 0, 0));
    if (pid == 0)
        syscall(SYS_exit_group, status);
    return (pid_t)pid;
}

/* Of nothing found, and of what is refused, waitid tells all the same. */
static void told_of_failure(void)
{
    siginfo_t info;
    memset(&info, 0x55, sizeof info);
    EXPECT_ERRNO(ECHILD, waitid_(P_ALL, 0, &info, WEXITED, NULL));
    EXPECT_EQ(0, info.si_signo | info.si_errno | info.si_code | info.si_pid | info.si_status);
    memset(&info, 0x55, sizeof info);
    EXPECT_ERRNO(EINVAL, waitid_(P_ALL, 0, &info, WNOHANG, NULL));
    EXPECT_EQ(0, info.si_signo | info.si_code | info.si_pid);
    EXPECT_ERRNO(EFAULT, waitid_(P_ALL, 0, (siginfo_t *)8, WEXITED, NULL));
    EXPECT_ERRNO(EFAULT, waitid_(P_ALL, 0, (siginfo_t *)8, 0, NULL));
}

static void errors(void)
{
    int status;
    siginfo_t info;
    told_of_failure();
    EXPECT_ERRNO(ECHILD, wait_for(-1, &status, 0));
    EXPECT_ERRNO(ECHILD, wait_for(-1, &status, WNOHANG));
    EXPECT_ERRNO(ECHILD, wait_for(getppid(), &status, 0));
    EXPECT_ERRNO(ECHILD, wait_for(999999, &status, 0));
    EXPECT_ERRNO(EINVAL, wait_for(-1, &status, WEXITED));
    EXPECT_ERRNO(EINVAL, wait_for(-1, &status, WNOWAIT));
    EXPECT_ERRNO(EINVAL, wait_for(-1, &status, 0x100));
    EXPECT_ERRNO(ESRCH, wait_for(INT32_MIN, &status, 0));
    EXPECT_ERRNO(ECHILD, wait_for(INT32_MIN + 1, &status, 0));
    EXPECT_ERRNO(EINVAL, waitid_(P_ALL, 0, &info, 0, NULL));
    EXPECT_ERRNO(EINVAL, waitid_(P_ALL, 0, &info, WNOHANG, NULL));
    EXPECT_ERRNO(EINVAL, waitid_(P_ALL, 0, &info, WEXITED | 0x100, NULL));
    EXPECT_ERRNO(EINVAL, waitid_(P_PID, 0, &info, WEXITED, NULL));
    EXPECT_ERRNO(EINVAL, waitid_(P_PID, -1, &info, WEXITED, NULL));
    EXPECT_ERRNO(EINVAL, waitid_(P_PGID, -1, &info, WEXITED, NULL));
    EXPECT_ERRNO(EINVAL, waitid_(4, 1, &info, WEXITED, NULL));
    EXPECT_ERRNO(ECHILD, waitid_(P_PGID, 0, &info, WEXITED, NULL));
    EXPECT_ERRNO(ECHILD, waitid_(P_ALL, -5, &info, WEXITED, NULL));
    pid_t pid = child(SIGCHLD, 1);
    EXPECT_ERRNO(EFAULT, wait_for(pid, (int *)8, 0)); /* it is gone all the same */
    EXPECT_ERRNO(ECHILD, wait_for(pid, &status, 0));
    pid = child(SIGCHLD, 1);
    EXPECT_ERRNO(EFAULT, waitid_(P_PID, pid, (siginfo_t *)8, WEXITED, NULL));
    EXPECT_ERRNO(ECHILD, wait_for(pid, &status, 0));
    pid = child(SIGCHLD, 1);
    EXPECT_ERRNO(EFAULT, waitid_(P_PID, pid, &info, WEXITED, (struct rusage *)8));
    EXPECT_ERRNO(ECHILD, wait_for(pid, &status, 0));
}

static void kinds(void)
{
    int status;
    siginfo_t info;
    struct rusage usage;
    signal(SIGUSR1, SIG_IGN);
    pid_t normal = child(SIGCHLD, 3), other = child(SIGUSR1, 4), silent = child(0, 5),
          odd = child(200, 6);
    EXPECT_ERRNO(ECHILD, wait_for(other, &status, 0));
    EXPECT_ERRNO(ECHILD, wait_for(normal, &status, __WCLONE));
    EXPECT_EQ(other, wait_for(other, &status, __WCLONE));
    EXPECT_EQ(4 << 8, status);
    EXPECT_EQ(silent, wait_for(silent, &status, __WALL));
    EXPECT_EQ(5 << 8, status);
    EXPECT_EQ(odd, wait_for(-1, &status, __WCLONE)); /* a signal that does not exist */
    EXPECT_EQ(6 << 8, status);

    memset(&info, 0, sizeof info);
    EXPECT_EQ(0, waitid_(P_PID, normal, &info, WEXITED | WNOWAIT, &usage));
    EXPECT(info.si_signo == SIGCHLD && info.si_code == CLD_EXITED && info.si_pid == normal &&
           info.si_status == 3);
    EXPECT_EQ(getuid(), info.si_uid);
    EXPECT_EQ(0, waitid_(P_PID, normal, NULL, WEXITED | WNOWAIT, NULL));
    memset(&info, 0x77, sizeof info);
    EXPECT_ERRNO(ECHILD, waitid_(P_PID, normal, &info, WSTOPPED | WNOHANG,
                                 NULL));        /* it cannot stop any more */
    EXPECT_EQ(normal, wait_for(0, &status, 0)); /* of our group */
    EXPECT_EQ(3 << 8, status);

    normal = child(SIGCHLD, 0x1234);
    EXPECT_EQ(normal, wait_for(-getpgrp(), &status, 0));
    EXPECT_EQ(0x34 << 8, status);
}

static void stops(void)
{
    int status;
    siginfo_t info;
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        for (;;)
            pause();
    }
    EXPECT_EQ(0, wait_for(pid, &status, WNOHANG | WUNTRACED | WCONTINUED));
    memset(&info, 0x77, sizeof info);
    EXPECT_EQ(0, waitid_(P_PID, pid, &info, WEXITED | WSTOPPED | WNOHANG, NULL));
    EXPECT(info.si_signo == 0 && info.si_pid == 0 && info.si_code == 0);
    CHECK(kill(pid, SIGSTOP));
    EXPECT_EQ(0, waitid_(P_PID, pid, &info, WSTOPPED | WNOWAIT, NULL));
    EXPECT(info.si_code == CLD_STOPPED && info.si_status == SIGSTOP);
    EXPECT_EQ(0, wait_for(pid, &status, WNOHANG | WCONTINUED));
    EXPECT_EQ(pid, wait_for(pid, &status, WUNTRACED));
    EXPECT(WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP);
    EXPECT_EQ(0, wait_for(pid, &status, WUNTRACED | WNOHANG)); /* told once */
    CHECK(kill(pid, SIGSTOP));
    EXPECT_EQ(0, wait_for(pid, &status, WUNTRACED | WNOHANG)); /* it is stopped already */
    CHECK(kill(pid, SIGCONT));
    EXPECT_EQ(0, waitid_(P_PID, pid, &info, WCONTINUED | WNOWAIT, NULL));
    EXPECT(info.si_code == CLD_CONTINUED && info.si_status == SIGCONT);
    EXPECT_EQ(0, wait_for(pid, &status, WUNTRACED | WNOHANG));
    EXPECT_EQ(pid, wait_for(pid, &status, WCONTINUED));
    EXPECT(WIFCONTINUED(status) && status == 0xffff);
    CHECK(kill(pid, SIGTERM));
    EXPECT_EQ(0, waitid_(P_PID, pid, &info, WEXITED, NULL));
    EXPECT(info.si_code == CLD_KILLED && info.si_status == SIGTERM);
}

/* Who was stopped and is killed was not continued; and who was, and ended, tells no more of it. */
static void not_continued(void)
{
    int status;
    for (int last = SIGKILL; last; last = last == SIGKILL ? SIGCONT : 0) {
        pid_t pid = CHECK(fork());
        if (pid == 0) {
            signal(SIGCONT, last == SIGCONT ? SIG_DFL : SIG_IGN);
            raise(SIGSTOP);
            _exit(0);
        }
        EXPECT_EQ(pid, wait_for(pid, &status, WUNTRACED));
        CHECK(kill(pid, last));
        EXPECT_EQ(0, waitid_(P_PID, pid, NULL, WEXITED | WNOWAIT, NULL));
        EXPECT_ERRNO(ECHILD, waitid_(P_PID, pid, NULL, WCONTINUED | WNOHANG, NULL));
        EXPECT_EQ(pid, wait_for(pid, &status, WCONTINUED));
        EXPECT_EQ(last == SIGKILL ? SIGKILL : 0, status);
    }
}

/* Children are the process's, but __WNOTHREAD asks for the calling thread's own. */
static pid_t threads_child;

static void *make_child(void *arg)
{
    int status;
    threads_child = child(SIGCHLD, 9);
    EXPECT_EQ(0, waitid_(P_PID, threads_child, NULL, WEXITED | WNOWAIT | __WNOTHREAD, NULL));
    EXPECT_ERRNO(ECHILD, wait_for(*(pid_t *)arg, &status, __WNOTHREAD));
    return NULL;
}

static void own_children(void)
{
    int status;
    pthread_t thread;
    pid_t mine = child(SIGCHLD, 8);
    EXPECT_EQ(0, waitid_(P_PID, mine, NULL, WEXITED | WNOWAIT, NULL));
    EXPECT_EQ(0, pthread_create(&thread, NULL, make_child, &mine));
    EXPECT_EQ(0, pthread_join(thread, NULL));
    EXPECT_EQ(mine, wait_for(mine, &status, __WNOTHREAD));
    EXPECT_EQ(threads_child, wait_for(-1, &status, 0));
    EXPECT_EQ(9 << 8, status);
}

/* SIGCHLD ignored: nobody is left to wait for, and a wait lasts until the last has gone. */
static void ignored(void)
{
    int status;
    signal(SIGCHLD, SIG_IGN);
    child(SIGCHLD, 1);
    child(SIGCHLD, 2);
    EXPECT_ERRNO(ECHILD, wait_for(-1, &status, 0));
    struct sigaction action = {.sa_handler = SIG_DFL, .sa_flags = SA_NOCLDWAIT};
    CHECK(sigaction(SIGCHLD, &action, NULL));
    child(SIGCHLD, 3);
    EXPECT_ERRNO(ECHILD, wait_for(-1, &status, 0));
    pid_t pid = child(SIGUSR1, 4); /* another signal's child stays */
    EXPECT_EQ(pid, wait_for(-1, &status, __WALL));
    signal(SIGCHLD, SIG_DFL);
}

static void *end_with(void *arg)
{
    while (syscall(SYS_tgkill, getpid(), getpid(), 0) == 0 && *(volatile int *)arg == 0)
        sched_yield();
    syscall(SYS_exit, 7);
    return NULL;
}

/* The first thread ends before the others: the process lives, and ends with the last one's status.
 */
static void leader_first(void)
{
    int status, fd[2];
    char byte;
    CHECK(pipe(fd));
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        static int go;
        pthread_t thread;
        EXPECT_EQ(0, pthread_create(&thread, NULL, end_with, &go));
        close(fd[1]);
        go = 1;
        syscall(SYS_exit, 3);
    }
    close(fd[1]);
    EXPECT_EQ(0, read(fd[0], &byte, 1));
    close(fd[0]);
    EXPECT_EQ(pid, wait_for(pid, &status, 0));
    EXPECT(status == 7 << 8 || status == 3 << 8); /* whoever was last */
}

int main(void)
{
    errors();
    kinds();
    stops();
    not_continued();
    own_children();
    ignored();
    leader_first();
    return 0;
}
