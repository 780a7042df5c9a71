/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opening a FIFO: who waits for whom, with which flags, and what ends the wait? */
#include "guest_test.h"
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

static const char *name = "/tmp/lstar-fifo-open";

static void on_signal(int signal)
{
    (void)signal;
}

/* Until the child waits in a call. */
static void await_sleep(pid_t pid)
{
    char path[64], state = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    while (state != 'S') {
        FILE *f = fopen(path, "r");
        if (!f || fscanf(f, "%*d %*s %c", &state) != 1)
            FAIL("no state in %s", path);
        fclose(f);
    }
}

static void flags(void)
{
    EXPECT_ERRNO(ENXIO, open(name, O_WRONLY | O_NONBLOCK));
    int r = CHECK(open(name, O_RDONLY | O_NONBLOCK));
    int w = CHECK(open(name, O_WRONLY | O_NONBLOCK));
    EXPECT_EQ(O_WRONLY | O_NONBLOCK, CHECK(fcntl(w, F_GETFL)) & ~0100000);
    EXPECT_ERRNO(ESPIPE, lseek(r, 0, SEEK_SET));
    EXPECT_ERRNO(ESPIPE, pread(r, (char[1]){0}, 1, 0));
    EXPECT_ERRNO(EINVAL, ftruncate(w, 0));
    EXPECT_ERRNO(EINVAL, fsync(w));
    CHECK(close(r));
    CHECK(close(w));
    EXPECT_ERRNO(ENXIO, open(name, O_WRONLY | O_NONBLOCK));
    int both = CHECK(open(name, O_RDWR)); /* never waits */
    w = CHECK(open(name, O_WRONLY));
    r = CHECK(open(name, O_RDONLY));
    EXPECT_EQ(2, write(w, "hi", 2));
    char text[8];
    EXPECT_EQ(2, read(both, text, 8));
    CHECK(close(w));
    CHECK(close(r));
    CHECK(close(both));
    int path = CHECK(open(name, O_PATH)); /* does not open it */
    EXPECT_ERRNO(ENXIO, open(name, O_WRONLY | O_NONBLOCK));
    CHECK(close(path));
    w = CHECK(open(name, O_RDWR | O_TRUNC | O_APPEND));
    CHECK(close(w));
}

/* Bytes go when the last end does; the name holds none. */
static void bytes_go(void)
{
    int both = CHECK(open(name, O_RDWR | O_NONBLOCK));
    EXPECT_EQ(3, write(both, "abc", 3));
    struct stat st;
    CHECK(fstat(both, &st));
    EXPECT_EQ(0, st.st_size);
    CHECK(close(both));
    both = CHECK(open(name, O_RDWR | O_NONBLOCK));
    char text[8];
    EXPECT_ERRNO(EAGAIN, read(both, text, 8));
    CHECK(close(both));
}

static void waits(int child_flags, int parent_flags)
{
    pid_t pid = CHECK(fork());
    if (pid == 0)
        _exit(open(name, child_flags) < 0);
    await_sleep(pid);
    int fd = CHECK(open(name, parent_flags));
    int status;
    CHECK(waitpid(pid, &status, 0));
    EXPECT_EQ(0, status);
    CHECK(close(fd));
}

static void interrupted(int mode, int restart)
{
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        struct sigaction action = {.sa_handler = on_signal, .sa_flags = restart};
        CHECK(sigaction(SIGUSR1, &action, NULL));
        int fd = open(name, mode);
        _exit(fd >= 0 ? 1 : errno == EINTR ? 2 : 3);
    }
    /* The action stands when the child sleeps in open. */
    await_sleep(pid);
    CHECK(kill(pid, SIGUSR1));
    int status;
    if (restart) {
        await_sleep(pid);
        int fd = CHECK(open(name, O_RDWR));
        CHECK(waitpid(pid, &status, 0));
        EXPECT_EQ(1, WEXITSTATUS(status));
        CHECK(close(fd));
        return;
    }
    CHECK(waitpid(pid, &status, 0));
    EXPECT_EQ(2, WEXITSTATUS(status));
}

/* A writer that came and went wakes the reader all the same. */
static void came_and_went(void)
{
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        int fd = open(name, O_RDONLY);
        char c;
        _exit(fd < 0 || read(fd, &c, 1) != 1 || c != 'z' || read(fd, &c, 1) != 0);
    }
    await_sleep(pid);
    int fd = CHECK(open(name, O_WRONLY | O_NONBLOCK)) /* the waiting reader counts */;
    EXPECT_EQ(1, write(fd, "z", 1));
    CHECK(close(fd));
    int status;
    CHECK(waitpid(pid, &status, 0));
    EXPECT_EQ(0, status);
}

/* Through /proc/self/fd a pipe's other end can be had again. */
static void again(void)
{
    int ends[2];
    char path[64], c;
    CHECK(pipe(ends));
    snprintf(path, sizeof path, "/proc/self/fd/%d", ends[0]);
    int w = CHECK(open(path, O_WRONLY));
    EXPECT_EQ(1, write(w, "q", 1));
    EXPECT_EQ(1, read(ends[0], &c, 1));
    CHECK(close(ends[1]));
    struct pollfd p = {ends[0], POLLIN, 0};
    EXPECT_EQ(0, poll(&p, 1, 0));
    CHECK(close(w));
    EXPECT_EQ(1, poll(&p, 1, 0));
    EXPECT_EQ(POLLHUP, p.revents);
    w = CHECK(open(path, O_WRONLY | O_NONBLOCK));
    EXPECT_EQ(0, poll(&p, 1, 0));
    CHECK(close(w));
    CHECK(close(ends[0]));
}

int main(void)
{
    unlink(name);
    CHECK(mkfifo(name, 0600));
    flags();
    bytes_go();
    waits(O_RDONLY, O_WRONLY);
    waits(O_WRONLY, O_RDONLY);
    waits(O_RDONLY, O_RDWR);
    waits(O_WRONLY, O_RDWR);
    interrupted(O_RDONLY, 0);
    interrupted(O_WRONLY, 0);
    interrupted(O_RDONLY, SA_RESTART);
    interrupted(O_WRONLY, SA_RESTART);
    came_and_went();
    again();
    CHECK(unlink(name));
    return 0;
}
