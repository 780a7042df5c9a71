/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A zombie that nobody has waited for: which calls find it, and what do they tell? */
#include "guest_test.h"
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define PROCESS_MRELEASE 448

int main(void)
{
    siginfo_t info;
    struct sched_param param = {0};
    struct rlimit limit;
    unsigned long mask[128];
    int status;
    pid_t pid = CHECK(fork());
    if (pid == 0)
        _exit(0);
    EXPECT_EQ(0, waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT));

    errno = 0;
    EXPECT_EQ(getpriority(PRIO_PROCESS, 0), getpriority(PRIO_PROCESS, (id_t)pid));
    EXPECT_EQ(0, errno);
    EXPECT_EQ(0, setpriority(PRIO_PROCESS, (id_t)pid, 19));
    EXPECT_EQ(19, getpriority(PRIO_PROCESS, (id_t)pid));
    EXPECT_EQ(SCHED_OTHER, sched_getscheduler(pid));
    EXPECT_EQ(0, sched_getparam(pid, &param));
    EXPECT(syscall(SYS_sched_getaffinity, pid, sizeof mask, mask) > 0);
    EXPECT_EQ(0, syscall(SYS_ioprio_get, 1, pid));
    EXPECT_EQ(0, prlimit(pid, RLIMIT_CORE, NULL, &limit));
    EXPECT_EQ(getpgrp(), getpgid(pid));
    EXPECT_EQ(getsid(0), getsid(pid));
    EXPECT(syscall(SYS_kcmp, getpid(), pid, 1, 0, 0) > 0);
    EXPECT_ERRNO(EBADF, syscall(SYS_kcmp, getpid(), pid, 0, 0, 0));
    EXPECT_EQ(0, kill(pid, SIGKILL));
    int fd = (int)CHECK(syscall(SYS_pidfd_open, pid, 0));
    EXPECT_ERRNO(EINVAL, syscall(PROCESS_MRELEASE, fd, 1));
    EXPECT_ERRNO(ESRCH, syscall(PROCESS_MRELEASE, fd, 0));
    EXPECT_ERRNO(EBADF, syscall(PROCESS_MRELEASE, -1, 0));
    EXPECT_ERRNO(EBADF, syscall(PROCESS_MRELEASE, 0, 0));
    int self = (int)CHECK(syscall(SYS_pidfd_open, getpid(), 0));
    EXPECT_ERRNO(EINVAL, syscall(PROCESS_MRELEASE, self, 0)); /* it is not about to end */

    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    EXPECT_ERRNO(ESRCH, getpriority(PRIO_PROCESS, (id_t)pid));
    EXPECT_ERRNO(ESRCH, setpriority(PRIO_PROCESS, (id_t)pid, 19));
    EXPECT_ERRNO(ESRCH, sched_getscheduler(pid));
    EXPECT_ERRNO(ESRCH, syscall(SYS_sched_getaffinity, pid, sizeof mask, mask));
    EXPECT_ERRNO(ESRCH, syscall(SYS_ioprio_get, 1, pid));
    EXPECT_ERRNO(ESRCH, prlimit(pid, RLIMIT_CORE, NULL, &limit));
    EXPECT_ERRNO(ESRCH, getpgid(pid));
    EXPECT_ERRNO(ESRCH, syscall(SYS_kcmp, getpid(), pid, 1, 0, 0));
    EXPECT_ERRNO(ESRCH, kill(pid, 0));
    EXPECT_ERRNO(ESRCH, syscall(PROCESS_MRELEASE, fd, 0));
    return 0;
}
