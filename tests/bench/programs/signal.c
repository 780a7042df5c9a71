/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A signal to oneself, its handler, and back: argv[1] times. */
#include <signal.h>
#include <unistd.h>
#include "bench.h"

static volatile sig_atomic_t handled;

static void on_signal(int number)
{
    (void)number;
    handled++;
}

int main(int argc, char **argv)
{
    long rounds = bench_rounds(argc, argv, 100000);
    struct sigaction action = {.sa_handler = on_signal};
    pid_t self = getpid();

    if (sigaction(SIGUSR1, &action, NULL))
        bench_fail("sigaction");
    for (long r = 0; r < rounds; r++)
        kill(self, SIGUSR1);
    return bench_done((uint64_t)handled);
}
