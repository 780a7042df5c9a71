/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Syscall user dispatch: which calls come to the program's own handler, what does it see, and who
 * inherits that? */
#include "guest_test.h"

#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <ucontext.h>

#define DISPATCH 59
#define OFF 0
#define OUTSIDE 1
#define INSIDE 2
#define ALLOW 0
#define BLOCK 1

static volatile char selector;
static volatile int caught;
static siginfo_t info;
static greg_t rax, rip;

/* The call is seen to by answering 4711. */
static void on_sigsys(int sig, siginfo_t *what, void *context)
{
    ucontext_t *uc = context;
    (void)sig;
    selector = ALLOW;
    caught++;
    info = *what;
    rax = uc->uc_mcontext.gregs[REG_RAX];
    rip = uc->uc_mcontext.gregs[REG_RIP];
    uc->uc_mcontext.gregs[REG_RAX] = 4711;
}

static long raw(long number)
{
    long result;
    asm volatile("syscall" : "=a"(result) : "a"(number) : "rcx", "r11", "memory");
    return result;
}

static long set(unsigned long mode, unsigned long offset, unsigned long length, const void *where)
{
    return prctl(DISPATCH, mode, offset, length, where);
}

static void arguments(void)
{
    void *where = (void *)(uintptr_t)&selector;
    EXPECT_ERRNO(EINVAL, set(OFF, 1, 0, NULL));
    EXPECT_ERRNO(EINVAL, set(OFF, 0, 1, NULL));
    EXPECT_ERRNO(EINVAL, set(OFF, 0, 0, where));
    EXPECT_ERRNO(EINVAL, set(3, 0, 0, where));
    EXPECT_ERRNO(EINVAL, set(1ul << 32 | OUTSIDE, 0, 0, where));
    EXPECT_ERRNO(EINVAL, set(OUTSIDE, 1, 0, where));
    EXPECT_ERRNO(EINVAL, set(OUTSIDE, 1, -1ul, where));
    EXPECT_ERRNO(EINVAL, set(OUTSIDE, -1ul, 1, where));
    EXPECT_ERRNO(EFAULT, set(OUTSIDE, 0, 0, (void *)-1ul));
    EXPECT_ERRNO(EFAULT, set(OUTSIDE, 0, 0, (void *)(1ul << 47)));
    CHECK(set(OFF, 0, 0, NULL));
}

static void dispatched(void)
{
    CHECK(set(OUTSIDE, 0, 0, (void *)(uintptr_t)&selector));
    EXPECT_EQ(getpid(), raw(SYS_getpid));
    EXPECT_EQ(0, caught);
    selector = BLOCK;
    long result = raw(SYS_getppid);
    EXPECT_EQ(4711, result);
    EXPECT_EQ(1, caught);
    EXPECT_EQ(SIGSYS, info.si_signo);
    EXPECT_EQ(2, info.si_code);
    EXPECT_EQ(0, info.si_errno);
    EXPECT_EQ(SYS_getppid, info.si_syscall);
    EXPECT_EQ(0xc000003e, info.si_arch);
    EXPECT_EQ(rip, (uintptr_t)info.si_call_addr);
    EXPECT_EQ(SYS_getppid, rax);
    /* Numbers that do not exist as well. */
    selector = BLOCK;
    result = raw(0xffff);
    EXPECT_EQ(4711, result);
    EXPECT_EQ(0xffff, info.si_syscall);
    selector = BLOCK;
    result = raw(-1);
    EXPECT_EQ(4711, result);
    EXPECT_EQ(-1, info.si_syscall);
    CHECK(set(OFF, 0, 0, NULL));
    selector = BLOCK;
    result = raw(SYS_getpid);
    EXPECT_EQ(getpid(), result);
}

/* mov $39, %eax; syscall; ret: a getpid that lies where it is wanted. */
static long (*far_getpid(void))(void)
{
    static const unsigned char code[] = {0xb8, 39, 0, 0, 0, 0x0f, 0x05, 0xc3};
    void *page = CHECK(
        mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    memcpy(page, code, sizeof code);
    return (long (*)(void))(uintptr_t)page;
}

static void ranges(void)
{
    long (*call)(void) = far_getpid();
    unsigned long at = (unsigned long)(uintptr_t)call;
    int before = caught;
    /* All below it goes as ever; no selector: the rest never does. */
    CHECK(set(OUTSIDE, 0, at, NULL));
    EXPECT_EQ(4711, call());
    EXPECT_EQ(before + 1, caught);
    EXPECT_EQ(getpid(), raw(SYS_getpid));
    /* The range holds the address behind the instruction, not its end. */
    CHECK(set(OUTSIDE, 0, at + 7, NULL));
    EXPECT_EQ(4711, call());
    CHECK(set(OUTSIDE, 0, at + 8, NULL));
    EXPECT_EQ(getpid(), call());
    CHECK(set(OFF, 0, 0, NULL));
    EXPECT_EQ(before + 2, caught);
    if (set(INSIDE, at, 4096, NULL)) { /* older kernels know it not */
        EXPECT_EQ(EINVAL, errno);
        return;
    }
    EXPECT_EQ(getpid(), raw(SYS_getpid));
    EXPECT_EQ(4711, call());
    EXPECT_EQ(before + 3, caught);
    EXPECT_ERRNO(EINVAL, set(INSIDE, 0, 0, NULL));
    EXPECT_ERRNO(EINVAL, set(INSIDE, at, -at, NULL));
    CHECK(set(OFF, 0, 0, NULL));
}

static void *of_thread(void *call)
{
    return (void *)((long (*)(void))(uintptr_t)call)();
}

static int status_of(pid_t child)
{
    int status;
    EXPECT_EQ(child, waitpid(child, &status, 0));
    return status;
}

/* A child that makes a call while the selector says `value`, at `where`. */
static int ended_by(char value, void *where)
{
    pid_t child = CHECK(fork());
    if (child == 0) {
        CHECK(set(OUTSIDE, 0, 0, where));
        selector = value;
        raw(SYS_getpid);
        selector = ALLOW;
        _exit(77);
    }
    return status_of(child) & 0xff7f;
}

static void heirs(void)
{
    long (*call)(void) = far_getpid();
    CHECK(set(OUTSIDE, 0, (unsigned long)(uintptr_t)call, NULL));
    pid_t child = CHECK(fork());
    if (child == 0)
        _exit(call() == getpid() ? 0 : 1);
    EXPECT_EQ(0, status_of(child));
    child = CHECK(fork());
    if (child == 0) {
        CHECK(set(OUTSIDE, 0, (unsigned long)(uintptr_t)call, NULL));
        execl("/proc/self/exe", "user_dispatch", "after", NULL);
        _exit(99);
    }
    EXPECT_EQ(0, status_of(child));
    pthread_t thread;
    void *result;
    EXPECT_EQ(0, pthread_create(&thread, NULL, of_thread, (void *)(uintptr_t)call));
    EXPECT_EQ(0, pthread_join(thread, &result));
    EXPECT_EQ(getpid(), (long)result);
    CHECK(set(OFF, 0, 0, NULL));
}

int main(int argc, char *argv[])
{
    (void)argv;
    if (argc > 1)
        return far_getpid()() == getpid() ? 0 : 1;
    struct sigaction action = {.sa_sigaction = on_sigsys, .sa_flags = SA_SIGINFO};
    CHECK(sigaction(SIGSYS, &action, NULL));
    arguments();
    dispatched();
    ranges();
    heirs();
    /* A selector that is neither, or not there: a handler does not help. */
    void *where = (void *)(uintptr_t)&selector;
    EXPECT_EQ(77 << 8, ended_by(ALLOW, where));
    EXPECT_EQ(SIGSYS, ended_by(2, where));
    EXPECT_EQ(SIGSEGV, ended_by(ALLOW, (void *)8));
    action.sa_handler = SIG_DFL;
    CHECK(sigaction(SIGSYS, &action, NULL));
    EXPECT_EQ(SIGSYS, ended_by(BLOCK, where));
    return 0;
}
