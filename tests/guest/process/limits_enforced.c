/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Limits: what happens at each of them, to whom, and with which error or signal? */
#include "guest_test.h"
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>

#define MIB (1ul << 20)

static void limit(int resource, rlim_t soft, rlim_t hard)
{
    struct rlimit rlimit = {soft, hard};
    CHECK(setrlimit(resource, &rlimit));
}

static int in_child(void (*body)(void))
{
    int status;
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        body();
        _exit(0);
    }
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    return status;
}

static void *map(size_t size, int prot, int flags)
{
    return mmap(NULL, size, prot, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
}

static void address_space(void)
{
    limit(RLIMIT_AS, 64 * MIB, 64 * MIB);
    EXPECT_ERRNO(ENOMEM, (long)map(128 * MIB, PROT_READ, 0));
    EXPECT_ERRNO(ENOMEM, (long)map(128 * MIB, PROT_NONE, MAP_NORESERVE));
    char *some = map(16 * MIB, PROT_READ, 0);
    EXPECT(some != MAP_FAILED);
    EXPECT_ERRNO(ENOMEM, (long)mremap(some, 16 * MIB, 128 * MIB, MREMAP_MAYMOVE));
    CHECK(munmap(some, 16 * MIB));
    long now = syscall(SYS_brk, 0);
    EXPECT_EQ(now, syscall(SYS_brk, now + 128 * (long)MIB));
}

static void data(void)
{
    limit(RLIMIT_DATA, 8 * MIB, 8 * MIB);
    long now = syscall(SYS_brk, 0);
    EXPECT_EQ(now, syscall(SYS_brk, now + 16 * (long)MIB));
    EXPECT_ERRNO(ENOMEM, (long)map(16 * MIB, PROT_READ | PROT_WRITE, 0));
    void *fixed = map(16 * MIB, PROT_READ, 0); /* only what is written counts */
    EXPECT(fixed != MAP_FAILED);
    EXPECT_ERRNO(ENOMEM, mprotect(fixed, 16 * MIB, PROT_READ | PROT_WRITE));
    EXPECT(mmap(NULL, 16 * MIB, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0) !=
           MAP_FAILED);
}

static int deeper(int depth)
{
    volatile char room[4096];
    room[0] = (char)depth;
    return depth == 0 ? room[0] : deeper(depth - 1) + room[0];
}

static void stack(void)
{
    limit(RLIMIT_STACK, 1 * MIB, RLIM_INFINITY);
    deeper(1000);
}

static void stack_grows(void)
{
    limit(RLIMIT_STACK, 16 * MIB, RLIM_INFINITY);
    deeper(2500);
}

static void file_size(void)
{
    char bytes[100] = {0};
    int fd = CHECK(memfd_create("file", 0));
    int pipes[2];
    limit(RLIMIT_FSIZE, 150, 1000);
    signal(SIGXFSZ, SIG_IGN);
    EXPECT_EQ(100, write(fd, bytes, 100));
    EXPECT_EQ(50, write(fd, bytes, 100)); /* up to it */
    EXPECT_ERRNO(EFBIG, write(fd, bytes, 1));
    EXPECT_ERRNO(EFBIG, pwrite(fd, bytes, 1, 150));
    EXPECT_EQ(1, pwrite(fd, bytes, 1, 149));
    EXPECT_ERRNO(EFBIG, ftruncate(fd, 151));
    CHECK(ftruncate(fd, 150));
    EXPECT_ERRNO(EFBIG, fallocate(fd, 0, 100, 100));
    CHECK(pipe(pipes));
    for (int i = 0; i < 3; i++) /* pipes have no size */
        EXPECT_EQ(100, write(pipes[1], bytes, 100));
    limit(RLIMIT_FSIZE, 151, 1000);
    EXPECT_EQ(1, write(fd, bytes, 100));
}

static void file_size_signal(void)
{
    int fd = CHECK(memfd_create("file", 0));
    limit(RLIMIT_FSIZE, 1, 1);
    EXPECT_EQ(1, write(fd, "xx", 2));
    write(fd, "x", 1);
    FAIL("it lives");
}

static void descriptors(void)
{
    int pipes[2];
    struct pollfd polled[20] = {0};
    for (int i = 3; i < 40; i++)
        close(i);
    limit(RLIMIT_NOFILE, 10, 20);
    EXPECT_ERRNO(EBADF, dup2(0, 10));
    EXPECT_ERRNO(EBADF, dup3(0, 10, 0));
    EXPECT_ERRNO(EINVAL, fcntl(0, F_DUPFD, 10));
    EXPECT_EQ(9, fcntl(0, F_DUPFD, 9));
    EXPECT_ERRNO(EMFILE, fcntl(0, F_DUPFD, 9));
    for (int i = 3; i < 8; i++)
        EXPECT_EQ(i, dup(0));
    EXPECT_ERRNO(EMFILE, pipe(pipes)); /* one is free: not enough, and none is lost */
    EXPECT_EQ(8, dup(0));
    EXPECT_ERRNO(EMFILE, dup(0));
    EXPECT_ERRNO(EMFILE, open("/dev/null", O_RDONLY));
    EXPECT_ERRNO(EMFILE, memfd_create("x", 0));
    EXPECT_EQ(0, dup2(0, 0));
    EXPECT_ERRNO(EINVAL, poll(polled, 11, 0));
    limit(RLIMIT_NOFILE, 5, 20); /* what is open stays open */
    EXPECT_EQ(0, fcntl(8, F_GETFD));
    EXPECT_ERRNO(EMFILE, dup(8));
    EXPECT_ERRNO(EPERM, setrlimit(RLIMIT_NOFILE, &(struct rlimit){5, 1ul << 40}));
}

static void queued_signals(void)
{
    union sigval value = {.sival_int = 1};
    sigset_t set;
    sigfillset(&set);
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL));
    CHECK(setresuid(43210, 43210, 43210));
    limit(RLIMIT_SIGPENDING, 3, 3);
    for (int i = 0; i < 3; i++)
        EXPECT_EQ(0, sigqueue(getpid(), SIGRTMIN + 1, value));
    EXPECT_ERRNO(EAGAIN, sigqueue(getpid(), SIGRTMIN + 1, value));
    EXPECT_EQ(0, kill(getpid(), SIGUSR1));
    siginfo_t info;
    sigemptyset(&set);
    sigaddset(&set, SIGRTMIN + 1);
    EXPECT_EQ(SIGRTMIN + 1, sigwaitinfo(&set, &info));
    EXPECT_ERRNO(EAGAIN, sigqueue(getpid(), SIGRTMIN + 1, value)); /* SIGUSR1 counts too */
    EXPECT_EQ(SIGRTMIN + 1, sigwaitinfo(&set, &info));
    EXPECT_EQ(0, sigqueue(getpid(), SIGRTMIN + 1, value));
}

static void locked_memory(void)
{
    char *pages = map(8 * 4096, PROT_READ | PROT_WRITE, 0);
    limit(RLIMIT_MEMLOCK, 4 * 4096, 4 * 4096);
    CHECK(setresuid(1234, 1234, 1234));
    EXPECT_EQ(0, mlock(pages, 4 * 4096));
    EXPECT_ERRNO(ENOMEM, mlock(pages, 5 * 4096));
    EXPECT_ERRNO(ENOMEM, mlock(pages + 4 * 4096, 4096));
    EXPECT_EQ(0, mlock(pages + 4096, 4096)); /* again */
    EXPECT_ERRNO(EAGAIN, (long)map(5 * 4096, PROT_READ, MAP_LOCKED));
    EXPECT_EQ(0, munlock(pages, 8 * 4096));
    EXPECT_EQ(0, mlock(pages + 4 * 4096, 4096));
    EXPECT_EQ(0, munlock(pages, 8 * 4096));
    limit(RLIMIT_MEMLOCK, 0, 0);
    EXPECT_ERRNO(EPERM, mlock(pages, 4096));
    EXPECT_ERRNO(EPERM, mlockall(MCL_CURRENT));
}

static void *thread_body(void *arg)
{
    return arg;
}

static void tasks(void)
{
    pthread_t thread;
    int status;
    limit(RLIMIT_NPROC, 2, 2);
    CHECK(setresuid(45678, 45678, 45678));
    pid_t pid = CHECK(fork());
    if (pid == 0)
        _exit(0);
    EXPECT_EQ(0, waitid(P_PID, (id_t)pid, &(siginfo_t){0}, WEXITED | WNOWAIT));
    EXPECT_ERRNO(EAGAIN, fork()); /* the zombie counts */
    EXPECT_EQ(EAGAIN, pthread_create(&thread, NULL, thread_body, NULL));
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    EXPECT_EQ(0, pthread_create(&thread, NULL, thread_body, NULL));
    EXPECT_EQ(0, pthread_join(thread, NULL));
}

static volatile int over;

static void on_xcpu(int sig)
{
    (void)sig;
    over++;
}

/* One second of CPU time asks; beyond the hard limit it is the end. */
static void cpu_time(void)
{
    signal(SIGXCPU, on_xcpu);
    limit(RLIMIT_CPU, 1, 1000);
    while (!over)
        continue;
    limit(RLIMIT_CPU, 1, 1);
    for (;;)
        continue;
}

/* Of other processes: as root of any, as a user of one's own. */
static void others(void)
{
    struct rlimit old, new = {11, 12};
    int hold[2];
    char byte;
    CHECK(pipe(hold));
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        close(hold[1]);
        EXPECT_EQ(0, read(hold[0], &byte, 1));
        EXPECT_EQ(0, getrlimit(RLIMIT_CORE, &old));
        _exit(old.rlim_cur == 0 && old.rlim_max == 0 ? 0 : 1);
    }
    close(hold[0]);
    EXPECT_EQ(0, prlimit(pid, RLIMIT_CORE, NULL, &old));
    EXPECT_EQ(0, prlimit(pid, RLIMIT_CORE, &(struct rlimit){0, 0}, &new));
    EXPECT(new.rlim_max == old.rlim_max &&new.rlim_cur == old.rlim_cur);
    EXPECT_EQ(0, prlimit(pid, RLIMIT_CORE, NULL, &new));
    EXPECT(new.rlim_max == 0);
    EXPECT_ERRNO(ESRCH, prlimit(999999, RLIMIT_CORE, NULL, &old));
    EXPECT_ERRNO(ESRCH, prlimit(-1, RLIMIT_CORE, NULL, &old));
    EXPECT_ERRNO(ESRCH, prlimit(999999, 99, NULL, &old));
    EXPECT_ERRNO(EINVAL, prlimit(pid, 99, NULL, &old));
    EXPECT_ERRNO(EINVAL, prlimit(pid, RLIMIT_CORE, &(struct rlimit){2, 1}, NULL));
    EXPECT_ERRNO(EFAULT, syscall(SYS_prlimit64, 999999, RLIMIT_CORE, 8L, NULL));
    EXPECT_ERRNO(EFAULT, syscall(SYS_prlimit64, pid, RLIMIT_CORE, NULL, 8L));
    close(hold[1]);
    int status;
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    EXPECT_EQ(0, status);
    if (getuid() == 0) {
        CHECK(setresuid(77, 77, 77));
        EXPECT_ERRNO(EPERM, prlimit(getppid(), RLIMIT_CORE, NULL, &old));
        EXPECT_ERRNO(EPERM, prlimit(getppid(), 99, NULL, &old));
        EXPECT_EQ(0, prlimit(getpid(), RLIMIT_CORE, NULL, &old));
        limit(RLIMIT_NICE, 0, 0);
        EXPECT_ERRNO(EPERM, setrlimit(RLIMIT_NICE, &(struct rlimit){0, 1}));
    }
}

int main(void)
{
    EXPECT_EQ(0, in_child(address_space));
    EXPECT_EQ(0, in_child(data));
    EXPECT_EQ(SIGSEGV, in_child(stack) & 0x7f);
    EXPECT_EQ(0, in_child(stack_grows));
    EXPECT_EQ(0, in_child(file_size));
    EXPECT_EQ(SIGXFSZ, in_child(file_size_signal) & 0x7f);
    EXPECT_EQ(0, in_child(descriptors));
    EXPECT_EQ(0, in_child(others));
    EXPECT_EQ(SIGKILL, in_child(cpu_time) & 0x7f);
    if (getuid() == 0) {
        EXPECT_EQ(0, in_child(queued_signals));
        EXPECT_EQ(0, in_child(locked_memory));
        EXPECT_EQ(0, in_child(tasks));
    }
    return 0;
}
