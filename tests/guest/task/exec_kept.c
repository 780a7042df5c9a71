/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What does a new program have of the old one, and what not? From a thread that is not the first,
 * too. */
#include "guest_test.h"
#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>

static char pid_text[16], child_text[16];
static int program;

static void handler(int sig)
{
    (void)sig;
}

static void check(char **argv)
{
    struct sigaction action;
    stack_t stack;
    struct itimerval timer;
    sigset_t set;
    int value;
    char name[17] = {0};

    EXPECT_EQ(atoi(argv[2]), getpid());
    EXPECT_EQ(getpid(), syscall(SYS_gettid));
    /* Handlers are gone, what was ignored is ignored, what was blocked is blocked, what was pending
     * is pending. */
    CHECK(sigaction(SIGUSR1, NULL, &action));
    EXPECT(action.sa_handler == SIG_DFL);
    CHECK(sigaction(SIGUSR2, NULL, &action));
    EXPECT(action.sa_handler == SIG_IGN);
    CHECK(sigprocmask(SIG_BLOCK, NULL, &set));
    EXPECT(sigismember(&set, SIGHUP) && sigismember(&set, SIGRTMIN) && !sigismember(&set, SIGTERM));
    CHECK(sigpending(&set));
    EXPECT(sigismember(&set, SIGHUP) && sigismember(&set, SIGRTMIN));
    CHECK(sigaltstack(NULL, &stack));
    EXPECT_EQ(SS_DISABLE, stack.ss_flags);
    /* Interval timers run on, POSIX ones are gone. */
    CHECK(getitimer(ITIMER_REAL, &timer));
    EXPECT(timer.it_value.tv_sec > 900);
    EXPECT_ERRNO(EINVAL, syscall(SYS_timer_gettime, 0, &timer));

    EXPECT_EQ(-1, fcntl(50, F_GETFD));
    EXPECT_EQ(0, fcntl(51, F_GETFD));
    EXPECT_EQ(7, getpriority(PRIO_PROCESS, 0));
    EXPECT_EQ(SCHED_BATCH, sched_getscheduler(0));
    EXPECT_EQ(027, umask(0));
    char cwd[64];
    EXPECT(getcwd(cwd, sizeof cwd) && !strcmp(cwd, "/tmp"));
    struct rlimit limit;
    CHECK(getrlimit(RLIMIT_CORE, &limit));
    EXPECT_EQ(0, limit.rlim_max);
    EXPECT_EQ(ADDR_NO_RANDOMIZE, personality(0xffffffff));
    EXPECT_EQ(0, prctl(PR_GET_NAME, name));
    EXPECT(!strcmp(name, "exec_kept")); /* the file's */
    EXPECT_EQ(1, prctl(PR_GET_DUMPABLE));
    EXPECT_EQ(0, prctl(PR_GET_KEEPCAPS));
    EXPECT_EQ(1, prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
    EXPECT_EQ(777, prctl(PR_GET_TIMERSLACK));
    CHECK(prctl(PR_GET_CHILD_SUBREAPER, &value));
    EXPECT_EQ(1, value);
    CHECK(prctl(PR_GET_PDEATHSIG, &value));
    EXPECT_EQ(SIGURG, value);
    void *head;
    size_t length;
    EXPECT_EQ(0, syscall(SYS_get_robust_list, 0, &head, &length));
    EXPECT(head != (void *)4096); /* libc has made its own, or there is none */
    /* Memory locks are gone with the memory; children are still ours. */
    int status;
    EXPECT_EQ(atoi(argv[3]), waitpid(-1, &status, __WALL));
    EXPECT_EQ(6 << 8, status);
    EXPECT_ERRNO(ECHILD, waitpid(-1, &status, __WALL));
}

static void *execer(void *arg)
{
    (void)arg;
    static char alternate[65536];
    struct itimerval timer = {.it_value = {1000, 0}};
    struct sigevent event = {.sigev_notify = SIGEV_NONE};
    stack_t stack = {.ss_sp = alternate, .ss_size = sizeof alternate};
    struct sched_param param = {0};
    timer_t id;

    signal(SIGUSR1, handler);
    signal(SIGUSR2, SIG_IGN);
    CHECK(kill(getpid(), SIGHUP));                                       /* to the process */
    CHECK(syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), SIGRTMIN)); /* to the thread */
    CHECK(sigaltstack(&stack, NULL));
    CHECK(setitimer(ITIMER_REAL, &timer, NULL));
    CHECK(timer_create(CLOCK_MONOTONIC, &event, &id));
    dup2(CHECK(open("/dev/null", O_RDONLY)), 51);
    CHECK(dup3(51, 50, O_CLOEXEC));
    EXPECT_EQ(0, setpriority(PRIO_PROCESS, 0, 7));
    EXPECT_EQ(0, sched_setscheduler(0, SCHED_BATCH, &param));
    umask(027);
    CHECK(chdir("/tmp"));
    struct rlimit limit = {0, 0};
    CHECK(setrlimit(RLIMIT_CORE, &limit));
    CHECK(personality(ADDR_NO_RANDOMIZE));
    CHECK(prctl(PR_SET_NAME, "renamed"));
    CHECK(prctl(PR_SET_DUMPABLE, 0));
    CHECK(prctl(PR_SET_KEEPCAPS, 1));
    CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    CHECK(prctl(PR_SET_TIMERSLACK, 777));
    CHECK(prctl(PR_SET_CHILD_SUBREAPER, 1));
    CHECK(prctl(PR_SET_PDEATHSIG, SIGURG));
    CHECK(syscall(SYS_set_robust_list, 4096L, 24L));
    long child = CHECK(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
    if (child == 0)
        syscall(SYS_exit_group, 6);
    snprintf(child_text, sizeof child_text, "%ld", child);
    char *argv[] = {"name", "check", pid_text, child_text, NULL};
    syscall(SYS_execveat, program, "", argv, environ, AT_EMPTY_PATH);
    FAIL("exec");
    return NULL;
}

static void *stay(void *arg)
{
    for (;;)
        pause();
    return arg;
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        check(argv);
        return 0;
    }
    program = CHECK(open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
    snprintf(pid_text, sizeof pid_text, "%d", getpid());
    pthread_t threads[3];
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGRTMIN);
    CHECK(pthread_sigmask(SIG_BLOCK, &set, NULL));
    for (int i = 0; i < 3; i++)
        EXPECT_EQ(0, pthread_create(&threads[i], NULL, stay, NULL));
    EXPECT_EQ(0, pthread_create(&threads[0], NULL, execer, NULL));
    pthread_exit(NULL); /* the first thread may be gone before */
}
