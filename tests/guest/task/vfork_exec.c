/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does vfork's parent wait until the child execs, and does a failed exec leave the child as it was?
 */
#include "guest_test.h"
#include <sys/wait.h>

int main(int argc, char **argv)
{
    if (argc > 1)
        return 5;
    volatile int order = 0;
    int status;
    pid_t pid = vfork();
    if (pid == 0) {
        order = 1;
        execl("/no/such/program", "x", NULL);
        _exit(errno == ENOENT ? 3 : 4);
    }
    EXPECT_EQ(1, order);
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    EXPECT_EQ(3, WEXITSTATUS(status));

    pid = vfork();
    if (pid == 0) {
        execl("/proc/self/exe", argv[0], "again", NULL);
        _exit(9);
    }
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    EXPECT(WIFEXITED(status));
    EXPECT_EQ(5, WEXITSTATUS(status));
    return 0;
}
