/* SPDX-License-Identifier: GPL-2.0-or-later */
/* seccomp: who may install filters, which programs are refused, which answer holds, and whom does
 * it reach? */
#include "guest_test.h"
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define RET(answer) BPF_STMT(BPF_RET | BPF_K, answer)
#define COUNT(array) (sizeof(array) / sizeof *(array))
#define ALLOW SECCOMP_RET_ALLOW

static long install_flags(struct sock_filter *insns, size_t count, unsigned flags)
{
    struct sock_fprog prog = {(unsigned short)count, insns};
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &prog);
}

static long install(struct sock_filter *insns, size_t count)
{
    return install_flags(insns, count, 0);
}

/* One call answered so, all others allowed. */
static long answer(int number, uint32_t how)
{
    struct sock_filter insns[] = {LOAD(nr),
                                  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, 1),
                                  RET(how), RET(ALLOW)};
    return install(insns, COUNT(insns));
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

static void refuse(struct sock_filter *insns, size_t count)
{
    EXPECT_ERRNO(EINVAL, install(insns, count));
}

static void forged(void)
{
    CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    /* Single instructions that no filter may have, before a return. */
    const struct sock_filter bad[] = {
        BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 0),
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 0),
        BPF_STMT(BPF_LD | BPF_W | BPF_IND, 0),
        BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 1),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 64),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0xfffffffc),
        BPF_STMT(BPF_LD | BPF_MEM, 16),
        BPF_STMT(BPF_LDX | BPF_MEM, 0),
        BPF_STMT(BPF_ST, 16),
        BPF_STMT(BPF_STX, 0xffffffff),
        BPF_STMT(BPF_ALU | BPF_DIV | BPF_K, 0),
        BPF_STMT(BPF_ALU | BPF_MOD | BPF_K, 3),
        BPF_STMT(BPF_ALU | BPF_LSH | BPF_K, 32),
        BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, 32),
        BPF_STMT(BPF_JMP | BPF_JA, 1),
        BPF_STMT(BPF_JMP | BPF_JA, 0xffffffff),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 255),
        BPF_JUMP(BPF_JMP | 0x50, 0, 0, 0),
        {0xffff, 0, 0, 0},
        {BPF_MISC | 0x10, 0, 0, 0},
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct sock_filter insns[2] = {bad[i], RET(ALLOW)};
        refuse(insns, 2);
    }
    struct sock_filter endless[] = {LOAD(nr)};
    refuse(endless, 1); /* it does not return */
    struct sock_filter one_way[] = {BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1),
                                    BPF_STMT(BPF_ST, 3), BPF_STMT(BPF_LD | BPF_MEM, 3), RET(ALLOW)};
    refuse(one_way, 4); /* written on one of two ways */
    static struct sock_filter long_one[BPF_MAXINSNS + 1];
    for (int i = 0; i <= BPF_MAXINSNS; i++)
        long_one[i] = (struct sock_filter)RET(ALLOW);
    refuse(long_one, BPF_MAXINSNS + 1);
    refuse(long_one, 0);
    EXPECT_ERRNO(EFAULT, install((struct sock_filter *)8, 1));
    EXPECT_ERRNO(EFAULT, syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, 8L));
    EXPECT_ERRNO(EFAULT, prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, 8L));
    EXPECT_ERRNO(EINVAL, install_flags(long_one, 1, 0x80000000));
    EXPECT_ERRNO(EINVAL, syscall(SYS_seccomp, 77, 0, NULL));
    EXPECT_ERRNO(EINVAL, syscall(SYS_seccomp, SECCOMP_SET_MODE_STRICT, 1, NULL));
    EXPECT_ERRNO(EINVAL, syscall(SYS_seccomp, SECCOMP_SET_MODE_STRICT, 0, long_one));
    EXPECT_ERRNO(EINVAL, prctl(PR_SET_SECCOMP, 3, 0));
    EXPECT_EQ(0, prctl(PR_GET_SECCOMP));
    /* Each filter counts for four instructions more; together they have a limit. */
    int installed = 0;
    while (install(long_one, BPF_MAXINSNS) == 0)
        installed++;
    EXPECT_EQ(ENOMEM, errno);
    EXPECT(installed >= 3 &&
           installed <= 7); /* in how many steps a program is translated differs */
    EXPECT_EQ(2, prctl(PR_GET_SECCOMP));
}

static void actions(void)
{
    const uint32_t known[] = {SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_KILL_THREAD, SECCOMP_RET_TRAP,
                              SECCOMP_RET_ERRNO,        SECCOMP_RET_TRACE,       SECCOMP_RET_LOG,
                              SECCOMP_RET_ALLOW};
    for (size_t i = 0; i < COUNT(known); i++)
        EXPECT_EQ(0, syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &known[i]));
    uint32_t unknown = 0x12340000;
    EXPECT_ERRNO(EOPNOTSUPP, syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &unknown));
    EXPECT_ERRNO(EINVAL, syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 1, &unknown));
    EXPECT_ERRNO(EFAULT, syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, 8L));
}

static void unprivileged(void)
{
    CHECK(setresuid(1234, 1234, 1234));
    EXPECT_ERRNO(EACCES, answer(SYS_getuid, ALLOW));
    struct sock_filter bad[] = {LOAD(nr)};
    EXPECT_ERRNO(EACCES, install(bad, 1)); /* before the program is looked at */
    EXPECT_ERRNO(EINVAL, install(bad, 0)); /* but after its length */
    CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    EXPECT_EQ(0, answer(SYS_getuid, ALLOW));
}

/* The machine of a filter: what it computes comes back as an errno. */
static void computed(const struct sock_filter *insns, size_t count, uint32_t expected)
{
    struct sock_filter all[40] = {LOAD(nr), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 1, 0),
                                  RET(ALLOW)};
    memcpy(all + 3, insns, count * sizeof *insns);
    size_t n = 3 + count;
    all[n++] = (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xfff);
    all[n++] = (struct sock_filter)BPF_STMT(BPF_ALU | BPF_OR | BPF_K, SECCOMP_RET_ERRNO);
    all[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_A, 0);
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        EXPECT_EQ(0, install(all, n));
        errno = 0;
        long r = syscall(SYS_getppid, 0x1111222233334444, 2, 3, 4, 5, 0xaaaabbbbccccddd6);
        _exit(r == -1 && errno == (int)expected ? 0 : 1);
    }
    int status;
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    if (status)
        FAIL("a program that computes %u", expected);
}

#define COMPUTED(expected, ...)                                                                    \
    computed((struct sock_filter[]){__VA_ARGS__}, COUNT(((struct sock_filter[]){__VA_ARGS__})),    \
             expected)

static void machine(void)
{
    CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    COMPUTED(64, BPF_STMT(BPF_LD | BPF_W | BPF_LEN, 0));
    COMPUTED(0x444, LOAD(args[0]));
    COMPUTED(0x222, BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0]) + 4));
    COMPUTED(0xdd6, LOAD(args[5]));
    COMPUTED(AUDIT_ARCH_X86_64 & 0xfff, LOAD(arch));
    COMPUTED(7, BPF_STMT(BPF_LD | BPF_IMM, 3), BPF_STMT(BPF_ALU | BPF_ADD | BPF_K, 4));
    COMPUTED(0xfff, BPF_STMT(BPF_LD | BPF_IMM, 3), BPF_STMT(BPF_ALU | BPF_SUB | BPF_K, 4));
    COMPUTED(5, BPF_STMT(BPF_LDX | BPF_IMM, 3), BPF_STMT(BPF_LD | BPF_IMM, 15),
             BPF_STMT(BPF_ALU | BPF_DIV | BPF_X, 0));
    COMPUTED(0x554, BPF_STMT(BPF_LD | BPF_IMM, 0xffffffff), BPF_STMT(BPF_ALU | BPF_DIV | BPF_K, 3),
             BPF_STMT(BPF_ALU | BPF_SUB | BPF_K, 1));
    COMPUTED(0xffe, BPF_STMT(BPF_LD | BPF_IMM, 2), BPF_STMT(BPF_ALU | BPF_NEG, 0));
    COMPUTED(0x80, BPF_STMT(BPF_LDX | BPF_IMM, 39), BPF_STMT(BPF_LD | BPF_IMM, 1),
             BPF_STMT(BPF_ALU | BPF_LSH | BPF_X, 0)); /* modulo 32 */
    COMPUTED(0xf0, BPF_STMT(BPF_LD | BPF_IMM, 0xff), BPF_STMT(BPF_ALU | BPF_XOR | BPF_K, 0x0f));
    COMPUTED(9, BPF_STMT(BPF_LD | BPF_IMM, 9), BPF_STMT(BPF_ST, 15), BPF_STMT(BPF_LD | BPF_IMM, 1),
             BPF_STMT(BPF_LDX | BPF_MEM, 15), BPF_STMT(BPF_MISC | BPF_TXA, 0));
    COMPUTED(8, BPF_STMT(BPF_LD | BPF_IMM, 8), BPF_STMT(BPF_MISC | BPF_TAX, 0),
             BPF_STMT(BPF_STX, 0), BPF_STMT(BPF_LD | BPF_IMM, 1), BPF_STMT(BPF_LD | BPF_MEM, 0));
    COMPUTED(1, BPF_STMT(BPF_LD | BPF_IMM, 0x80000000),
             BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, 5, 0, 2), BPF_STMT(BPF_LD | BPF_IMM, 1),
             BPF_STMT(BPF_JMP | BPF_JA, 1), BPF_STMT(BPF_LD | BPF_IMM, 2));
    COMPUTED(1, BPF_STMT(BPF_LDX | BPF_IMM, 6), BPF_STMT(BPF_LD | BPF_IMM, 6),
             BPF_JUMP(BPF_JMP | BPF_JGE | BPF_X, 0, 0, 2), BPF_STMT(BPF_LD | BPF_IMM, 1),
             BPF_STMT(BPF_JMP | BPF_JA, 1), BPF_STMT(BPF_LD | BPF_IMM, 2));
    COMPUTED(2, BPF_STMT(BPF_LD | BPF_IMM, 6), BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 9, 0, 2),
             BPF_STMT(BPF_LD | BPF_IMM, 1), BPF_STMT(BPF_JMP | BPF_JA, 1),
             BPF_STMT(BPF_LD | BPF_IMM, 2));
}

static void strictest(void)
{
    CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    EXPECT_EQ(0, answer(SYS_getuid, SECCOMP_RET_ERRNO | 11));
    EXPECT_EQ(0, answer(SYS_getuid, SECCOMP_RET_LOG));
    EXPECT_ERRNO(11, syscall(SYS_getuid));
    EXPECT_EQ(0, answer(SYS_getuid, SECCOMP_RET_ERRNO | 12)); /* of equals the last one */
    EXPECT_ERRNO(12, syscall(SYS_getuid));
    EXPECT_EQ(0, answer(SYS_getuid, SECCOMP_RET_TRACE));
    EXPECT_ERRNO(12, syscall(SYS_getuid));
    EXPECT_EQ(0, answer(SYS_getgid, SECCOMP_RET_ERRNO | 5000));
    EXPECT_ERRNO(4095, syscall(SYS_getgid)); /* cut */
    EXPECT_EQ(0, answer(SYS_getgid, SECCOMP_RET_ERRNO | 0));
    EXPECT_EQ(0, syscall(SYS_getgid)); /* success, though nothing was done */
    EXPECT_EQ(0, answer(SYS_getppid, SECCOMP_RET_TRACE | 5));
    EXPECT_ERRNO(ENOSYS, syscall(SYS_getppid));
    /* A number that does not exist reaches the filter all the same. */
    EXPECT_EQ(0, answer(3333, SECCOMP_RET_ERRNO | 9));
    EXPECT_ERRNO(9, syscall(3333));
    EXPECT_ERRNO(ENOSYS, syscall(3334));
    answer(SYS_getuid, SECCOMP_RET_KILL_PROCESS);
    syscall(SYS_getuid);
}

static void unknown_action(void)
{
    CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    answer(SYS_getuid, 0x12340000);
    syscall(SYS_getuid);
}

static void *get_uid(void *arg)
{
    (void)arg;
    syscall(SYS_getuid);
    FAIL("it lives");
    return NULL;
}

/* One thread is killed: the others live, and the process ends as they say. */
static void kill_thread(void)
{
    int tid;
    pthread_t thread;
    CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    EXPECT_EQ(0, answer(SYS_getuid, SECCOMP_RET_KILL_THREAD));
    EXPECT_EQ(0, pthread_create(&thread, NULL, get_uid, NULL));
    EXPECT_EQ(0, pthread_join(thread, NULL));
    (void)tid;
    syscall(SYS_exit_group, 55);
}

static void kill_last(void)
{
    CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    EXPECT_EQ(0, answer(SYS_getuid, SECCOMP_RET_KILL_THREAD));
    syscall(SYS_getuid);
}

static int phase;
static long seen_in_thread;

static void *sync_thread(void *own)
{
    if (own) {
        CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
        EXPECT_EQ(0, answer(SYS_getgid, SECCOMP_RET_ERRNO | 3));
    }
    *(int *)&seen_in_thread = (int)syscall(SYS_gettid);
    __atomic_store_n(&phase, 1, __ATOMIC_SEQ_CST);
    while (__atomic_load_n(&phase, __ATOMIC_SEQ_CST) == 1)
        sched_yield();
    errno = 0;
    seen_in_thread = syscall(SYS_getuid) == -1 ? errno : 0;
    EXPECT_EQ(!own, prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 && seen_in_thread != 0);
    return NULL;
}

static void sync_with(void *own)
{
    struct sock_filter insns[] = {LOAD(nr), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getuid, 0, 1),
                                  RET(SECCOMP_RET_ERRNO | 13), RET(ALLOW)};
    pthread_t thread;
    CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    EXPECT_EQ(0, pthread_create(&thread, NULL, sync_thread, own));
    while (__atomic_load_n(&phase, __ATOMIC_SEQ_CST) != 1)
        sched_yield();
    if (own) {
        /* It has a filter that is none of ours: it cannot follow, and nobody gets the new one. */
        EXPECT_EQ((int)seen_in_thread, install_flags(insns, 4, SECCOMP_FILTER_FLAG_TSYNC));
        EXPECT_ERRNO(
            ESRCH,
            install_flags(insns, 4, SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_TSYNC_ESRCH));
        EXPECT_EQ(0, prctl(PR_GET_SECCOMP));
    } else {
        EXPECT_EQ(0, install_flags(insns, 4, SECCOMP_FILTER_FLAG_TSYNC));
    }
    __atomic_store_n(&phase, 2, __ATOMIC_SEQ_CST);
    EXPECT_EQ(0, pthread_join(thread, NULL));
    EXPECT_EQ(own ? 0 : 13, seen_in_thread);
}

static void synchronized(void)
{
    sync_with(NULL);
}

static void not_synchronized(void)
{
    sync_with(&phase);
}

static void over_exec(void)
{
    CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    EXPECT_EQ(0, answer(SYS_getppid, SECCOMP_RET_ERRNO | 21));
    execl("/proc/self/exe", "self", "filtered", NULL);
}

static void strict(void)
{
    CHECK(prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT));
    EXPECT_EQ(0, write(1, "", 0));
    syscall(SYS_exit, 44);
}

static void after_strict(void)
{
    CHECK(prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT));
    syscall(SYS_exit_group, 0);
}

static volatile int trapped;

static void on_sys(int sig, siginfo_t *info, void *context)
{
    (void)sig;
    (void)context;
    trapped = info->si_syscall;
}

static void blocked_trap(void)
{
    sigset_t set;
    struct sigaction action = {.sa_sigaction = on_sys, .sa_flags = SA_SIGINFO};
    CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    CHECK(sigaction(SIGSYS, &action, NULL));
    EXPECT_EQ(0, answer(SYS_getuid, SECCOMP_RET_TRAP));
    syscall(SYS_getuid);
    EXPECT_EQ(SYS_getuid, trapped);
    sigemptyset(&set);
    sigaddset(&set, SIGSYS);
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL));
    syscall(SYS_getuid); /* forced: the handler goes, and we with it */
    _exit(1);
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1) {
        EXPECT_ERRNO(21, syscall(SYS_getppid));
        EXPECT_EQ(2, prctl(PR_GET_SECCOMP));
        return 0;
    }
    EXPECT_EQ(0, in_child(forged));
    EXPECT_EQ(0, in_child(actions));
    if (getuid() == 0)
        EXPECT_EQ(0, in_child(unprivileged));
    EXPECT_EQ(0, in_child(machine));
    EXPECT_EQ(SIGSYS, in_child(strictest) & 0x7f);
    EXPECT_EQ(SIGSYS, in_child(unknown_action) & 0x7f);
    EXPECT_EQ(55 << 8, in_child(kill_thread));
    EXPECT_EQ(SIGSYS, in_child(kill_last) & 0x7f);
    EXPECT_EQ(0, in_child(synchronized));
    EXPECT_EQ(0, in_child(not_synchronized));
    EXPECT_EQ(0, in_child(over_exec));
    EXPECT_EQ(44 << 8, in_child(strict));
    EXPECT_EQ(SIGKILL, in_child(after_strict));
    EXPECT_EQ(SIGSYS, in_child(blocked_trap) & 0x7f);
    return 0;
}
