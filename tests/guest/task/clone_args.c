/* SPDX-License-Identifier: GPL-2.0-or-later */
/* clone3 and clone: sizes and contents of the struct, in which order they are refused, and what
 * each sharing flag shares. */
#include "guest_test.h"
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

struct args {
    uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
    uint64_t set_tid, set_tid_size, cgroup;
    uint64_t more[2];
};

static long clone3(struct args args, size_t size)
{
    long pid = syscall(SYS_clone3, &args, size);
    if (pid == 0)
        _exit(0);
    return pid;
}

static void reap(long pid)
{
    int status;
    EXPECT_EQ(pid, waitpid((pid_t)pid, &status, __WALL));
    EXPECT_EQ(0, status);
}

static void sizes(void)
{
    const struct args plain = {.exit_signal = SIGCHLD};
    for (size_t size = 0; size < 64; size += 8)
        EXPECT_ERRNO(EINVAL, clone3(plain, size));
    reap(CHECK(clone3(plain, 64)));
    reap(CHECK(clone3(plain, 72)));
    reap(CHECK(clone3(plain, 80)));
    reap(CHECK(clone3(plain, 88)));
    reap(CHECK(clone3(plain, 89)));
    reap(CHECK(clone3(plain, sizeof plain)));
    EXPECT_ERRNO(E2BIG,
                 clone3((struct args){.exit_signal = SIGCHLD, .more = {0, 1}}, sizeof plain));
    EXPECT_ERRNO(E2BIG, clone3((struct args){.flags = ~0ul, .more = {0, 1}}, sizeof plain));
    EXPECT_ERRNO(E2BIG, clone3(plain, 4097));
    EXPECT_ERRNO(EFAULT, syscall(SYS_clone3, NULL, 64));
    EXPECT_ERRNO(EINVAL, syscall(SYS_clone3, NULL, 63));
    char *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(munmap(pages + 4096, 4096));
    memcpy(pages + 4096 - 64, &plain, 64);
    EXPECT_ERRNO(EFAULT, syscall(SYS_clone3, pages + 4096 - 64, 72));
}

static void places(void)
{
    int word;
    struct args args = {.flags = CLONE_PIDFD | CLONE_PARENT_SETTID, .exit_signal = SIGCHLD};
    args.pidfd = args.parent_tid = (uintptr_t)&word;
    EXPECT_ERRNO(EINVAL, clone3(args, 64)); /* one place for two */
    args = (struct args){.flags = CLONE_INTO_CGROUP, .exit_signal = SIGCHLD, .cgroup = 1ul << 31};
    EXPECT_ERRNO(EINVAL, clone3(args, 88));
    args.cgroup = 1ul << 30;
    EXPECT_ERRNO(EBADF, clone3(args, 88));
    args.cgroup = (uint64_t)CHECK(open("/", O_RDONLY));
    EXPECT_ERRNO(EBADF, clone3(args, 88)); /* no control group */
    CHECK(close((int)args.cgroup));
}

static void contents(void)
{
    const uint64_t bad[] = {0x80,
                            1,
                            17,
                            CLONE_DETACHED,
                            1ul << 34,
                            1ul << 63,
                            CLONE_THREAD,
                            CLONE_SIGHAND,
                            CLONE_THREAD | CLONE_SIGHAND,
                            CLONE_NEWNS | CLONE_FS,
                            CLONE_VM | CLONE_SIGHAND | CLONE_CLEAR_SIGHAND};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (bad[i] != 0x80) /* CLONE_NEWTIME */
            EXPECT_ERRNO(EINVAL, clone3((struct args){.flags = bad[i]}, 88));
    EXPECT_ERRNO(EINVAL, clone3((struct args){.exit_signal = 65}, 88));
    EXPECT_ERRNO(EINVAL, clone3((struct args){.exit_signal = 0x100 | SIGCHLD}, 88));
    EXPECT_ERRNO(EINVAL, clone3((struct args){.exit_signal = ~0ul}, 88));
    EXPECT_ERRNO(EINVAL, clone3((struct args){.flags = CLONE_PARENT, .exit_signal = SIGCHLD}, 88));
    EXPECT_ERRNO(EINVAL, clone3((struct args){.flags = CLONE_THREAD | CLONE_SIGHAND | CLONE_VM,
                                              .exit_signal = 1},
                                88));
    EXPECT_ERRNO(EINVAL, clone3((struct args){.stack = 4096}, 88));
    EXPECT_ERRNO(EINVAL, clone3((struct args){.stack_size = 4096}, 88));
    EXPECT_ERRNO(EINVAL, clone3((struct args){.stack = 0x7ffffffff000, .stack_size = 0x10000}, 88));
    EXPECT_ERRNO(EINVAL, clone3((struct args){.stack = ~0ul, .stack_size = 1}, 88));
    EXPECT_ERRNO(EINVAL, clone3((struct args){.set_tid = 8}, 88));
    EXPECT_ERRNO(EINVAL, clone3((struct args){.set_tid_size = 1}, 88));
    int tids[2] = {1, 1};
    EXPECT_ERRNO(EINVAL, clone3((struct args){.set_tid = (uintptr_t)tids, .set_tid_size = 33}, 88));
    EXPECT_ERRNO(
        EINVAL,
        clone3((struct args){.set_tid = (uintptr_t)tids, .set_tid_size = 2, .exit_signal = 99},
               88));
    /* The silent and the clearing forms. */
    long pid = CHECK(clone3((struct args){0}, 64));
    reap(pid);
    reap(CHECK(clone3((struct args){.flags = CLONE_CLEAR_SIGHAND, .exit_signal = SIGCHLD}, 64)));
    reap(CHECK(clone3(
        (struct args){.flags = CLONE_UNTRACED | CLONE_IO | CLONE_SYSVSEM, .exit_signal = SIGCHLD},
        64)));
}

static struct args numbered(const int *tids, size_t count)
{
    return (struct args){.exit_signal = SIGCHLD, .set_tid = (uintptr_t)tids, .set_tid_size = count};
}

/* The number that a child is to have. */
static void numbers(void)
{
    int tids[2] = {0, 0};
    EXPECT_ERRNO(EINVAL, clone3(numbered(tids, 1), 88));
    tids[0] = -1;
    EXPECT_ERRNO(EINVAL, clone3(numbered(tids, 1), 88));
    tids[0] = 1 << 30;
    EXPECT_ERRNO(EINVAL, clone3(numbered(tids, 1), 88));
    tids[0] = getpid();
    EXPECT_ERRNO(EINVAL, clone3(numbered(tids, 2), 88));
    EXPECT_ERRNO(EFAULT, clone3(numbered((const int *)8, 1), 88));
    if (geteuid() == 0) {
        EXPECT_ERRNO(EEXIST, clone3(numbered(tids, 1), 88));
        /* One that is known to be free: somebody had it a moment ago. */
        pid_t pid = (pid_t)CHECK(clone3((struct args){.exit_signal = SIGCHLD}, 88));
        tids[0] = pid;
        EXPECT_ERRNO(EEXIST, clone3(numbered(tids, 1), 88)); /* not reaped */
        reap(pid);
        EXPECT_EQ(pid, clone3(numbered(tids, 1), 88));
        reap(pid);
        struct args thread = numbered(tids, 1);
        thread.flags = CLONE_THREAD;
        EXPECT_ERRNO(EINVAL, clone3(thread, 88));
    }
    pid_t child = CHECK(fork());
    if (child == 0) {
        if (geteuid() == 0)
            CHECK(setresuid(1000, 1000, 1000));
        tids[0] = 30000;
        EXPECT_ERRNO(EPERM, clone3(numbered(tids, 1), 88));
        tids[0] = getpid();
        EXPECT_ERRNO(EPERM, clone3(numbered(tids, 1), 88));
        tids[0] = 0;
        EXPECT_ERRNO(EINVAL, clone3(numbered(tids, 1), 88));
        _exit(0);
    }
    reap(child);
}

static void nothing(int sig)
{
    (void)sig;
}

static volatile int value;

/* A child on our memory, stopped there: what it changes we see, or not, by its flags. */
static void shared(unsigned long flags)
{
    static char stack[65536] __attribute__((aligned(16)));
    extern int sharing_child(void *);
    int status;
    value = 0;
    umask(022);
    signal(SIGUSR1, SIG_DFL);
    close(77);
    pid_t pid = CHECK(clone(sharing_child, stack + sizeof stack, (int)(flags | SIGCHLD), NULL));
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    EXPECT_EQ(0, status);
    EXPECT_EQ(!!(flags & CLONE_VM), value);
    EXPECT_EQ(flags & CLONE_FILES ? 0 : -1, fcntl(77, F_GETFD));
    EXPECT_EQ(flags & CLONE_FS ? 077 : 022, umask(022));
    struct sigaction action;
    CHECK(sigaction(SIGUSR1, NULL, &action));
    EXPECT_EQ(!!(flags & CLONE_SIGHAND), action.sa_handler == nothing);
}

int sharing_child(void *arg)
{
    (void)arg;
    value = 1;
    umask(077);
    dup2(0, 77);
    struct sigaction action = {.sa_handler = nothing};
    sigaction(SIGUSR1, &action, NULL);
    return 0;
}

static void cleared(void)
{
    int status;
    struct args args = {.flags = CLONE_CLEAR_SIGHAND, .exit_signal = SIGCHLD};
    struct sigaction action;
    signal(SIGUSR1, nothing);
    signal(SIGUSR2, SIG_IGN);
    long pid = CHECK(syscall(SYS_clone3, &args, sizeof args));
    if (pid == 0) {
        CHECK(sigaction(SIGUSR1, NULL, &action));
        EXPECT(action.sa_handler == SIG_DFL);
        CHECK(sigaction(SIGUSR2, NULL, &action));
        EXPECT(action.sa_handler == SIG_IGN);
        _exit(0);
    }
    EXPECT_EQ(pid, waitpid((pid_t)pid, &status, 0));
    EXPECT_EQ(0, status);
}

/* CLONE_PARENT: a sibling. It reports what our parent's child reports. */
static void sibling(void)
{
    int status;
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        long other = syscall(SYS_clone, CLONE_PARENT | SIGUSR1, 0, 0, 0, 0);
        if (other == 0)
            _exit(21);
        EXPECT(other > 0);
        EXPECT_ERRNO(ECHILD, waitpid((pid_t)other, &status, __WALL));
        _exit(20);
    }
    int seen = 0;
    for (int i = 0; i < 2; i++) {
        EXPECT(waitpid(-1, &status, 0) > 0);
        seen += status >> 8;
    }
    EXPECT_EQ(41, seen);
}

/* CLONE_VFORK without CLONE_VM: the parent waits, its memory is its own. */
static void vforked(void)
{
    int status, fd[2];
    value = 5;
    CHECK(pipe(fd));
    long pid = CHECK(syscall(SYS_clone, CLONE_VFORK | SIGCHLD, 0, 0, 0, 0));
    if (pid == 0) {
        value = 6;
        for (int i = 0; i < 100; i++)
            sched_yield();
        EXPECT_EQ(1, write(fd[1], "x", 1));
        _exit(0);
    }
    EXPECT_EQ(5, value);
    char byte;
    CHECK(fcntl(fd[0], F_SETFL, O_NONBLOCK));
    EXPECT_EQ(1, read(fd[0], &byte, 1)); /* it has been there */
    EXPECT_EQ(pid, waitpid((pid_t)pid, &status, 0));
    EXPECT_EQ(0, status);
    close(fd[0]);
    close(fd[1]);
}

int main(void)
{
    sizes();
    contents();
    numbers();
    places();
    shared(0);
    shared(CLONE_VM);
    shared(CLONE_FILES);
    shared(CLONE_FS);
    shared(CLONE_VM | CLONE_SIGHAND);
    shared(CLONE_VM | CLONE_SIGHAND | CLONE_FILES | CLONE_FS | CLONE_VFORK);
    cleared();
    sibling();
    vforked();
    return 0;
}
