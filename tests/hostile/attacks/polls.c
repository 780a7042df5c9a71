/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls that ask for a million descriptors each time. */
#include "attack.h"

#include <poll.h>
#include <sys/select.h>

static void ask(void)
{
    more_files();
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    struct pollfd *fds = map(sizeof *fds * limit.rlim_cur);
    int ends[2];
    TRY(pipe(ends));
    for (rlim_t i = 0; i < limit.rlim_cur; i++)
        fds[i] = (struct pollfd){.fd = ends[0], .events = POLLIN};
    for (;;)
        poll(fds, limit.rlim_cur, 1);
}

int main(void)
{
    spread(ask, 100);
}
