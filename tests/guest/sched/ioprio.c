/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ioprio_set, ioprio_get: which classes and levels are taken, what does one see of several, what do
 * children get? */
#include "guest_test.h"
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum { NONE, RT, BE, IDLE };
enum { PROCESS = 1, PGRP = 2, USER = 3 };
#define VALUE(class, level) ((class) << 13 | (level))

static long set(int which, int who, int value)
{
    return syscall(SYS_ioprio_set, which, who, value);
}

static long get(int which, int who)
{
    return syscall(SYS_ioprio_get, which, who);
}

static void in_group(void)
{
    CHECK(setpgid(0, 0));
    EXPECT_EQ(0, get(PROCESS, 0));
    EXPECT_EQ(0, get(PROCESS, getpid()));
    EXPECT_EQ(VALUE(BE, 4), get(PGRP, 0)); /* from nice 0 */
    CHECK(setpriority(PRIO_PROCESS, 0, 10));
    EXPECT_EQ(VALUE(BE, 6), get(PGRP, getpgrp()));
    EXPECT_EQ(0, set(PROCESS, 0, VALUE(BE, 7)));
    EXPECT_EQ(VALUE(BE, 7), get(PROCESS, 0));
    EXPECT_EQ(0, set(PROCESS, 0, VALUE(IDLE, 3)));
    EXPECT_EQ(VALUE(IDLE, 3), get(PROCESS, 0));
    EXPECT_EQ(VALUE(IDLE, 3), get(PGRP, 0));
    EXPECT_EQ(0, set(PROCESS, 0, VALUE(BE, 7 | 5 << 3))); /* with a hint */
    EXPECT_EQ(VALUE(BE, 7 | 5 << 3), get(PROCESS, 0));

    EXPECT_ERRNO(EINVAL, set(PROCESS, 0, VALUE(NONE, 1)));
    EXPECT_ERRNO(EINVAL, set(PROCESS, 0, VALUE(4, 0)));
    EXPECT_ERRNO(EINVAL, set(PROCESS, 0, VALUE(7, 0)));
    EXPECT_ERRNO(EINVAL, set(0, 0, VALUE(BE, 0)));
    EXPECT_ERRNO(EINVAL, set(4, 0, VALUE(BE, 0)));
    EXPECT_ERRNO(EINVAL, get(0, 0));
    EXPECT_ERRNO(EINVAL, get(4, 0));
    EXPECT_ERRNO(ESRCH, set(PROCESS, 999999, VALUE(BE, 0)));
    EXPECT_ERRNO(ESRCH, set(PGRP, 999999, VALUE(BE, 0)));
    EXPECT_ERRNO(ESRCH, get(PROCESS, 999999));
    EXPECT_ERRNO(ESRCH, get(PGRP, 999999));
    EXPECT_ERRNO(ESRCH, get(USER, 12345));

    /* A child has its parent's; of a group the best counts. */
    int ready[2], go[2], status;
    char byte = 0;
    CHECK(pipe(ready));
    CHECK(pipe(go));
    EXPECT_EQ(0, set(PROCESS, 0, VALUE(BE, 6)));
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        EXPECT_EQ(VALUE(BE, 6), get(PROCESS, 0));
        EXPECT_EQ(0, set(PROCESS, 0, VALUE(BE, 2)));
        EXPECT_EQ(1, write(ready[1], &byte, 1));
        EXPECT_EQ(1, read(go[0], &byte, 1));
        _exit(get(PROCESS, 0) == VALUE(IDLE, 0) ? 0 : 1);
    }
    EXPECT_EQ(1, read(ready[0], &byte, 1));
    EXPECT_EQ(VALUE(BE, 6), get(PROCESS, 0));
    EXPECT_EQ(VALUE(BE, 2), get(PROCESS, pid));
    EXPECT_EQ(VALUE(BE, 2), get(PGRP, 0));
    EXPECT_EQ(0, set(PGRP, 0, VALUE(IDLE, 0)));
    EXPECT_EQ(VALUE(IDLE, 0), get(PROCESS, 0));
    EXPECT_EQ(1, write(go[1], &byte, 1));
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    EXPECT_EQ(0, status);

    if (getuid() == 0) {
        EXPECT_EQ(0, set(PROCESS, 0, VALUE(RT, 0)));
        CHECK(setresuid(1234, 1234, 1234));
        EXPECT_ERRNO(EPERM, set(PROCESS, 0, VALUE(RT, 7)));
        EXPECT_EQ(0, set(PROCESS, 0, VALUE(BE, 0)));
        EXPECT_ERRNO(EPERM, set(PROCESS, getppid(), VALUE(BE, 0)));
    }
}

int main(void)
{
    int status;
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        in_group();
        _exit(0);
    }
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    return status != 0;
}
