/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A task ends whose CLONE_CHILD_CLEARTID word is a bad address, is read-only, or lies in memory
 * shared with its parent. */
#include "guest_test.h"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static void end_with(int *word, int want_exit)
{
    pid_t child = CHECK(fork());
    if (child == 0) {
        syscall(SYS_set_tid_address, word);
        _exit(want_exit);
    }
    int status;
    EXPECT_EQ(child, waitpid(child, &status, 0));
    EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == want_exit);
}

int main(void)
{
    int *word = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    EXPECT(word != MAP_FAILED);
    end_with((int *)8, 3);
    end_with((int *)-4096, 4);
    /* Only a memory that another task still has is written to: the child had a copy of its own. */
    *word = 99;
    end_with(word, 5);
    EXPECT_EQ(99, *word);
    CHECK(mprotect(word, 4096, PROT_READ));
    end_with(word, 6);
    EXPECT_EQ(99, *word);
    return 0;
}
