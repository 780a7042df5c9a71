/* SPDX-License-Identifier: GPL-2.0-or-later */
/* select(2) and ppoll(2) write the time that is left: what when it lies in memory that cannot be
 * written? */
#include "guest_test.h"

#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/time.h>

static void on_alarm(int signal)
{
    (void)signal;
}

int main(void)
{
    int ends[2];
    CHECK(pipe(ends));
    EXPECT_EQ(1, write(ends[1], "x", 1));
    long *time = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    EXPECT(time != MAP_FAILED);
    time[0] = 1000;
    CHECK(mprotect(time, 4096, PROT_READ));

    struct pollfd pollfd = {.fd = ends[0], .events = POLLIN};
    EXPECT_EQ(1, syscall(SYS_ppoll, &pollfd, 1, time, NULL, 8));
    fd_set set;
    FD_ZERO(&set);
    FD_SET(ends[0], &set);
    EXPECT_EQ(1, syscall(SYS_select, ends[0] + 1, &set, NULL, NULL, time));
    EXPECT_EQ(1000, time[0]);

    /* Where it can be, it is. */
    CHECK(mprotect(time, 4096, PROT_READ | PROT_WRITE));
    EXPECT_EQ(1, syscall(SYS_select, ends[0] + 1, &set, NULL, NULL, time));
    EXPECT(time[0] == 999 && time[1] > 0);

    /* Nor with this personality. */
    time[0] = 1000;
    time[1] = 0;
    CHECK(personality(STICKY_TIMEOUTS));
    EXPECT_EQ(1, syscall(SYS_select, ends[0] + 1, &set, NULL, NULL, time));
    EXPECT_EQ(1, syscall(SYS_ppoll, &pollfd, 1, time, NULL, 8));
    EXPECT_EQ(1, syscall(SYS_pselect6, ends[0] + 1, &set, NULL, NULL, time, NULL));
    EXPECT_EQ(1000, time[0]);
    EXPECT_EQ(0, time[1]);
    /* And a signal ends it for good. */
    struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
    struct itimerval often = {{0, 1000}, {0, 1000}}, never = {{0, 0}, {0, 0}};
    CHECK(sigaction(SIGALRM, &action, NULL));
    CHECK(setitimer(ITIMER_REAL, &often, NULL));
    EXPECT_ERRNO(EINTR, syscall(SYS_select, 0, NULL, NULL, NULL, time));
    CHECK(setitimer(ITIMER_REAL, &never, NULL));
    return 0;
}
