/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two processes hand one byte to and fro through two pipes: argv[1] round trips. */
#include <sys/wait.h>
#include <unistd.h>
#include "bench.h"

/* Bounce every byte, one higher, until the other end is closed. */
static void bounce(int in, int out)
{
    unsigned char byte;

    while (read(in, &byte, 1) == 1) {
        byte++;
        if (write(out, &byte, 1) != 1)
            _exit(1);
    }
    _exit(0);
}

int main(int argc, char **argv)
{
    long rounds = bench_rounds(argc, argv, 10000);
    unsigned char byte = 0;
    int there[2], back[2];

    if (pipe(there) || pipe(back))
        bench_fail("pipe");
    pid_t child = fork();
    if (child == 0) {
        close(there[1]);
        bounce(there[0], back[1]);
    }
    for (long r = 0; r < rounds; r++)
        if (write(there[1], &byte, 1) != 1 || read(back[0], &byte, 1) != 1)
            bench_fail("pipe");
    close(there[1]);
    if (waitpid(child, NULL, 0) != child)
        bench_fail("waitpid");
    return bench_done(byte);
}
