/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What becomes of a child whose parent is killed while it waits in vfork(2)? It goes on, and ends.
 */
#include "guest_test.h"

#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* The parent waits; its child kills it, takes whatever place it left, and ends. */
static void wait_and_be_killed(void)
{
    pid_t self = getpid();
    long pid = syscall(SYS_clone, CLONE_VFORK | SIGCHLD, 0, 0, 0, 0);
    if (pid != 0)
        _exit(1); /* it came back: not killed */
    if (kill(self, SIGKILL) != 0)
        _exit(2);
    while (getppid() == self)
        sched_yield();
    for (int i = 0; i < 20; i++) { /* others come to be where the parent was */
        pid_t other = fork();
        if (other == 0)
            _exit(0);
        if (waitpid(other, NULL, 0) != other)
            _exit(3);
    }
    _exit(42);
}

int main(void)
{
    CHECK(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0));
    pid_t parent = CHECK(fork());
    if (parent == 0)
        wait_and_be_killed();
    int status, killed = 0, ended = 0;
    for (int i = 0; i < 2; i++) {
        pid_t pid = CHECK(waitpid(-1, &status, 0));
        if (pid == parent)
            killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
        else
            ended = WIFEXITED(status) && WEXITSTATUS(status) == 42;
    }
    EXPECT(killed);
    EXPECT(ended);
    EXPECT_ERRNO(ECHILD, waitpid(-1, &status, 0));
    return 0;
}
