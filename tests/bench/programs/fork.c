/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fork, exit and wait of a small static process, argv[1] times. */
#include <sys/wait.h>
#include <unistd.h>
#include "bench.h"

int main(int argc, char **argv)
{
    long rounds = bench_rounds(argc, argv, 1000);
    uint64_t sum = 0;

    for (long r = 0; r < rounds; r++) {
        int status;
        pid_t child = fork();

        if (child == 0)
            _exit((int)(r & 0x7f));
        if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status))
            bench_fail("fork");
        sum = sum * 31 + (uint64_t)WEXITSTATUS(status);
    }
    return bench_done(sum);
}
