/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Descriptors of every kind, in as many processes as there can be. */
#include "attack.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>

static void fill(void)
{
    sigset_t set;
    sigfillset(&set);
    more_files();
    for (unsigned turn = 0;; turn++) {
        int fds[2];
        TRY(eventfd(0, 0));
        TRY(signalfd(-1, &set, 0));
        TRY(timerfd_create(CLOCK_MONOTONIC, 0));
        TRY(epoll_create1(0));
        TRY(inotify_init());
        TRY(socketpair(AF_UNIX, SOCK_STREAM, 0, fds));
        TRY(pipe(fds));
        TRY(syscall(SYS_pidfd_open, getpid(), 0));
        TRY(open("/tmp", O_RDONLY | O_DIRECTORY));
        TRY(open("/proc/self/maps", O_RDONLY));
        TRY(fcntl(0, F_DUPFD, 1000000 - (int)turn));
        if (turn > 2000)
            hold();
    }
}

int main(void)
{
    spread(fill, 200);
}
