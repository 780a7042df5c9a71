/* SPDX-License-Identifier: GPL-2.0-or-later */
/* seccomp: does a filter's answer hold, with others' too, and what of forged programs? */
#include "guest_test.h"
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define LOAD_NR BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr))
#define ON(nr, answer)                                                                             \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1), BPF_STMT(BPF_RET | BPF_K, answer)
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

static long install(struct sock_filter *insns, unsigned short count)
{
    struct sock_fprog prog = {count, insns};
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &prog);
}

static volatile int trapped;

static void on_sys(int sig, siginfo_t *info, void *context)
{
    (void)sig;
    (void)context;
    trapped = info->si_code == 1 /* SYS_SECCOMP */ && info->si_syscall == SYS_getuid &&
              info->si_errno == 7 && info->si_arch == AUDIT_ARCH_X86_64;
}

static int child(void (*body)(void))
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

static void strict(void)
{
    CHECK(prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT));
    syscall(SYS_getpid);
}

static void killed(void)
{
    struct sock_filter kill[] = {LOAD_NR, ON(SYS_getpid, SECCOMP_RET_KILL_PROCESS), ALLOW};
    CHECK(install(kill, 4));
    syscall(SYS_getpid);
}

int main(void)
{
    struct sock_filter forged[] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 64), ALLOW};
    CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    EXPECT_ERRNO(EINVAL, install(forged, 2)); /* beyond the data */
    forged[0].k = 2;
    EXPECT_ERRNO(EINVAL, install(forged, 2)); /* unaligned */
    forged[0] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_MEM, 3);
    EXPECT_ERRNO(EINVAL, install(forged, 2)); /* never written */
    forged[0] = (struct sock_filter)BPF_STMT(BPF_ALU | BPF_DIV | BPF_K, 0);
    EXPECT_ERRNO(EINVAL, install(forged, 2));
    forged[0] = (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA, 5);
    EXPECT_ERRNO(EINVAL, install(forged, 2));
    EXPECT_ERRNO(EINVAL, install(forged, 0));
    EXPECT_ERRNO(EFAULT, syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, 8));
    EXPECT_ERRNO(EINVAL, syscall(SYS_seccomp, 99, 0, 0));
    EXPECT_EQ(0, prctl(PR_GET_SECCOMP));

    int status = child(strict);
    EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    status = child(killed);
    EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);

    struct sock_filter first[] = {LOAD_NR, ON(SYS_getppid, SECCOMP_RET_ERRNO | 33),
                                  ON(SYS_getuid, SECCOMP_RET_TRAP | 7), ALLOW};
    struct sock_filter second[] = {LOAD_NR, ON(SYS_getppid, SECCOMP_RET_LOG),
                                   ON(SYS_getgid, SECCOMP_RET_TRACE), ALLOW};
    CHECK(install(first, 6));
    CHECK(install(second, 6));
    EXPECT_EQ(2, prctl(PR_GET_SECCOMP));
    EXPECT_ERRNO(33, syscall(SYS_getppid));
    EXPECT_ERRNO(ENOSYS, syscall(SYS_getgid));
    struct sigaction action = {.sa_sigaction = on_sys, .sa_flags = SA_SIGINFO};
    CHECK(sigaction(SIGSYS, &action, NULL));
    EXPECT_EQ(SYS_getuid, syscall(SYS_getuid)); /* rax as it was */
    EXPECT(trapped);
    EXPECT_ERRNO(EINVAL, prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT));
    /* A child has its parent's filters. */
    pid_t pid = CHECK(fork());
    if (pid == 0)
        _exit(syscall(SYS_getppid) == -1 && errno == 33 ? 0 : 1);
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    EXPECT_EQ(0, status);
    return 0;
}
