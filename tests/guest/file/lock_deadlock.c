/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two processes that would wait for each other's record locks: who is told, and what becomes of the
 * other? */
#include "file_test.h"

#include <sys/wait.h>

static int lock(int fd, int cmd, int type, long start)
{
    struct flock l = {.l_type = (short)type, .l_whence = SEEK_SET, .l_start = start, .l_len = 1};
    return fcntl(fd, cmd, &l);
}

/* Until somebody waits for the byte: only then has the other process gone to sleep. */
static void wait_for_sleeper(pid_t pid)
{
    char path[64], text[512], *state;
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    do {
        int fd = CHECK(open(path, O_RDONLY));
        ssize_t n = CHECK(read(fd, text, sizeof text - 1));
        text[n] = '\0';
        close(fd);
        state = strrchr(text, ')');
        EXPECT(state);
    } while (state[2] != 'S');
}

int main(void)
{
    int ready[2], status;
    char byte;
    scratch_enter();
    make_file("f", "0123456789");
    int fd = CHECK(open("f", O_RDWR));
    CHECK(pipe(ready));
    CHECK(lock(fd, F_SETLK, F_WRLCK, 0));
    pid_t child = CHECK(fork());
    if (child == 0) {
        CHECK(lock(fd, F_SETLK, F_WRLCK, 1));
        EXPECT_EQ(1, write(ready[1], "x", 1));
        CHECK(lock(fd, F_SETLKW, F_WRLCK, 0)); /* until the parent gives it up */
        _exit(0);
    }
    EXPECT_EQ(1, read(ready[0], &byte, 1));
    wait_for_sleeper(child);
    EXPECT_ERRNO(EDEADLK, lock(fd, F_SETLKW, F_WRLCK, 1));
    EXPECT_ERRNO(EAGAIN, lock(fd, F_SETLK, F_WRLCK, 1));
    CHECK(lock(fd, F_SETLK, F_UNLCK, 0));
    CHECK(lock(fd, F_SETLKW, F_WRLCK, 1));
    EXPECT_EQ(child, waitpid(child, &status, 0));
    EXPECT_EQ(0, status);
    return 0;
}
