/* SPDX-License-Identifier: GPL-2.0-or-later */
/* prctl(2)'s rarer options: which arguments do they take, what do they keep, and what do children
 * get? */
#include "guest_test.h"
#include <elf.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define PR_GET_AUXV 0x41555856
#define PR_SET_MEMORY_MERGE 67
#define PR_GET_MEMORY_MERGE 68

static long p(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d)
{
    return syscall(SYS_prctl, option, a, b, c, d);
}

static void machine(void)
{
    EXPECT_EQ(0, p(PR_TASK_PERF_EVENTS_DISABLE, 0, 0, 0, 0));
    EXPECT_EQ(0, p(PR_TASK_PERF_EVENTS_ENABLE, 0, 0, 0, 0));

    EXPECT_EQ(PR_MCE_KILL_DEFAULT, p(PR_MCE_KILL_GET, 0, 0, 0, 0));
    EXPECT_EQ(0, p(PR_MCE_KILL, PR_MCE_KILL_SET, PR_MCE_KILL_EARLY, 0, 0));
    EXPECT_EQ(PR_MCE_KILL_EARLY, p(PR_MCE_KILL_GET, 0, 0, 0, 0));
    EXPECT_EQ(0, p(PR_MCE_KILL, PR_MCE_KILL_SET, PR_MCE_KILL_LATE, 0, 0));
    EXPECT_EQ(PR_MCE_KILL_LATE, p(PR_MCE_KILL_GET, 0, 0, 0, 0));
    EXPECT_ERRNO(EINVAL, p(PR_MCE_KILL, PR_MCE_KILL_SET, 3, 0, 0));
    EXPECT_ERRNO(EINVAL, p(PR_MCE_KILL, PR_MCE_KILL_CLEAR, 1, 0, 0));
    EXPECT_ERRNO(EINVAL, p(PR_MCE_KILL, 2, 0, 0, 0));
    EXPECT_ERRNO(EINVAL, p(PR_MCE_KILL, PR_MCE_KILL_CLEAR, 0, 1, 0));
    EXPECT_ERRNO(EINVAL, p(PR_MCE_KILL_GET, 0, 0, 0, 1));
    EXPECT_EQ(0, p(PR_MCE_KILL, PR_MCE_KILL_CLEAR, 0, 0, 0));
    EXPECT_EQ(PR_MCE_KILL_DEFAULT, p(PR_MCE_KILL_GET, 0, 0, 0, 0));

    EXPECT_EQ(0, p(PR_SET_THP_DISABLE, 1, 0, 0, 0));
    EXPECT_EQ(1, p(PR_GET_THP_DISABLE, 0, 0, 0, 0));
    EXPECT_ERRNO(EINVAL, p(PR_GET_THP_DISABLE, 0, 0, 1, 0));
    EXPECT_ERRNO(EINVAL, p(PR_SET_THP_DISABLE, 1, 0, 1, 0));
    EXPECT_EQ(0, p(PR_SET_MEMORY_MERGE, 1, 0, 0, 0));
    EXPECT_EQ(1, p(PR_GET_MEMORY_MERGE, 0, 0, 0, 0));
    EXPECT_ERRNO(EINVAL, p(PR_SET_MEMORY_MERGE, 1, 1, 0, 0));
    EXPECT_ERRNO(EINVAL, p(PR_GET_MEMORY_MERGE, 1, 0, 0, 0));

    /* What the processor has to fear differs; unknown kinds and arguments too many do not. */
    EXPECT(p(PR_GET_SPECULATION_CTRL, 0, 0, 0, 0) >= 0);
    EXPECT_ERRNO(ENODEV, p(PR_GET_SPECULATION_CTRL, 99, 0, 0, 0));
    EXPECT_ERRNO(EINVAL, p(PR_GET_SPECULATION_CTRL, 0, 1, 0, 0));
    EXPECT_ERRNO(ENODEV, p(PR_SET_SPECULATION_CTRL, 99, 2, 0, 0));
    EXPECT_ERRNO(EINVAL, p(PR_SET_SPECULATION_CTRL, 0, 2, 1, 0));

    EXPECT_ERRNO(EINVAL, p(PR_SET_MM, PR_SET_MM_BRK, 0, 0, 1));
    EXPECT_ERRNO(EINVAL, p(PR_SET_MM, PR_SET_MM_BRK, 0, 1, 0));
}

static void auxiliary(void)
{
    Elf64_auxv_t vector[64];
    long size = p(PR_GET_AUXV, (unsigned long)vector, sizeof vector, 0, 0);
    EXPECT(size > 0 && size <= (long)sizeof vector && size % 16 == 0);
    int found = 0;
    for (int i = 0; vector[i].a_type != AT_NULL; i++)
        found += vector[i].a_type == AT_RANDOM && vector[i].a_un.a_val == getauxval(AT_RANDOM);
    EXPECT_EQ(1, found);
    uint64_t first[3] = {0, 0, 77};
    EXPECT_EQ(size,
              p(PR_GET_AUXV, (unsigned long)first, 16, 0, 0)); /* its size, not what was copied */
    EXPECT_EQ(vector[0].a_type, first[0]);
    EXPECT_EQ(77, first[2]);
    EXPECT_ERRNO(EFAULT, p(PR_GET_AUXV, 8, 16, 0, 0));
    EXPECT_ERRNO(EINVAL, p(PR_GET_AUXV, (unsigned long)vector, 16, 1, 0));
}

static void not_of_this_processor(void)
{
    const int others[] = {PR_GET_UNALIGN,
                          PR_SET_UNALIGN,
                          PR_GET_FPEMU,
                          PR_SET_FPEMU,
                          PR_GET_FPEXC,
                          PR_SET_FPEXC,
                          PR_GET_ENDIAN,
                          PR_SET_ENDIAN,
                          17,
                          18,
                          43,
                          44,
                          PR_SET_FP_MODE,
                          PR_GET_FP_MODE,
                          48,
                          49,
                          PR_SVE_SET_VL,
                          PR_SVE_GET_VL,
                          PR_PAC_RESET_KEYS,
                          PR_SET_TAGGED_ADDR_CTRL,
                          PR_GET_TAGGED_ADDR_CTRL,
                          99,
                          0};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        EXPECT_ERRNO(EINVAL, p(others[i], 0, 0, 0, 0));
}

/* A child's slack goes back to what its parent had. */
static void slack(void)
{
    int status;
    EXPECT_EQ(0, p(PR_SET_TIMERSLACK, 777, 0, 0, 0));
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        EXPECT_EQ(777, p(PR_GET_TIMERSLACK, 0, 0, 0, 0));
        EXPECT_EQ(0, p(PR_SET_TIMERSLACK, 5, 0, 0, 0));
        EXPECT_EQ(0, p(PR_SET_TIMERSLACK, 0, 0, 0, 0));
        EXPECT_EQ(777, p(PR_GET_TIMERSLACK, 0, 0, 0, 0));
        EXPECT_EQ(0, p(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
        _exit(0);
    }
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    EXPECT_EQ(0, status);
    EXPECT_EQ(0, p(PR_SET_TIMERSLACK, 0, 0, 0, 0));
    EXPECT_EQ(50000, p(PR_GET_TIMERSLACK, 0, 0, 0, 0));
}

int main(void)
{
    machine();
    auxiliary();
    not_of_this_processor();
    slack();
    return 0;
}
