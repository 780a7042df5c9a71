/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What does prctl(2) keep of what it is told, and what does it refuse? */
#include "guest_test.h"
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

static long p(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d)
{
    return syscall(SYS_prctl, option, a, b, c, d);
}

#define AT(x) ((unsigned long)(x))

int main(void)
{
    char name[17] = {0};
    int word = -1;

    EXPECT_EQ(0, p(PR_SET_NAME, AT("a name that is too long"), 0, 0, 0));
    EXPECT_EQ(0, p(PR_GET_NAME, AT(name), 0, 0, 0));
    EXPECT(strcmp(name, "a name that is ") == 0);
    EXPECT_EQ(0, p(PR_SET_NAME, AT("x"), 0, 0, 0));
    EXPECT_EQ(0, p(PR_GET_NAME, AT(name), 0, 0, 0));
    EXPECT(memcmp(name, "x\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16) == 0);
    EXPECT_ERRNO(EFAULT, p(PR_SET_NAME, 8, 0, 0, 0));
    EXPECT_ERRNO(EFAULT, p(PR_GET_NAME, 8, 0, 0, 0));

    EXPECT_EQ(1, p(PR_GET_DUMPABLE, 0, 0, 0, 0));
    EXPECT_EQ(0, p(PR_SET_DUMPABLE, 0, 0, 0, 0));
    EXPECT_EQ(0, p(PR_GET_DUMPABLE, 0, 0, 0, 0));
    EXPECT_ERRNO(EINVAL, p(PR_SET_DUMPABLE, 2, 0, 0, 0));
    EXPECT_EQ(0, p(PR_SET_DUMPABLE, 1, 0, 0, 0));

    EXPECT_EQ(0, p(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0));
    EXPECT_EQ(0, p(PR_GET_PDEATHSIG, AT(&word), 0, 0, 0));
    EXPECT_EQ(SIGTERM, word);
    EXPECT_ERRNO(EINVAL, p(PR_SET_PDEATHSIG, 65, 0, 0, 0));
    EXPECT_ERRNO(EFAULT, p(PR_GET_PDEATHSIG, 8, 0, 0, 0));
    EXPECT_EQ(0, p(PR_SET_PDEATHSIG, 0, 0, 0, 0));

    EXPECT_EQ(0, p(PR_GET_KEEPCAPS, 0, 0, 0, 0));
    EXPECT_EQ(0, p(PR_SET_KEEPCAPS, 1, 0, 0, 0));
    EXPECT_EQ(1, p(PR_GET_KEEPCAPS, 0, 0, 0, 0));
    EXPECT_ERRNO(EINVAL, p(PR_SET_KEEPCAPS, 2, 0, 0, 0));
    EXPECT_EQ(16, p(PR_GET_SECUREBITS, 0, 0, 0, 0));
    EXPECT_EQ(0, p(PR_SET_KEEPCAPS, 0, 0, 0, 0));

    EXPECT_EQ(1, p(PR_CAPBSET_READ, 0, 0, 0, 0));
    EXPECT_ERRNO(EINVAL, p(PR_CAPBSET_READ, 64, 0, 0, 0));

    EXPECT_EQ(50000, p(PR_GET_TIMERSLACK, 0, 0, 0, 0));
    EXPECT_EQ(0, p(PR_SET_TIMERSLACK, 12345, 0, 0, 0));
    EXPECT_EQ(12345, p(PR_GET_TIMERSLACK, 0, 0, 0, 0));
    EXPECT_EQ(0, p(PR_SET_TIMERSLACK, 0, 0, 0, 0));
    EXPECT_EQ(50000, p(PR_GET_TIMERSLACK, 0, 0, 0, 0));

    EXPECT_EQ(0, p(PR_SET_CHILD_SUBREAPER, 5, 0, 0, 0));
    EXPECT_EQ(0, p(PR_GET_CHILD_SUBREAPER, AT(&word), 0, 0, 0));
    EXPECT_EQ(1, word);

    EXPECT_EQ(0, p(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
    EXPECT_ERRNO(EINVAL, p(PR_GET_NO_NEW_PRIVS, 1, 0, 0, 0));
    EXPECT_ERRNO(EINVAL, p(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0));
    EXPECT_ERRNO(EINVAL, p(PR_SET_NO_NEW_PRIVS, 1, 1, 0, 0));
    EXPECT_EQ(0, p(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    EXPECT_EQ(1, p(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));

    EXPECT_EQ(0, p(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, 1, 0, 0));
    EXPECT_ERRNO(EINVAL, p(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, 64, 0, 0));
    EXPECT_ERRNO(EINVAL, p(PR_CAP_AMBIENT, 9, 1, 0, 0));
    EXPECT_ERRNO(EINVAL, p(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 1, 0, 0));
    EXPECT_EQ(0, p(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0));
    EXPECT_ERRNO(EPERM, p(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, 1, 0, 0)); /* not inheritable */

    EXPECT_EQ(0, p(PR_GET_TIMING, 0, 0, 0, 0));
    EXPECT_ERRNO(EINVAL, p(PR_SET_TIMING, 1, 0, 0, 0));
    EXPECT_EQ(0, p(PR_GET_TSC, AT(&word), 0, 0, 0));
    EXPECT_EQ(PR_TSC_ENABLE, word);
    EXPECT_EQ(2, p(PR_MCE_KILL_GET, 0, 0, 0, 0));
    EXPECT_ERRNO(EINVAL, p(9999, 0, 0, 0, 0));
    EXPECT_ERRNO(EINVAL, p(-1, 0, 0, 0, 0));
    return 0;
}
