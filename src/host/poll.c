/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Waiting for host descriptors (ppoll(2)). The pipe of host_wake() is always among them, so that
 * another thread or a signal handler can end a wait that is under way, or the next one.
 */
#include "host/internal.h"

#include <time.h>
#include <unistd.h>

_Static_assert(HOST_READABLE == POLLIN && HOST_WRITABLE == POLLOUT && HOST_ERROR == POLLERR &&
                   HOST_HANGUP == POLLHUP,
               "the host numbers poll events as Linux does");

#define MAX_TIMEOUT (UINT64_C(1000000000) * 86400)

static void drain(int fd)
{
    char bytes[64];
    while (read(fd, bytes, sizeof bytes) == (ssize_t)sizeof bytes)
        ;
}

long host_wait(struct host *host, struct host_poll *polls, unsigned count, uint64_t timeout)
{
    if (count > host->limit)
        return -LX_EINVAL;
    struct pollfd *fds = host->polls;
    for (unsigned i = 0; i < count; i++) {
        fds[i].fd = host_fd(host, polls[i].handle);
        fds[i].events = (short)(polls[i].events & (POLLIN | POLLOUT));
        fds[i].revents = 0;
        polls[i].ready = 0;
        if (fds[i].fd < 0)
            timeout = 0; /* ppoll() passes over it: it is reported below */
    }
    fds[count] = (struct pollfd){.fd = host->wake_read, .events = POLLIN};

    struct timespec limit = {0};
    if (timeout != UINT64_MAX) {
        timeout = MIN(timeout, MAX_TIMEOUT);
        limit.tv_sec = (time_t)(timeout / 1000000000);
        limit.tv_nsec = (long)(timeout % 1000000000);
    }
    int n = ppoll(fds, count + 1, timeout == UINT64_MAX ? NULL : &limit, NULL);
    if (n < 0)
        return errno == EINTR ? 0 : host_error();
    if (fds[count].revents) {
        drain(host->wake_read);
        n--;
    }
    for (unsigned i = 0; i < count; i++) {
        unsigned events = (unsigned short)fds[i].revents;
        if (events & POLLNVAL)
            events |= POLLERR;
        if (fds[i].fd < 0) {
            events = POLLERR;
            n++;
        }
        polls[i].ready = events & (POLLIN | POLLOUT | POLLERR | POLLHUP);
    }
    return n;
}

void host_wake(struct host *host)
{
    int saved = errno;
    ssize_t ignored = write(host->wake_write, "", 1); /* full: a wake is pending already */
    (void)ignored;
    errno = saved;
}
