/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_ABI_POLL_H
#define LSTAR_ABI_POLL_H
/*
 * poll(2) and epoll(7) events.
 */
#include <stdint.h>

#define LX_POLLIN 0x001u
#define LX_POLLPRI 0x002u
#define LX_POLLOUT 0x004u
#define LX_POLLERR 0x008u
#define LX_POLLHUP 0x010u
#define LX_POLLNVAL 0x020u
#define LX_POLLRDNORM 0x040u
#define LX_POLLRDBAND 0x080u
#define LX_POLLWRNORM 0x100u
#define LX_POLLWRBAND 0x200u
#define LX_POLLMSG 0x400u
#define LX_POLLRDHUP 0x2000u

struct lx_pollfd {
    int32_t fd;
    int16_t events;
    int16_t revents;
};
_Static_assert(sizeof(struct lx_pollfd) == 8, "struct pollfd");

#endif
