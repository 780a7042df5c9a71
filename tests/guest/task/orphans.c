/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Do orphans go to the nearest subreaper, and does SIGCHLD ignored mean that nobody is to be waited
 * for? */
#include "guest_test.h"
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

int main(void)
{
    int fds[2], status;
    CHECK(prctl(PR_SET_CHILD_SUBREAPER, 1));
    CHECK(pipe(fds));
    pid_t middle = CHECK(fork());
    if (middle == 0) {
        pid_t orphan = fork();
        if (orphan == 0) {
            char c;
            close(fds[1]);
            while (read(fds[0], &c, 1) > 0)
                ;
            _exit(11);
        }
        _exit(0);
    }
    close(fds[1]);
    EXPECT_EQ(middle, waitpid(middle, &status, 0));
    pid_t orphan = waitpid(-1, &status, 0);
    EXPECT(orphan > 0 && orphan != middle);
    EXPECT_EQ(11, WEXITSTATUS(status));

    signal(SIGCHLD, SIG_IGN);
    pid_t pid = CHECK(fork());
    if (pid == 0)
        _exit(1);
    EXPECT_ERRNO(ECHILD, waitpid(pid, &status, 0));
    return 0;
}
