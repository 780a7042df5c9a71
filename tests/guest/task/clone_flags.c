/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which combinations of clone's flags are refused, and how? */
#include "guest_test.h"
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#ifndef CLONE_CLEAR_SIGHAND
#define CLONE_CLEAR_SIGHAND 0x100000000ULL
#endif

static long try_clone(unsigned long flags)
{
    long pid = syscall(SYS_clone, flags, 0, 0, 0, 0);
    if (pid == 0)
        _exit(0);
    return pid;
}

struct args {
    uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
    uint64_t set_tid, set_tid_size, cgroup, more;
};

static long try_clone3(struct args args, size_t size)
{
    long pid = syscall(SYS_clone3, &args, size);
    if (pid == 0)
        _exit(0);
    return pid;
}

int main(void)
{
    EXPECT_ERRNO(EINVAL, try_clone(CLONE_THREAD));
    EXPECT_ERRNO(EINVAL, try_clone(CLONE_SIGHAND));
    EXPECT_ERRNO(EINVAL, try_clone(CLONE_THREAD | CLONE_SIGHAND));
    EXPECT_ERRNO(EINVAL, try_clone(CLONE_NEWNS | CLONE_FS));
    EXPECT_ERRNO(EINVAL, try_clone(CLONE_PIDFD | CLONE_PARENT_SETTID));
    EXPECT_ERRNO(
        EINVAL,
        try_clone3((struct args){.flags = CLONE_SIGHAND | CLONE_VM | CLONE_CLEAR_SIGHAND}, 88));
    EXPECT_ERRNO(EINVAL, try_clone3((struct args){.flags = SIGCHLD}, 88));
    EXPECT_ERRNO(EINVAL, try_clone3((struct args){.exit_signal = 65}, 88));
    EXPECT_ERRNO(EINVAL, try_clone3((struct args){.stack = 4096}, 88));
    EXPECT_ERRNO(EINVAL, try_clone3((struct args){.exit_signal = SIGCHLD}, 63));
    EXPECT_ERRNO(E2BIG, try_clone3((struct args){.exit_signal = SIGCHLD, .more = 1}, 96));
    EXPECT_ERRNO(EFAULT, syscall(SYS_clone3, (void *)8, 88));
    EXPECT_ERRNO(E2BIG, syscall(SYS_clone3, (void *)8, 4097));
    /* A thread's base must be an address that a program can have. */
    EXPECT_ERRNO(EPERM, syscall(SYS_clone, SIGCHLD | CLONE_SETTLS, 0, 0, 0, UINT64_C(1) << 63));
    EXPECT_ERRNO(EPERM, syscall(SYS_clone, SIGCHLD | CLONE_SETTLS, 0, 0, 0, -4096L));
    EXPECT_ERRNO(EPERM, try_clone3((struct args){.flags = CLONE_SETTLS,
                                                 .exit_signal = SIGCHLD,
                                                 .tls = (UINT64_C(1) << 47) - 4096},
                                   88));
    long pid = CHECK(try_clone3((struct args){.exit_signal = SIGCHLD}, 96));
    int status;
    EXPECT_EQ(pid, waitpid((pid_t)pid, &status, 0));
    /* A child that reports nothing is found with __WALL or __WCLONE only. */
    pid = CHECK(try_clone(0));
    EXPECT_ERRNO(ECHILD, waitpid((pid_t)pid, &status, 0));
    EXPECT_EQ(pid, waitpid((pid_t)pid, &status, __WCLONE));
    return 0;
}
