/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What becomes of a clone whose CLONE_PARENT_SETTID or CLONE_CHILD_SETTID names a bad address? */
#include "guest_test.h"

#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static void expect_child(unsigned long flags, void *parent_tid, void *child_tid)
{
    pid_t child = (pid_t)syscall(SYS_clone, flags | SIGCHLD, NULL, parent_tid, child_tid, 0);
    if (child == 0)
        _exit(7);
    EXPECT(child > 0);
    int status;
    EXPECT_EQ(child, waitpid(child, &status, 0));
    EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 7);
}

int main(void)
{
    expect_child(CLONE_PARENT_SETTID, (void *)8, NULL);
    expect_child(CLONE_CHILD_SETTID, NULL, (void *)8);
    expect_child(CLONE_CHILD_CLEARTID, NULL, (void *)-4096);
    int number = 0;
    expect_child(CLONE_PARENT_SETTID, &number, NULL);
    EXPECT(number > 0);
    return 0;
}
