/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Do the timers of a process end with it? */
#include "guest_test.h"
#include <signal.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>

int main(void)
{
    int status;

    for (int i = 0; i < 20; i++) {
        pid_t child = CHECK(fork());
        if (child == 0) {
            struct itimerval soon = {.it_interval = {0, 1000}, .it_value = {0, 1000}};
            struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
            int timer;
            signal(SIGALRM, SIG_IGN);
            signal(SIGUSR1, SIG_IGN);
            CHECK(setitimer(ITIMER_REAL, &soon, NULL));
            EXPECT_EQ(0, syscall(SYS_timer_create, CLOCK_MONOTONIC, &event, &timer));
            struct itimerspec spec = {{0, 1000000}, {0, 1000000}};
            EXPECT_EQ(0, syscall(SYS_timer_settime, timer, 0, &spec, NULL));
            _exit(7);
        }
        EXPECT_EQ(child, waitpid(child, &status, 0));
        EXPECT_EQ(7, WEXITSTATUS(status));
        alarm(i % 2 ? 1000 : 0);
    }
    struct timespec little = {0, 5000000};
    CHECK(nanosleep(&little, NULL));
    return 0;
}
