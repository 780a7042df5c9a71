/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_TEST_ATTACK_H
#define LSTAR_TEST_ATTACK_H
/*
 * What the attacks share. An attack never ends by itself: what it could not get any more it keeps
 * trying to get, or it holds what it has. It takes no argument and checks nothing: the runner does.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Errors are what an attack wants to cause: they are looked at by nobody. */
#define TRY(call) ((void)!(call))

/* Hold what there is. */
static inline void hold(void)
{
    for (;;)
        sleep(1);
}

/* A child that does not come back, again and again: what one process may not have, many may. */
static inline void repeat_in_children(void (*attack)(void))
{
    for (;;) {
        pid_t pid = fork();
        if (pid == 0) {
            attack();
            _exit(0);
        }
        if (pid > 0)
            waitpid(pid, NULL, 0);
    }
}

/* As many children as there can be, each attacks and holds. */
static inline void spread(void (*attack)(void), int most)
{
    for (int i = 0; i < most; i++) {
        if (fork() == 0) {
            attack();
            hold();
        }
    }
    hold();
}

static inline void *map(size_t size)
{
    return mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1,
                0);
}

/* All descriptors that the hard limit allows. */
static inline void more_files(void)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

#endif
