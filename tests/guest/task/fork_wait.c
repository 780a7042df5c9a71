/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does a child get its own memory, and its parent its status? */
#include "guest_test.h"
#include <signal.h>
#include <sys/wait.h>

static int shared = 1;

int main(void)
{
    int status;
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        shared = 2;
        _exit(42);
    }
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 42);
    EXPECT_EQ(1, shared);
    EXPECT_ERRNO(ECHILD, waitpid(-1, &status, 0));

    pid = CHECK(fork());
    if (pid == 0) {
        raise(SIGKILL);
        _exit(1);
    }
    EXPECT_EQ(pid, wait(&status));
    EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);

    EXPECT_ERRNO(EINVAL, waitpid(-1, &status, 0x4000));
    EXPECT_ERRNO(ESRCH, waitpid(INT32_MIN, &status, 0));

    /* WNOHANG, then WNOWAIT leaves it there. */
    int fds[2];
    CHECK(pipe(fds));
    pid = CHECK(fork());
    if (pid == 0) {
        char c;
        close(fds[1]);
        _exit(read(fds[0], &c, 1) == 0 ? 7 : 8);
    }
    EXPECT_EQ(0, waitpid(pid, &status, WNOHANG));
    close(fds[1]);
    siginfo_t info = {0};
    EXPECT_EQ(0, waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT));
    EXPECT_EQ(pid, info.si_pid);
    EXPECT_EQ(CLD_EXITED, info.si_code);
    EXPECT_EQ(7, info.si_status);
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    EXPECT_EQ(7, WEXITSTATUS(status));
    EXPECT_ERRNO(EFAULT, (pid = fork()) == 0 ? (_exit(0), 0) : waitpid(pid, (int *)8, 0));
    return 0;
}
