/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Is a process group whose parent has ended stopped from the keyboard no more, and hung up where it
 * was stopped? */
#include <signal.h>
#include <stdbool.h>
#include <sys/wait.h>

#include "../guest_test.h"

static int out;

static void tell(int signal)
{
    char byte = (char)signal;
    if (write(out, &byte, 1) != 1)
        _exit(1);
}

/* A grandchild in a group of its own; its parent stays until it has stopped, if `stops`. */
static void orphan(bool stops)
{
    pid_t pid = CHECK(fork());
    if (pid)
        return;
    pid_t parent = getpid(), grandchild = CHECK(fork());
    if (grandchild) {
        int status;
        if (stops)
            CHECK(waitpid(grandchild, &status, WUNTRACED));
        _exit(0);
    }
    CHECK(setpgid(0, 0));
    signal(SIGHUP, tell);
    signal(SIGCONT, tell);
    if (stops)
        raise(SIGSTOP);
    while (getppid() == parent)
        usleep(1000);
    raise(SIGTSTP); /* ignored now */
    raise(SIGTTIN);
    raise(SIGTTOU);
    tell('.');
    _exit(0);
}

int main(void)
{
    for (int stops = 0; stops < 2; stops++) {
        int fds[2], status;
        char got[8] = "";
        CHECK(pipe(fds));
        out = fds[1];
        orphan(stops);
        close(fds[1]);
        CHECK(wait(&status));
        for (ssize_t n, size = 0; (n = read(fds[0], got + size, 7 - (size_t)size)) > 0;)
            size += n;
        EXPECT_EQ(stops ? 3 : 1, strlen(got));
        EXPECT_EQ('.', got[strlen(got) - 1]);
        if (stops) {
            EXPECT(strchr(got, SIGHUP));
            EXPECT(strchr(got, SIGCONT));
        }
        close(fds[0]);
    }
    return 0;
}
