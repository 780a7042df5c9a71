/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rseq: what registration refuses and fills in, what aborts a sequence, and what forged ones bring;
 * who inherits it? */
#include "guest_test.h"
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/rseq.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <ucontext.h>

#define SIGNATURE 0x53053053u

/* The kernel's structs, as far as all kernels have them. */
struct area {
    uint32_t cpu_id_start, cpu_id;
    uint64_t cs;
    uint32_t flags, node_id, mm_cid, rest;
} __attribute__((aligned(32)));

struct sequence {
    uint32_t version, flags;
    uint64_t start, length, abort;
} __attribute__((aligned(32)));

static struct area area;
static volatile long rounds;

/*
 * spin: says that it runs `sequence`, then counts for ever, until it is aborted: 1.
 * once: through a sequence to its end: 0.
 */
extern long spin(struct area *, struct sequence *, volatile long *);
extern long once(struct area *, struct sequence *, volatile long *);
extern char spin_start[], spin_end[], spin_abort[], once_start[], once_end[], once_abort[];
__asm__(".text\n"
        "spin: mov %rsi, 8(%rdi)\n"
        "spin_start: incq (%rdx)\n"
        "jmp spin_start\n"
        "spin_end: ud2\n"
        ".byte 0x0f, 0xb9, 0x3d\n.long 0x53053053\n"
        "spin_abort: mov $1, %eax\nret\n"
        "once: mov %rsi, 8(%rdi)\n"
        "once_start: incq (%rdx)\n"
        "once_end: xor %eax, %eax\nret\n"
        ".byte 0x0f, 0xb9, 0x3d\n.long 0x53053053\n"
        "once_abort: mov $1, %eax\nret\n");

#define SEQUENCE(name)                                                                             \
    {                                                                                              \
        0, 0, (uintptr_t)name##_start, (uintptr_t)(name##_end - name##_start),                     \
            (uintptr_t)name##_abort                                                                \
    }

static long rseq(void *at, uint32_t size, int flags, uint32_t signature)
{
    return syscall(SYS_rseq, at, size, flags, signature);
}

static void registration(void)
{
    char *bytes = (char *)&area;
    EXPECT_ERRNO(EINVAL, rseq(&area, 32, 2, SIGNATURE));
    EXPECT_ERRNO(EINVAL, rseq(&area, 31, 0, SIGNATURE));
    EXPECT_ERRNO(EINVAL, rseq(&area, 0, 0, SIGNATURE));
    EXPECT_ERRNO(EINVAL, rseq(bytes + 16, 32, 0, SIGNATURE));
    EXPECT_ERRNO(EFAULT, rseq((void *)0x800000000000, 32, 0, SIGNATURE));
    EXPECT_ERRNO(EFAULT, rseq((void *)-64L, 32, 0, SIGNATURE));
    EXPECT_ERRNO(EINVAL, rseq(&area, 32, 1, SIGNATURE)); /* not registered */
    memset(&area, 0, sizeof area);
    area.cpu_id = (uint32_t)-1;
    EXPECT_EQ(0, rseq(&area, 32, 0, SIGNATURE));
    EXPECT_EQ(area.cpu_id_start, area.cpu_id);
    unsigned cpu, node;
    CHECK(syscall(SYS_getcpu, &cpu, &node, NULL));
    EXPECT(area.cpu_id != (uint32_t)-1 && area.node_id == node);
    EXPECT_ERRNO(EBUSY, rseq(&area, 32, 0, SIGNATURE));
    EXPECT_ERRNO(EPERM, rseq(&area, 32, 0, SIGNATURE + 1));
    EXPECT_ERRNO(EINVAL, rseq(&area, 64, 0, SIGNATURE));
    EXPECT_ERRNO(EINVAL, rseq(bytes + 32, 32, 0, SIGNATURE));
    EXPECT_ERRNO(EPERM, rseq(&area, 32, 1, SIGNATURE + 1));
    EXPECT_ERRNO(EINVAL, rseq(&area, 64, 1, SIGNATURE));
    EXPECT_ERRNO(EINVAL, rseq(bytes + 32, 32, 1, SIGNATURE));
    EXPECT_ERRNO(EINVAL, rseq(&area, 32, 3, SIGNATURE));
    EXPECT_EQ(0, rseq(&area, 32, 1, SIGNATURE));
    EXPECT_EQ((uint32_t)-1, area.cpu_id);
    EXPECT_EQ(0, area.cpu_id_start);
    EXPECT_ERRNO(EINVAL, rseq(&area, 32, 1, SIGNATURE));
    EXPECT_EQ(0, rseq(&area, 32, 0, SIGNATURE));
}

static uint64_t interrupted_at;

static void on_signal(int sig, siginfo_t *info, void *context)
{
    (void)sig;
    (void)info;
    interrupted_at = (uint64_t)((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
}

/* A process that sends a signal when the count has begun, or only wants the processor too. */
static pid_t when_running(int sig)
{
    volatile long *shared =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t parent = getpid();
    struct sequence sequence = SEQUENCE(spin);
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        while (*shared == 0)
            sched_yield();
        if (sig)
            kill(parent, sig);
        for (;;)
            continue;
    }
    EXPECT_EQ(1, spin(&area, &sequence, shared));
    EXPECT_EQ(0, area.cs); /* the kernel has cleared it */
    return pid;
}

static void end(pid_t pid)
{
    int status;
    CHECK(kill(pid, SIGKILL));
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
}

static void aborted(void)
{
    struct sequence sequence = SEQUENCE(once);
    rounds = 0;
    EXPECT_EQ(0, once(&area, &sequence, &rounds));
    EXPECT_EQ(1, rounds);
    area.cs = 0;
    /* A handler finds the sequence aborted already. */
    struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO};
    CHECK(sigaction(SIGUSR1, &action, NULL));
    end(when_running(SIGUSR1));
    EXPECT_EQ((uintptr_t)spin_abort, interrupted_at);
    /* One processor for two. */
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(0, &one);
    CHECK(sched_setaffinity(0, sizeof one, &one));
    end(when_running(0));
}

static struct sequence forged;

static int forged_status(const struct sequence *sequence, void *at)
{
    int status;
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        forged = *sequence;
        area.cs = (uintptr_t)(at ? at : &forged);
        kill(getpid(), SIGUSR1);
        _exit(area.cs == 0 ? 0 : 1);
    }
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    return status;
}

static void forgeries(void)
{
    const struct sequence good = SEQUENCE(spin);
    struct sequence bad = good;
    EXPECT_EQ(0, forged_status(&good, NULL)); /* not inside: it is cleared */
    EXPECT_EQ(SIGSEGV, forged_status(&good, (void *)8) & 0x7f);
    bad.version = 1;
    EXPECT_EQ(SIGSEGV, forged_status(&bad, NULL) & 0x7f);
    bad = good;
    bad.start = 0x800000000000;
    EXPECT_EQ(SIGSEGV, forged_status(&bad, NULL) & 0x7f);
    bad = good;
    bad.abort = 0x800000000000;
    EXPECT_EQ(SIGSEGV, forged_status(&bad, NULL) & 0x7f);
    bad = good;
    bad.abort = good.start + 1; /* inside */
    EXPECT_EQ(SIGSEGV, forged_status(&bad, NULL) & 0x7f);
    bad = good;
    bad.abort++; /* no signature before it */
    EXPECT_EQ(SIGSEGV, forged_status(&bad, NULL) & 0x7f);
}

static char stack[65536] __attribute__((aligned(16)));

static int on_same_memory(void *unused)
{
    (void)unused;
    return rseq(&area, 32, 1, SIGNATURE) == -1 && errno == EINVAL ? 0 : 1;
}

static void inherited(void)
{
    int status;
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        EXPECT_ERRNO(EBUSY, rseq(&area, 32, 0, SIGNATURE));
        EXPECT_EQ(0, rseq(&area, 32, 1, SIGNATURE));
        _exit(0);
    }
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    EXPECT_EQ(0, status);
    pid = CHECK(clone(on_same_memory, stack + sizeof stack, CLONE_VM | SIGCHLD, NULL));
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    EXPECT_EQ(0, status);
}

int main(void)
{
    /* libc has its own. */
    if (__rseq_size) {
        char *thread = __builtin_thread_pointer();
        EXPECT_EQ(0, rseq(thread + __rseq_offset, 32, 1, RSEQ_SIG));
    }
    registration();
    aborted();
    forgeries();
    inherited();
    return 0;
}
