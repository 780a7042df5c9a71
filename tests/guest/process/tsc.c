/* SPDX-License-Identifier: GPL-2.0-or-later */
/* May a thread read the time stamp counter (PR_SET_TSC), and who inherits it that it may not? */
#include "guest_test.h"
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

static volatile int faults, code;
static void *volatile address = (void *)1;

/* rdtsc is two bytes long, rdtscp three: go on behind it. */
static void on_fault(int sig, siginfo_t *info, void *context)
{
    ucontext_t *u = context;
    const uint8_t *rip = (const uint8_t *)u->uc_mcontext.gregs[REG_RIP];
    EXPECT_EQ(SIGSEGV, sig);
    EXPECT_EQ(0x0f, rip[0]);
    EXPECT(rip[1] == 0x31 || (rip[1] == 0x01 && rip[2] == 0xf9));
    u->uc_mcontext.gregs[REG_RIP] += rip[1] == 0x31 ? 2 : 3;
    faults = faults + 1;
    code = info->si_code;
    address = info->si_addr;
}

/* Faults of one instruction of each kind. */
static int try_both(void)
{
    faults = 0;
    __asm__ volatile("rdtsc" ::: "rax", "rdx");
    __asm__ volatile("rdtscp" ::: "rax", "rdx", "rcx");
    return faults;
}

static int state(void)
{
    int now = 0;
    CHECK(prctl(PR_GET_TSC, &now));
    return now;
}

static void *in_thread(void *arg)
{
    (void)arg;
    return (void *)(intptr_t)(state() * 10 + try_both());
}

int main(void)
{
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
    CHECK(sigaction(SIGSEGV, &action, NULL));
    EXPECT_EQ(PR_TSC_ENABLE, state());
    EXPECT_EQ(0, try_both());
    EXPECT_ERRNO(EINVAL, prctl(PR_SET_TSC, 0));
    EXPECT_ERRNO(EINVAL, prctl(PR_SET_TSC, 3));
    EXPECT_ERRNO(EFAULT, prctl(PR_GET_TSC, 8));

    CHECK(prctl(PR_SET_TSC, PR_TSC_SIGSEGV));
    EXPECT_EQ(PR_TSC_SIGSEGV, state());
    EXPECT_EQ(2, try_both());
    EXPECT_EQ(SI_KERNEL, code);
    EXPECT(!address);
    pthread_t thread;
    void *seen;
    EXPECT_EQ(0, pthread_create(&thread, NULL, in_thread, NULL));
    EXPECT_EQ(0, pthread_join(thread, &seen));
    EXPECT_EQ(PR_TSC_SIGSEGV * 10 + 2, (intptr_t)seen);
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        EXPECT_EQ(2, try_both());
        CHECK(prctl(PR_SET_TSC, PR_TSC_ENABLE)); /* for itself */
        EXPECT_EQ(0, try_both());
        _exit(0);
    }
    int status;
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    EXPECT_EQ(0, status);
    EXPECT_EQ(2, try_both());
    CHECK(prctl(PR_SET_TSC, PR_TSC_ENABLE));
    EXPECT_EQ(0, try_both());
    return 0;
}
