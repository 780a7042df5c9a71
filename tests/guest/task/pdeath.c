/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PR_SET_PDEATHSIG: whose end is told, by whom, and what takes the setting away? */
#include "guest_test.h"
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static int ready[2], go[2], result[2];

/* Blocks SIGUSR1, asks for it, says so, waits for it and reports from whom it came. */
static void orphan(void)
{
    sigset_t set;
    siginfo_t info;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL));
    CHECK(prctl(PR_SET_PDEATHSIG, SIGUSR1));
    pid_t parent = getppid();
    EXPECT_EQ(1, write(ready[1], "", 1));
    EXPECT_EQ(SIGUSR1, sigwaitinfo(&set, &info));
    char good = info.si_code == SI_USER && info.si_pid == parent;
    EXPECT_EQ(1, write(result[1], &good, 1));
    _exit(0);
}

static void expect_good(void)
{
    char good = 0;
    EXPECT_EQ(1, read(result[0], &good, 1));
    EXPECT_EQ(1, good);
}

static void *make_orphan(void *arg)
{
    char byte;
    (void)arg;
    if (CHECK(fork()) == 0)
        orphan();
    EXPECT_EQ(1, read(ready[0], &byte, 1));
    return NULL;
}

int main(int argc, char **argv)
{
    int status, signal;
    char byte;
    if (argc > 1) { /* a new program keeps it, a child does not */
        CHECK(prctl(PR_GET_PDEATHSIG, &signal));
        EXPECT_EQ(atoi(argv[1]), signal);
        return 0;
    }
    CHECK(pipe(ready));
    CHECK(pipe(go));
    CHECK(pipe(result));

    /* The parent ends. */
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        make_orphan(NULL);
        _exit(0);
    }
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    EXPECT_EQ(0, status);
    expect_good();

    /* The thread that made it ends; its process goes on. */
    CHECK(prctl(PR_SET_CHILD_SUBREAPER, 1));
    pthread_t thread;
    EXPECT_EQ(0, pthread_create(&thread, NULL, make_orphan, NULL));
    EXPECT_EQ(0, pthread_join(thread, NULL));
    expect_good();

    CHECK(prctl(PR_SET_PDEATHSIG, SIGUSR2));
    pid = CHECK(fork());
    if (pid == 0) {
        CHECK(prctl(PR_GET_PDEATHSIG, &signal));
        EXPECT_EQ(0, signal);
        CHECK(prctl(PR_SET_PDEATHSIG, SIGUSR2));
        execl("/proc/self/exe", argv[0], "12", NULL);
        _exit(1);
    }
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    EXPECT_EQ(0, status);
    (void)byte;
    return 0;
}
