/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fork, execve of the program argv[3] with the arguments after it, wait; argv[1] times. */
#include <sys/wait.h>
#include <unistd.h>
#include "bench.h"

int main(int argc, char **argv)
{
    long rounds = bench_rounds(argc, argv, 100);
    uint64_t good = 0;

    if (argc < 4) {
        fprintf(stderr, "usage: exec ROUNDS FOLDER PROGRAM [ARGS...]\n");
        return 2;
    }
    for (long r = 0; r < rounds; r++) {
        int status;
        pid_t child = fork();

        if (child == 0) {
            execv(argv[3], argv + 3);
            _exit(127);
        }
        if (child < 0 || waitpid(child, &status, 0) != child)
            bench_fail("fork");
        good += WIFEXITED(status) && WEXITSTATUS(status) == 0;
    }
    return bench_done(good);
}
