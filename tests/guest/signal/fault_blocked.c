/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A fault whose signal is blocked or ignored: does the handler run, or does it kill? */
#include "guest_test.h"

#include <signal.h>
#include <sys/wait.h>

static void on_signal(int sig)
{
    (void)sig;
    _exit(9);
}

static void fault(void)
{
    *(volatile int *)8 = 1;
}

static int end_of(void (*prepare)(void))
{
    int status;
    pid_t child = CHECK(fork());
    if (child == 0) {
        prepare();
        fault();
        _exit(1);
    }
    EXPECT_EQ(child, waitpid(child, &status, 0));
    return status & 0x7f ? status & 0x7f : -WEXITSTATUS(status);
}

static void handled(void)
{
    signal(SIGSEGV, on_signal);
}

static void block(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGSEGV);
    sigprocmask(SIG_BLOCK, &set, NULL);
}

static void handled_and_blocked(void)
{
    handled();
    block();
}

static void ignored(void)
{
    signal(SIGSEGV, SIG_IGN);
}

int main(void)
{
    EXPECT_EQ(-9, end_of(handled));
    EXPECT_EQ(SIGSEGV, end_of(block));
    EXPECT_EQ(SIGSEGV, end_of(handled_and_blocked));
    EXPECT_EQ(SIGSEGV, end_of(ignored));
    return 0;
}
