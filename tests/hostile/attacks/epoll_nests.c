/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Descriptors that watch descriptors that watch descriptors. */
#include "attack.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>

static void watch(int by, int what)
{
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data = {.fd = what}};
    epoll_ctl(by, EPOLL_CTL_ADD, what, &event);
}

static void nest(void)
{
    enum { LEVELS = 6, WIDTH = 150 };
    static int level[LEVELS][WIDTH];
    more_files();
    int event = eventfd(0, EFD_NONBLOCK);
    for (int l = 0; l < LEVELS; l++)
        for (int i = 0; i < WIDTH; i++)
            level[l][i] = epoll_create1(0);
    for (int l = 0; l < LEVELS; l++)
        for (int i = 0; i < WIDTH; i++)
            for (int j = 0; j < WIDTH; j++)
                watch(level[l][i], l + 1 < LEVELS ? level[l + 1][j] : event);
    for (;;) {
        struct epoll_event events[64];
        uint64_t one = 1;
        TRY(write(event, &one, sizeof one));
        for (int i = 0; i < WIDTH; i++)
            epoll_wait(level[0][i], events, 64, 0);
        TRY(read(event, &one, sizeof one));
    }
}

int main(void)
{
    nest();
}
