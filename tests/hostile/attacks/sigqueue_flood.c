/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Queued signals that nobody takes, to every process there is. */
#include "attack.h"

static void flood(void)
{
    union sigval value = {.sival_int = 1};
    for (;;)
        for (int i = SIGRTMIN; i <= SIGRTMAX; i++)
            sigqueue(getpid(), i, value);
}

int main(void)
{
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
    setrlimit(RLIMIT_SIGPENDING, &limit);
    spread(flood, 40);
}
