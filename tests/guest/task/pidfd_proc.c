/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What of /proc does pidfd_send_signal take for a pidfd? A process's directory, alive or gone. */
#include "guest_test.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static volatile int received;

static void on_signal(int sig)
{
    received = sig;
}

static long send_to(int fd, int sig)
{
    return syscall(SYS_pidfd_send_signal, fd, sig, NULL, 0);
}

static int open_directory(const char *path)
{
    return CHECK(open(path, O_RDONLY | O_DIRECTORY));
}

int main(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    CHECK(sigaction(SIGUSR1, &action, NULL));

    int self = open_directory("/proc/self");
    CHECK(send_to(self, 0));
    EXPECT_EQ(0, received);
    CHECK(send_to(self, SIGUSR1));
    EXPECT_EQ(SIGUSR1, received);
    EXPECT_ERRNO(EINVAL, send_to(self, 1000));

    pid_t child = CHECK(fork());
    if (child == 0)
        for (;;)
            pause();
    char path[64];
    snprintf(path, sizeof path, "/proc/%d", child);
    int theirs = open_directory(path);
    CHECK(send_to(theirs, SIGKILL));
    siginfo_t info;
    CHECK(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT));
    EXPECT_EQ(SIGKILL, info.si_status);
    CHECK(send_to(theirs, SIGUSR1)); /* a zombie still counts */
    CHECK(waitpid(child, NULL, 0));
    EXPECT_ERRNO(ESRCH, send_to(theirs, SIGUSR1));

    static const char *const others[] = {"/proc", "/proc/self/task", "/proc/self/fd",
                                         "/proc/thread-self", "/"};
    for (unsigned i = 0; i < sizeof others / sizeof *others; i++) {
        int directory = open_directory(others[i]);
        EXPECT_ERRNO(EBADF, send_to(directory, 0));
    }
    int file = CHECK(open("/proc/self/stat", O_RDONLY));
    EXPECT_ERRNO(EBADF, send_to(file, 0));
    int place = CHECK(open("/proc/self", O_PATH));
    EXPECT_ERRNO(EBADF, send_to(place, 0));
    return 0;
}
