/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What does a new program inherit, and what starts afresh? */
#include "guest_test.h"

#include <signal.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/rseq.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#define KEPT 20
#define CLOSED 21
#define KEPT_FAR 200
#define CLOSED_FAR 201

static void handler(int sig)
{
    (void)sig;
}

static void before(const char *self)
{
    CHECK(dup2(0, KEPT));
    CHECK(dup3(0, CLOSED, O_CLOEXEC));
    CHECK(dup2(0, KEPT_FAR));
    CHECK(dup3(0, CLOSED_FAR, O_CLOEXEC));

    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART | SA_ONSTACK};
    sigaddset(&action.sa_mask, SIGUSR2);
    CHECK(sigaction(SIGUSR1, &action, NULL));
    action.sa_handler = SIG_IGN;
    CHECK(sigaction(SIGHUP, &action, NULL));
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGUSR2);
    sigaddset(&blocked, SIGRTMIN + 3);
    CHECK(sigprocmask(SIG_SETMASK, &blocked, NULL));
    CHECK(raise(SIGUSR2));
    static char room[32768];
    stack_t stack = {.ss_sp = room, .ss_size = sizeof room};
    CHECK(sigaltstack(&stack, NULL));

    umask(037);
    CHECK(chdir("/tmp"));
    CHECK(prctl(PR_SET_NAME, "before"));
    CHECK(prctl(PR_SET_PDEATHSIG, SIGTERM));
    struct rlimit limit = {100, 200};
    CHECK(setrlimit(RLIMIT_NOFILE, &(struct rlimit){300, 400}));
    CHECK(setrlimit(RLIMIT_MEMLOCK, &limit));

    char pid[16];
    snprintf(pid, sizeof pid, "%d", (int)getpid());
    char *argv[] = {"name", "after", pid, NULL}, *envp[] = {"ONE=1", NULL};
    CHECK(execve(self, argv, envp));
}

static void check_signals(void)
{
    struct sigaction action;
    CHECK(sigaction(SIGUSR1, NULL, &action));
    EXPECT(action.sa_handler == SIG_DFL);
    EXPECT_EQ(0, action.sa_flags & (SA_RESTART | SA_ONSTACK));
    EXPECT(!sigismember(&action.sa_mask, SIGUSR2));
    CHECK(sigaction(SIGHUP, NULL, &action));
    EXPECT(action.sa_handler == SIG_IGN);
    EXPECT_EQ(0, action.sa_flags & (SA_RESTART | SA_ONSTACK));
    sigset_t set;
    CHECK(sigprocmask(SIG_BLOCK, NULL, &set));
    EXPECT(sigismember(&set, SIGUSR2) && sigismember(&set, SIGRTMIN + 3));
    EXPECT(!sigismember(&set, SIGUSR1));
    CHECK(sigpending(&set));
    EXPECT(sigismember(&set, SIGUSR2));
    stack_t stack;
    CHECK(sigaltstack(NULL, &stack));
    EXPECT_EQ(SS_DISABLE, stack.ss_flags);
    EXPECT_EQ(0, stack.ss_size);
    EXPECT(stack.ss_sp == NULL);
}

static void check_rest(const char *pid)
{
    EXPECT_EQ(atoi(pid), getpid());
    EXPECT(fcntl(KEPT, F_GETFD) == 0);
    EXPECT_ERRNO(EBADF, fcntl(CLOSED, F_GETFD));
    EXPECT(fcntl(KEPT_FAR, F_GETFD) == 0);
    EXPECT_ERRNO(EBADF, fcntl(CLOSED_FAR, F_GETFD));
    EXPECT_EQ(037, umask(0));
    char text[64];
    EXPECT(getcwd(text, sizeof text) && strcmp(text, "/tmp") == 0);
    CHECK(prctl(PR_GET_NAME, text));
    const char *name = strrchr((char *)getauxval(AT_EXECFN), '/') + 1;
    EXPECT(strncmp(text, name, 15) == 0 && strlen(text) <= 15);
    int signal = 0;
    CHECK(prctl(PR_GET_PDEATHSIG, &signal));
    EXPECT_EQ(SIGTERM, signal);
    EXPECT_EQ(1, prctl(PR_GET_DUMPABLE));
    struct rlimit limit;
    CHECK(getrlimit(RLIMIT_NOFILE, &limit));
    EXPECT(limit.rlim_cur == 300 && limit.rlim_max == 400);
    CHECK(getrlimit(RLIMIT_MEMLOCK, &limit));
    EXPECT(limit.rlim_cur == 100 && limit.rlim_max == 200);
    void *head;
    size_t length;
    CHECK(syscall(SYS_get_robust_list, 0, &head, &length));
    EXPECT_EQ(24, length);   /* libc has just set a new one */
    EXPECT(__rseq_size > 0); /* and could register its restartable sequences again */
}

int main(int argc, char **argv)
{
    if (argc == 1)
        before((char *)getauxval(AT_EXECFN));
    EXPECT_EQ(3, argc);
    EXPECT(strcmp(argv[0], "name") == 0 && strcmp(argv[1], "after") == 0);
    EXPECT(strcmp(environ[0], "ONE=1") == 0 && environ[1] == NULL);
    check_signals();
    check_rest(argv[2]);
    return 0;
}
