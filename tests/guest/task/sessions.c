/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Process groups and sessions: what setpgid, setsid, getpgid and getsid allow, in which order they
 * refuse. */
#include "guest_test.h"
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static int hold[2];

/* A child that stays until the pipe ends. */
static pid_t stayer(void)
{
    char byte;
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        close(hold[1]);
        _exit((int)read(hold[0], &byte, 1));
    }
    return pid;
}

static int tid;
static volatile int done;

static void *thread_body(void *arg)
{
    (void)arg;
    __atomic_store_n(&tid, (int)syscall(SYS_gettid), __ATOMIC_SEQ_CST);
    while (!done)
        sched_yield();
    return NULL;
}

static void in_session(char *program)
{
    int status;
    EXPECT_EQ(getpid(), setsid());
    EXPECT_EQ(getpid(), getsid(0));
    EXPECT_EQ(getpid(), getpgrp());
    EXPECT_ERRNO(EPERM, setsid());
    EXPECT_ERRNO(EPERM, setpgid(0, 0)); /* a session's leader */
    EXPECT_ERRNO(EINVAL, setpgid(0, -1));
    EXPECT_ERRNO(EINVAL, setpgid(-1, 0)); /* the group is -1 too */
    EXPECT_ERRNO(ESRCH, setpgid(-1, 1));
    EXPECT_ERRNO(ESRCH, setpgid(999999, 0));
    EXPECT_ERRNO(ESRCH, setpgid(getppid(), 0)); /* neither we nor a child */
    EXPECT_ERRNO(ESRCH, getpgid(-1));
    EXPECT_ERRNO(ESRCH, getpgid(999999));
    EXPECT_ERRNO(ESRCH, getsid(-1));
    EXPECT_ERRNO(ESRCH, getsid(999999));

    CHECK(pipe(hold));
    pid_t a = stayer(), b = stayer();
    EXPECT_EQ(getpgrp(), getpgid(a));
    EXPECT_EQ(getsid(0), getsid(a));
    EXPECT_EQ(0, setpgid(a, 0));
    EXPECT_EQ(a, getpgid(a));
    EXPECT_EQ(0, setpgid(a, a));
    EXPECT_EQ(0, setpgid(b, a)); /* joins it */
    EXPECT_EQ(a, getpgid(b));
    EXPECT_ERRNO(EPERM, setpgid(b, 999999)); /* no such group */
    EXPECT_ERRNO(EPERM, setpgid(b, getppid()));
    EXPECT_EQ(0, setpgid(b, getpgrp()));

    /* A thread's number is good for asking, not for changing. */
    pthread_t thread;
    EXPECT_EQ(0, pthread_create(&thread, NULL, thread_body, NULL));
    while (!__atomic_load_n(&tid, __ATOMIC_SEQ_CST))
        sched_yield();
    EXPECT_EQ(getpgrp(), getpgid(tid));
    EXPECT_EQ(getsid(0), getsid(tid));
    EXPECT_ERRNO(EINVAL, setpgid(tid, 0));
    done = 1;
    EXPECT_EQ(0, pthread_join(thread, NULL));

    /* A child that has begun another program, and one in another session. */
    int told[2];
    char byte;
    CHECK(pipe(told));
    pid_t c = CHECK(fork());
    if (c == 0) {
        close(hold[1]);
        dup2(hold[0], 0);
        dup2(told[1], 1);
        execl("/proc/self/exe", program, "stay", NULL);
        _exit(9);
    }
    EXPECT_EQ(1, read(told[0], &byte, 1));
    EXPECT_ERRNO(EACCES, setpgid(c, 0));
    EXPECT_ERRNO(EACCES, setpgid(c, c));
    pid_t d = CHECK(fork());
    if (d == 0) {
        close(hold[1]);
        EXPECT_EQ(getpid(), setsid());
        EXPECT_EQ(1, write(told[1], "x", 1));
        _exit((int)read(hold[0], &byte, 1));
    }
    EXPECT_EQ(1, read(told[0], &byte, 1));
    EXPECT_EQ(d, getsid(d));
    EXPECT_ERRNO(EPERM, setpgid(d, 0));
    EXPECT_ERRNO(EPERM, setpgid(b, d)); /* a group of another session */

    /* A zombie still counts; who has been waited for does not. */
    CHECK(kill(a, SIGKILL));
    EXPECT_EQ(0, waitid(P_PID, (id_t)a, &(siginfo_t){0}, WEXITED | WNOWAIT));
    EXPECT_EQ(a, getpgid(a));
    EXPECT_EQ(0, setpgid(b, a));
    EXPECT_EQ(a, waitpid(a, &status, 0));
    EXPECT_ERRNO(ESRCH, getpgid(a));
    EXPECT_ERRNO(ESRCH, setpgid(a, 0));
    EXPECT_EQ(a, getpgid(b)); /* the group lives on */
    EXPECT_EQ(0, setpgid(b, b));
    EXPECT_ERRNO(EPERM, setpgid(b, a)); /* and is gone now */
    close(hold[1]);
    while (wait(&status) > 0)
        EXPECT_EQ(0, status);
}

int main(int argc, char **argv)
{
    char byte;
    int status;
    if (argc > 1) {
        EXPECT_EQ(1, write(1, "x", 1));
        return (int)read(0, &byte, 1);
    }
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        in_session(argv[0]);
        _exit(0);
    }
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    return status != 0;
}
