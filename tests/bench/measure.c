/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * measure TIMES PROGRAM [ARGS...]: runs the program so many times, one after the other, and writes
 * one line to descriptor 3: CPU seconds in user mode and in the kernel, its children's included,
 * seconds by the clock on the wall, and the largest peak memory in KiB. It is a small static
 * program because a child's peak memory includes what its parent had when it forked.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec * 1e-6;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

int main(int argc, char **argv)
{
    double user = 0, kernel = 0, began = now();
    long peak = 0;

    if (argc < 3) {
        fprintf(stderr, "usage: measure TIMES PROGRAM [ARGS...]\n");
        return 2;
    }
    for (long i = strtol(argv[1], NULL, 10); i > 0; i--) {
        struct rusage usage;
        int status;
        pid_t child = fork();

        if (child == 0) {
            close(3);
            execv(argv[2], argv + 2);
            perror(argv[2]);
            _exit(127);
        }
        if (child < 0 || wait4(child, &status, 0, &usage) != child) {
            perror("measure");
            return 1;
        }
        if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
            return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        user += seconds(usage.ru_utime);
        kernel += seconds(usage.ru_stime);
        peak = usage.ru_maxrss > peak ? usage.ru_maxrss : peak;
    }
    dprintf(3, "%.6f %.6f %.6f %ld\n", user, kernel, now() - began, peak);
    return 0;
}
